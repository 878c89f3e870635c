//! Network retry limits counted over the ledger: may this attempt be made, and if not now, when?
//!
//! The networks count every attempt on a card at a merchant, whoever made it, so the ledger's transmitted and
//! evaluated rows count like our own; a reserved or unknown attempt counts until it is known that nothing left
//! our process; an approval starts the counters anew where the rule says so (domain rules §1.4).

mod count;
mod fees;

pub use fees::fees;

use serde::Serialize;

use crate::{
    card::Network,
    decline::Reason,
    ledger::{Entry, Initiator},
    money::Money,
    rules::{Kind, Limit, Rules},
    time::Timestamp,
};

/// The attempt that is thought of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned<'a> {
    /// When it would be made.
    pub at: Timestamp,
    /// The card's network.
    pub network: Network,
    /// Who initiates it.
    pub initiator: Initiator,
    /// For how much.
    pub amount: Money,
    /// The merchant's country, ISO 3166-1 alpha-2.
    pub merchant_country: &'a str,
    /// When the account data were last replaced (new number, expiry or token).
    pub credential_changed_at: Option<Timestamp>,
}

/// Whether an attempt may be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "permit", rename_all = "camelCase")]
pub enum Permit {
    /// At the planned moment.
    Allowed,
    /// Only from this moment on.
    NotBefore {
        /// The earliest lawful moment.
        at: Timestamp,
        /// The rule that bounds it.
        rule: String,
    },
    /// Not with this card at this merchant.
    Never {
        /// The rule that forbids it.
        rule: String,
        /// How an order ends that has no other way.
        reason: Reason,
    },
}

crate::words! {
    /// What a rule did to a planned attempt; the words of `wire-api` §9.
    pub enum Effect {
        /// It forbids the attempt.
        Forbid = "forbid",
        /// It counts, and there is room left.
        Cap = "cap",
        /// It moves the attempt to a later moment.
        Earliest = "earliest",
    }
}

/// How far one rule is used up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// `visa.m30`, …
    pub id: String,
    /// The day the rule came into force; empty when it was always there.
    pub version: String,
    /// The network.
    pub network: Network,
    /// ISO 8601 duration.
    pub window: String,
    /// The network's limit; `None` when it publishes none.
    pub limit: Option<u32>,
    /// What planning stays below.
    pub headroom_limit: Option<u32>,
    /// Attempts counted.
    pub used: u32,
    /// When the oldest of them leaves the window; for a stop, when it ends.
    #[serde(rename = "resetsAtUtc")]
    pub resets_at: Option<Timestamp>,
    /// What it did to this attempt.
    pub effect: Effect,
    /// Where the rule is written.
    pub source: String,
}

impl Usage {
    /// Beyond the network's own limit; what only our headroom bounds costs nothing.
    pub fn is_beyond(&self) -> bool {
        match (self.limit, self.headroom_limit) {
            (Some(limit), _) => self.used >= limit,
            (None, None) => self.effect != Effect::Cap,
            (None, Some(_)) => false,
        }
    }
}

/// The answer for one planned attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Every rule of the network, with its use.
    pub rules: Vec<Usage>,
    /// By the networks' own limits: what must never be passed.
    pub lawful: Permit,
    /// By the headroom that planning keeps below them: never earlier than `lawful`.
    pub planned: Permit,
}

/// Counts every limit of the network over the entries of one card at one merchant (in any order).
pub fn check(rules: &Rules, entries: &[Entry], planned: &Planned<'_>) -> Verdict {
    let limits = rules.limits(planned.network, planned.merchant_country, planned.at);
    let mut verdict = Verdict { rules: Vec::new(), lawful: Permit::Allowed, planned: Permit::Allowed };
    for limit in limits {
        let found = match limit.kind {
            Kind::Count | Kind::Volume => count::attempts(limit, entries, planned),
            Kind::Stop => count::stops(rules, limit, entries, planned),
        };
        verdict.rules.push(usage(limit, planned.network, &found));
        verdict.lawful = verdict.lawful.and(found.lawful);
        verdict.planned = verdict.planned.and(found.planned);
    }
    verdict.planned = verdict.planned.and(verdict.lawful.clone());
    verdict
}

impl Permit {
    /// Both must hold: the stricter of the two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Never { .. }, _) | (_, Self::Allowed) => self,
            (_, Self::Never { .. }) | (Self::Allowed, _) => other,
            (Self::NotBefore { at: mine, .. }, Self::NotBefore { at: theirs, .. }) => {
                if mine >= theirs {
                    self
                } else {
                    other
                }
            }
        }
    }

    /// The rule that bounds it, if one does.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Self::Allowed => None,
            Self::NotBefore { rule, .. } | Self::Never { rule, .. } => Some(rule),
        }
    }
}

fn usage(limit: &Limit, network: Network, found: &count::Found) -> Usage {
    let effect = match (&found.lawful, &found.planned) {
        (Permit::Never { .. }, _) => Effect::Forbid,
        (Permit::Allowed, Permit::Allowed) => Effect::Cap,
        _ => Effect::Earliest,
    };
    Usage {
        id: limit.id.clone(),
        version: limit.version(),
        network,
        window: limit.window.to_string(),
        limit: limit.limit,
        headroom_limit: limit.headroom,
        used: found.used,
        resets_at: found.resets_at,
        effect,
        source: limit.source.clone(),
    }
}

#[cfg(test)]
mod tests;
