//! Insufficient funds: a belief over pay calendars, and the moments that use it best.
//!
//! Each calendar of the country is a hypothesis. After a pay event money is there and is spent; every answer
//! seen on the card moves the belief by Bayes (`recovery.md` §6). The moments are chosen greedily to maximise
//! the chance that any of them succeeds, a little less worth the later it comes: that set function is
//! submodular, so greed is near the optimum.

use domain::{
    decline::Class,
    ledger::{Entry, Outcome},
    rules::Region,
    time::Timestamp,
};

use crate::{
    calendar::{Calendar, Pays, calendars},
    view::View,
    zone::Zone,
};

/// Chance right after money came in (prior; the rest is accounts emptied at once, or pay below the amount).
const PEAK: f64 = 0.75;
/// Chance without a pay event: refunds, transfers, instant loans.
const BASE: f64 = 0.06;
/// Days in which the chance that money is still there falls to 37 %.
const SPENT_DAYS: f64 = 4.0;
/// What a day's delay costs, as a share: a subscription resumed early keeps its customer.
const DELAY_COST_PER_DAY: f64 = 0.004;
/// A further attempt must add at least this chance, or it is not worth its fee and the issuer's patience.
const GAIN_MIN: f64 = 0.004;
/// Attempts looked ahead.
const LOOKAHEAD_ATTEMPTS_MAX: usize = 6;
/// History and future that are looked at.
const PAST_DAYS: i64 = 45;
const FUTURE_DAYS_MAX: i64 = 62;
const HISTORY_ENTRIES_MAX: usize = 60;

/// What is believed about the money behind a card.
pub struct Belief {
    zone: Zone,
    hypotheses: Vec<Calendar>,
}

/// A moment that could be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// The moment.
    pub at: Timestamp,
    /// Chance of success, seen from now.
    pub probability: f64,
    /// Part of the best set.
    pub wanted: bool,
}

impl Belief {
    /// The belief after everything seen on the card.
    pub fn of(view: &View<'_>) -> Self {
        let region = Region::of_country(view.issuer_country());
        let first = view.zone.day(view.case.now) - PAST_DAYS;
        let hypotheses = calendars(region, first, (PAST_DAYS + FUTURE_DAYS_MAX + 7) as usize).to_vec();
        let mut belief = Self { zone: view.zone, hypotheses };
        belief.learn(view);
        belief
    }

    /// Chance of success at a moment, when the last failure was at `since`.
    pub fn probability(&self, at: Timestamp, since: Timestamp) -> f64 {
        let (at, since) = (self.local_days(at), self.local_days(since));
        self.hypotheses.iter().map(|h| h.weight * h.chance(at, since)).sum()
    }

    /// Marks the best set of at most `attempts` moments (ascending in time) and gives each its chance.
    pub fn choose(&self, moments: &[Timestamp], since: Timestamp, attempts: u32) -> Vec<Slot> {
        let most = LOOKAHEAD_ATTEMPTS_MAX.min(attempts as usize);
        let local: Vec<f64> = moments.iter().map(|at| self.local_days(*at)).collect();
        let start = self.local_days(since);
        let mut set: Vec<usize> = Vec::new();
        let mut value = 0.0;
        while set.len() < most {
            let free = (0..moments.len()).filter(|slot| !set.contains(slot));
            let tried = free.map(|slot| (slot, self.value(&with(&set, slot), &local, start)));
            let Some((slot, better)) = tried.max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
            if better - value < GAIN_MIN && !set.is_empty() {
                break;
            }
            set = with(&set, slot);
            value = better;
        }
        let slot =
            |(n, at): (usize, &Timestamp)| Slot { at: *at, probability: self.probability(*at, since), wanted: set.contains(&n) };
        moments.iter().enumerate().map(slot).collect()
    }

    /// Expected worth of a set of moments: the chance that one succeeds, less the delay.
    fn value(&self, set: &[usize], local: &[f64], start: f64) -> f64 {
        let of = |h: &Calendar| {
            let (mut failed, mut since, mut worth) = (1.0, start, 0.0);
            for at in set.iter().filter_map(|slot| local.get(*slot)) {
                let chance = h.chance(*at, since);
                worth += failed * chance * (1.0 - DELAY_COST_PER_DAY * (at - start)).max(0.0);
                failed *= 1.0 - chance;
                since = *at;
            }
            h.weight * worth
        };
        self.hypotheses.iter().map(of).sum()
    }

