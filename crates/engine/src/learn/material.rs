//! What is learnt from: the log's decisions, read once, by order.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher as _, Hasher as _},
    sync::Arc,
};

use domain::{
    attempt::{Answered, Progress, Verdict},
    decision::Arm,
    decline::Answer,
    id::{Mid, OrderId},
    lesson::Lesson,
    money::Money,
    time::Timestamp,
};
use recovery::{
    Inputs, Model, Trial,
    evaluate::{Episode, Logged, Outcome, Step},
};

use super::named;

/// Of so many cards, one is held out.
const HELD_OUT_OF: u64 = 3;

/// Everything that was read.
#[derive(Default)]
pub struct Material {
    /// Decisions read.
    pub rows: u64,
    /// Decisions that could not be used: no case that this program can read, overruled, or made with the customer present.
    pub unusable: u64,
    /// The models that the decisions name, as far as they are known.
    pub models: Vec<Arc<Model>>,
    orders: BTreeMap<OrderId, Told>,
}

/// One order.
struct Told {
    mid: Mid,
    /// What time it is there.
    now: Timestamp,
    /// Hash of its card.
    unit: u64,
    is_open: bool,
    due: Option<Money>,
    arm: Arm,
    /// One of its decisions could not be read: what it teaches has holes.
    has_holes: bool,
    /// Newest first, as they are read.
    steps: Vec<Decided>,
}

struct Decided {
    inputs: Inputs,
    at: Timestamp,
    chosen: Option<Timestamp>,
    propensity: f64,
    model: String,
    attempt_number: u32,
    made: Option<(Timestamp, Answered)>,
}

impl Material {
    /// With one more decision.
    pub fn with(mut self, lesson: Lesson) -> Self {
        self.rows += 1;
        let Lesson { decision, attempt, order, .. } = lesson;
        let unit = unit_of(order.as_ref().and_then(|order| order.card.as_deref()), decision.order);
        let told = self.orders.entry(decision.order).or_insert_with(|| Told {
            mid: decision.mid,
            now: Timestamp::EPOCH,
            unit,
            is_open: order.as_ref().is_none_or(|order| order.is_open),
            due: order.map(|order| order.due),
            arm: decision.arm,
            has_holes: false,
            steps: vec![],
        });
        let inputs: Option<Inputs> = serde_json::from_str(&decision.case).ok();
        let Some(inputs) = inputs.filter(|inputs| inputs.widget.is_none() && inputs.overruled.is_none()) else {
            self.unusable += 1;
            told.has_holes = true;
            return self;
        };
        let made = attempt.and_then(|attempt| match attempt.progress {
            Progress::Answered(answered) if answered.verdict != Verdict::Unknown => Some((attempt.at, answered)),
            _ => None,
        });
        told.steps.push(Decided {
            inputs,
            at: decision.decided_at,
            chosen: decision.chosen_at,
            propensity: decision.propensity,
            model: decision.model_version,
            attempt_number: decision.attempt_number,
            made: made.filter(|(at, _)| *at >= decision.decided_at),
        });
        self
    }

    /// Orders read.
    pub fn orders(&self) -> usize {
        self.orders.len()
    }

    /// The versions of models that the decisions name.
    pub fn versions(&self) -> BTreeSet<String> {
        self.orders.values().flat_map(|told| &told.steps).map(|step| step.model.clone()).collect()
    }

    /// The attempts of the cards that are not held out, in the order of time: what a model learns from.
    pub fn trials(&self) -> Vec<Trial> {
        let taught = self.orders.values().filter(|told| !is_held_out(told.unit));
        let mut trials: Vec<Trial> = taught.flat_map(trials_of).collect();
        trials.sort_by_key(|trial| trial.at);
        trials
    }

    /// The orders of the held-out cards whose rescue is over, whole: what a model is judged by.
    pub fn episodes(&self, in_use: &Model, rules: &domain::rules::Rules, slot_secs: i64) -> Vec<Episode> {
        let judged = self.over().filter(|told| is_held_out(told.unit));
        judged.filter_map(|told| episode_of(told, &self.models, in_use, rules, slot_secs)).collect()
    }

