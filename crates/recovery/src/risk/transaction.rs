//! A transaction as risk sees it.

use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::subject::{Kind, Subject};

/// What a transmitted payment or an attempt of ours tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// When it was made, UTC.
    pub at: Timestamp,
    /// Amount in hundredths of the currency's unit, never negative.
    pub hundredths: i64,
    /// Whether it was declined.
    pub declined: bool,
    /// What it touches; at most one of each kind.
    pub subjects: Vec<Subject>,
}

impl Transaction {
    /// The subject of a kind.
    pub fn subject(&self, kind: Kind) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.kind == kind)
    }

    /// A bit that stands for whom a subject met: cards meet terminals or sites, all others meet cards.
    pub(super) fn partner(&self, of: Kind) -> u32 {
        let partner = match of {
            Kind::Card => self.subject(Kind::Terminal).or_else(|| self.subject(Kind::Site)),
            _ => self.subject(Kind::Card),
        };
        partner.map_or(0, |partner| 1 << (partner.key[0] % 32))
    }
}
