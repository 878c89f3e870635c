//! One round of expectation and maximisation: every trial is shared among the hypotheses that may explain it, and the
//! shares are counted as if they were seen.

use std::collections::BTreeMap;

use domain::{card::Funding, decline::Class, rules::Region};

use crate::{
    retry::{
        belief::{Belief, hypotheses, told},
        cause::{CAUSES, Cause},
        hypothesis::{FADES, HOLDS, Hypothesis, IRREGULAR, LIMITS, OUTAGES},
        params::{AGE_HOURS, CLASSES, Causes, GAP_HOURS, Params, bucket},
    },
    trial::Trial,
    view::View,
};

/// Attempts that a prior counts for, by how much each table is believed before anything is seen.
const RATE_PRIOR: f64 = 25.0;
const SHARE_PRIOR: f64 = 40.0;
const CALENDAR_PRIOR: f64 = 150.0;
const CAUSE_PRIOR: f64 = 20.0;
const SPECIAL_PRIOR: f64 = 30.0;
/// A special key is kept only when so much was seen under it.
const SPECIAL_MIN: f64 = 8.0;

/// Successes among tries, as fractions of trials.
#[derive(Debug, Clone, Copy, Default)]
struct Beta {
    won: f64,
    tried: f64,
}

impl Beta {
    fn add(&mut self, share: f64, approved: bool, exposure: f64) {
        self.won += if approved { share } else { 0.0 };
        self.tried += share * exposure;
    }

    fn rate(self, prior: f64) -> f64 {
        ((self.won + RATE_PRIOR * prior) / (self.tried + RATE_PRIOR)).clamp(0.001, 0.98)
    }
}

/// What was counted in one round.
pub struct Counts {
    money: [[Beta; AGE_HOURS.len()]; FADES],
    top_up: [Beta; GAP_HOURS.len()],
    irregular: [Beta; IRREGULAR],
    after_hold: [Beta; HOLDS],
    after_limit: [Beta; LIMITS],
    after_outage: [Beta; OUTAGES],
    lost: [Beta; 2],
    fades: Vec<[f64; FADES]>,
    calendars: Vec<Vec<f64>>,
    earners: [f64; 1 + IRREGULAR],
    holds: [f64; HOLDS],
    limits: [f64; LIMITS],
    outages: [f64; OUTAGES],
    causes: BTreeMap<String, Causes>,
    told_as: Vec<[f64; CLASSES]>,
    room: Vec<f64>,
}

impl Counts {
    /// Nothing counted; the shapes are those of the priors.
    pub fn new(priors: &Params) -> Self {
        Self {
            money: Default::default(),
            top_up: Default::default(),
            irregular: Default::default(),
            after_hold: Default::default(),
            after_limit: Default::default(),
            after_outage: Default::default(),
            lost: Default::default(),
            fades: vec![[0.0; FADES]; priors.fades.len()],
            calendars: priors.calendars.iter().map(|weights| vec![0.0; weights.len()]).collect(),
            earners: Default::default(),
            holds: Default::default(),
            limits: Default::default(),
            outages: Default::default(),
            causes: BTreeMap::new(),
            told_as: vec![[0.0; CLASSES]; CAUSES],
            room: Vec::new(),
        }
    }

    /// Counts one trial under the belief before it.
    pub fn count(&mut self, view: &View<'_>, belief: &Belief<'_>, trial: &Trial) {
        let mut chances = std::mem::take(&mut self.room);
        belief.chances(belief.local(trial.at), &mut chances);
        let weights = belief.weights();
        let share = |weight: f64, chance: f64| weight * if trial.approved { chance } else { 1.0 - chance };
        let total: f64 = weights.iter().zip(&chances).map(|(weight, chance)| share(*weight, *chance)).sum();
        if total > f64::MIN_POSITIVE {
            let is_first = trial.case.own_attempts == 0;
            let mut causes = [0.0; CAUSES];
            for ((hypothesis, weight), chance) in hypotheses().iter().zip(weights).zip(&chances) {
                let share = share(*weight, *chance) / total;
                causes[hypothesis.cause() as usize] += share;
                self.rates(belief, *hypothesis, share, trial);
                if is_first {
                    self.kinds(view, *hypothesis, share);
                }
            }
            if is_first {
                self.first(view, &causes);
            }
            if !trial.approved {
                self.told(view, trial, &causes);
            }
        }
        self.room = chances;
    }

    fn rates(&mut self, belief: &Belief<'_>, hypothesis: Hypothesis, share: f64, trial: &Trial) {
        if share < 1e-6 {
            return;
        }
        let (at, since) = (belief.local(trial.at), belief.since());
        let approved = trial.approved;
        // How much of the course of a cause had passed: what it leaves open is no evidence on the rate behind it.
        let exposure = |scale: f64, chance: f64| (chance / scale.max(1e-6)).clamp(0.0, 1.0);
        let world = belief.world();
        let chance = || world.chance(hypothesis, at, since);
        match hypothesis {
            Hypothesis::Paid { calendar, fade } => match world.age_of_new_money(calendar, at, since) {
                Some(age) => self.money[fade][age].add(share, approved, 1.0),
                None => self.top_up[bucket(&GAP_HOURS, (at.days - since.days).max(0.0) * 24.0)].add(share, approved, 1.0),
            },
            Hypothesis::Irregular(kind) => {
                self.irregular[kind].add(share, approved, exposure(world.params.irregular[kind], chance()));
            }
            Hypothesis::Hold(kind) => {
                self.after_hold[kind].add(share, approved, exposure(world.params.after_hold[kind], chance()));
            }
            Hypothesis::Outage(kind) => {
                self.after_outage[kind].add(share, approved, exposure(world.params.after_outage[kind], chance()));
            }
            Hypothesis::DayLimit if at.day > since.day => self.after_limit[0].add(share, approved, 1.0),
            Hypothesis::MonthLimit if at.month > since.month => self.after_limit[1].add(share, approved, 1.0),
            Hypothesis::RollingLimit => {
                self.after_limit[2].add(share, approved, exposure(world.params.after_limit[2], chance()));
            }
            Hypothesis::DayLimit | Hypothesis::MonthLimit => {}
            Hypothesis::Data => self.lost[0].add(share, approved, 1.0),
            Hypothesis::Dead => self.lost[1].add(share, approved, 1.0),
        }
    }