    /// The orders of all cards whose rescue is over, whole: what any policy is estimated by.
    pub fn all_episodes(&self, in_use: &Model, rules: &domain::rules::Rules, slot_secs: i64) -> Vec<Episode> {
        self.over().filter_map(|told| episode_of(told, &self.models, in_use, rules, slot_secs)).collect()
    }

    /// Told what time it is at each merchant: without it, no order's rescue is over.
    pub fn told_time(mut self, now: impl Fn(Mid) -> Timestamp) -> Self {
        self.orders.values_mut().for_each(|told| told.now = now(told.mid));
        self
    }

    /// Orders that are closed and whose period is over. Of younger ones those that were recovered close first: whoever
    /// recovers sooner would look better than he is.
    fn over(&self) -> impl Iterator<Item = &Told> {
        let is_over = |told: &&Told| told.steps.first().is_some_and(|step| step.inputs.case.expires_at <= told.now);
        // The sandbox's tables decide when their cards are tried first: no policy did.
        let is_ours = |told: &&Told| told.steps.last().is_some_and(|step| step.inputs.case.first_at.is_none());
        self.orders.values().filter(|told| !told.is_open && !told.has_holes).filter(is_over).filter(is_ours)
    }

    /// When the oldest and the newest decision were made.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let times = || self.orders.values().flat_map(|told| &told.steps).map(|step| step.at);
        times().min().zip(times().max())
    }
}

/// Each attempt once, with the case of the last decision before it.
fn trials_of(told: &Told) -> Vec<Trial> {
    let mut seen = BTreeSet::new();
    let mut trials = vec![];
    for step in &told.steps {
        let Some((at, answered)) = &step.made else { continue };
        if seen.insert(step.attempt_number) {
            trials.push(Trial {
                case: step.inputs.case.clone(),
                at: *at,
                answer: Answer::iso(&answered.response_code, answered.advice_code.as_deref()),
                approved: answered.approved_minor > 0,
                propensity: step.propensity,
            });
        }
    }
    trials
}

/// The decisions of an order in turn. Of several that planned one attempt, only the last led to it.
fn episode_of(
    told: &Told,
    models: &[Arc<Model>],
    in_use: &Model,
    rules: &domain::rules::Rules,
    slot_secs: i64,
) -> Option<Episode> {
    let due = told.due?;
    let mut seen = BTreeSet::new();
    let mut steps = vec![];
    for step in &told.steps {
        let is_last = seen.insert(step.attempt_number);
        let outcome = match &step.made {
            Some((_, answered)) if is_last && answered.approved_minor > 0 => Outcome::Approved { minor: answered.approved_minor },
            Some(_) if is_last => Outcome::Declined,
            _ => Outcome::NotMade,
        };
        let case = step.inputs.case.clone();
        let logged = Logged { case, chosen: step.chosen, propensity: step.propensity, outcome };
        let live = named(models, &step.model).unwrap_or(in_use);
        steps.push(Step::of(logged, told.arm, live, rules, slot_secs));
    }
    // Where the oldest decision read is not the order's first, the rest is beyond what was read.
    let is_whole = told.steps.last().is_some_and(|step| step.inputs.case.own_attempts == 0);
    steps.reverse();
    (is_whole && !steps.is_empty()).then_some(Episode { unit: told.unit, arm: told.arm, due, steps })
}

fn is_held_out(unit: u64) -> bool {
    unit.is_multiple_of(HELD_OUT_OF)
}

/// Orders of one card stay together; an order without one stands for itself. The same in every process.
fn unit_of(card: Option<&str>, order: OrderId) -> u64 {
    let mut hasher = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default().build_hasher();
    match card {
        Some(card) => hasher.write(card.as_bytes()),
        None => hasher.write(&order.bytes()),
    }
    hasher.finish()
}
