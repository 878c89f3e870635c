//! What is believed about one payment: the hypotheses, weighed by everything that was seen.

use std::sync::{Arc, OnceLock};

use domain::{
    decline::Class,
    ledger::{Entry, Origin, Outcome},
    rules::Region,
    time::{DAY, Timestamp},
};

use super::{
    cause::{CAUSES, Cause},
    hypothesis::{HOLDS, Hypothesis, IRREGULAR, LIMITS, Local, OUTAGES, World},
    params::{Causes, Params, Told},
};
use crate::{
    calendar::{self, Calendars, calendars},
    view::{Read, View},
    zone::Zone,
};

/// How far back the card's history is looked at, and how much of it.
const HISTORY_DAYS: u32 = 200;
const HISTORY_ENTRIES_MAX: usize = 24;
/// A failure says something about the next attempt for so long.
const MEMORY_DAYS: f64 = 12.0;
/// How much of an approval is explained by accounts that have money all the time; less when a failure went before it.
const AT_EASE: f64 = 0.45;
const AT_EASE_AFTER_FAILURE: f64 = 0.12;
/// How surely a decline without reason in the history was for lack of money.
const HIDDEN: f64 = 0.5;
/// Hypotheses below this weight are left out of plans.
const WEIGHT_MIN: f64 = 0.002;

/// A belief, and the clock it is asked by.
pub struct Belief<'a> {
    params: &'a Params,
    calendars: Arc<Calendars>,
    region: Region,
    zone: Zone,
    weights: Vec<f64>,
    since: Local,
    /// The card was approved elsewhere after the newest failure.
    approved_since: bool,
}

/// A hypothesis that still counts, with its weight.
#[derive(Debug, Clone, Copy)]
pub struct Active {
    /// The hypothesis.
    pub hypothesis: Hypothesis,
    /// Its weight; those of all active ones add up to one.
    pub weight: f64,
}

/// All hypotheses, in the order in which weights are kept.
pub fn hypotheses() -> &'static [Hypothesis] {
    static ALL: OnceLock<Vec<Hypothesis>> = OnceLock::new();
    ALL.get_or_init(|| Hypothesis::all(calendar::all().len()))
}

/// How many of them are about funds; they stand first.
pub fn funds_count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| hypotheses().iter().take_while(|hypothesis| hypothesis.cause() == Cause::Funds).count())
}

impl<'a> Belief<'a> {
    /// The belief after everything seen.
    pub fn of(view: &View<'_>, params: &'a Params) -> Self {
        Self::after(view, params, view.answers.len())
    }

    /// The belief after the first `answers` answers of the order.
    pub fn after(view: &View<'_>, params: &'a Params, answers: usize) -> Self {
        let region = Region::of_country(view.issuer_country());
        let zone = view.zone;
        let mut belief = Self {
            params,
            calendars: calendars(region, zone.day(view.case.now)),
            region,
            zone,
            weights: Vec::new(),
            since: local(zone, view.case.placed_at),
            approved_since: false,
        };
        belief.weights = belief.unseen(view);
        belief.remember(view, answers);
        belief
    }

