//! The next step of a rescue that works by itself (merchant-initiated).

use domain::{
    decision::Arm,
    decline::{Class, Reason},
    limits::Usage,
    rules::Rules,
    time::{MINUTE, Timestamp},
};
use serde::Serialize;

use crate::{
    allowed,
    bounds::{self, Bounds},
    case::Case,
    explore,
    jitter::Jitter,
    ladder,
    model::Model,
    moments,
    slot::Slot,
    verdict,
    view::View,
};

/// The model behind [`plan`].
pub const MODEL_VERSION: &str = "2026.11.2-causes";
/// The model behind [`crate::ladder`].
pub const LADDER_VERSION: &str = "ladder-1-3-5-7";
/// Candidates that are kept for explanation.
const CANDIDATES_MAX: usize = 24;

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Charge at this moment.
    Attempt {
        /// When, UTC.
        at: Timestamp,
    },
    /// Ask the account updater now, then plan again.
    AskUpdater,
    /// Only new data from the customer help: tell the merchant and wait for them until the period ends.
    AskCustomer,
    /// No attempt is worth while or lawful before the period ends, yet nothing forbids the order: leave it
    /// open (the merchant may bring a new card, or be paid) and let it expire.
    LetExpire,
    /// End the order now.
    Stop {
        /// Why. Network limits say LIMIT_REACHED, a used-up attempt budget NOT_RESCUED.
        reason: Reason,
    },
}

/// A moment that was weighed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// When, UTC.
    pub at: Timestamp,
    /// Chance of success.
    pub probability: f64,
    /// Chance times what is due, minor units.
    pub expected_value_minor: i64,
    /// Part of the set of moments that the plan means to use.
    pub wanted: bool,
    /// Probability with which this arm takes it next, 0–1.
    pub propensity: f64,
}

/// A decision and everything that explains it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// What to do.
    pub action: Action,
    /// The class that decided.
    pub class: Class,
    /// Chance of success of the chosen attempt; zero when none is planned.
    pub probability: f64,
    /// What was weighed, ascending in time.
    pub candidates: Vec<Candidate>,
    /// The earliest lawful moment, UTC: an attempt before it breaks a network's rule.
    pub not_before: Timestamp,
    /// Rules that bounded the decision, by id.
    pub bound_by: Vec<String>,
    /// Rules that classified the newest decline, by id.
    pub classified_by: Vec<String>,
    /// The network's limits with their use.
    pub limits: Vec<Usage>,
    /// Attempts that may follow, the planned one included.
    pub attempts_left: u32,
    /// The newest answer leaves the original's result open: look it up before anything is sent.
    pub lookup_first: bool,
    /// The model.
    pub model_version: String,
    /// The rules.
    pub rules_version: String,
    /// Probability with which this policy takes this action in this case: 1, as long as only the minute is drawn.
    pub propensity: f64,
    /// The arm that decided.
    pub arm: Arm,
    /// Seed of everything that was drawn.
    pub seed: u64,
}

/// Decides the next step. Pure: the same case gives the same plan.
///
/// The hold-out follows the ladder, whatever the model.
pub fn plan(case: &Case<'_>, rules: &Rules, model: &Model) -> Plan {
    if case.arm == Arm::Holdout {
        return ladder::ladder(case, rules);
    }
    let view = View::new(case, rules);
    decide(&view, model, &model.version, |view, earliest, jitter| moments::of(view, model, earliest, jitter))
}

