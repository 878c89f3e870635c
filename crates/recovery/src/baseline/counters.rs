//! Three counters by decline class: how often an attempt succeeded on a weekday, on a day of the month, at an hour of
//! the day in UTC. Written from the description of the open "MathModel" in `recovery.md` §1, faults included: hours are
//! UTC, a fixed ladder may only pull a retry sooner, and no retry is on the day of the decline.

use std::collections::BTreeMap;

use domain::{
    decline::Class,
    rules::{Region, Rules},
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};

use super::step::step;
use crate::{case::Case, plan::Plan, policy::Policy, trial::Trial, view::View};

/// Days after the decline at which the fixed ladder would retry.
const LADDER_DAYS: [u32; 5] = [1, 3, 8, 10, 12];
/// No retry is planned farther ahead.
const DAYS_MAX: u32 = 31;

/// Attempts and successes of one slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    tried: u32,
    paid: u32,
}

/// The counters of one class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Axes {
    weekday: [Count; 7],
    month_day: [Count; 31],
    hour: [Count; 24],
}

/// The model of three counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters(BTreeMap<Class, Axes>);

impl Counters {
    /// Counters after these trials.
    pub fn learnt(trials: &[Trial], rules: &Rules) -> Self {
        let mut counters = Self::default();
        counters.learn(trials, rules);
        counters
    }

    /// Counts further trials.
    pub fn learn(&mut self, trials: &[Trial], rules: &Rules) {
        for trial in trials {
            let Some(last) = trial.case.observed.iter().max_by_key(|observed| observed.at) else { continue };
            let country = trial.case.issuer_country.as_deref().unwrap_or(&trial.case.merchant_country);
            let class = rules.classify(&last.answer, trial.case.network, Region::of_country(country), last.at).class;
            let axes = self.0.entry(class).or_default();
            let utc = trial.at.civil_at(0);
            let weekday = utc.weekday().to_monday_zero_offset() as usize;
            for count in
                [&mut axes.weekday[weekday], &mut axes.month_day[utc.day() as usize - 1], &mut axes.hour[utc.hour() as usize]]
            {
                count.tried += 1;
                count.paid += u32::from(trial.approved);
            }
        }
    }

    fn moment(&self, view: &View<'_>, earliest: Timestamp) -> Option<Timestamp> {
        let mut rng = ChaCha8Rng::seed_from_u64(view.case.seed);
        rng.set_stream(u64::from(view.case.own_attempts));
        let fresh = Axes::default();
        let axes = self.0.get(&view.class()).unwrap_or(&fresh);
        let budget = view.case.max_attempts.saturating_sub(view.case.own_attempts);
        let by_model = day(axes, view, earliest, budget, &mut rng);
        let retry = view.case.own_attempts as usize;
        let by_ladder = LADDER_DAYS.get(retry).map(|days| midnight(view.case.placed_at + DAY * *days));
        let day = match (by_model, by_ladder.filter(|day| *day + DAY > earliest)) {
            (Some(model), Some(ladder)) => model.min(ladder),
            (model, ladder) => model.or(ladder)?,
        };
        let hour = drawn(&weights(&axes.hour), &mut rng) as u32;
        Some((day + HOUR * hour + MINUTE * rng.random_range(0..60)).max(earliest))
    }
}

impl Policy for Counters {
    fn name(&self) -> &'static str {
        "counters"
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        step(case, rules, "counters", |view, earliest| self.moment(view, earliest))
    }
}

/// Goes through the days that are left and fires on one with the chance of its weight among those still to come.
fn day(axes: &Axes, view: &View<'_>, earliest: Timestamp, budget: u32, rng: &mut ChaCha8Rng) -> Option<Timestamp> {
    let first = midnight(view.last_at() + DAY).max(midnight(earliest));
    let until = view.case.expires_at.min(view.last_at() + DAY * DAYS_MAX);
    let days: Vec<Timestamp> = (0..DAYS_MAX).map(|n| first + DAY * n).take_while(|day| *day < until).collect();
    let axis = |of: &dyn Fn(Timestamp) -> f64| {
        let weights: Vec<f64> = days.iter().map(|day| of(*day)).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(move |weight| weight / sum.max(f64::MIN_POSITIVE)).collect::<Vec<_>>()
    };
    let (weekdays, month_days) = (weights(&axes.weekday), weights(&axes.month_day));
    let by_weekday = axis(&|day| weekdays[day.civil_at(0).weekday().to_monday_zero_offset() as usize]);
    let by_month_day = axis(&|day| month_days[day.civil_at(0).day() as usize - 1]);
    let weight: Vec<f64> = by_weekday.iter().zip(&by_month_day).map(|(a, b)| a.max(*b)).collect();
    let mut rest: f64 = weight.iter().sum();
    for (n, (day, weight)) in days.iter().zip(&weight).enumerate() {
        let runway = days.len() - n;
        let chance = f64::from(budget) * weight / rest.max(f64::MIN_POSITIVE);
        if runway <= budget as usize || rng.random::<f64>() < chance {
            return Some(*day);
        }
        rest -= weight;
    }
    None
}

/// Softmax weights: a slot's score is the mean over the other tried slots of the log-odds that it is the better one.
fn weights(slots: &[Count]) -> Vec<f64> {
    let score = |index: usize| {
        let own = slots[index];
        if own.tried == 0 {
            return 0.0;
        }
        let others = slots.iter().enumerate().filter(|(other, count)| *other != index && count.tried > 0);
        let (sum, number) = others.fold((0.0, 0.0), |(sum, number), (_, count)| (sum + better(own, *count), number + 1.0));
        if number > 0.0 { sum / number } else { 0.0 }
    };
    (0..slots.len()).map(|index| score(index).exp()).collect()
}

/// Log-odds that one slot is better than another, by the normal approximation of two Laplace-smoothed shares.
fn better(one: Count, other: Count) -> f64 {
    let share = |count: Count| (f64::from(count.paid) + 1.0) / (f64::from(count.tried) + 2.0);
    let variance = |count: Count| share(count) * (1.0 - share(count)) / (f64::from(count.tried) + 2.0);
    let z = (share(one) - share(other)) / (variance(one) + variance(other)).sqrt();
    let p = normal(z).clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

/// The normal distribution function (Abramowitz and Stegun 26.2.17, error below 7.5e-8).
fn normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let poly = t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * poly;
    if z > 0.0 { 1.0 - tail } else { tail }
}

fn drawn(weights: &[f64], rng: &mut ChaCha8Rng) -> usize {
    let mut rest = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        rest -= weight;
        if rest < 0.0 {
            return index;
        }
    }
    weights.len().saturating_sub(1)
}

/// 00:00 UTC of the day.
fn midnight(at: Timestamp) -> Timestamp {
    Timestamp::from_secs(at.secs().div_euclid(86_400) * 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_is_the_table_s() {
        for (z, p) in [(0.0, 0.5), (1.0, 0.841_344_7), (-1.96, 0.024_997_9), (3.0, 0.998_650_1)] {
            assert!((normal(z) - p).abs() < 1e-6, "{z}: {}", normal(z));
        }
    }

    #[test]
    fn a_slot_that_paid_more_often_weighs_more_and_an_untried_one_nothing_special() {
        let mut slots = [Count { tried: 100, paid: 10 }; 7];
        slots[4] = Count { tried: 100, paid: 40 };
        slots[6] = Count::default();
        let weights = weights(&slots);
        assert!(weights[4] > 10.0 * weights[0] && (weights[6] - 1.0).abs() < 1e-12 && weights[0] < 1.0);
    }
}
