//! A transmitted transaction: the merchant's copy of one payment, with what became of it later.

use serde::{Deserialize, Serialize};

use crate::{
    card::CardKey,
    environment::Environment,
    id::{Mid, OrderId, SiteId, TransmitId},
    money::Money,
    payment::Payment,
    site::MatchedBy,
    time::Timestamp,
};

crate::words! {
    /// What became of a transaction.
    pub enum Outcome {
        /// Paid.
        Approved = "approved",
        /// Declined.
        Declined = "declined",
        /// Voided.
        Voided = "voided",
        /// Refunded, wholly or in part.
        Refunded = "refunded",
        /// Disputed.
        Chargeback = "chargeback",
    }
}

impl Outcome {
    /// Whether this outcome may follow that one (`wire-api` §4.1); the same again is no change.
    pub const fn may_follow(self, last: Option<Self>) -> bool {
        match last {
            None => true,
            Some(Self::Declined) => matches!(self, Self::Approved),
            Some(Self::Approved) => matches!(self, Self::Voided | Self::Refunded | Self::Chargeback),
            Some(Self::Refunded) => matches!(self, Self::Refunded | Self::Chargeback),
            Some(Self::Voided | Self::Chargeback) => false,
        }
    }
}

/// One report of an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// What became of it.
    pub outcome: Outcome,
    /// For how much.
    pub amount: Money,
    /// When, UTC.
    pub occurred_at: Timestamp,
    /// Response code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
    /// Whose vocabulary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code_source: Option<String>,
    /// Advice code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_advice_code: Option<String>,
    /// The reporter's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Report {
    /// Whether it says that the payment was fraud: it was charged back, or given back as fraud.
    pub fn is_fraud(&self) -> bool {
        match self.outcome {
            Outcome::Chargeback => true,
            Outcome::Refunded => crate::fraud::is_marked(self.reason.as_deref()),
            Outcome::Approved | Outcome::Declined | Outcome::Voided => false,
        }
    }
}

/// A transmitted transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transmit {
    /// The transaction key.
    pub id: TransmitId,
    /// Row version.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Resolved site.
    pub site: SiteId,
    /// How the site was found.
    pub matched_by: MatchedBy,
    /// The payment.
    pub payment: Box<Payment>,
    /// As sent.
    pub is_declined: bool,
    /// Older than 24 hours when it came.
    pub late: bool,
    /// When it was processed, UTC.
    pub at: Timestamp,
    /// When it came, UTC.
    pub received_at: Timestamp,
    /// Ledger key of the card, when the card is told well enough.
    pub card: Option<CardKey>,
    /// Set when `/evaluate` brought it: the order.
    pub order: Option<OrderId>,
    /// Position the sender gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence_number: Option<i64>,
    /// What became of it, oldest first.
    pub outcomes: Vec<Report>,
}

impl Transmit {
    /// The identity under which copies are recognised: transaction id and type.
    pub fn identity(&self) -> (&str, &str) {
        let transaction = &self.payment.transaction;
        (&transaction.id, transaction.transaction_type.as_deref().unwrap_or(""))
    }

    /// The first report that says it was fraud.
    pub fn fraud(&self) -> Option<&Report> {
        self.outcomes.iter().find(|report| report.is_fraud())
    }

    /// The latest outcome.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcomes.last().map(|report| report.outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{self, Approved, Chargeback, Declined, Refunded, Voided};

    #[test]
    fn outcomes_follow_each_other_as_the_contract_says() {
        for (last, lawful) in [
            (None, vec![Approved, Declined, Voided, Refunded, Chargeback]),
            (Some(Declined), vec![Approved]),
            (Some(Approved), vec![Voided, Refunded, Chargeback]),
            (Some(Refunded), vec![Refunded, Chargeback]),
            (Some(Voided), vec![]),
            (Some(Chargeback), vec![]),
        ] {
            for next in Outcome::ALL {
                assert_eq!(next.may_follow(last), lawful.contains(next), "{last:?} -> {next}");
            }
        }
    }
}