    /// The world that hypotheses are asked in.
    pub fn world(&self) -> World<'_> {
        World { params: self.params, calendars: &self.calendars }
    }

    /// A moment in the cardholder's local time.
    pub fn local(&self, at: Timestamp) -> Local {
        local(self.zone, at)
    }

    /// When the newest failure was.
    pub const fn since(&self) -> Local {
        self.since
    }

    /// Weights of the causes; they add up to one.
    pub fn causes(&self) -> Causes {
        let mut sums = [0.0; CAUSES];
        for (hypothesis, weight) in hypotheses().iter().zip(&self.weights) {
            sums[hypothesis.cause() as usize] += weight;
        }
        sums
    }

    /// Weights of all hypotheses, in their order.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Chance of approval at a moment, seen from now.
    pub fn probability(&self, at: Timestamp) -> f64 {
        let mut room = Vec::with_capacity(self.weights.len());
        self.chances(self.local(at), &mut room);
        self.weights.iter().zip(&room).map(|(weight, chance)| weight * chance).sum()
    }

    /// Chance of approval at a moment by each hypothesis, in their order, put into `into`.
    pub fn chances(&self, at: Local, into: &mut Vec<f64>) {
        self.world().all_chances(hypotheses(), at, Some(self.since), into);
        if self.approved_since {
            let mut fresh = Vec::with_capacity(into.len());
            self.world().all_chances(hypotheses(), at, None, &mut fresh);
            into.iter_mut().zip(fresh).take(funds_count()).for_each(|(chance, fresh)| *chance = fresh);
        }
    }

    /// Chance of approval at a moment if a hypothesis is true.
    pub fn chance(&self, world: &World<'_>, hypothesis: Hypothesis, at: Local) -> f64 {
        if self.approved_since && hypothesis.cause() == Cause::Funds {
            return world.fresh(hypothesis, at);
        }
        world.chance(hypothesis, at, self.since)
    }

    /// The hypotheses that count, heaviest first.
    pub fn active(&self) -> Vec<Active> {
        let all = hypotheses().iter().zip(&self.weights);
        let mut active: Vec<Active> = all
            .filter(|(_, weight)| **weight >= WEIGHT_MIN)
            .map(|(hypothesis, weight)| Active { hypothesis: *hypothesis, weight: *weight })
            .collect();
        active.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let sum: f64 = active.iter().map(|active| active.weight).sum();
        for active in &mut active {
            active.weight /= sum.max(f64::MIN_POSITIVE);
        }
        active
    }

    /// The weights before anything was seen of the card: one within each cause.
    fn unseen(&self, view: &View<'_>) -> Vec<f64> {
        let params = self.params;
        let of_region = place(Region::ALL, self.region).and_then(|place| params.calendars.get(place));
        let fades = place(domain::card::Funding::ALL, view.case.funding).and_then(|place| params.fades.get(place));
        let weight = |hypothesis: &Hypothesis| match *hypothesis {
            Hypothesis::Paid { calendar, fade } => {
                let calendar = of_region.and_then(|weights| weights.get(calendar)).copied().unwrap_or(0.0);
                params.earners[0] * calendar * fades.and_then(|weights| weights.get(fade)).copied().unwrap_or(0.0)
            }
            Hypothesis::Irregular(kind) => params.earners[1 + kind.min(IRREGULAR - 1)],
            Hypothesis::Hold(kind) => params.holds[kind.min(HOLDS - 1)],
            Hypothesis::DayLimit => params.limits[0],
            Hypothesis::MonthLimit => params.limits[1],
            Hypothesis::RollingLimit => params.limits[LIMITS - 1],
            Hypothesis::Outage(kind) => params.outages[kind.min(OUTAGES - 1)],
            Hypothesis::Data | Hypothesis::Dead => 1.0,
        };
        hypotheses().iter().map(weight).collect()
    }

    /// Goes through the card's history and the order's answers in the order of time.
    fn remember(&mut self, view: &View<'_>, answers: usize) {
        let answers = &view.answers[..answers.min(view.answers.len())];
        let seen_until = answers.last().map_or(view.case.placed_at, |last| last.at);
        let until = if answers.len() == view.answers.len() { view.case.now } else { seen_until };
        let mut history = history(view, until).into_iter().peekable();
        let mut failed_at: Option<Local> = None;
        let mut room = Vec::with_capacity(self.weights.len());
        let mut is_open = false;
        for read in answers {
            while let Some(entry) = history.next_if(|entry| entry.at <= read.at) {
                self.see(entry, &mut failed_at, &mut room);
            }
            if is_open {
                self.declined_again(read, &mut room);
            } else {
                self.declined_first(view, read, &mut room);
            }
            is_open = true;
            failed_at = Some(self.local(read.at));
            self.approved_since = false;
        }
        for entry in history {
            self.see(entry, &mut failed_at, &mut room);
            self.approved_since |= entry.outcome == Outcome::Approved;
        }
        if let Some(last) = answers.last() {
            self.since = self.local(last.at);
        } else {
            self.by_causes(self.params.causes_of(&told(view, None)));
        }
    }

    /// One attempt of the card's history.
    fn see(&mut self, entry: &Entry, failed_at: &mut Option<Local>, room: &mut Vec<f64>) {
        let at = self.local(entry.at);
        let recent = failed_at.filter(|failed| at.days - failed.days < MEMORY_DAYS && at.days > failed.days);
        let (is_approval, certainty) = match (entry.outcome, entry.response_code.as_deref()) {
            (Outcome::Approved, _) => (true, 1.0),
            (Outcome::Declined, Some("51" | "116")) => (false, 1.0),
            (Outcome::Declined, Some("05" | "61" | "65")) => (false, HIDDEN),
            _ => return,
        };
        let at_ease = if recent.is_some() { AT_EASE_AFTER_FAILURE } else { AT_EASE };
        self.world().all_chances(hypotheses(), at, recent, room);
        self.weigh_funds(room, |chance| if is_approval { at_ease + (1.0 - at_ease) * chance } else { 1.0 - certainty * chance });
        *failed_at = (!is_approval).then_some(at);
    }

    /// The decline that the order began with.
    fn declined_first(&mut self, view: &View<'_>, read: &Read<'_>, room: &mut Vec<f64>) {
        let at = self.local(read.at);
        self.world().all_chances(hypotheses(), at, None, room);
        self.weigh_funds(room, |chance| 1.0 - chance);
        self.by_causes(self.params.causes_of(&told(view, Some(read))));
        self.since = at;
    }

    /// A decline of an attempt to rescue it: nothing had cleared by then, and its code speaks.
    fn declined_again(&mut self, read: &Read<'_>, room: &mut Vec<f64>) {
        let at = self.local(read.at);
        let told_as = emissions(self.params, read.classified.class);
        let certainty = if read.origin == Origin::Own { 1.0 } else { 0.9 };
        self.chances(at, room);
        for (hypothesis, chance) in hypotheses().iter().zip(room.iter_mut()) {
            *chance = (1.0 - certainty * *chance) * told_as[hypothesis.cause() as usize];
        }
        self.multiply(room);
        self.since = at;
    }

    /// Moves the weights of the funds hypotheses, whose sum stays what it is.
    fn weigh_funds(&mut self, chances: &[f64], likelihood: impl Fn(f64) -> f64) {
        let (mut before, mut after) = (0.0, 0.0);
        for (weight, chance) in self.weights.iter_mut().take(funds_count()).zip(chances) {
            before += *weight;
            *weight *= likelihood(*chance).max(1e-6);
            after += *weight;
        }
        let factor = if after > f64::MIN_POSITIVE { before / after } else { 1.0 };
        self.weights.iter_mut().take(funds_count()).for_each(|weight| *weight *= factor);
    }

    /// Gives each cause its weight; how it is shared within stays.
    fn by_causes(&mut self, causes: Causes) {
        let sums = self.causes();
        for (hypothesis, weight) in hypotheses().iter().zip(self.weights.iter_mut()) {
            let cause = hypothesis.cause() as usize;
            *weight *= if sums[cause] > f64::MIN_POSITIVE { causes[cause] / sums[cause] } else { 0.0 };
        }
    }

    fn multiply(&mut self, likelihood: &[f64]) {
        let product: f64 = self.weights.iter().zip(likelihood).map(|(weight, likelihood)| weight * likelihood).sum();
        if product > f64::MIN_POSITIVE {
            self.weights.iter_mut().zip(likelihood).for_each(|(weight, likelihood)| *weight *= likelihood / product);
        }
    }
}

