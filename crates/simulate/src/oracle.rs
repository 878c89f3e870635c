//! What could have been recovered: by one who knows what only the bank knows.

use domain::{
    rules::Rules,
    time::{HOUR, Timestamp},
};
use recovery::{Action, Ladder, Plan, Policy as _};

use crate::{
    play::{Course, Played},
    rebill::Rebill,
};

/// Attempts at the first lawful hour at which the issuer approves, and at no other.
///
/// It keeps the rules of codes, advice and networks like any policy, so what it misses nobody could recover.
pub fn play(rebill: &Rebill, rules: &Rules) -> Played {
    let mut course = Course::new(rebill, 1);
    let Some(lawful) = lawful_from(&course, rules) else { return course.played };
    if let Some(at) = hours(lawful, rebill.window_ends_at).find(|at| approves(&course, *at)) {
        course.attempt(at, 1.0);
    }
    course.played
}

/// The earliest lawful moment of the next attempt; `None` when the answers forbid any.
pub(crate) fn lawful_from(course: &Course<'_>, rules: &Rules) -> Option<Timestamp> {
    let Plan { action, not_before, .. } = Ladder.plan(&course.case(), rules);
    let open = matches!(action, Action::Attempt { .. } | Action::LetExpire);
    (open && not_before < course.rebill.window_ends_at).then_some(not_before.max(course.now))
}

fn approves(course: &Course<'_>, at: Timestamp) -> bool {
    course.rebill.account.answer(course.rebill.amount, at, &course.seen).approved
}

fn hours(from: Timestamp, until: Timestamp) -> impl Iterator<Item = Timestamp> {
    const HOURS_MAX: u32 = 24 * 120;
    let aligned = Timestamp::from_secs(from.secs().div_euclid(3_600) * 3_600 + 3_600 + 120);
    [from].into_iter().chain((0..HOURS_MAX).map(move |hour| aligned + HOUR * hour)).take_while(move |at| *at < until)
}
