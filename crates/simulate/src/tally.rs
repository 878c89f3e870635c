//! What a policy achieved on a set of failed rebills, with 95 % confidence intervals.
//!
//! Policies are compared on the same cases: a bootstrap draws cases, not policies, so differences are paired.

use serde::Serialize;

use crate::{draw::Draw, play::Played, rebill::Rebill};

/// What recovery costs and brings, as far as net value counts it. Ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Worth {
    /// Share of a recovered amount that the merchant keeps.
    pub margin: f64,
    /// Gateway and network fees of one attempt, US dollars.
    pub attempt_usd: f64,
    /// Fee of an attempt over a network's limit, US dollars (`domain-rules.md` §1.2: Mastercard, United States, 2025).
    pub breach_usd: f64,
}

impl Default for Worth {
    fn default() -> Self {
        Self { margin: 0.8, attempt_usd: 0.08, breach_usd: 0.5 }
    }
}

/// What became of one case, as far as figures need it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// What was due, US dollars.
    pub due_usd: f64,
    /// Recovered.
    pub recovered: bool,
    /// Days until then.
    pub days: f64,
    /// Attempts made.
    pub attempts: u32,
    /// Rules broken.
    pub breaches: u32,
}

/// A policy's outcomes, one for each case, in the order of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// The policy.
    pub policy: String,
    /// By case.
    pub outcomes: Vec<Outcome>,
}

/// A figure with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The estimate.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// A policy's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The policy.
    pub policy: String,
    /// Recovered share of cases.
    pub recovered_share: Figure,
    /// Recovered share of the amount, in US dollars.
    pub recovered_amount_share: Figure,
    /// Recovered amount, US dollars.
    pub recovered_usd: f64,
    /// Attempts for one recovery.
    pub attempts_per_recovery: Figure,
    /// All attempts.
    pub attempts: u64,
    /// Median days from the decline to the recovery, of what was recovered.
    pub median_days: f64,
    /// Network limits, advice waits and other rules that attempts broke.
    pub breaches: u64,
    /// Net value of a case, US dollars.
    pub net_value_usd: Figure,
    /// Recovered amount relative to the reference's, less one: 0.1 is ten percent more.
    pub amount_over_reference: Figure,
}

/// Draws of the bootstrap.
const REPLICATES: u64 = 1_000;
/// What draws are for.
const BOOTSTRAP: u64 = 3;

impl Outcome {
    /// Of a played case.
    pub fn of(rebill: &Rebill, played: &Played) -> Self {
        Self {
            due_usd: rebill.amount_usd,
            recovered: played.recovered_at.is_some(),
            days: played.days(rebill).unwrap_or_default(),
            attempts: played.attempts.len() as u32,
            breaches: played.breaches.len() as u32,
        }
    }
}

impl Tally {
    /// The outcomes of a policy.
    pub fn new(policy: impl Into<String>, outcomes: Vec<Outcome>) -> Self {
        Self { policy: policy.into(), outcomes }
    }
}

/// Sums over some cases.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    cases: f64,
    due: f64,
    recovered: f64,
    recovered_usd: f64,
    attempts: f64,
    breaches: f64,
}

impl Sums {
    fn of<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Self {
        outcomes.fold(Self::default(), |sums, outcome| {
            let recovered = f64::from(u8::from(outcome.recovered));
            Self {
                cases: sums.cases + 1.0,
                due: sums.due + outcome.due_usd,
                recovered: sums.recovered + recovered,
                recovered_usd: sums.recovered_usd + recovered * outcome.due_usd,
                attempts: sums.attempts + f64::from(outcome.attempts),
                breaches: sums.breaches + f64::from(outcome.breaches),
            }
        })
    }

    fn share(&self) -> f64 {
        ratio(self.recovered, self.cases)
    }

    fn amount_share(&self) -> f64 {
        ratio(self.recovered_usd, self.due)
    }

    fn attempts_each(&self) -> f64 {
        ratio(self.attempts, self.recovered)
    }

    fn net(&self, worth: &Worth) -> f64 {
        let costs = self.attempts * worth.attempt_usd + self.breaches * worth.breach_usd;
        ratio(self.recovered_usd * worth.margin - costs, self.cases)
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The figures of all policies; differences are to the policy named `reference` (of itself: zero).
pub fn compare(tallies: &[Tally], reference: &str, worth: &Worth, seed: u64) -> Vec<Comparison> {
    let cases = tallies.iter().map(|tally| tally.outcomes.len()).min().unwrap_or(0);
    let samples = samples(cases, seed);
    let against = tallies.iter().find(|tally| tally.policy == reference);
    let baseline = |indices: Option<&[u32]>| against.map_or_else(Sums::default, |tally| sums(tally, indices));
    let of_reference: Vec<Sums> = samples.iter().map(|indices| baseline(Some(indices))).collect();
    tallies.iter().map(|tally| figures(tally, &samples, &of_reference, &baseline(None), worth)).collect()
}

fn figures(tally: &Tally, samples: &[Vec<u32>], of_reference: &[Sums], reference: &Sums, worth: &Worth) -> Comparison {
    let all = sums(tally, None);
    let drawn: Vec<Sums> = samples.iter().map(|indices| sums(tally, Some(indices))).collect();
    let figure = |of: &dyn Fn(&Sums) -> f64| interval(of(&all), drawn.iter().map(of).collect());
    let over = |mine: &Sums, theirs: &Sums| {
        if theirs.recovered_usd > 0.0 { mine.recovered_usd / theirs.recovered_usd - 1.0 } else { 0.0 }
    };
    let over_drawn = drawn.iter().zip(of_reference).map(|(mine, theirs)| over(mine, theirs)).collect();
    Comparison {
        policy: tally.policy.clone(),
        recovered_share: figure(&Sums::share),
        recovered_amount_share: figure(&Sums::amount_share),
        recovered_usd: all.recovered_usd,
        attempts_per_recovery: figure(&Sums::attempts_each),
        attempts: all.attempts as u64,
        median_days: median_days(tally),
        breaches: all.breaches as u64,
        net_value_usd: figure(&|sums| sums.net(worth)),
        amount_over_reference: interval(over(&all, reference), over_drawn),
    }
}

fn sums(tally: &Tally, indices: Option<&[u32]>) -> Sums {
    match indices {
        None => Sums::of(tally.outcomes.iter()),
        Some(indices) => Sums::of(indices.iter().filter_map(|index| tally.outcomes.get(*index as usize))),
    }
}

fn samples(cases: usize, seed: u64) -> Vec<Vec<u32>> {
    let sample = |replicate| {
        let mut draw = Draw::new(seed, BOOTSTRAP, replicate);
        (0..cases).map(|_| draw.below(cases as u64) as u32).collect()
    };
    (0..REPLICATES).map(sample).collect()
}

fn interval(value: f64, mut drawn: Vec<f64>) -> Figure {
    drawn.sort_by(f64::total_cmp);
    let at = |share: f64| drawn.get((share * (drawn.len().saturating_sub(1)) as f64).round() as usize).copied().unwrap_or(value);
    Figure { value, low: at(0.025), high: at(0.975) }
}

fn median_days(tally: &Tally) -> f64 {
    let mut days: Vec<f64> = tally.outcomes.iter().filter(|outcome| outcome.recovered).map(|outcome| outcome.days).collect();
    days.sort_by(f64::total_cmp);
    days.get(days.len() / 2).copied().unwrap_or_default()
}
