//! Shares of orders and of amounts, and how sure they are, when the orders of one card go together.

/// Normal quantile of a two-sided interval of 95 %.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// One card's orders.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Card {
    /// Its orders.
    pub orders: f64,
    /// Those recovered.
    pub recovered: f64,
    /// What was due, minor units.
    pub due: f64,
    /// What was recovered of it.
    pub paid: f64,
}

/// Sums over cards: enough for shares and their errors, whatever the number of cards.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cards {
    count: f64,
    orders: f64,
    recovered: f64,
    due: f64,
    paid: f64,
    orders_squared: f64,
    recovered_orders: f64,
    recovered_squared: f64,
    due_squared: f64,
    paid_due: f64,
    paid_squared: f64,
}

/// A share with the variance of its estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share, 0–1.
    pub value: f64,
    /// Variance of the estimate.
    pub variance: f64,
    /// Independent orders that would tell as much: the orders themselves when each card has one.
    pub effective: f64,
}

impl Cards {
    /// Adds a card.
    pub fn add(&mut self, card: Card) {
        self.count += 1.0;
        self.orders += card.orders;
        self.recovered += card.recovered;
        self.due += card.due;
        self.paid += card.paid;
        self.orders_squared += card.orders * card.orders;
        self.recovered_orders += card.recovered * card.orders;
        self.recovered_squared += card.recovered * card.recovered;
        self.due_squared += card.due * card.due;
        self.paid_due += card.paid * card.due;
        self.paid_squared += card.paid * card.paid;
    }

    /// How many cards.
    pub fn count(&self) -> f64 {
        self.count
    }

    /// Recovered of all orders. None without any.
    pub fn rate(&self) -> Option<Share> {
        let squares = [self.recovered_squared, self.recovered_orders, self.orders_squared];
        let (value, variance) = ratio(self.recovered, self.orders, squares)?;
        let plain = value * (1.0 - value);
        // Nobody or everybody: the cards say nothing of how they differ, so each counts once.
        let effective = if variance > 0.0 && plain > 0.0 { plain / variance } else { self.count };
        Some(Share { value, variance, effective: effective.min(self.orders) })
    }

    /// Recovered amount of all that was due, by the delta method. None when nothing was.
    pub fn amount_rate(&self) -> Option<Share> {
        let squares = [self.paid_squared, self.paid_due, self.due_squared];
        let (value, variance) = ratio(self.paid, self.due, squares)?;
        Some(Share { value, variance, effective: self.count })
    }
}

/// A ratio of sums over cards and its variance: the sum of squares of what each card has beyond its part.
fn ratio(part: f64, whole: f64, [parts, products, wholes]: [f64; 3]) -> Option<(f64, f64)> {
    let value = (whole > 0.0).then(|| part / whole)?;
    let variance = (parts - 2.0 * value * products + value * value * wholes) / (whole * whole);
    Some((value, variance.max(0.0)))
}

/// Difference of two shares of orders: the interval of Newcombe (1998, method 10), from Wilson's for each share; unlike the
/// usual one it holds near 0 and 1.
pub fn difference(one: Share, other: Share) -> (f64, f64) {
    let ((low, high), (other_low, other_high)) = (wilson(one), wilson(other));
    let between = one.value - other.value;
    let below = (one.value - low).hypot(other_high - other.value);
    let above = (high - one.value).hypot(other.value - other_low);
    ((between - below).max(-1.0), (between + above).min(1.0))
}

