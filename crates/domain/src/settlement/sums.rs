//! What the items of a settlement add up to.

use serde::{Deserialize, Serialize};

use super::item::Kind;

/// A sum that no account can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amounts of a settlement exceed what can be counted")]
pub struct Overflow;

/// Sums by kind, minor units, each positive in the sense of its kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// Captured.
    pub total_value: i64,
    /// Service fees.
    pub service_fees: i64,
    /// Fees of chargebacks.
    pub chargeback_fees: i64,
    /// Taken back by issuers.
    pub chargeback_value: i64,
    /// Refunds.
    pub returns: i64,
    /// Corrections, up or down.
    pub adjustment: i64,
    /// Held back, less what was given back.
    pub reserve: i64,
}

impl Sums {
    /// Adds an item.
    pub fn add(&mut self, kind: Kind, minor: i64) -> Result<(), Overflow> {
        let sum = match kind {
            Kind::Sale => &mut self.total_value,
            Kind::Fee => &mut self.service_fees,
            Kind::Refund => &mut self.returns,
            Kind::Chargeback => &mut self.chargeback_value,
            Kind::ChargebackFee => &mut self.chargeback_fees,
            Kind::Adjustment => &mut self.adjustment,
            Kind::Reserve => &mut self.reserve,
        };
        *sum = sum.checked_add(minor).ok_or(Overflow)?;
        self.payout().map(|_| ())
    }

    /// What is left of the captured amounts after refunds and chargebacks: what a reserve is a share of.
    pub const fn left(&self) -> i64 {
        self.total_value.saturating_sub(self.returns).saturating_sub(self.chargeback_value)
    }

    /// `totalValue − serviceFees − chargebackFees − chargebackValue − returns ± adjustment − reserve`.
    pub fn payout(&self) -> Result<i64, Overflow> {
        let less = [self.service_fees, self.chargeback_fees, self.chargeback_value, self.returns, self.reserve];
        let rest = less.iter().try_fold(self.total_value, |rest, part| rest.checked_sub(*part));
        rest.and_then(|rest| rest.checked_add(self.adjustment)).ok_or(Overflow)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_payout_is_what_the_contract_says() {
        let mut sums = Sums::default();
        for (kind, minor) in [
            (Kind::Sale, 10_000),
            (Kind::Fee, 500),
            (Kind::ChargebackFee, 1_500),
            (Kind::Chargeback, 1_999),
            (Kind::Refund, 700),
            (Kind::Adjustment, -250),
            (Kind::Reserve, 365),
        ] {
            sums.add(kind, minor).unwrap();
        }
        assert_eq!(sums.payout(), Ok(10_000 - 500 - 1_500 - 1_999 - 700 - 250 - 365));
        assert_eq!(sums.left(), 10_000 - 700 - 1_999);
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        let mut sums = Sums { total_value: i64::MAX, ..Sums::default() };
        assert_eq!(sums.add(Kind::Sale, 1), Err(Overflow));
        assert_eq!(sums.add(Kind::Refund, -1), Err(Overflow));
    }

    fn kind() -> impl Strategy<Value = Kind> {
        proptest::sample::select(Kind::ALL)
    }

    proptest! {
        /// In whatever order items come, and however they are cut into batches: the sums are those of the items.
        #[test]
        fn sums_do_not_depend_on_the_order(
            (items, shuffled) in proptest::collection::vec((kind(), -1_000_000_i64..1_000_000), 0..60)
                .prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle()))
        ) {
            let sum = |items: &[(Kind, i64)]| {
                items.iter().try_fold(Sums::default(), |mut sums, (kind, minor)| sums.add(*kind, *minor).map(|()| sums))
            };
            let (one, other) = (sum(&items).unwrap(), sum(&shuffled).unwrap());
            prop_assert_eq!(one, other);
            let of = |wanted: Kind| items.iter().filter(|(kind, _)| *kind == wanted).map(|(_, minor)| minor).sum::<i64>();
            prop_assert_eq!((one.total_value, one.returns, one.reserve), (of(Kind::Sale), of(Kind::Refund), of(Kind::Reserve)));
            let signed: i64 = items.iter().map(|(kind, minor)| match kind {
                Kind::Sale | Kind::Adjustment => *minor,
                _ => -*minor,
            }).sum();
            prop_assert_eq!(one.payout(), Ok(signed));
        }
    }
}
