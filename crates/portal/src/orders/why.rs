//! Why an order is worked as it is: the last decision in words, with its causes and its curve.

use chart::{Axis, Curve, Kind, Marker, Unit};
use domain::{id::OrderId, time::Timestamp};
use engine::explain::{Causes, Explained, Which};

use crate::{
    Portal, Problem, Viewer,
    format::{self, Safe},
};

const DAY_MILLIS: f64 = 86_400_000.0;

/// The last decision, for people.
pub struct Why {
    /// Everything in plain words.
    pub summary: String,
    /// What the next attempt waits for.
    pub waits_for: String,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// The next attempt, when one is planned: the moment, and the same in the cardholder's time.
    pub next: Option<(Timestamp, String)>,
    /// The chance of approval there.
    pub chance: Option<String>,
    /// The model that decided.
    pub model: String,
    /// The rules that it kept.
    pub rules: String,
    /// The rules that bound it.
    pub bound_by: Vec<String>,
    /// What was believed of each answer, the newest first.
    pub answers: Vec<Belief>,
    /// Chance over the rescue window.
    pub curve: Option<Safe>,
    /// Why the decision cannot be made again the same; none: it was, bit for bit.
    pub differs: Option<String>,
}

/// What one answer changed.
pub struct Belief {
    /// When it came.
    pub at: Timestamp,
    /// Its code.
    pub code: String,
    /// Each cause with its share before and after, the likeliest first.
    pub causes: Vec<(String, String, String)>,
}

/// The last decision of an order; none was made of those that were never worked.
pub async fn why(portal: &Portal, viewer: &Viewer, id: OrderId) -> Result<Option<Why>, Problem> {
    let explained = portal.engine().explanation(&viewer.principal, id, Which::Latest).await?;
    Ok(explained.into_iter().next_back().map(told))
}

fn told(explained: Explained) -> Why {
    let record = &explained.record;
    let chosen = record.chosen_at;
    let at = |moment: Timestamp| explained.candidates.iter().find(|candidate| candidate.at == moment);
    Why {
        decided_at: record.decided_at,
        next: chosen.map(|moment| (moment, explained.local(moment))),
        chance: chosen.and_then(at).map(|candidate| format::share(candidate.probability, 1.0)),
        model: record.model_version.clone(),
        rules: record.rules_version.clone(),
        bound_by: explained.rules.iter().map(|rule| format!("{} ({})", rule.id, rule.effect.as_str())).collect(),
        answers: explained.causes.iter().rev().map(belief).collect(),
        curve: curve(&explained),
        differs: explained.replay.why().map(str::to_owned),
        summary: explained.summary,
        waits_for: explained.waits_for,
    }
}

fn belief(causes: &Causes) -> Belief {
    let before = |cause: &str| causes.before.iter().find(|(name, _)| *name == cause).map_or(0.0, |(_, share)| *share);
    let mut after = causes.after.clone();
    after.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let row = |(cause, share): &(&'static str, f64)| {
        (cause.replace('_', " "), format::share(before(cause), 1.0), format::share(*share, 1.0))
    };
    Belief { at: causes.at, code: causes.response_code.clone(), causes: after.iter().map(row).collect() }
}

fn curve(explained: &Explained) -> Option<Safe> {
    let start = explained.record.decided_at;
    let days = |at: Timestamp| (at.millis() - start.millis()) as f64 / DAY_MILLIS;
    if explained.curve.len() < 2 {
        return None;
    }
    let chosen = explained.record.chosen_at.map(|at| Marker { x: days(at), label: "planned".into(), kind: Kind::Chosen });
    let curve = Curve {
        title: "Chance of approval".into(),
        description: "How likely an attempt is approved, over the days since the decision.".into(),
        x: Axis::new("Days since the decision", Unit::Number),
        y: Axis::new("Chance", Unit::Percent),
        points: explained.curve.iter().map(|(at, chance)| (days(*at), *chance)).collect(),
        markers: chosen.into_iter().collect(),
        ..Curve::default()
    };
    Some(format::chart(&curve, "chance"))
}