    fn learn(&mut self, view: &View<'_>) {
        let oldest = view.case.now - domain::time::DAY * PAST_DAYS as u32;
        for read in view.answers.iter().filter(|read| read.at >= oldest) {
            match read.classified.class {
                Class::Nsf => self.failed(read.at, 1.0),
                Class::Generic => self.failed(read.at, 0.5),
                _ => {}
            }
        }
        let seen = |entry: &&Entry| !view.case.observed.iter().any(|observed| observed.at == entry.at);
        let history = view.case.ledger.iter().rev().take(HISTORY_ENTRIES_MAX).filter(|entry| entry.at >= oldest).filter(seen);
        for entry in history {
            match (entry.outcome, entry.response_code.as_deref()) {
                (Outcome::Approved, _) => self.succeeded(entry.at),
                (Outcome::Declined, Some("51")) => self.failed(entry.at, 1.0),
                _ => {}
            }
        }
    }

    /// A decline at a moment; `certainty` that it was for lack of money.
    fn failed(&mut self, at: Timestamp, certainty: f64) {
        let at = self.local_days(at);
        self.reweigh(|h| 1.0 - certainty * h.fresh(at));
    }

    /// An approval at a moment: most cards have money most of the time, so it says less than a decline.
    fn succeeded(&mut self, at: Timestamp) {
        const ANY_TIME: f64 = 0.5;
        let at = self.local_days(at);
        self.reweigh(|h| ANY_TIME + (1.0 - ANY_TIME) * h.fresh(at));
    }

    fn reweigh(&mut self, likelihood: impl Fn(&Calendar) -> f64) {
        let weights: Vec<f64> = self.hypotheses.iter().map(|h| h.weight * likelihood(h)).collect();
        let sum: f64 = weights.iter().sum();
        if sum > f64::MIN_POSITIVE {
            self.hypotheses.iter_mut().zip(weights).for_each(|(h, weight)| h.weight = weight / sum);
        }
    }

    fn local_days(&self, at: Timestamp) -> f64 {
        const DAY_SECS: f64 = 86_400.0;
        (at.secs() as f64 + f64::from(self.zone.offset_minutes) * 60.0) / DAY_SECS
    }
}

impl Calendar {
    /// Chance at a local time when the last failure was at `since`: a pay event in between is what changes it.
    fn chance(&self, at: f64, since: f64) -> f64 {
        const IRREGULAR_PEAK: f64 = 0.4;
        const IRREGULAR_DAYS: f64 = 6.0;
        const TOP_UP_DAYS: f64 = 3.0;
        const NEVER: f64 = 0.01;
        let grown = |days: f64| 1.0 - (-(at - since).max(0.0) / days).exp();
        match self.pays {
            Pays::Never => NEVER,
            Pays::Irregular => IRREGULAR_PEAK * grown(IRREGULAR_DAYS),
            _ if self.last_credit(at).is_some_and(|credit| credit > since) => self.fresh(at),
            _ => BASE * grown(TOP_UP_DAYS),
        }
    }

    /// Chance at a local time when nothing else is known.
    fn fresh(&self, at: f64) -> f64 {
        const IRREGULAR: f64 = 0.25;
        const NEVER: f64 = 0.02;
        match (self.pays, self.last_credit(at)) {
            (Pays::Never, _) => NEVER,
            (Pays::Irregular, _) => IRREGULAR,
            (_, None) => BASE,
            (_, Some(credit)) => BASE + (PEAK - BASE) * (-(at - credit) / SPENT_DAYS).exp(),
        }
    }

    fn last_credit(&self, at: f64) -> Option<f64> {
        let later = self.credits.partition_point(|day| *day as f64 <= at);
        later.checked_sub(1).and_then(|last| self.credits.get(last)).map(|day| *day as f64)
    }
}

/// The early mornings between two moments, when what was credited overnight is there and not yet spent:
/// `minute` of the local day, one a day.
pub fn mornings(zone: Zone, from: Timestamp, until: Timestamp, minute: i64) -> Vec<Timestamp> {
    let first = zone.day(from);
    let all = (first..first.saturating_add(FUTURE_DAYS_MAX)).map(|day| zone.instant(day, minute));
    all.filter(|at| *at >= from && *at < until).collect()
}

fn with(set: &[usize], slot: usize) -> Vec<usize> {
    let mut grown = set.to_vec();
    grown.insert(grown.partition_point(|other| *other < slot), slot);
    grown
}
