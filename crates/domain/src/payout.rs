//! Payouts: what a closed settlement is worth, on its way to the merchant's bank.

use serde::{Deserialize, Serialize};

use crate::{
    environment::Environment,
    id::{Mid, PayoutId, SettlementId},
    money::Money,
    time::Timestamp,
};

crate::words! {
    /// How far a payout is.
    pub enum State {
        /// To be made.
        Pending = "pending",
        /// Made.
        Completed = "completed",
        /// Did not arrive; may be tried again.
        Failed = "failed",
        /// Came back after it had been made; may be tried again.
        Reversed = "reversed",
    }
}

impl State {
    /// Whether a payout may go from this state to another one.
    pub const fn may_become(self, to: Self) -> bool {
        match self {
            Self::Pending => matches!(to, Self::Completed | Self::Failed),
            Self::Completed => matches!(to, Self::Reversed),
            Self::Failed | Self::Reversed => matches!(to, Self::Pending | Self::Completed),
        }
    }
}

/// One payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payout {
    /// Id.
    pub id: PayoutId,
    /// Row version.
    pub version: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// What it pays.
    pub settlement: SettlementId,
    /// How much; negative when the merchant owes it.
    pub amount: Money,
    /// How far it is.
    pub state: State,
    /// The bank's reference of the transfer.
    pub bank_reference: Option<String>,
    /// Made, UTC, by the merchant's clock.
    pub created_at: Timestamp,
    /// Last change, UTC, by the merchant's clock.
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::State::{self, Completed, Failed, Pending, Reversed};

    #[test]
    fn states_follow_each_other() {
        for (from, lawful) in [
            (Pending, vec![Completed, Failed]),
            (Completed, vec![Reversed]),
            (Failed, vec![Pending, Completed]),
            (Reversed, vec![Pending, Completed]),
        ] {
            for to in State::ALL {
                assert_eq!(from.may_become(*to), lawful.contains(to), "{from} -> {to}");
            }
        }
    }
}
