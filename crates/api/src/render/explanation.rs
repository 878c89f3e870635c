//! Explanations of decisions (`wire-api` §9), of orders and of advice alike.

use std::collections::BTreeMap;

use domain::time::Timestamp;
use engine::explain::{Candidate, Causes, Explained, Rule};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The reply.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Explanation")]
pub struct Body<'a> {
    /// The order's `orderSessionKey`, or the advice's id.
    order_id: String,
    /// The decisions, oldest first.
    decisions: Vec<Decision<'a>>,
}

#[expect(clippy::struct_field_names, reason = "the contract's names")]
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ExplainedDecision")]
struct Decision<'a> {
    /// Its id.
    decision_id: String,
    /// When it was decided, UTC, by the merchant's clock.
    decided_at_utc: String,
    /// Number of the attempt that it plans, from 1.
    attempt_number: u32,
    /// `attempt_now schedule wait_for_data challenge stop capture hold`.
    action: &'a str,
    /// What was chosen; null when no attempt was.
    chosen: Option<Chosen<'a>>,
    /// The moments that were weighed, ascending.
    candidates: Vec<Moment<'a>>,
    /// The rules that were looked at, with their use.
    rules: Vec<Bound<'a>>,
    /// What the decision looked at; members may grow.
    features: &'a Value,
    /// Probability with which this action was taken, 0–1.
    propensity: f64,
    /// `policy explore holdout`.
    experiment_arm: &'a str,
    /// The model that decided.
    model_version: &'a str,
    /// The rules that it kept.
    rules_version: &'a str,
    /// Seed of everything that was drawn, hexadecimal.
    seed: String,
    /// Everything in plain words.
    summary: &'a str,
    /// What the next attempt waits for.
    waits_for: &'a str,
    /// What hides behind the declines, before and after each answer.
    causes: Vec<Belief<'a>>,
    /// Chance of approval over the rescue window.
    curve: Vec<Point>,
    /// What was known of fraud; null when it was not asked.
    risk: Option<&'a Value>,
    /// Made again from what is stored, the decision is the same, bit for bit.
    replayed: bool,
    /// Why it is not, or cannot be made again.
    replay_note: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ChosenMoment")]
struct Chosen<'a> {
    /// When, UTC.
    at_utc: String,
    /// The same in the cardholder's time.
    local_time: String,
    /// Processor account, by name.
    route: Option<&'a str>,
    /// `same updated network_token other`.
    credential: &'a str,
    /// Minor units.
    amount: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CandidateMoment")]
struct Moment<'a> {
    /// When, UTC.
    at_utc: String,
    /// Processor account, by name.
    route: Option<&'a str>,
    /// `same updated network_token other`.
    credential: &'a str,
    /// Minor units.
    amount: Option<i64>,
    /// Chance of approval, 0–1.
    probability: f64,
    /// Chance times amount, minor units.
    expected_value_minor: i64,
    /// What the network would charge for the attempt, minor units of the fee's currency.
    fee_minor: i64,
    /// Probability with which it is chosen, 0–1.
    propensity: f64,
    /// The rules allow it.
    allowed: bool,
    /// The rules that do not.
    bound_by: &'a [String],
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BindingRule")]
struct Bound<'a> {
    /// Such as `visa.m30`.
    id: &'a str,
    /// The day it came into force; empty when it was always there.
    version: &'a str,
    /// Its network.
    network: &'a str,
    /// ISO 8601 duration; null for what is no counter.
    window: Option<&'a str>,
    /// The network's limit.
    limit: Option<u32>,
    /// What planning stays below.
    headroom_limit: Option<u32>,
    /// Attempts counted.
    used: Option<u32>,
    /// When it gives room again; for a period, when it ends.
    resets_at_utc: Option<String>,
    /// `forbid cap earliest latest fee`.
    effect: &'a str,
    /// Where it is written.
    source: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CauseBelief")]
struct Belief<'a> {
    /// When the answer was given, UTC.
    at_utc: String,
    /// Its code.
    response_code: &'a str,
    /// Each cause with its probability before the answer.
    before: BTreeMap<&'a str, f64>,
    /// After it.
    after: BTreeMap<&'a str, f64>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CurvePoint")]
struct Point {
    /// When, UTC.
    at_utc: String,
    /// Chance of approval there, 0–1.
    probability: f64,
}

impl<'a> Body<'a> {
    /// The reply for an order, or for an advice.
    pub fn of(id: impl std::fmt::Display, explained: &'a [Explained]) -> Self {
        Self { order_id: id.to_string(), decisions: explained.iter().map(decision).collect() }
    }
}

fn decision(explained: &Explained) -> Decision<'_> {
    let record = &explained.record;
    Decision {
        decision_id: record.id.to_string(),
        decided_at_utc: record.decided_at.iso6(),
        attempt_number: record.attempt_number,
        action: &record.action,
        chosen: record.chosen_at.map(|at| chosen(explained, at)),
        candidates: explained.candidates.iter().map(|candidate| moment(explained, candidate)).collect(),
        rules: explained.rules.iter().map(bound).collect(),
        features: &explained.features,
        propensity: record.propensity,
        experiment_arm: record.arm.as_str(),
        model_version: &record.model_version,
        rules_version: &record.rules_version,
        seed: format!("{:016x}", record.seed),
        summary: &explained.summary,
        waits_for: &explained.waits_for,
        causes: explained.causes.iter().map(belief).collect(),
        curve: explained.curve.iter().map(|(at, probability)| Point { at_utc: at.iso6(), probability: *probability }).collect(),
        risk: explained.risk.as_ref(),
        replayed: explained.replay.why().is_none(),
        replay_note: explained.replay.why(),
    }
}

fn chosen(explained: &Explained, at: Timestamp) -> Chosen<'_> {
    Chosen {
        at_utc: at.iso6(),
        local_time: explained.local(at),
        route: explained.route(),
        credential: explained.credential(),
        amount: explained.amount_minor(),
    }
}

fn moment<'a>(explained: &'a Explained, candidate: &'a Candidate) -> Moment<'a> {
    Moment {
        at_utc: candidate.at.iso6(),
        route: explained.route(),
        credential: explained.credential(),
        amount: explained.amount_minor(),
        probability: candidate.probability,
        expected_value_minor: candidate.expected_value_minor,
        fee_minor: candidate.fee_minor,
        propensity: candidate.propensity,
        allowed: candidate.allowed,
        bound_by: &candidate.bound_by,
    }
}

fn bound(rule: &Rule) -> Bound<'_> {
    Bound {
        id: &rule.id,
        version: &rule.version,
        network: rule.network.as_str(),
        window: rule.window.as_deref(),
        limit: rule.limit,
        headroom_limit: rule.headroom_limit,
        used: rule.used,
        resets_at_utc: rule.resets_at.map(Timestamp::iso6),
        effect: rule.effect.as_str(),
        source: &rule.source,
    }
}

fn belief(causes: &Causes) -> Belief<'_> {
    Belief {
        at_utc: causes.at.iso6(),
        response_code: &causes.response_code,
        before: causes.before.iter().copied().collect(),
        after: causes.after.iter().copied().collect(),
    }
}
