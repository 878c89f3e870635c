//! What was agreed with a merchant about money: how long a settlement period is, what a rescue costs, what is held back.

use serde::{Deserialize, Serialize};

use crate::{
    fault::Faults,
    time::{DAY, Timestamp},
};

/// A whole: ten thousand basis points.
pub const WHOLE_BASIS_POINTS: i64 = 10_000;
/// Longest settlement period, days.
pub const PERIOD_DAYS_MAX: i64 = 92;
/// Longest wait between the end of a period and its payout, days.
pub const PAYOUT_DAYS_MAX: i64 = 60;
/// Longest life of a reserve, days.
pub const RESERVE_DAYS_MAX: i64 = 730;
/// Largest fixed fee, minor units.
pub const FEE_MINOR_MAX: i64 = 10_000_000;
/// Periods are counted from this Monday, 1970-01-05, so that those of seven days are weeks.
const FIRST_MONDAY: Timestamp = Timestamp::from_secs(4 * 86_400);

/// Terms of settlement. Nothing is charged and nothing is held back that was not agreed: all fees begin at zero. Fees are
/// those in force when the payment was captured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Terms {
    /// Length of a settlement period, days; 7 is Monday to Sunday, UTC.
    pub period_days: u16,
    /// From the end of a period to its payout, days.
    pub payout_days: u16,
    /// Service fee, basis points of what was captured.
    pub service_fee_basis_points: u16,
    /// Service fee of each rescued order beside the share, minor units of its currency.
    pub service_fee_fixed_minor: i64,
    /// Fee of each chargeback that takes money, minor units of its currency; it stays when the dispute is won.
    pub chargeback_fee_minor: i64,
    /// Held back at the end of a period, basis points of what is left of the captured amounts after refunds and chargebacks.
    pub reserve_basis_points: u16,
    /// How long it is held back, days from the end of the period.
    pub reserve_days: u16,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            period_days: 7,
            payout_days: 2,
            service_fee_basis_points: 0,
            service_fee_fixed_minor: 0,
            chargeback_fee_minor: 0,
            reserve_basis_points: 0,
            reserve_days: 180,
        }
    }
}

impl Terms {
    /// The service fee of a capture, minor units; the fixed part counts for the first capture of an order only.
    pub fn service_fee(&self, captured_minor: i64, is_first: bool) -> i64 {
        let fixed = if is_first { self.service_fee_fixed_minor } else { 0 };
        share(captured_minor, self.service_fee_basis_points).saturating_add(fixed)
    }

    /// What is held back of an amount, minor units; nothing of what is not there.
    pub fn reserve(&self, left_minor: i64) -> i64 {
        share(left_minor.max(0), self.reserve_basis_points)
    }

    /// The settlement period that holds an instant: its first moment, and the first one after it.
    pub fn period(&self, at: Timestamp) -> (Timestamp, Timestamp) {
        let length = DAY.as_micros() as i64 * i64::from(self.period_days.max(1));
        let start = FIRST_MONDAY.micros() + (at.micros() - FIRST_MONDAY.micros()).div_euclid(length) * length;
        (Timestamp::from_micros(start), Timestamp::from_micros(start + length))
    }

    /// When a period that ends at this moment is paid out.
    pub fn payout_at(&self, end: Timestamp) -> Timestamp {
        end + DAY * u32::from(self.payout_days)
    }

    /// When what was held back at this moment is given back.
    pub fn release_at(&self, end: Timestamp) -> Timestamp {
        end + DAY * u32::from(self.reserve_days)
    }
}

/// A share of an amount, rounded half up, away from nothing that the amount does not hold.
fn share(minor: i64, basis_points: u16) -> i64 {
    let whole = i128::from(WHOLE_BASIS_POINTS);
    let part = (i128::from(minor) * i128::from(basis_points) + whole / 2).div_euclid(whole);
    i64::try_from(part).unwrap_or(i64::MAX)
}

/// A change of terms as it was sent; numbers are not judged yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// See [`Terms::period_days`].
    pub period_days: Option<i64>,
    /// See [`Terms::payout_days`].
    pub payout_days: Option<i64>,
    /// See [`Terms::service_fee_basis_points`].
    pub service_fee_basis_points: Option<i64>,
    /// See [`Terms::service_fee_fixed_minor`].
    pub service_fee_fixed: Option<i64>,
    /// See [`Terms::chargeback_fee_minor`].
    pub chargeback_fee: Option<i64>,
    /// See [`Terms::reserve_basis_points`].
    pub reserve_basis_points: Option<i64>,
    /// See [`Terms::reserve_days`].
    pub reserve_days: Option<i64>,
}

