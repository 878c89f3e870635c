//! The figures of a run, each with its 95 % interval, overall and by group.

use domain::time::DAY;
use serde::Serialize;

use super::{rates::Rates, result::Outcome};

/// Two-sided 95 % of the normal distribution.
const Z: f64 = 1.959_964;

/// A figure and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// What was achieved on a group of cases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Cases.
    pub cases: usize,
    /// Recovered ones.
    pub recovered: usize,
    /// Attempts of ours.
    pub attempts: usize,
    /// What was due, USD.
    pub due_usd: f64,
    /// What was recovered, USD.
    pub recovered_usd: f64,
    /// Recovered share of the cases (Wilson).
    pub share: Figure,
    /// Recovered share of the amount.
    pub amount_share: Figure,
    /// Attempts for each recovery; none without a recovery.
    pub attempts_per_recovery: Option<Figure>,
    /// Days from failure to recovery; none without a recovery.
    pub days: Option<Figure>,
    /// Recovered amount less the cost of all attempts, USD.
    pub net_usd: Figure,
}

/// A group by one of its properties.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// `class`, `country`, `brand`, `funding`.
    pub by: &'static str,
    /// Which.
    pub name: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What the figures are reckoned with.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Values of currencies.
    pub rates: Rates,
    /// What one attempt costs, USD.
    pub attempt_usd: f64,
}

impl Figures {
    /// Of these outcomes.
    pub fn of<'o, 'c: 'o>(outcomes: impl IntoIterator<Item = &'o Outcome<'c>>, terms: &Terms) -> Self {
        let rows: Vec<Row> = outcomes.into_iter().map(|outcome| Row::of(outcome, terms)).collect();
        let sum = |of: fn(&Row) -> f64| rows.iter().map(of).sum::<f64>();
        let recovered = rows.iter().filter(|row| row.days.is_some()).count();
        let days: Vec<f64> = rows.iter().filter_map(|row| row.days).collect();
        let net = mean(&rows.iter().map(|row| row.won - row.attempts * terms.attempt_usd).collect::<Vec<_>>());
        let cases = rows.len() as f64;
        Self {
            cases: rows.len(),
            recovered,
            attempts: sum(|row| row.attempts) as usize,
            due_usd: sum(|row| row.due),
            recovered_usd: sum(|row| row.won),
            share: wilson(recovered, rows.len()),
            amount_share: ratio(rows.iter().map(|row| (row.won, row.due))).unwrap_or(Figure::nothing()),
            attempts_per_recovery: ratio(rows.iter().map(|row| (row.attempts, f64::from(row.days.is_some())))),
            days: (!days.is_empty()).then(|| mean(&days)),
            net_usd: Figure { value: net.value * cases, low: net.low * cases, high: net.high * cases },
        }
    }
}

/// All groups, the largest of each property first.
pub fn groups(outcomes: &[Outcome<'_>], terms: &Terms) -> Vec<Group> {
    type By = fn(&Outcome<'_>) -> String;
    let properties: [(&'static str, By); 4] = [
        ("class", |outcome| outcome.class.to_string()),
        ("country", |outcome| outcome.case.issuer_country.clone().unwrap_or_else(|| "unknown".into())),
        ("brand", |outcome| outcome.case.network.to_string()),
        ("funding", |outcome| outcome.case.funding.to_string()),
    ];
    let mut groups = vec![];
    for (by, property) in properties {
        let mut members: std::collections::BTreeMap<String, Vec<&Outcome<'_>>> = std::collections::BTreeMap::new();
        for outcome in outcomes {
            members.entry(property(outcome)).or_default().push(outcome);
        }
        let mut of_property: Vec<Group> =
            members.into_iter().map(|(name, members)| Group { by, name, figures: Figures::of(members, terms) }).collect();
        of_property.sort_by_key(|group| std::cmp::Reverse(group.figures.cases));
        groups.extend(of_property);
    }
    groups
}

struct Row {
    due: f64,
    won: f64,
    attempts: f64,
    days: Option<f64>,
}

impl Row {
    fn of(outcome: &Outcome<'_>, terms: &Terms) -> Self {
        let due = terms.rates.usd(outcome.case.amount);
        let days = outcome.recovered_at.map(|at| at.since(outcome.case.failed_at).as_secs_f64() / DAY.as_secs_f64());
        Self { due, won: if days.is_some() { due } else { 0.0 }, attempts: outcome.made.len() as f64, days }
    }
}

impl Figure {
    const fn nothing() -> Self {
        Self { value: 0.0, low: 0.0, high: 0.0 }
    }

    fn around(value: f64, error: f64) -> Self {
        Self { value, low: value - Z * error, high: value + Z * error }
    }
}

/// Wilson's interval of a share.
fn wilson(hits: usize, of: usize) -> Figure {
    if of == 0 {
        return Figure::nothing();
    }
    let (n, p) = (of as f64, hits as f64 / of as f64);
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Figure { value: p, low: (middle - half).max(0.0), high: (middle + half).min(1.0) }
}

/// A mean and its normal interval.
fn mean(values: &[f64]) -> Figure {
    let n = values.len() as f64;
    if values.is_empty() {
        return Figure::nothing();
    }
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    Figure::around(mean, (variance / n).sqrt())
}

/// A quotient of two sums over cases, its interval by linearisation; none when the lower sum is zero.
fn ratio(pairs: impl Iterator<Item = (f64, f64)>) -> Option<Figure> {
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let (above, below) = pairs.iter().fold((0.0, 0.0), |(above, below), (y, x)| (above + y, below + x));
    if below <= 0.0 {
        return None;
    }
    let (n, quotient) = (pairs.len() as f64, above / below);
    let squares: f64 = pairs.iter().map(|(y, x)| (y - quotient * x).powi(2)).sum();
    Some(Figure::around(quotient, (squares * n / (n - 1.0).max(1.0)).sqrt() / below))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(figure: Figure, value: f64, low: f64, high: f64) {
        for (is, should) in [(figure.value, value), (figure.low, low), (figure.high, high)] {
            assert!((is - should).abs() < 5e-4, "{figure:?}");
        }
    }

    #[test]
    fn shares_have_wilsons_interval() {
        near(wilson(8, 10), 0.8, 0.4902, 0.9433);
        near(wilson(0, 20), 0.0, 0.0, 0.1611);
        near(wilson(0, 0), 0.0, 0.0, 0.0);
    }

    #[test]
    fn quotients_have_the_interval_of_their_linear_part() {
        // Equal amounts: the share of the amount is the share of the cases, with the usual standard error.
        let pairs = (0..100).map(|case| (f64::from(u8::from(case < 40)), 1.0));
        let error = (0.4f64 * 0.6 / 99.0).sqrt();
        near(ratio(pairs).unwrap(), 0.4, 0.4 - Z * error, 0.4 + Z * error);
        assert_eq!(ratio([(1.0, 0.0)].into_iter()), None);
        near(mean(&[1.0, 2.0, 3.0]), 2.0, 2.0 - Z / 3f64.sqrt(), 2.0 + Z / 3f64.sqrt());
    }
}
