//! What the policy recovers beyond the permanent hold-out.
//!
//! Compared are orders whose rescue period is over. One that ended early, before its period did, waits for its cohort:
//! an order that is recovered closes sooner than one that is not, and whoever recovers sooner would look better than
//! he is. Orders of one card are in one arm and share its fate, so errors are those of cards (`proportion`).

use super::{
    proportion::{Card, Cards, amount_difference, difference, same},
    row::Value,
};

/// Fewer cards in either arm are compared with nothing.
pub const CARDS_MIN: u32 = 30;

/// One arm of a row's group against the hold-out of the same group, in the order of the columns.
pub fn values(of_arm: &Cards, holdout: Option<&Cards>) -> Vec<Value> {
    let rate = of_arm.rate().map(|share| share.value);
    let amount_rate = of_arm.amount_rate().map(|share| share.value);
    let found = holdout.and_then(|holdout| Uplift::of(of_arm, holdout));
    let of = |pick: fn(&Uplift) -> Option<f64>| number(found.as_ref().and_then(pick));
    vec![
        number(rate),
        of(|found| Some(found.absolute)),
        of(|found| found.relative),
        of(|found| Some(found.interval.0)),
        of(|found| Some(found.interval.1)),
        of(|found| found.p_value),
        number(amount_rate),
        of(|found| found.amount),
        of(|found| found.amount_interval.map(|interval| interval.0)),
        of(|found| found.amount_interval.map(|interval| interval.1)),
    ]
}

fn number(value: Option<f64>) -> Value {
    value.filter(|value| value.is_finite()).map_or(Value::Null, Value::Real)
}

/// What an arm recovers beyond the hold-out.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Uplift {
    /// Difference of the rates.
    absolute: f64,
    /// The same as a part of the hold-out's; none when that is zero.
    relative: Option<f64>,
    /// Interval of the difference, 95 %.
    interval: (f64, f64),
    /// That there is no difference; none when it cannot be tested.
    p_value: Option<f64>,
    /// Difference of the shares of the amount.
    amount: Option<f64>,
    /// Its interval, 95 %.
    amount_interval: Option<(f64, f64)>,
}

impl Uplift {
    /// None while either has too few cards.
    fn of(treated: &Cards, held: &Cards) -> Option<Self> {
        let enough = |cards: &Cards| cards.count() >= f64::from(CARDS_MIN);
        let (one, other) = treated.rate().zip(held.rate()).filter(|_| enough(treated) && enough(held))?;
        let absolute = one.value - other.value;
        let amounts = treated.amount_rate().zip(held.amount_rate());
        Some(Self {
            absolute,
            relative: (other.value > 0.0).then(|| absolute / other.value),
            interval: difference(one, other),
            p_value: same(one, other),
            amount: amounts.map(|(one, other)| one.value - other.value),
            amount_interval: amounts.map(|(one, other)| amount_difference(one, other)),
        })
    }
}

/// What a card adds to its row: compared orders and amounts, as the store counts them.
pub fn card([orders, due, recovered, paid]: [i64; 4]) -> Option<Card> {
    let of = |measure: i64| measure as f64;
    (orders > 0).then(|| Card { orders: of(orders), recovered: of(recovered), due: of(due), paid: of(paid) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cards(count: i64, recovered: i64) -> Cards {
        let mut cards = Cards::default();
        for n in 0..count {
            let hit = i64::from(n < recovered);
            cards.add(card([1, 1_000, hit, hit * 1_000]).unwrap());
        }
        cards
    }

    fn reals(values: &[Value]) -> Vec<Option<f64>> {
        values.iter().map(|value| if let Value::Real(number) = value { Some(*number) } else { None }).collect()
    }

    #[test]
    fn the_policy_stands_beside_the_hold_out() {
        let found = reals(&values(&cards(80, 48), Some(&cards(70, 28))));
        let near = |place: usize, expected: f64| {
            let value = found[place].unwrap();
            assert!((value - expected).abs() < 1e-4, "{place}: {value}");
        };
        near(0, 0.6);
        near(1, 0.2);
        near(2, 0.5);
        assert!(found[3].unwrap() > 0.0 && found[4].unwrap() < 0.4 && found[5].unwrap() < 0.05, "{found:?}");
        near(6, 0.6);
        near(7, 0.2);
        assert!(found[8].unwrap() < 0.2 && found[9].unwrap() > 0.2);
    }

    #[test]
    fn too_few_orders_are_told_by_nulls() {
        for (policy, holdout) in
            [(cards(29, 10), Some(cards(500, 100))), (cards(500, 100), Some(cards(29, 3))), (cards(500, 1), None)]
        {
            let found = reals(&values(&policy, holdout.as_ref()));
            assert!(found[0].is_some() && found[6].is_some(), "the rate is a fact");
            assert!(found[1..6].iter().chain(&found[7..]).all(Option::is_none), "{found:?}");
        }
        assert!(reals(&values(&Cards::default(), None)).iter().all(Option::is_none));
    }

    #[test]
    fn nothing_is_divided_by_a_hold_out_that_recovered_nothing() {
        let found = reals(&values(&cards(100, 40), Some(&cards(100, 0))));
        assert!(found[1].is_some() && found[2].is_none() && found[3].unwrap() > 0.25);
    }

    #[test]
    fn open_orders_add_nothing() {
        assert_eq!(card([0, 0, 0, 0]), None);
    }
}