    fn kinds(&mut self, view: &View<'_>, hypothesis: Hypothesis, share: f64) {
        let region = Region::of_country(view.issuer_country()) as usize;
        match hypothesis {
            Hypothesis::Paid { calendar, fade } => {
                self.calendars[region][calendar] += share;
                self.fades[view.case.funding as usize][fade] += share;
                self.earners[0] += share;
            }
            Hypothesis::Irregular(kind) => self.earners[1 + kind] += share,
            Hypothesis::Hold(kind) => self.holds[kind] += share,
            Hypothesis::DayLimit => self.limits[0] += share,
            Hypothesis::MonthLimit => self.limits[1] += share,
            Hypothesis::RollingLimit => self.limits[2] += share,
            Hypothesis::Outage(kind) => self.outages[kind] += share,
            Hypothesis::Data | Hypothesis::Dead => {}
        }
    }

    fn first(&mut self, view: &View<'_>, causes: &Causes) {
        for key in told(view, view.answers.first()).keys() {
            let row = self.causes.entry(key).or_default();
            row.iter_mut().zip(causes).for_each(|(sum, share)| *sum += share);
        }
    }

    fn told(&mut self, view: &View<'_>, trial: &Trial, causes: &Causes) {
        let region = Region::of_country(view.issuer_country());
        let class = view.rules.classify(&trial.answer, view.case.network, region, trial.at).class;
        let Some(place) = Class::ALL.iter().position(|other| *other == class) else { return };
        self.told_as.iter_mut().zip(causes).for_each(|(row, share)| row[place] += share);
    }

    /// The numbers that explain what was counted best, drawn to the priors.
    pub fn params(&self, priors: &Params) -> Params {
        let rates = |counted: &[Beta], prior: &[f64]| -> Vec<f64> {
            counted.iter().zip(prior).map(|(beta, prior)| beta.rate(*prior)).collect()
        };
        let mut params = priors.clone();
        for (row, (counted, prior)) in params.money.iter_mut().zip(self.money.iter().zip(&priors.money)) {
            row.copy_from_slice(&rates(counted, prior));
        }
        params.top_up.copy_from_slice(&rates(&self.top_up, &priors.top_up));
        params.irregular.copy_from_slice(&rates(&self.irregular, &priors.irregular));
        params.after_hold.copy_from_slice(&rates(&self.after_hold, &priors.after_hold));
        params.after_limit.copy_from_slice(&rates(&self.after_limit, &priors.after_limit));
        params.after_outage.copy_from_slice(&rates(&self.after_outage, &priors.after_outage));
        params.lost.copy_from_slice(&rates(&self.lost, &priors.lost));
        for (place, row) in params.fades.iter_mut().enumerate().take(Funding::ALL.len()) {
            shares(row, &self.fades[place], &priors.fades[place], SHARE_PRIOR);
        }
        for (place, row) in params.calendars.iter_mut().enumerate() {
            shares(row, &self.calendars[place], &priors.calendars[place], CALENDAR_PRIOR);
        }
        shares(&mut params.earners, &self.earners, &priors.earners, SHARE_PRIOR);
        shares(&mut params.holds, &self.holds, &priors.holds, SHARE_PRIOR);
        shares(&mut params.limits, &self.limits, &priors.limits, SHARE_PRIOR);
        shares(&mut params.outages, &self.outages, &priors.outages, SHARE_PRIOR);
        for (cause, row) in params.told_as.iter_mut().enumerate().take(Cause::ALL.len()) {
            shares(row, &self.told_as[cause], &priors.told_as[cause], SHARE_PRIOR);
        }
        params.causes = self.special(priors);
        params
    }

    /// Causes by key, each drawn to the next more general one.
    fn special(&self, priors: &Params) -> BTreeMap<String, Causes> {
        let mut known = priors.causes.clone();
        let depth = |key: &str| key.matches('|').count();
        // The general ones first: `class`, `class|code`, then the special ones.
        for level in 0..=3 {
            for (key, counted) in self.causes.iter().filter(|(key, _)| depth(key) == level) {
                let parent = match level {
                    0 => priors.causes.get(key),
                    1 => key.split('|').next().and_then(|class| known.get(class)),
                    _ => known.get(&key.split('|').take(2).collect::<Vec<_>>().join("|")),
                };
                let seen: f64 = counted.iter().sum();
                let Some(parent) = parent.copied().filter(|_| level == 0 || seen >= SPECIAL_MIN) else { continue };
                let mut row = parent;
                shares(&mut row, counted, &parent, if level == 0 { CAUSE_PRIOR } else { SPECIAL_PRIOR });
                known.insert(key.clone(), row);
            }
        }
        known
    }
}

/// Shares of what was counted, drawn to a prior; they add up to one.
fn shares(into: &mut [f64], counted: &[f64], prior: &[f64], strength: f64) {
    let seen: f64 = counted.iter().sum();
    let believed: f64 = prior.iter().sum();
    for ((into, counted), prior) in into.iter_mut().zip(counted).zip(prior) {
        *into = (counted + strength * prior / believed.max(f64::MIN_POSITIVE)) / (seen + strength);
    }
}
