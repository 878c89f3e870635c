//! The hypotheses: each says how likely an approval is at a moment, given when the last failure was.

use super::{
    cause::Cause,
    params::{GAP_HOURS, Params, age_bucket, bucket},
};
use crate::calendar::Calendars;

/// How fast money fades: fast, middling, slowly.
pub const FADES: usize = 3;
/// Irregular earners, by the mean days between credits.
pub const IRREGULAR: usize = 2;
const IRREGULAR_DAYS: [f64; IRREGULAR] = [3.0, 9.0];
/// Holds, by their mean life in days.
pub const HOLDS: usize = 3;
const HOLD_DAYS: [f64; HOLDS] = [0.4, 1.8, 7.0];
/// Limits: of the day, of the month, of rolling days.
pub const LIMITS: usize = 3;
const ROLLING_DAYS: f64 = 2.0;
/// Outages, by their mean life in days.
pub const OUTAGES: usize = 2;
const OUTAGE_DAYS: [f64; OUTAGES] = [0.1, 0.6];
/// Hours after local midnight within which a pay event of the day may still be posted.
const POSTING_HOURS: f64 = 12.0;
/// Chance while a limit still stands.
const STILL_LIMITED: f64 = 0.02;
/// No hypothesis is ever certain: issuers refuse without reason, and approve without.
const LEAST: f64 = 0.002;
const MOST: f64 = 0.97;

/// A hypothesis, by what it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hypothesis {
    /// Money comes by a calendar (by position) and fades so fast.
    Paid {
        /// Position among [`crate::calendar::all`].
        calendar: usize,
        /// How fast it fades.
        fade: usize,
    },
    /// Money comes at no regular time.
    Irregular(usize),
    /// A hold of the issuer.
    Hold(usize),
    /// The limit of the local day.
    DayLimit,
    /// The limit of the local month.
    MonthLimit,
    /// A limit of rolling days.
    RollingLimit,
    /// An outage.
    Outage(usize),
    /// Wrong data.
    Data,
    /// A dead card.
    Dead,
}

impl Hypothesis {
    /// The cause it is a form of.
    pub const fn cause(self) -> Cause {
        match self {
            Self::Paid { .. } | Self::Irregular(_) => Cause::Funds,
            Self::Hold(_) => Cause::Hold,
            Self::DayLimit | Self::MonthLimit | Self::RollingLimit => Cause::Limit,
            Self::Outage(_) => Cause::Outage,
            Self::Data => Cause::Data,
            Self::Dead => Cause::Dead,
        }
    }

    /// All, in a fixed order; `calendars` is how many there are.
    pub fn all(calendars: usize) -> Vec<Self> {
        let paid = (0..calendars).flat_map(|calendar| (0..FADES).map(move |fade| Self::Paid { calendar, fade }));
        let rest = (0..IRREGULAR).map(Self::Irregular).chain((0..HOLDS).map(Self::Hold));
        let limits = [Self::DayLimit, Self::MonthLimit, Self::RollingLimit];
        let rest = rest.chain(limits).chain((0..OUTAGES).map(Self::Outage)).chain([Self::Data, Self::Dead]);
        paid.chain(rest).collect()
    }
}

/// A moment in the cardholder's local time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// Days since the epoch, with their fraction.
    pub days: f64,
    /// The day.
    pub day: i64,
    /// Number of the month since year 0.
    pub month: i32,
}

impl Local {
    /// Hours between a local midnight and this moment.
    fn hours_since(self, day: f64) -> f64 {
        (self.days - day) * 24.0
    }
}

/// What hypotheses are asked with.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The numbers.
    pub params: &'a Params,
    /// The calendars of the card's region.
    pub calendars: &'a Calendars,
}