/// The way every policy goes: stop where a class stops, keep the bounds, then let the policy choose a moment.
pub fn decide(
    view: &View<'_>,
    model: &Model,
    version: &str,
    policy: impl Fn(&View<'_>, Timestamp, &mut Jitter) -> Vec<Slot>,
) -> Plan {
    let bounds = bounds::of(view);
    let mut plan = draft(view, version, &bounds);
    if let Some(action) = ended(view, &bounds) {
        plan.action = action;
        return plan;
    }
    let mut jitter = Jitter::new(view.case.seed, view.answers.len() as u64);
    let slots = match (first(view, model, &bounds, &mut jitter), &bounds.exhausted) {
        (Some(slot), _) => vec![slot],
        (None, Some((reason, _))) => {
            plan.action = Action::Stop { reason: *reason };
            return plan;
        }
        (None, None) => policy(view, view.case.earliest_allowed(bounds.planned), &mut jitter),
    };
    let mut slots = allowed::settle(view, slots, &mut jitter);
    if let Some(next) = slots.iter_mut().find(|slot| slot.wanted) {
        next.propensity = 1.0;
    }
    if view.case.arm == Arm::Explore && slots.iter().any(|slot| slot.wanted) {
        explore::draw(&mut slots, &mut jitter);
    }
    choose(&mut plan, view, &slots);
    plan
}

/// Reasons to plan no attempt at all.
fn ended(view: &View<'_>, bounds: &Bounds) -> Option<Action> {
    if let Some(action) = verdict::of(view) {
        return Some(action);
    }
    if let Some((reason, _)) = &bounds.never {
        return Some(Action::Stop { reason: *reason });
    }
    if verdict::attempts_left(view) == 0 {
        return Some(Action::Stop { reason: Reason::NotRescued });
    }
    (bounds.lawful >= view.case.expires_at).then_some(Action::LetExpire)
}

/// The sandbox's early first attempt: our waits and our headroom do not bind it, the rules do.
fn first(view: &View<'_>, model: &Model, bounds: &Bounds, jitter: &mut Jitter) -> Option<Slot> {
    let wanted = view.case.first_at.filter(|_| view.case.own_attempts == 0)?;
    let at = if bounds.lawful > wanted.max(view.case.now) { bounds.lawful + jitter.between(MINUTE, MINUTE * 5) } else { wanted };
    let at = at.max(view.case.now);
    (at < view.case.expires_at).then(|| Slot::only(at, moments::probability(view, model, at)))
}

fn choose(plan: &mut Plan, view: &View<'_>, slots: &[Slot]) {
    plan.action = Action::LetExpire;
    if let Some(slot) = slots.iter().find(|slot| slot.wanted) {
        plan.action = Action::Attempt { at: slot.at };
        plan.probability = slot.probability;
        if view.case.arm == Arm::Explore {
            plan.propensity = slot.propensity;
        }
    }
    let mut kept: Vec<&Slot> = slots.iter().collect();
    kept.sort_by(|a, b| (b.wanted, b.probability).partial_cmp(&(a.wanted, a.probability)).unwrap_or(std::cmp::Ordering::Equal));
    kept.truncate(CANDIDATES_MAX);
    kept.sort_by_key(|slot| slot.at);
    plan.candidates = kept.into_iter().map(|slot| candidate(view, slot)).collect();
}

fn candidate(view: &View<'_>, slot: &Slot) -> Candidate {
    let value = slot.probability * view.case.amount.minor as f64;
    Candidate {
        at: slot.at,
        probability: slot.probability,
        expected_value_minor: value.round() as i64,
        wanted: slot.wanted,
        propensity: slot.propensity,
    }
}

fn draft(view: &View<'_>, model: &str, bounds: &Bounds) -> Plan {
    let mut bound_by = bounds.bound_by.clone();
    bound_by.extend(bounds.never.iter().map(|(_, rule)| rule.clone()).filter(|rule| !bounds.bound_by.contains(rule)));
    Plan {
        action: Action::LetExpire,
        class: view.class(),
        probability: 0.0,
        candidates: Vec::new(),
        not_before: bounds.lawful,
        bound_by,
        classified_by: view.last().map(|last| last.classified.rules.clone()).unwrap_or_default(),
        limits: bounds.usages.clone(),
        attempts_left: verdict::attempts_left(view),
        lookup_first: view.last().is_some_and(|last| last.classified.lookup_first),
        model_version: model.to_owned(),
        rules_version: view.rules.version().to_owned(),
        propensity: 1.0,
        arm: view.case.arm,
        seed: view.case.seed,
    }
}
