//! When to retry, class by class, once a retry is lawful and makes sense.
//!
//! | class | first retry | then |
//! |---|---|---|
//! | NSF | the moment that most likely finds money, ≥ 24 h | the same, with what was learnt |
//! | LIMIT | after the issuer's midnight | by belief, ≥ 24 h |
//! | TECH | 15 min–1 h | doubling from 2 h up to 24 h |
//! | FRAUD | 72–96 h | ≥ 7 d |
//! | GENERIC | best moment within 24–72 h | by belief, ≥ 48 h |
//! | SCA | within 15 min, flags set right | – |
//! | new credential | at once | – |
//!
//! The bounds are `rules/default_waits.csv` (domain rules §2.4); the chances are the [`crate::retry`] model's.

use std::time::Duration;

use domain::{
    decline::Class,
    rules::Wait,
    time::{DAY, HOUR, MINUTE, Timestamp},
};

use crate::{
    jitter::Jitter,
    model::Model,
    retry::{belief::Belief, slots},
    slot::Slot,
    verdict,
    view::View,
};

/// Chance of an attempt with data that the issuer has just replaced (prior).
const NEW_CREDENTIAL: f64 = 0.6;

/// The moments that could be used, ascending; at least one is wanted unless the list is empty.
pub fn of(view: &View<'_>, model: &Model, earliest: Timestamp, jitter: &mut Jitter) -> Vec<Slot> {
    if view.has_new_credential() {
        return one(view, model, earliest + jitter.between(MINUTE, MINUTE * 10));
    }
    match view.class() {
        Class::Nsf | Class::Generic | Class::Limit | Class::Fraud => by_belief(view, model, earliest, jitter),
        Class::Tech => {
            let at = (view.last_at() + tech_wait(view, jitter)).max(earliest + jitter.between(MINUTE, MINUTE * 5));
            one(view, model, at)
        }
        _ => {
            let at = (view.last_at() + spread(view, jitter)).max(earliest + jitter.between(MINUTE, MINUTE * 5));
            one(view, model, at)
        }
    }
}

/// The chance of an attempt at a moment.
pub fn probability(view: &View<'_>, model: &Model, at: Timestamp) -> f64 {
    if view.has_new_credential() {
        return NEW_CREDENTIAL;
    }
    model.probability(view, &Belief::of(view, &model.params), at)
}

fn one(view: &View<'_>, model: &Model, at: Timestamp) -> Vec<Slot> {
    if at >= view.case.expires_at {
        return Vec::new();
    }
    vec![Slot::only(at, probability(view, model, at))]
}

/// The best set of moments by the belief; when the class leaves none before the end, the earliest moment.
fn by_belief(view: &View<'_>, model: &Model, earliest: Timestamp, jitter: &mut Jitter) -> Vec<Slot> {
    let from = earliest.max(view.last_at() + min_wait(view));
    let from = if view.class() == Class::Limit { from.max(view.zone.next_day(view.last_at())) } else { from };
    let until = max_wait(view).map_or(view.case.expires_at, |most| view.last_at() + most);
    let until = if until > from { until.min(view.case.expires_at) } else { view.case.expires_at.min(from + DAY) };
    if from + HOUR >= until {
        return one(view, model, (from + jitter.between(MINUTE, MINUTE * 10)).max(earliest));
    }
    let belief = Belief::of(view, &model.params);
    let correct = model.corrector(view, &belief);
    slots::weigh(view, &belief, &correct, (from, until), verdict::attempts_left(view), jitter)
}

/// 15–60 minutes the first time, then doubling from two hours to a day, a quarter more or less.
fn tech_wait(view: &View<'_>, jitter: &mut Jitter) -> Duration {
    const DOUBLINGS_MAX: u32 = 10;
    let tried = view.own_of_class();
    if tried == 0 {
        return spread(view, jitter);
    }
    let (shortest, longest) =
        wait(view).map_or((HOUR, DAY), |wait| (wait.next_min.unwrap_or(HOUR), wait.next_max.unwrap_or(DAY)));
    let span = (shortest * 2u32.pow(tried.min(DOUBLINGS_MAX))).min(longest);
    jitter.between(span * 3 / 4, span * 5 / 4)
}

/// A wait inside the bounds of the class.
fn spread(view: &View<'_>, jitter: &mut Jitter) -> Duration {
    let (min, max) = match wait(view) {
        Some(wait) if view.own_of_class() == 0 => (wait.first_min, wait.first_max),
        Some(wait) => (wait.next_min, wait.next_max),
        None => (Some(DAY), None),
    };
    let min = min.unwrap_or_default();
    jitter.between(min, max.unwrap_or(min).max(min))
}

fn min_wait(view: &View<'_>) -> Duration {
    let of = |wait: &Wait| if view.own_of_class() == 0 { wait.first_min } else { wait.next_min };
    wait(view).and_then(of).unwrap_or_default()
}

/// How long the class waits at most, the first time.
fn max_wait(view: &View<'_>) -> Option<Duration> {
    wait(view).and_then(|wait| wait.first_max).filter(|_| view.own_of_class() == 0)
}

fn wait<'a>(view: &View<'a>) -> Option<&'a Wait> {
    view.rules.wait(view.class(), view.case.now)
}
