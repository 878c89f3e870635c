//! Obstacles that come and go: outages, holds, limits, velocity blocks.

use std::time::Duration;

use domain::time::{DAY, HOUR, Timestamp};

use super::{
    calendar::day_number,
    presented::Presented,
    world::{
        APPROVALS_PER_DAY_MAX, ASKS_AUTHENTICATION, FATIGUE_MAX, HOLD_STAYS_DAYS, HOLD_WINDOW_DAYS, LIFTED_BY_AUTHENTICATION,
        OUTAGE_HOURS_MAX, USED_UP_FROM_HOURS,
    },
};
use crate::simulator::{
    draw::{Draw, For},
    history::{Earlier, History},
};

const DAY_SECS: i64 = 86_400;

/// Whether the issuer's host is down. An outage may reach into the next day.
pub(super) fn is_issuer_down(presented: &Presented) -> bool {
    let today = presented.at.secs().div_euclid(DAY_SECS);
    [today, today - 1].into_iter().any(|day| {
        let mut draw = Draw::new(presented.fate, For::IssuerOutage, presented.issuer.key, day.unsigned_abs());
        let goes_down = draw.chance(presented.world.outage.per_day);
        let begins = Timestamp::from_secs(day * DAY_SECS) + DAY.mul_f64(draw.unit());
        let hours = draw.exponential(presented.world.outage.mean_hours).min(OUTAGE_HOURS_MAX);
        goes_down && begins <= presented.at && presented.at < begins + HOUR.mul_f64(hours)
    })
}

/// A hold in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub told_as_fraud: bool,
    pub asks_authentication: bool,
}

/// The issuer's risk rule that stops this account now, if any.
pub(super) fn hold(presented: &Presented) -> Option<Hold> {
    let window = presented.at.secs().div_euclid(HOLD_WINDOW_DAYS * DAY_SECS);
    let reach = (HOLD_STAYS_DAYS / HOLD_WINDOW_DAYS as f64).ceil() as i64;
    (window - reach..=window).find_map(|window| hold_of_window(presented, window))
}

fn hold_of_window(presented: &Presented, window: i64) -> Option<Hold> {
    let mut draw = Draw::new(presented.fate, For::Hold, presented.account.word(), window.unsigned_abs());
    if !draw.chance(presented.world.hold.begins) {
        return None;
    }
    let begins =
        Timestamp::from_secs(window * HOLD_WINDOW_DAYS * DAY_SECS) + (DAY * HOLD_WINDOW_DAYS as u32).mul_f64(draw.unit());
    let stays = draw.chance(presented.world.hold.stays);
    let passing = HOUR
        .mul_f64(draw.exponential(presented.issuer.hold_half_life_hours / std::f64::consts::LN_2).min(HOLD_STAYS_DAYS * 24.0));
    let ends = begins + if stays { DAY.mul_f64(HOLD_STAYS_DAYS) } else { passing };
    let lifted = draw.chance(LIFTED_BY_AUTHENTICATION) && presented.is_authenticated && !presented.is_mit;
    let told_as_fraud = draw.chance(presented.world.hold.told_as_fraud);
    let asks = draw.chance(ASKS_AUTHENTICATION) && !presented.is_mit && !presented.is_authenticated;
    (begins <= presented.at && presented.at < ends && !lifted).then_some(Hold { told_as_fraud, asks_authentication: asks })
}

/// The code of a count or amount limit that is used up now, if any.
pub(super) fn limit(presented: &Presented, card: &History) -> Option<&'static str> {
    let day = day_number(presented.local.date());
    let mut draw = Draw::new(presented.fate, For::CountLimit, presented.account.word(), day.unsigned_abs());
    let (from, to) = USED_UP_FROM_HOURS;
    if draw.chance(presented.world.limit.day_used_up) && presented.local_hour() >= draw.between(from, to) {
        return Some(draw.pick(&[(0.6, "65"), (0.4, "61")], "65"));
    }
    let is_today =
        |earlier: &&Earlier| earlier.approved && earlier.at.civil_at(presented.offset_minutes).date() == presented.local.date();
    if card.attempts.iter().filter(is_today).count() >= APPROVALS_PER_DAY_MAX {
        return Some("65");
    }
    let month = i64::from(presented.local.year()) * 12 + i64::from(presented.local.month());
    let mut draw = Draw::new(presented.fate, For::MonthLimit, presented.account.word(), month.unsigned_abs());
    (draw.chance(presented.world.limit.month_used_up) && presented.local.day() >= presented.world.limit.month_used_up_from_day)
        .then_some("61")
}

/// Whether the issuer blocks the card because it was knocked at too often, in a day or in a week.
pub(super) fn is_blocked(presented: &Presented, card: &History) -> bool {
    let declines: Vec<Timestamp> = card.declines().map(|earlier| earlier.at).collect();
    let issuer = &presented.issuer;
    let struck = |most: usize, span: Duration, block: Duration| {
        declines
            .windows(most.max(2))
            .any(|burst| matches!(burst, [first, .., last] if last.since(*first) < span && presented.at < *last + block))
    };
    struck(issuer.declines_per_day_max, DAY, HOUR.mul_f64(issuer.block_hours))
        || struck(issuer.declines_per_week_max, DAY * 7, DAY.mul_f64(issuer.week_block_days))
}

/// Chance of a refusal because of the declines of the last week.
pub(super) fn fatigue(presented: &Presented, card: &History) -> f64 {
    let recent = declines_within(presented, card, DAY * 7);
    (recent as f64 * presented.world.velocity.fatigue).min(FATIGUE_MAX)
}

/// Whether the issuer looks harder at this card, because it was declined lately.
pub(super) fn is_under_watch(presented: &Presented, card: &History) -> bool {
    declines_within(presented, card, DAY * 21) > 0
}

fn declines_within(presented: &Presented, card: &History, span: Duration) -> usize {
    card.declines().filter(|earlier| presented.at.since(earlier.at) < span).count()
}