fn wilson(share: Share) -> (f64, f64) {
    let (z2, n) = (NORMAL_95 * NORMAL_95, share.effective);
    let middle = (share.value + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = NORMAL_95 * (share.value * (1.0 - share.value) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// Two-sided p-value that two shares of orders are the same: the pooled test of proportions. None when all or none of both
/// were recovered.
pub fn same(one: Share, other: Share) -> Option<f64> {
    let all = one.effective + other.effective;
    let pooled = (one.value * one.effective + other.value * other.effective) / all;
    let error = (pooled * (1.0 - pooled) * (1.0 / one.effective + 1.0 / other.effective)).sqrt();
    (error > 0.0).then(|| two_sided((one.value - other.value) / error))
}

/// Normal interval of the difference of two shares of amounts.
pub fn amount_difference(one: Share, other: Share) -> (f64, f64) {
    let between = one.value - other.value;
    let half = NORMAL_95 * (one.variance + other.variance).sqrt();
    ((between - half).max(-1.0), (between + half).min(1.0))
}

/// Chance of a standard normal at least so far from zero.
fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many of so many orders, each of a card of its own.
    fn of(recovered: u32, orders: u32) -> Share {
        let mut cards = Cards::default();
        for n in 0..orders {
            let hit = f64::from(u8::from(n < recovered));
            cards.add(Card { orders: 1.0, recovered: hit, due: 100.0, paid: 100.0 * hit });
        }
        cards.rate().unwrap()
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
    }

    #[test]
    fn intervals_are_those_of_newcombe_1998_table_ii() {
        for (one, other, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
        ] {
            let found = difference(of(one.0, one.1), of(other.0, other.1));
            near(found.0, low);
            near(found.1, high);
        }
    }

    #[test]
    fn p_values_are_those_of_the_pooled_test() {
        // z = 0.2 / sqrt(104/150 · 46/150 · (1/70 + 1/80)) = 2.650; and equal shares.
        near(same(of(56, 70), of(48, 80)).unwrap(), 0.008_05);
        near(same(of(40, 100), of(40, 100)).unwrap(), 1.0);
        assert_eq!(same(of(0, 10), of(0, 20)), None);
        assert_eq!(same(of(10, 10), of(20, 20)), None);
    }

    #[test]
    fn the_normal_tail_is_that_of_the_tables() {
        for (z, p) in [(0.0, 1.0), (1.0, 0.317_311), (1.959_964, 0.05), (-2.575_829, 0.01), (3.290_527, 0.001)] {
            assert!((two_sided(z) - p).abs() < 1e-6, "{z}");
        }
    }

    #[test]
    fn orders_of_one_card_count_less() {
        let mut cards = Cards::default();
        for n in 0..100 {
            // Three orders a card, all recovered or none: each card tells one thing.
            let hit = f64::from(n % 2) * 3.0;
            cards.add(Card { orders: 3.0, recovered: hit, due: 300.0, paid: 100.0 * hit });
        }
        let share = cards.rate().unwrap();
        near(share.value, 0.5);
        near(share.effective, 100.0);
        near(cards.amount_rate().unwrap().variance, 0.25 / 100.0);
    }

    #[test]
    fn amounts_weigh_by_what_was_due() {
        let mut cards = Cards::default();
        for (due, paid) in [(100.0, 100.0), (300.0, 0.0)] {
            cards.add(Card { orders: 1.0, recovered: f64::from(u8::from(paid > 0.0)), due, paid });
        }
        near(cards.amount_rate().unwrap().value, 0.25);
        near(cards.rate().unwrap().value, 0.5);
        // Residuals 100 − 25 and 0 − 75, squared and added, by 400².
        near(cards.amount_rate().unwrap().variance, 2.0 * 75.0 * 75.0 / 160_000.0);
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        assert_eq!((Cards::default().rate(), Cards::default().amount_rate()), (None, None));
        let all = of(30, 30);
        assert!((all.effective - 30.0).abs() < 1e-9 && difference(all, of(0, 30)).0 < 1.0);
    }

    proptest::proptest! {
        #[test]
        fn intervals_hold_the_difference(a in 0u32..60, b in 0u32..60, n in 1u32..60, m in 1u32..60) {
            let (one, other) = (of(a.min(n), n), of(b.min(m), m));
            let (low, high) = difference(one, other);
            let between = one.value - other.value;
            proptest::prop_assert!((-1.0..=1.0).contains(&low) && low <= between + 1e-9 && between <= high + 1e-9 && high <= 1.0);
            let p = same(one, other).unwrap_or(1.0);
            proptest::prop_assert!((0.0..=1.0).contains(&p));
        }
    }
}
