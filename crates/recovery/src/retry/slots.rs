//! The moments that are weighed: one a day at the best hour, and the hours of the first day.

use domain::time::{DAY, HOUR, MINUTE, Timestamp};

use super::{
    belief::Belief,
    choose::{Weighed, choose, worth},
};
use crate::{jitter::Jitter, slot::Slot, view::View, zone::Zone};

/// Days ahead that are looked at.
const DAYS_MAX: i64 = 62;
/// Minute of the local day that stands for the day while days are chosen: what was credited is posted by then.
const DAY_MINUTE: i64 = 10 * 60;
/// Minutes of the local day among which the best is taken once the day is chosen.
const HOURS_WEIGHED: [i64; 12] = [30, 120, 240, 330, 420, 510, 600, 720, 840, 960, 1_110, 1_290];
/// Waits after the earliest lawful moment that are weighed, too: limits and outages clear within hours.
const SOON: [u32; 4] = [0, 2, 5, 11];
/// Many orders must not fall on one minute.
const SPREAD: std::time::Duration = std::time::Duration::from_mins(25);

/// Weighs the moments between two bounds and marks the best set; the first of it stands at its best hour.
pub fn weigh(
    view: &View<'_>,
    belief: &Belief<'_>,
    correct: &dyn Fn(Timestamp) -> f64,
    (from, until): (Timestamp, Timestamp),
    attempts: u32,
    jitter: &mut Jitter,
) -> Vec<Slot> {
    let delay = jitter.between(MINUTE, SPREAD);
    let moments: Vec<Weighed> = moments(view.zone, from, until)
        .into_iter()
        .map(|at| (at + delay).min(until - MINUTE).max(from))
        .map(|at| Weighed { at, correction: correct(at) })
        .collect();
    let mut slots = choose(belief, &moments, attempts);
    sharpen(view, belief, correct, (from, until), delay, &mut slots);
    slots
}

fn moments(zone: Zone, from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let soon = SOON.iter().map(|hours| from + HOUR * *hours);
    let first = zone.day(from);
    let days = (first..first.saturating_add(DAYS_MAX)).map(|day| zone.instant(day, DAY_MINUTE));
    let midnight = zone.instant(first + 1, 5);
    let mut all: Vec<Timestamp> = soon.chain(days).chain([midnight]).filter(|at| *at >= from && *at < until).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Moves the first wanted moment to the best hour around it.
fn sharpen(
    view: &View<'_>,
    belief: &Belief<'_>,
    correct: &dyn Fn(Timestamp) -> f64,
    (from, until): (Timestamp, Timestamp),
    delay: std::time::Duration,
    slots: &mut Vec<Slot>,
) {
    let Some(first) = slots.iter().position(|slot| slot.wanted) else { return };
    let chosen = slots[first];
    let day = view.zone.day(chosen.at);
    let hours = (day..=day + 1).flat_map(|day| HOURS_WEIGHED.iter().map(move |minute| (day, *minute)));
    let near = hours.map(|(day, minute)| view.zone.instant(day, minute) + delay).filter(|at| *at >= from && *at < until);
    let near = near.filter(|at| *at < chosen.at + DAY && *at + DAY > chosen.at);
    let value = |at: Timestamp| {
        let chance = super::choose::corrected(belief.probability(at), correct(at));
        (chance, worth(chance, at, view.case.now))
    };
    let (mut best, mut most) = (chosen, value(chosen.at).1);
    for at in near {
        let (probability, worth) = value(at);
        if worth > most * (1.0 + 1e-9) {
            (best, most) = (Slot { at, probability, ..chosen }, worth);
        }
    }
    if best.at == chosen.at {
        return;
    }
    slots[first].wanted = false;
    slots.push(best);
    slots.sort_by_key(|slot| slot.at);
    // Whatever the set wanted before the sharpened moment has become this one.
    for slot in slots.iter_mut().filter(|slot| slot.at < best.at) {
        slot.wanted = false;
    }
}
