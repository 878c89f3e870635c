//! Money on the account: it arrives on pay days and is spent between them.

use std::time::Duration;

use domain::{
    card::Funding,
    time::{DAY, HOUR, Timestamp},
};
use jiff::civil::Date;

use super::{
    calendar::{Calendar, day_number, later},
    parameters::{funds, pay},
    presented::Presented,
};
use crate::simulator::draw::{Draw, For};

/// How far back and ahead pay days are looked for.
const SEARCH_DAYS_MAX: i64 = 70;

/// A cardholder's money.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Funds {
    calendar: Calendar,
    /// Hours after local midnight at which pay is posted.
    posted_hours: f64,
    early_days: i64,
    free_cents: f64,
    half_spent_days: f64,
}

impl Funds {
    pub(crate) fn of(presented: &Presented) -> Self {
        let mut draw = Draw::new(presented.seed, For::CardFunds, presented.account.word(), 0);
        let tight = draw.chance(tight_share(presented.funding));
        let (median, spread) = if tight { funds::FREE_AFTER_PAY_CENTS } else { funds::COMFORTABLE_CENTS };
        let (low, high) = funds::HALF_SPENT_DAYS;
        let half_spent_days = if tight { draw.between(low, high) } else { f64::INFINITY };
        let free_cents = draw.log_normal(median, spread);
        let at_midnight = draw.chance(pay::POSTED_AT_MIDNIGHT);
        let (morning, noon) = pay::MORNING_HOURS;
        let posted_hours = if at_midnight { 0.01 } else { draw.between(morning, noon) };
        let early_days = presented.issuer.early_days;
        Self { calendar: Calendar::drawn(&mut draw), posted_hours, early_days, free_cents, half_spent_days }
    }

    /// What is free to spend at the moment of the attempt, cents.
    pub(crate) fn available_cents(&self, presented: &Presented) -> f64 {
        if self.half_spent_days.is_infinite() {
            return self.free_cents;
        }
        let today = presented.local.date();
        // Early credit moves pay days ahead of the calendar.
        let days = (-self.early_days..SEARCH_DAYS_MAX).filter_map(|back| later(today, -back));
        days.filter(|date| self.calendar.pays_on(*date))
            .filter_map(|date| self.left_of(presented, date))
            .take(pay::REMEMBERED_EVENTS)
            .fold(0.0, f64::max)
    }

    /// How long until money enough arrives; `None` when none is in sight.
    pub(crate) fn wait(&self, presented: &Presented) -> Option<Duration> {
        let today = presented.local.date();
        let days = (0..SEARCH_DAYS_MAX).filter_map(|ahead| later(today, ahead));
        days.filter(|date| self.calendar.pays_on(*date))
            .map(|date| (self.posted_at(presented, date), self.paid(presented, date)))
            .find(|(at, cents)| *at > presented.at && *cents >= presented.cents)
            .map(|(at, _)| at.since(presented.at))
    }

    /// What is left of one pay event; `None` when it is still to come.
    fn left_of(&self, presented: &Presented, date: Date) -> Option<f64> {
        let posted = self.posted_at(presented, date);
        (posted <= presented.at).then(|| {
            let days = presented.at.since(posted).as_secs_f64() / DAY.as_secs_f64();
            self.paid(presented, date) * (-days / self.half_spent_days).exp2()
        })
    }

    /// What one pay event brings, cents.
    fn paid(&self, presented: &Presented, date: Date) -> f64 {
        let mut draw = Draw::new(presented.seed, For::PayEvent, presented.account.word(), day_number(date).unsigned_abs());
        if draw.chance(pay::MISSED) { 0.0 } else { draw.log_normal(self.free_cents, pay::SPREAD) }
    }

    fn posted_at(&self, presented: &Presented, date: Date) -> Timestamp {
        let midnight = Timestamp::from_civil(date.at(0, 0, 0, 0), presented.offset_minutes);
        midnight + HOUR.mul_f64(self.posted_hours) - DAY * self.early_days as u32
    }
}

const fn tight_share(funding: Funding) -> f64 {
    match funding {
        Funding::Credit => funds::TIGHT_CREDIT,
        Funding::Prepaid => funds::TIGHT_PREPAID,
        Funding::Debit | Funding::Unknown => funds::TIGHT_DEBIT,
    }
}