impl Draft {
    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a fault for every value outside its range; `parent` is a path that ends with a dot.
    pub fn check(&self, parent: &str, faults: &mut Faults) {
        let ranges = [
            ("PeriodDays", self.period_days, 1..=PERIOD_DAYS_MAX),
            ("PayoutDays", self.payout_days, 0..=PAYOUT_DAYS_MAX),
            ("ServiceFeeBasisPoints", self.service_fee_basis_points, 0..=WHOLE_BASIS_POINTS),
            ("ServiceFeeFixed", self.service_fee_fixed, 0..=FEE_MINOR_MAX),
            ("ChargebackFee", self.chargeback_fee, 0..=FEE_MINOR_MAX),
            ("ReserveBasisPoints", self.reserve_basis_points, 0..=WHOLE_BASIS_POINTS),
            ("ReserveDays", self.reserve_days, 1..=RESERVE_DAYS_MAX),
        ];
        for (name, value, range) in ranges {
            if value.is_some_and(|value| !range.contains(&value)) {
                let message = format!("The field {name} must be between {} and {}.", range.start(), range.end());
                faults.add(format!("{parent}{name}"), message);
            }
        }
    }

    /// The terms after a change without faults.
    #[must_use]
    pub fn amend(&self, before: &Terms) -> Terms {
        let narrow = |value: Option<i64>, before: u16| value.and_then(|value| u16::try_from(value).ok()).unwrap_or(before);
        Terms {
            period_days: narrow(self.period_days, before.period_days),
            payout_days: narrow(self.payout_days, before.payout_days),
            service_fee_basis_points: narrow(self.service_fee_basis_points, before.service_fee_basis_points),
            service_fee_fixed_minor: self.service_fee_fixed.unwrap_or(before.service_fee_fixed_minor),
            chargeback_fee_minor: self.chargeback_fee.unwrap_or(before.chargeback_fee_minor),
            reserve_basis_points: narrow(self.reserve_basis_points, before.reserve_basis_points),
            reserve_days: narrow(self.reserve_days, before.reserve_days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_are_rounded_half_up() {
        let terms = Terms { service_fee_basis_points: 250, service_fee_fixed_minor: 30, ..Terms::default() };
        for (captured, is_first, fee) in [(1_999, true, 80), (1_999, false, 50), (20, false, 1), (19, false, 0), (0, true, 30)] {
            assert_eq!(terms.service_fee(captured, is_first), fee, "{captured}");
        }
        assert_eq!(Terms::default().service_fee(1_999, true), 0, "nobody pays what was not agreed");
        let whole = Terms { reserve_basis_points: 10_000, ..Terms::default() };
        assert_eq!((whole.reserve(i64::MAX), whole.reserve(-5), whole.reserve(7)), (i64::MAX, 0, 7));
    }

    #[test]
    fn weeks_begin_on_monday() {
        let friday = Timestamp::parse("2026-11-20T10:15:30Z").unwrap();
        let (from, to) = Terms::default().period(friday);
        assert_eq!((from.iso6().as_str(), to.iso6().as_str()), ("2026-11-16T00:00:00.000000Z", "2026-11-23T00:00:00.000000Z"));
        assert_eq!(Terms::default().period(from), (from, to), "the first moment is within");
        assert_eq!(Terms::default().period(to).0, to, "the end is not");
        let daily = Terms { period_days: 1, ..Terms::default() };
        assert_eq!(daily.period(friday).0.iso6(), "2026-11-20T00:00:00.000000Z");
    }

    #[test]
    fn ranges_are_held_and_what_is_left_out_stays() {
        let mut faults = Faults::new();
        let draft =
            Draft { period_days: Some(0), service_fee_basis_points: Some(10_001), chargeback_fee: Some(-1), ..Draft::default() };
        draft.check("Settlement.", &mut faults);
        let paths: Vec<_> = faults.iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["Settlement.ChargebackFee", "Settlement.PeriodDays", "Settlement.ServiceFeeBasisPoints"]);
        let draft = Draft { reserve_basis_points: Some(500), chargeback_fee: Some(1_500), ..Draft::default() };
        let terms = draft.amend(&Terms { period_days: 14, ..Terms::default() });
        assert_eq!((terms.period_days, terms.reserve_basis_points, terms.chargeback_fee_minor), (14, 500, 1_500));
    }

    proptest::proptest! {
        #[test]
        fn every_moment_has_one_period(at in -1_000_000_000_000_000_i64..4_000_000_000_000_000, days in 1_u16..93) {
            let terms = Terms { period_days: days, ..Terms::default() };
            let at = Timestamp::from_micros(at);
            let (from, to) = terms.period(at);
            proptest::prop_assert!(from <= at && at < to);
            proptest::prop_assert_eq!(terms.period(to).0, to);
        }
    }
}
