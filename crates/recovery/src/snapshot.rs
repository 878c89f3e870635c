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

use crate::{
    allowed::Allowed,
    case::{Case, Observed, Updater},
};

/// A [`Case`] with everything it borrows. Of the ledger it keeps what decisions read: no ids, no card.
///
/// As JSON it leaves out what goes without saying; each [`decision`](domain::decision) writes one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members of `Case`, which documents them")]
pub struct Snapshot {
    pub now: Timestamp,
    pub placed_at: Timestamp,
    pub expires_at: Timestamp,
    pub network: Network,
    #[serde(default = "unknown_funding", skip_serializing_if = "is_unknown_funding")]
    pub funding: Funding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_country: Option<String>,
    pub merchant_country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_minutes: Option<i32>,
    pub amount: Money,
    #[serde(default = "merchant", skip_serializing_if = "is_merchant")]
    pub initiator: Initiator,
    pub observed: Vec<Observed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledger: Vec<Past>,
    #[serde(default, skip_serializing_if = "is_none")]
    pub own_attempts: u32,
    pub max_attempts: u32,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub credential_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_changed_at: Option<Timestamp>,
    #[serde(default = "no_updater", skip_serializing_if = "is_no_updater")]
    pub updater: Updater,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Allowed::is_everything")]
    pub allowed: Allowed,
    #[serde(default = "best_policy", skip_serializing_if = "is_best_policy")]
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
    #[serde(default = "transmitted", skip_serializing_if = "is_transmitted")]
    pub origin: Origin,
    /// Who initiated it.
    #[serde(default = "merchant", skip_serializing_if = "is_merchant")]
    pub initiator: Initiator,
    /// For how much.
    #[serde(with = "short_money")]
    pub amount: Money,
    /// What became of it.
    #[serde(default = "declined", skip_serializing_if = "is_declined")]
    pub outcome: Outcome,
    /// ISO 8583 response code where known.
    #[serde(default, rename = "code", alias = "responseCode", skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
    /// Mastercard advice code.
    #[serde(default, rename = "advice", alias = "adviceCode", skip_serializing_if = "Option::is_none")]
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
            allowed: case.allowed,
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
            allowed: self.allowed,
            arm: self.arm,
            seed: self.seed,
        }
    }
}

/// What goes without saying, and whether a member says no more than that.
macro_rules! unsaid {
    ($($unsaid:ident $is:ident: $type:ty = $value:expr;)+) => {$(
        const fn $unsaid() -> $type {
            $value
        }

        fn $is(value: &$type) -> bool {
            *value == $value
        }
    )+};
}

unsaid! {
    unknown_funding is_unknown_funding: Funding = Funding::Unknown;
    merchant is_merchant: Initiator = Initiator::Mit;
    one is_one: u32 = 1;
    no_updater is_no_updater: Updater = Updater::NotOffered;
    best_policy is_best_policy: Arm = Arm::Policy;
    transmitted is_transmitted: Origin = Origin::Transmitted;
    declined is_declined: Outcome = Outcome::Declined;
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}

/// An amount as `1999 USD`: a history repeats it on each line.
mod short_money {
    use domain::money::{Currency, Money};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(amount: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{} {}", amount.minor, amount.currency))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Form {
            Short(String),
            Long(Money),
        }
        let text = match Form::deserialize(deserializer)? {
            Form::Long(amount) => return Ok(amount),
            Form::Short(text) => text,
        };
        let (minor, currency) = text.split_once(' ').ok_or_else(|| D::Error::custom("an amount needs a currency"))?;
        let minor = minor.parse().map_err(D::Error::custom)?;
        let currency = Currency::parse(currency).ok_or_else(|| D::Error::custom("unknown currency"))?;
        Ok(Money { minor, currency })
    }
}