/// How often each cause is told as a class.
fn emissions(params: &Params, class: Class) -> Causes {
    let place = place(Class::ALL, class).unwrap_or_default();
    let mut row = [0.0; CAUSES];
    for (share, told_as) in row.iter_mut().zip(&params.told_as) {
        *share = told_as.get(place).copied().unwrap_or(0.0).max(1e-4);
    }
    row
}

/// What a first decline says of itself; without one, nothing.
pub fn told<'v>(view: &'v View<'_>, read: Option<&'v Read<'_>>) -> Told<'v> {
    Told {
        class: read.map_or(Class::Generic, |read| read.classified.class),
        code: read.and_then(|read| read.classified.iso_code.as_deref()),
        funding: view.case.funding,
        region: Region::of_country(view.issuer_country()),
        bin: view.case.bin,
    }
}

/// The card's attempts that are not the order's own answers, oldest first.
fn history<'v>(view: &'v View<'_>, until: Timestamp) -> Vec<&'v Entry> {
    let oldest = view.case.now - DAY * HISTORY_DAYS;
    let is_answer = |entry: &Entry| view.case.observed.iter().any(|observed| observed.at == entry.at);
    let of_time = |entry: &&Entry| entry.at >= oldest && entry.at <= until && !is_answer(entry);
    let counts = |entry: &&Entry| matches!(entry.outcome, Outcome::Approved | Outcome::Declined);
    let mut entries: Vec<&Entry> =
        view.case.ledger.iter().rev().filter(of_time).filter(counts).take(HISTORY_ENTRIES_MAX).collect();
    entries.reverse();
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn local(zone: Zone, at: Timestamp) -> Local {
    const DAY_SECS: f64 = 86_400.0;
    let days = (at.secs() as f64 + f64::from(zone.offset_minutes) * 60.0) / DAY_SECS;
    let date = zone.date(at);
    Local { days, day: days.floor() as i64, month: i32::from(date.year()) * 12 + i32::from(date.month()) }
}

fn place<T: PartialEq + Copy>(all: &[T], one: T) -> Option<usize> {
    all.iter().position(|other| *other == one)
}