impl World<'_> {
    /// Chance of approval at a moment, when the last failure was at `since`.
    pub fn chance(&self, hypothesis: Hypothesis, at: Local, since: Local) -> f64 {
        let gap_days = (at.days - since.days).max(0.0);
        let grown = |days: f64| 1.0 - (-gap_days / days).exp();
        let params = self.params;
        let of = |table: &[f64], kind: usize| table.get(kind).copied().unwrap_or(0.0);
        let chance = match hypothesis {
            Hypothesis::Paid { calendar, fade } => self.after_failure(calendar, fade, at, since),
            Hypothesis::Irregular(kind) => of(&params.irregular, kind) * grown(of(&IRREGULAR_DAYS, kind)),
            Hypothesis::Hold(kind) => of(&params.after_hold, kind) * grown(of(&HOLD_DAYS, kind)),
            Hypothesis::DayLimit => over(at.day > since.day, params.after_limit[0]),
            Hypothesis::MonthLimit => over(at.month > since.month, params.after_limit[1]),
            Hypothesis::RollingLimit => STILL_LIMITED + params.after_limit[2] * grown(ROLLING_DAYS),
            Hypothesis::Outage(kind) => of(&params.after_outage, kind) * grown(of(&OUTAGE_DAYS, kind)),
            Hypothesis::Data => params.lost[0],
            Hypothesis::Dead => params.lost[1],
        };
        chance.clamp(LEAST, MOST)
    }

    /// Chance of approval at a moment when nothing else is known of the account.
    pub fn fresh(&self, hypothesis: Hypothesis, at: Local) -> f64 {
        let chance = match hypothesis {
            Hypothesis::Paid { calendar, fade } => self.money(calendar, fade, at),
            Hypothesis::Irregular(kind) => self.params.irregular.get(kind).copied().unwrap_or(0.0),
            _ => 0.5,
        };
        chance.clamp(LEAST, MOST)
    }

    /// The age bucket of the pay event behind a moment, when a failure at `since` does not speak about the same one.
    pub fn age_of_new_money(&self, calendar: usize, at: Local, since: Local) -> Option<usize> {
        let credit = self.calendars.last_credit(calendar, at.day)? as f64;
        (since.days < credit).then(|| age_bucket(at.hours_since(credit)))
    }

    /// Puts the chances of all hypotheses at a moment into `into`, in their order: [`World::chance`] when a failure is
    /// told, else [`World::fresh`]. Asks each calendar once.
    pub fn all_chances(&self, hypotheses: &[Hypothesis], at: Local, since: Option<Local>, into: &mut Vec<f64>) {
        into.clear();
        for hypothesis in hypotheses {
            let Hypothesis::Paid { calendar, fade: 0 } = *hypothesis else {
                if !matches!(hypothesis, Hypothesis::Paid { .. }) {
                    into.push(since.map_or_else(|| self.fresh(*hypothesis, at), |since| self.chance(*hypothesis, at, since)));
                }
                continue;
            };
            let credit = self.calendars.last_credit(calendar, at.day).map(|day| day as f64);
            let of = |fade| match (credit, since) {
                (None, None) => 0.0,
                (Some(credit), None) => self.table(fade, at.hours_since(credit)),
                (_, Some(since)) => self.with_credit(credit, fade, at, since),
            };
            into.extend((0..FADES).map(|fade| of(fade).clamp(LEAST, MOST)));
        }
    }

    /// Chance after a failure when no pay day came in between.
    pub fn top_up(&self, at: Local, since: Local) -> f64 {
        let gap_hours = (at.days - since.days).max(0.0) * 24.0;
        self.params.top_up.get(bucket(&GAP_HOURS, gap_hours)).copied().unwrap_or(0.0)
    }

    fn money(&self, calendar: usize, fade: usize, at: Local) -> f64 {
        let Some(credit) = self.calendars.last_credit(calendar, at.day) else { return 0.0 };
        self.table(fade, (at.days - credit as f64) * 24.0)
    }

    fn table(&self, fade: usize, age_hours: f64) -> f64 {
        self.params.money.get(fade).and_then(|row| row.get(age_bucket(age_hours))).copied().unwrap_or(0.0)
    }

    fn after_failure(&self, calendar: usize, fade: usize, at: Local, since: Local) -> f64 {
        let credit = self.calendars.last_credit(calendar, at.day).map(|day| day as f64);
        self.with_credit(credit, fade, at, since)
    }

    /// Chance after a failure, when the day of the last pay event before `at` is known.
    pub fn with_credit(&self, credit: Option<f64>, fade: usize, at: Local, since: Local) -> f64 {
        if let Some(credit) = credit.filter(|credit| since.days < *credit) {
            return self.table(fade, at.hours_since(credit));
        }
        let top_up = self.top_up(at, since);
        let Some(credit) = credit.filter(|credit| since.hours_since(*credit) < POSTING_HOURS) else { return top_up };
        // The failure may have come before the money of that day was posted.
        let (then, now) = (self.table(fade, since.hours_since(credit)), self.table(fade, at.hours_since(credit)));
        top_up + ((now - then) / (1.0 - then).max(0.05)).max(0.0)
    }
}

const fn over(is_over: bool, chance: f64) -> f64 {
    if is_over { chance } else { STILL_LIMITED }
}
