//! When to retry, class by class, once a retry is lawful and makes sense.
//!
//! | class | first retry | then |
//! |---|---|---|
//! | NSF | early morning of a likely pay event, ≥ 24 h | the same, with what was learnt |
//! | LIMIT | after the issuer's midnight | 24–72 h; from the third on the month's first |
//! | TECH | 15 min–1 h | doubling from 2 h up to 24 h |
//! | FRAUD | 72–96 h | 7–8 d |
//! | GENERIC | best morning within 24–72 h | as NSF: about half are hidden NSF |
//! | SCA | within 15 min, flags set right | – |
//! | new credential | at once | – |
//!
//! The bounds are `rules/default_waits.csv` (domain rules §2.4); the chances are priors from `recovery.md` §2–§4
//! and will be learnt. Money is credited overnight, so what waits for it goes out between 04:30 and 05:50 local.

use std::time::Duration;

use domain::{
    decline::Class,
    rules::Wait,
    time::{DAY, HOUR, MINUTE, Timestamp},
};

use crate::{
    funds::{self, Belief, Slot},
    jitter::Jitter,
    verdict,
    view::View,
};

/// Share of do-not-honour answers that are insufficient funds (Adyen, second-hand: `recovery.md` §2).
const HIDDEN_NSF: f64 = 0.5;
/// Early morning, of the local day: most banks have posted the night's credits by then, little is spent yet.
const MORNING_FIRST: Duration = Duration::from_mins(270);
const MORNING_LAST: Duration = Duration::from_mins(350);

/// The moments that could be used, ascending; at least one is wanted unless the list is empty.
pub fn of(view: &View<'_>, earliest: Timestamp, jitter: &mut Jitter) -> Vec<Slot> {
    if view.has_new_credential() {
        return one(view, earliest + jitter.between(MINUTE, MINUTE * 10));
    }
    match view.class() {
        Class::Nsf => by_funds(view, earliest.max(view.last_at() + min_wait(view)), jitter),
        Class::Generic => generic(view, earliest, jitter),
        Class::Limit => one(view, limit(view, earliest, jitter)),
        Class::Tech => one(view, (view.last_at() + tech_wait(view, jitter)).max(earliest + jitter.between(MINUTE, MINUTE * 5))),
        _ => one(view, (view.last_at() + spread(view, jitter)).max(earliest + jitter.between(MINUTE, MINUTE * 5))),
    }
}

/// The chance of an attempt at a moment.
pub fn probability(view: &View<'_>, at: Timestamp) -> f64 {
    if view.has_new_credential() {
        return 0.6;
    }
    let gap_days = at.since(view.last_at()).as_secs_f64() / DAY.as_secs_f64();
    let cleared = |share: f64, days: f64| share * (1.0 - (-gap_days / days).exp());
    match view.class() {
        Class::Nsf => Belief::of(view).probability(at, view.last_at()),
        Class::Generic => generic_chance(&Belief::of(view), at, view.last_at()),
        Class::Limit => cleared(0.55, 0.7),
        Class::Tech => cleared(0.85, 0.1),
        Class::Fraud => cleared(0.2, 3.0),
        Class::Sca => 0.15,
        _ => 0.0,
    }
}

fn one(view: &View<'_>, at: Timestamp) -> Vec<Slot> {
    if at >= view.case.expires_at {
        return Vec::new();
    }
    vec![Slot { at, probability: probability(view, at), wanted: true }]
}

/// The best early mornings for money to be there; when none is left before the end, the earliest moment.
fn by_funds(view: &View<'_>, earliest: Timestamp, jitter: &mut Jitter) -> Vec<Slot> {
    let mornings = mornings(view, earliest, view.case.expires_at, jitter);
    if mornings.is_empty() {
        return one(view, earliest + jitter.between(MINUTE, MINUTE * 10));
    }
    let belief = Belief::of(view);
    let mut slots = belief.choose(&mornings, view.last_at(), verdict::attempts_left(view));
    if view.class() == Class::Generic {
        for slot in &mut slots {
            slot.probability = generic_chance(&belief, slot.at, view.last_at());
        }
    }
    slots
}

/// The first time the best morning between one and three days, afterwards as if it were hidden NSF.
fn generic(view: &View<'_>, earliest: Timestamp, jitter: &mut Jitter) -> Vec<Slot> {
    let from = earliest.max(view.last_at() + min_wait(view));
    if view.own_of_class() > 0 {
        return by_funds(view, from, jitter);
    }
    let until = wait(view).and_then(|wait| wait.first_max).map_or(view.case.expires_at, |max| view.last_at() + max);
    let mornings = mornings(view, from, until.min(view.case.expires_at), jitter);
    if mornings.is_empty() {
        return one(view, from + jitter.between(MINUTE, HOUR));
    }
    let belief = Belief::of(view);
    let slots = mornings.iter().map(|at| (*at, generic_chance(&belief, *at, view.last_at())));
    let mut slots: Vec<Slot> = slots.map(|(at, probability)| Slot { at, probability, wanted: false }).collect();
    if let Some(best) = slots.iter_mut().max_by(|a, b| a.probability.total_cmp(&b.probability)) {
        best.wanted = true;
    }
    slots
}

/// Half is hidden NSF; the other half are issuers' holds, which clear in days or never.
fn generic_chance(belief: &Belief, at: Timestamp, since: Timestamp) -> f64 {
    const HOLD_CLEARS: f64 = 0.4;
    const HOLD_DAYS: f64 = 2.0;
    let gap_days = at.since(since).as_secs_f64() / DAY.as_secs_f64();
    let hold = HOLD_CLEARS * (1.0 - (-gap_days / HOLD_DAYS).exp());
    HIDDEN_NSF * belief.probability(at, since) + (1.0 - HIDDEN_NSF) * hold
}

fn limit(view: &View<'_>, earliest: Timestamp, jitter: &mut Jitter) -> Timestamp {
    let after_midnight = jitter.between(MINUTE * 5, HOUR * 3);
    let tried = view.own_of_class();
    let next_day = view.zone.next_day(view.last_at());
    if tried == 0 {
        return next_day.max(earliest) + after_midnight;
    }
    let month = first_of_next_month(view);
    if tried > 1 && month >= earliest && month + after_midnight < view.case.expires_at {
        return month + after_midnight;
    }
    let wait = spread(view, jitter);
    let day = view.zone.day((view.last_at() + wait).max(earliest));
    (view.zone.instant(day, 0) + after_midnight).max(earliest + after_midnight).max(next_day)
}

fn first_of_next_month(view: &View<'_>) -> Timestamp {
    let last = view.zone.date(view.last_at()).last_of_month();
    let first = last.tomorrow().map(|first| Timestamp::from_civil(first.at(0, 0, 0, 0), view.zone.offset_minutes));
    first.unwrap_or(Timestamp::FAR_FUTURE)
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

fn wait<'a>(view: &View<'a>) -> Option<&'a Wait> {
    view.rules.wait(view.class(), view.case.now)
}

fn mornings(view: &View<'_>, from: Timestamp, until: Timestamp, jitter: &mut Jitter) -> Vec<Timestamp> {
    let minute = jitter.between(MORNING_FIRST, MORNING_LAST).as_secs() / 60;
    funds::mornings(view.zone, from, until, minute as i64)
}
