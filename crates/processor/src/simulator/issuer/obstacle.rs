//! Obstacles that come and go: outages, holds, limits, velocity blocks.

use domain::time::{DAY, HOUR, Timestamp};

use super::{
    calendar::day_number,
    parameters::{hold, limit, outage, velocity},
    presented::Presented,
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
        let mut draw = Draw::new(presented.seed, For::IssuerOutage, presented.issuer.key, day.unsigned_abs());
        let goes_down = draw.chance(outage::PER_DAY);
        let begins = Timestamp::from_secs(day * DAY_SECS) + DAY.mul_f64(draw.unit());
        let hours = draw.exponential(outage::MEAN_HOURS).min(outage::HOURS_MAX);
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
    let window = presented.at.secs().div_euclid(hold::WINDOW_DAYS * DAY_SECS);
    let reach = (hold::STAYS_DAYS / hold::WINDOW_DAYS as f64).ceil() as i64;
    (window - reach..=window).find_map(|window| hold_of_window(presented, window))
}

fn hold_of_window(presented: &Presented, window: i64) -> Option<Hold> {
    let mut draw = Draw::new(presented.seed, For::Hold, presented.account.word(), window.unsigned_abs());
    if !draw.chance(hold::BEGINS) {
        return None;
    }
    let begins =
        Timestamp::from_secs(window * hold::WINDOW_DAYS * DAY_SECS) + (DAY * hold::WINDOW_DAYS as u32).mul_f64(draw.unit());
    let stays = draw.chance(hold::STAYS);
    let passing = HOUR.mul_f64(draw.exponential(presented.issuer.hold_mean_hours).min(hold::STAYS_DAYS * 24.0));
    let ends = begins + if stays { DAY.mul_f64(hold::STAYS_DAYS) } else { passing };
    let lifted = draw.chance(hold::LIFTED_BY_AUTHENTICATION) && presented.is_authenticated && !presented.is_mit;
    let told_as_fraud = draw.chance(hold::TOLD_AS_FRAUD);
    let asks = draw.chance(hold::ASKS_AUTHENTICATION) && !presented.is_mit && !presented.is_authenticated;
    (begins <= presented.at && presented.at < ends && !lifted).then_some(Hold { told_as_fraud, asks_authentication: asks })
}

/// The code of a count or amount limit that is used up now, if any.
pub(super) fn limit(presented: &Presented, card: &History) -> Option<&'static str> {
    let day = day_number(presented.local.date());
    let mut draw = Draw::new(presented.seed, For::CountLimit, presented.account.word(), day.unsigned_abs());
    let (from, to) = limit::USED_UP_FROM_HOURS;
    if draw.chance(limit::DAY_USED_UP) && presented.local_hour() >= draw.between(from, to) {
        return Some(draw.pick(&[(0.6, "65"), (0.4, "61")], "65"));
    }
    let is_today =
        |earlier: &&Earlier| earlier.approved && earlier.at.civil_at(presented.offset_minutes).date() == presented.local.date();
    if card.attempts.iter().filter(is_today).count() >= limit::APPROVALS_PER_DAY_MAX {
        return Some("65");
    }
    let month = i64::from(presented.local.year()) * 12 + i64::from(presented.local.month());
    let mut draw = Draw::new(presented.seed, For::MonthLimit, presented.account.word(), month.unsigned_abs());
    (draw.chance(limit::MONTH_USED_UP) && presented.local.day() >= limit::MONTH_USED_UP_FROM_DAY).then_some("61")
}

/// Whether the issuer blocks the card because it was knocked at too often.
pub(super) fn is_blocked(presented: &Presented, card: &History) -> bool {
    let declines: Vec<Timestamp> = card.declines().map(|earlier| earlier.at).collect();
    let threshold = presented.issuer.declines_per_day_max;
    let block = HOUR.mul_f64(presented.issuer.block_hours);
    let struck =
        |burst: &[Timestamp]| matches!(burst, [first, .., last] if last.since(*first) < DAY && presented.at < *last + block);
    declines.windows(threshold.max(2)).any(struck)
}

/// Chance of a refusal because of the declines of the last week.
pub(super) fn fatigue(presented: &Presented, card: &History) -> f64 {
    let recent = card.declines().filter(|earlier| presented.at.since(earlier.at) < DAY * 7).count();
    (recent as f64 * velocity::FATIGUE).min(velocity::FATIGUE_MAX)
}
