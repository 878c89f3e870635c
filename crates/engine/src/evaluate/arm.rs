//! Which policy works an order: drawn once, when it is opened, and kept with it.
//!
//! *By card.* The draw is a keyed hash of merchant, environment and the card's ledger key, so all orders of a card at a
//! merchant are in one arm, whatever their ids and for as long as the key ring lives. Orders of one card share its ledger:
//! an attempt for one uses up the network's limit and the issuer's patience for the others, and what the policy learns of
//! the card's paydays serves them all. Drawn by order, the hold-out would feel the policy's attempts. And a subscription
//! comes back every month: a hold-out that is permanent holds the same cardholders out. The price is that orders of one card
//! are no independent witnesses; whoever estimates counts by card.
//!
//! *By percent.* The hold-out is cut from one end of the draw and the explorers from the other: to explore more or less moves
//! no card into or out of the hold-out, and a larger hold-out keeps the cards of a smaller one.

use domain::{decision::Arm, ledger::Initiator, order::Order};

use crate::Engine;

/// How many orders in a hundred do not follow the best known policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shares {
    /// Held out for ever: the fixed ladder.
    pub holdout_percent: u32,
    /// Moments are drawn.
    pub explore_percent: u32,
}

impl Engine {
    /// Draws the arm of a new order that Recoup works by itself. A present customer is not experimented with, and the cards
    /// of the sandbox's tables do what the tables say: both follow the policy, and take no part in comparisons.
    pub(super) fn draw_arm(&self, order: &mut Order) {
        let from_table = order.first_attempt_at.is_some();
        if order.initiator() != Initiator::Mit || from_table {
            return;
        }
        let Some(card) = order.credential().map(|credential| credential.key) else { return };
        let hash = self.hasher.of(&[b"arm", &order.mid.bytes(), order.environment.as_str().as_bytes(), &card.0]);
        order.arm = self.options.shares.arm(hash);
        order.drawn_by = Some(card);
    }
}

impl Shares {
    /// The arm of a draw.
    fn arm(self, hash: [u8; 32]) -> Arm {
        let draw = hash.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        // Exact: a hundred of these make the whole range, less a remainder that nobody will ever draw.
        let percent = u64::MAX / 100;
        let below = |percents: u32| percent * u64::from(percents.min(100));
        if draw < below(self.holdout_percent) {
            Arm::Holdout
        } else if u64::MAX - draw < below(self.explore_percent) {
            Arm::Explore
        } else {
            Arm::Policy
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(holdout_percent: u32, explore_percent: u32) -> Shares {
        Shares { holdout_percent, explore_percent }
    }

    /// A draw at a part of the whole range.
    fn at(part: f64) -> [u8; 32] {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&((u64::MAX as f64 * part) as u64).to_be_bytes());
        hash
    }

    #[test]
    fn percents_are_cut_from_both_ends() {
        for (part, expected) in [
            (0.0, Arm::Holdout),
            (0.049, Arm::Holdout),
            (0.051, Arm::Policy),
            (0.5, Arm::Policy),
            (0.969, Arm::Policy),
            (0.971, Arm::Explore),
            (1.0, Arm::Explore),
        ] {
            assert_eq!(shares(5, 3).arm(at(part)), expected, "{part}");
        }
    }

    #[test]
    fn nobody_is_drawn_by_nought() {
        assert!((0..=100).all(|n| shares(0, 0).arm(at(f64::from(n) / 100.0)) == Arm::Policy));
        assert!((0..=100).all(|n| shares(51, 51).arm(at(f64::from(n) / 100.0)) != Arm::Policy));
    }

    #[test]
    fn a_larger_hold_out_keeps_the_cards_of_a_smaller_one() {
        for n in 0..=1_000 {
            let hash = at(f64::from(n) / 1_000.0);
            let (small, large) = (shares(5, 3).arm(hash), shares(20, 50).arm(hash));
            assert!(small != Arm::Holdout || large == Arm::Holdout);
            assert!(small != Arm::Explore || large == Arm::Explore);
        }
    }
}
