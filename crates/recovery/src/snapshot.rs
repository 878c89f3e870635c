//! A case that owns what it looks at: what the decision log keeps, and what models learn from.

use domain::{
    card::{CardKey, Funding, Network},
    decision::Arm,
    environment::Environment,
    id::Mid,
    ledger::{Entry, Initiator, Origin, Outcome},
    money::Money,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::case::{Case, Observed, Updater};

/// A [`Case`] with everything it borrows. Of the ledger it keeps what decisions read: no ids, no card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members of `Case`, which documents them")]
pub struct Snapshot {
    pub now: Timestamp,
    pub placed_at: Timestamp,
    pub expires_at: Timestamp,
    pub network: Network,
    pub funding: Funding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_country: Option<String>,
    pub merchant_country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_minutes: Option<i32>,
    pub amount: Money,
    pub initiator: Initiator,
    pub observed: Vec<Observed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledger: Vec<Past>,
    pub own_attempts: u32,
    pub max_attempts: u32,
    pub credential_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_changed_at: Option<Timestamp>,
    pub updater: Updater,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_at: Option<Timestamp>,
    pub arm: Arm,
    pub seed: u64,
}

/// One attempt of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Past {
    /// When, UTC.
    pub at: Timestamp,
    /// Who made it.
    pub origin: Origin,
    /// Who initiated it.
    pub initiator: Initiator,
    /// For how much.
    pub amount: Money,
    /// What became of it.
    pub outcome: Outcome,
    /// ISO 8583 response code where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
    /// Mastercard advice code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice_code: Option<String>,
}

impl Past {
    fn of(entry: &Entry) -> Self {
        Self {
            at: entry.at,
            origin: entry.origin,
            initiator: entry.initiator,
            amount: entry.amount,
            outcome: entry.outcome,
            response_code: entry.response_code.clone(),
            advice_code: entry.advice_code.clone(),
        }
    }

    fn entry(&self, network: Network) -> Entry {
        Entry {
            mid: Mid(Uuid::nil()),
            environment: Environment::Sandbox,
            card: CardKey([0; 16]),
            at: self.at,
            id: Uuid::nil(),
            origin: self.origin,
            initiator: self.initiator,
            amount: self.amount,
            network,
            outcome: self.outcome,
            response_code: self.response_code.clone(),
            advice_code: self.advice_code.clone(),
            order: None,
        }
    }
}

impl Snapshot {
    /// Keeps a case.
    pub fn of(case: &Case<'_>) -> Self {
        Self {
            now: case.now,
            placed_at: case.placed_at,
            expires_at: case.expires_at,
            network: case.network,
            funding: case.funding,
            issuer_country: case.issuer_country.map(str::to_owned),
            merchant_country: case.merchant_country.to_owned(),
            bin: case.bin.map(str::to_owned),
            offset_minutes: case.offset_minutes,
            amount: case.amount,
            initiator: case.initiator,
            observed: case.observed.to_vec(),
            ledger: case.ledger.iter().map(Past::of).collect(),
            own_attempts: case.own_attempts,
            max_attempts: case.max_attempts,
            credential_version: case.credential_version,
            credential_changed_at: case.credential_changed_at,
            updater: case.updater,
            first_at: case.first_at,
            arm: case.arm,
            seed: case.seed,
        }
    }

    /// The ledger in the form a case borrows; keep it while the case lives.
    pub fn entries(&self) -> Vec<Entry> {
        self.ledger.iter().map(|past| past.entry(self.network)).collect()
    }

    /// The case again, over [`Snapshot::entries`].
    pub fn case<'a>(&'a self, entries: &'a [Entry]) -> Case<'a> {
        Case {
            now: self.now,
            placed_at: self.placed_at,
            expires_at: self.expires_at,
            network: self.network,
            funding: self.funding,
            issuer_country: self.issuer_country.as_deref(),
            merchant_country: &self.merchant_country,
            bin: self.bin.as_deref(),
            offset_minutes: self.offset_minutes,
            amount: self.amount,
            initiator: self.initiator,
            observed: &self.observed,
            ledger: entries,
            own_attempts: self.own_attempts,
            max_attempts: self.max_attempts,
            credential_version: self.credential_version,
            credential_changed_at: self.credential_changed_at,
            updater: self.updater,
            first_at: self.first_at,
            arm: self.arm,
            seed: self.seed,
        }
    }
}
