//! What a plan believed: the hidden causes before and after each answer, and the chance over the rescue window.

use domain::{
    rules::Rules,
    time::{HOUR, Timestamp},
};

use crate::{
    case::Case,
    model::Model,
    moments,
    plan::{self, Plan},
    retry::{belief::Belief, cause::Cause},
    view::View,
};

/// Points of a curve at most.
const POINTS_MAX: u32 = 64;

/// A plan with the beliefs behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The plan.
    pub plan: Plan,
    /// What each answer taught, oldest first.
    pub lessons: Vec<Lesson>,
    /// Chance of approval at moments of the rescue window, ascending, should one attempt be made there.
    pub curve: Vec<(Timestamp, f64)>,
}

/// What one answer taught.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// When it was given, UTC.
    pub at: Timestamp,
    /// Its ISO 8583 code, where it told one.
    pub code: Option<String>,
    /// Each cause with its probability before it; they add up to one.
    pub before: Vec<(&'static str, f64)>,
    /// After it.
    pub after: Vec<(&'static str, f64)>,
}

/// Plans, and tells what was believed. Pure, like the plan.
pub fn explain(case: &Case<'_>, rules: &Rules, model: &Model) -> Explanation {
    let plan = plan::plan(case, rules, model);
    let view = View::new(case, rules);
    let believed = |answers| causes(&Belief::after(&view, &model.params, answers));
    let lesson = |(number, read): (usize, &crate::view::Read<'_>)| Lesson {
        at: read.at,
        code: read.classified.iso_code.clone(),
        before: believed(number),
        after: believed(number + 1),
    };
    let lessons = view.answers.iter().enumerate().map(lesson).collect();
    Explanation { lessons, curve: curve(&view, model), plan }
}

fn causes(belief: &Belief<'_>) -> Vec<(&'static str, f64)> {
    Cause::ALL.iter().map(|cause| cause.as_str()).zip(belief.causes()).collect()
}

/// From now to the end in equal steps of whole hours.
fn curve(view: &View<'_>, model: &Model) -> Vec<(Timestamp, f64)> {
    let (from, until) = (view.case.now, view.case.expires_at);
    if from >= until {
        return vec![];
    }
    let hours = until.since(from).as_secs().div_ceil(HOUR.as_secs());
    let step = HOUR * u32::try_from(hours.div_ceil(u64::from(POINTS_MAX))).unwrap_or(u32::MAX);
    let points = (0..POINTS_MAX).map(|number| from + step * number).take_while(|at| *at < until);
    points.map(|at| (at, moments::probability(view, model, at))).collect()
}
