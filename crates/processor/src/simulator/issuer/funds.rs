//! Money on the account: it arrives on pay days and is spent between them.

use std::time::Duration;

use domain::{
    card::Funding,
    time::{DAY, HOUR, Timestamp},
};

use super::{
    calendar::{Calendar, day_number, later},
    presented::Presented,
    world::{INTERRUPTED_DAYS, REMEMBERED_EVENTS, SECOND_INCOME_SHARE},
};
use crate::simulator::draw::{Draw, For};

/// How far back pay days are looked for, and how far ahead.
const DAYS_BEFORE: i64 = 64;
const DAYS_AHEAD: i64 = 45;

/// A cardholder's money, worked out for a span of time.
#[derive(Debug, Clone)]
pub(crate) struct Funds {
    /// Since when money is there and how much it was then, ascending in time; empty for those who never run short.
    credits: Vec<Credit>,
    free_cents: f64,
    half_spent_days: f64,
}

#[derive(Debug, Clone, Copy)]
struct Credit {
    at: Timestamp,
    cents: f64,
}

/// One income of an account.
struct Income {
    calendar: Calendar,
    usual_cents: f64,
    /// Tells the incomes of one account apart in draws.
    index: u64,
}

impl Funds {
    /// Up to the moment of the attempt; early credit is due some days later.
    pub(crate) fn until(presented: &Presented) -> Self {
        Self::over(presented, DAYS_BEFORE, presented.issuer.early_days)
    }

    /// With the money to come.
    pub(crate) fn ahead(presented: &Presented) -> Self {
        Self::over(presented, DAYS_BEFORE, DAYS_AHEAD)
    }

    /// From some days before the moment of the attempt until some days after it.
    pub(crate) fn over(presented: &Presented, days_before: i64, days_after: i64) -> Self {
        let world = presented.world;
        let mut draw = Draw::new(presented.seed, For::CardFunds, presented.account.word(), 0);
        let tight = draw.chance(tight_share(presented));
        if !tight {
            let (median, spread) = world.funds.comfortable_cents;
            let free_cents = draw.log_normal(median, spread);
            return Self { credits: Vec::new(), free_cents, half_spent_days: f64::INFINITY };
        }
        let (median, spread) = world.funds.free_after_pay_cents;
        let (low, high) = world.funds.half_spent_share;
        let (fortnight_cents, half_spent_share) = (draw.log_normal(median, spread), draw.between(low, high));
        let mut income = |index, share| {
            let calendar = Calendar::drawn(&mut draw, presented.issuer.country, world.pay.after_closed_days);
            Income { usual_cents: fortnight_cents * share * (calendar.period_days() / 14.0).sqrt(), calendar, index }
        };
        let first = income(0, 1.0);
        let half_spent_days = first.calendar.period_days() * half_spent_share;
        let second = income(1, SECOND_INCOME_SHARE);
        let has_second = draw.chance(world.pay.second_income);
        let incomes = if has_second { vec![first, second] } else { vec![first] };
        let mut credits: Vec<Credit> = incomes
            .iter()
            .flat_map(|income| income.credits(presented, days_before, days_after))
            .filter(|credit| credit.cents > 0.0)
            .collect();
        credits.sort_by_key(|credit| credit.at);
        Self { credits, free_cents: fortnight_cents, half_spent_days }
    }

    /// What is free to spend at the moment of the attempt, cents of a dollar.
    pub(crate) fn available_cents(&self, presented: &Presented) -> f64 {
        if self.half_spent_days.is_infinite() {
            return self.free_cents;
        }
        self.left_at(presented.at) * daily(presented, presented.at)
    }

    /// How long until money enough arrives; `None` when none is in sight.
    pub(crate) fn wait(&self, presented: &Presented) -> Option<Duration> {
        let to_come = self.credits.partition_point(|credit| credit.at <= presented.at);
        let enough = self.credits[to_come..]
            .iter()
            .find(|credit| self.left_at(credit.at) * daily(presented, credit.at) >= presented.cents)?;
        Some(enough.at.since(presented.at))
    }

    fn left_at(&self, at: Timestamp) -> f64 {
        let come = self.credits.partition_point(|credit| credit.at <= at);
        self.credits[come.saturating_sub(REMEMBERED_EVENTS)..come]
            .iter()
            .map(|credit| credit.cents * (-days(at.since(credit.at)) / self.half_spent_days).exp2())
            .sum()
    }
}

impl Income {
    fn credits<'a>(&'a self, presented: &'a Presented, before: i64, after: i64) -> impl Iterator<Item = Credit> + 'a {
        let today = presented.local.date();
        (-before..=after)
            .filter_map(move |ahead| later(today, ahead))
            .filter(|date| self.calendar.pays_on(presented.issuer.country, *date))
            .map(move |date| {
                let midnight = Timestamp::from_civil(date.at(0, 0, 0, 0), presented.offset_minutes);
                let posted = midnight + HOUR.mul_f64(presented.issuer.posts_at_hour);
                Credit { at: posted - DAY * presented.issuer.early_days as u32, cents: self.paid(presented, day_number(date)) }
            })
    }

    /// What one pay event brings, cents of a dollar.
    fn paid(&self, presented: &Presented, day: i64) -> f64 {
        let pay = &presented.world.pay;
        let account = presented.account.word();
        let window = day.div_euclid(INTERRUPTED_DAYS).unsigned_abs();
        let interrupted = Draw::new(presented.fate, For::Interruption, account, window * 2 + self.index).chance(pay.interrupted);
        let mut draw = Draw::new(presented.fate, For::PayEvent, account, day.unsigned_abs() * 2 + self.index);
        if draw.chance(pay.missed) || interrupted { 0.0 } else { draw.log_normal(self.usual_cents, pay.spread) }
    }
}

/// Bills and windfalls: how far the balance of a local day is from the usual.
fn daily(presented: &Presented, at: Timestamp) -> f64 {
    let day = day_number(at.civil_at(presented.offset_minutes).date());
    Draw::new(presented.fate, For::Balance, presented.account.word(), day.unsigned_abs())
        .log_normal(1.0, presented.world.funds.daily_spread)
}

fn days(span: Duration) -> f64 {
    span.as_secs_f64() / DAY.as_secs_f64()
}

const fn tight_share(presented: &Presented) -> f64 {
    let funds = &presented.world.funds;
    match presented.funding {
        Funding::Credit => funds.tight_credit,
        Funding::Prepaid => funds.tight_prepaid,
        Funding::Debit | Funding::Unknown => funds.tight_debit,
    }
}
