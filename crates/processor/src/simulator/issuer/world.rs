//! Every number of the simulated issuers in one place, and the named worlds that vary them.
//!
//! The target of the default is the decline mix of `recovery.md` §2 (merchant-initiated, consumer): about 20 % of rebills
//! declined (15–25 % there); of these 51 about 40 %, 05 about 27 % (half of them missing funds), limits 7 %, fraud 6 %,
//! lifecycle 11 %, lost and stolen 3 %, policy 3 %, technical 2 %, revoked 1 %. Figures without a source are ours,
//! chosen to meet it; a test measures the mix. A policy that is good in one of these worlds only has been tuned to it:
//! that is what the others are for.

use serde::Serialize;

use super::country::{
    AUSTRALIA, BRAZIL, CANADA, Country, FINLAND, FRANCE, GERMANY, ITALY, NETHERLANDS, UNITED_KINGDOM, UNITED_STATES,
};

/// A simulated world: how its issuers, cardholders and merchant behave.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct World {
    /// Its name in options.
    pub name: &'static str,
    /// What is special about it, in words.
    pub about: &'static str,
    /// What the merchant knows of its customers' past.
    pub history: History,
    pub(crate) countries: &'static [(f64, &'static Country)],
    pub(crate) pay: Pay,
    pub(crate) funds: Funds,
    pub(crate) issuer: Issuer,
    pub(crate) hold: Hold,
    pub(crate) limit: Limit,
    pub(crate) outage: Outage,
    pub(crate) velocity: Velocity,
    pub(crate) advice: Advice,
}

/// The card's transmitted past at this merchant. Ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// Customers of whom nothing is known but the failed rebill.
    pub none: f64,
    /// Else the mean number of earlier payments; their number is spread geometrically.
    pub mean_payments: f64,
    /// How far back they reach, days.
    pub days: f64,
    /// Share of customers who also buy now and then between their rebills.
    pub buys_between: f64,
    /// Declined rebills of the past that the merchant retried by a ladder of its own.
    pub retried: f64,
}

/// When pay arrives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pay {
    /// Issuers that post direct deposits just after local midnight (`recovery.md` §4: 00:01 local does better for debit).
    pub posted_at_midnight: f64,
    /// The others post at an hour of their own between these local hours.
    pub posting_hours: (f64, f64),
    /// A pay event that does not come.
    pub missed: f64,
    /// Windows of `INTERRUPTED_DAYS` in which an income is interrupted: lost work, changed bank.
    pub interrupted: f64,
    /// Employers who pay after a closed day, not before.
    pub after_closed_days: f64,
    /// Accounts with a second, smaller income.
    pub second_income: f64,
    /// Spread of one pay event around its usual amount (standard deviation of the logarithm).
    pub spread: f64,
}

/// Days of one window of [`Pay::interrupted`].
pub(crate) const INTERRUPTED_DAYS: i64 = 35;
/// A second income's share of the first.
pub(crate) const SECOND_INCOME_SHARE: f64 = 0.45;
/// How many past pay events still matter to a balance.
pub(crate) const REMEMBERED_EVENTS: usize = 4;

/// Money on the account.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Funds {
    /// Cardholders who run short at all.
    pub tight_debit: f64,
    pub tight_credit: f64,
    pub tight_prepaid: f64,
    /// What is free to spend after a fortnight's pay, cents of a dollar: median and spread. Other periods in proportion
    /// to the root of their length.
    pub free_after_pay_cents: (f64, f64),
    /// Share of the pay period in which half of it is spent: bounds.
    pub half_spent_share: (f64, f64),
    /// Spread of the balance from day to day.
    pub daily_spread: f64,
    /// Comfortable cardholders' free money, cents of a dollar: median and spread.
    pub comfortable_cents: (f64, f64),
}

/// Issuers' habits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Issuer {
    /// Issuers that hide missing funds behind 05, and how often they and the others do. Together about half of all 05
    /// are missing funds (`recovery.md` §2, Adyen).
    pub evasive: f64,
    pub evasive_says_05: f64,
    pub honest_says_05: f64,
    /// Issuers that credit pay early, and by how many days.
    pub early_credit: f64,
    pub early_credit_days: i64,
    /// Refusals without reason, and how far they swing with the hour of day and the weekday, issuer by issuer (blogs
    /// contradict each other on the hour, `recovery.md` §4).
    pub mood: f64,
    pub hour_swing: (f64, f64),
    pub weekday_swing: (f64, f64),
    /// How much stricter that mood is with a card that was declined during the last three weeks.
    pub stricter_after_decline: f64,
}

/// Risk rules of the issuer that stop a card for a while.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hold {
    /// Windows of `HOLD_WINDOW_DAYS` in which a hold begins.
    pub begins: f64,
    /// Half-life by issuer, hours: bounds (hours to days, `recovery.md` §6).
    pub half_life_hours: (f64, f64),
    /// Holds that stay until the customer calls; as long as a rescue may last.
    pub stays: f64,
    /// Told as fraud (59, 62, 63; Mastercard 83); the rest as 05 (issuers' 59 reaches merchants as 05, `recovery.md` §2).
    pub told_as_fraud: f64,
}

pub(crate) const HOLD_WINDOW_DAYS: i64 = 14;
pub(crate) const HOLD_STAYS_DAYS: f64 = 40.0;
/// Customer present: an issuer asks for authentication instead, and lifts the hold when it is given.
pub(crate) const ASKS_AUTHENTICATION: f64 = 0.25;
pub(crate) const LIFTED_BY_AUTHENTICATION: f64 = 0.7;

/// Count and amount limits of the card.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Limit {
    /// Days on which other purchases use the count up, from an hour in `USED_UP_FROM_HOURS` until local midnight.
    pub day_used_up: f64,
    /// Months in which the amount is used up, from this day until the 1st.
    pub month_used_up: f64,
    pub month_used_up_from_day: i8,
}

pub(crate) const USED_UP_FROM_HOURS: (f64, f64) = (8.0, 22.0);
/// Our own approvals of one card on one local day.
pub(crate) const APPROVALS_PER_DAY_MAX: usize = 5;

/// Outages and noise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Outage {
    /// Days on which an issuer's host goes down.
    pub per_day: f64,
    pub mean_hours: f64,
    /// One message lost on the way to the issuer.
    pub noise: f64,
}

pub(crate) const OUTAGE_HOURS_MAX: f64 = 14.0;

/// Knocking is punished: "extra attempts raise later declines" (`recovery.md` §4).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Velocity {
    /// Declines within a day after which an issuer blocks: bounds.
    pub declines_per_day_max: (f64, f64),
    /// How long it blocks after the last one, hours: bounds.
    pub block_hours: (f64, f64),
    /// Declines within seven days, likewise, and how many days it blocks.
    pub declines_per_week_max: (f64, f64),
    pub week_block_days: (f64, f64),
    /// Each decline of the last week adds this much chance of a refusal, up to `FATIGUE_MAX`.
    pub fatigue: f64,
}

pub(crate) const FATIGUE_MAX: f64 = 0.35;

/// Mastercard's advice with 51.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Advice {
    /// Issuers may leave it out (`domain-rules.md` §2.2).
    pub given: f64,
    /// Taken from the air instead of from the pay calendar.
    pub wrong: f64,
    /// Holds answered with advice 02.
    pub hold_says_02: f64,
    /// Dead cards and revoked mandates answered without their advice.
    pub missing: f64,
}

/// Cards that are expired, replaced, closed, lost: the same in every world.
pub(super) mod life {
    /// Lost, stolen or closed from the outset, and each year after `YEAR_ZERO`.
    pub const DEAD: f64 = 0.0043;
    pub const DEAD_PER_YEAR: f64 = 0.003;
    /// Reissued since it was put on file, likewise.
    pub const REISSUED: f64 = 0.018;
    pub const REISSUED_PER_YEAR: f64 = 0.01;
    pub const YEAR_ZERO_SECS: i64 = 1_767_225_600; // 2026-01-01
    pub const YEARS: f64 = 10.0;
    /// Reissues that change only the expiry.
    pub const EXPIRY_ONLY: f64 = 0.7;
    /// Of these: the issuer takes the old expiry for merchant-initiated payments, or updates it on the fly.
    pub const OLD_EXPIRY_TAKEN: f64 = 0.10;
    pub const UPDATED_ON_THE_FLY: f64 = 0.08;
    /// Mastercard: told as 79 with advice 01 instead of 54 or 14.
    pub const TOLD_AS_79: f64 = 0.5;
    /// What the updater knows of reissued cards: new data, closed; else nothing.
    pub const UPDATER_KNOWS: (f64, f64) = (0.75, 0.10);
    /// And of dead ones.
    pub const UPDATER_KNOWS_DEAD: (f64, f64) = (0.4, 0.4);
}

/// What an issuer will not do at all: the same in every world.
pub(super) mod policy {
    /// Cards barred for this kind of payment.
    pub const BARRED: f64 = 0.0050;
    /// Mandates revoked (merchant-initiated only).
    pub const REVOKED: f64 = 0.0016;
}

const EVERYWHERE: &[(f64, &Country)] = &[
    (0.46, &UNITED_STATES),
    (0.12, &UNITED_KINGDOM),
    (0.07, &GERMANY),
    (0.05, &FRANCE),
    (0.03, &NETHERLANDS),
    (0.03, &ITALY),
    (0.02, &FINLAND),
    (0.08, &AUSTRALIA),
    (0.07, &BRAZIL),
    (0.07, &CANADA),
];
const ABROAD: &[(f64, &Country)] = &[
    (0.22, &UNITED_KINGDOM),
    (0.12, &GERMANY),
    (0.10, &FRANCE),
    (0.08, &NETHERLANDS),
    (0.08, &ITALY),
    (0.05, &FINLAND),
    (0.13, &AUSTRALIA),
    (0.13, &BRAZIL),
    (0.09, &CANADA),
];

const DEFAULT: World = World {
    name: "default",
    about: "issuers of ten countries, all obstacles at their usual strength",
    history: History { none: 0.25, mean_payments: 5.0, days: 240.0, buys_between: 0.3, retried: 0.5 },
    countries: EVERYWHERE,
    pay: Pay {
        posted_at_midnight: 0.55,
        posting_hours: (3.0, 11.0),
        missed: 0.05,
        interrupted: 0.06,
        after_closed_days: 0.15,
        second_income: 0.15,
        spread: 0.3,
    },
    funds: Funds {
        tight_debit: 0.32,
        tight_credit: 0.19,
        tight_prepaid: 0.60,
        free_after_pay_cents: (22_000.0, 0.7),
        half_spent_share: (0.08, 0.30),
        daily_spread: 0.35,
        comfortable_cents: (600_000.0, 0.6),
    },
    issuer: Issuer {
        evasive: 0.2,
        evasive_says_05: 0.85,
        honest_says_05: 0.10,
        early_credit: 0.15,
        early_credit_days: 2,
        mood: 0.006,
        hour_swing: (0.2, 0.95),
        weekday_swing: (0.0, 0.6),
        stricter_after_decline: 12.0,
    },
    hold: Hold { begins: 0.075, half_life_hours: (8.0, 100.0), stays: 0.15, told_as_fraud: 0.4 },
    limit: Limit { day_used_up: 0.022, month_used_up: 0.03, month_used_up_from_day: 23 },
    outage: Outage { per_day: 0.015, mean_hours: 3.0, noise: 0.0015 },
    velocity: Velocity {
        declines_per_day_max: (3.0, 6.99),
        block_hours: (20.0, 60.0),
        declines_per_week_max: (5.0, 9.99),
        week_block_days: (2.0, 6.0),
        fatigue: 0.03,
    },
    advice: Advice { given: 0.6, wrong: 0.5, hold_says_02: 0.3, missing: 0.2 },
};

/// All worlds by name; the first is the default.
pub const WORLDS: &[&World] = &[&DEFAULT, &DOMESTIC, &ABROAD_WORLD, &THIN, &RICH, &EVASIVE, &HARSH, &MIDNIGHT, &VOLATILE];

/// The sandbox's world, whose customers all live in the United States like its test cards.
pub(crate) const DOMESTIC: World = World {
    name: "domestic",
    about: "as the default, with customers in the United States alone",
    countries: &[(1.0, &UNITED_STATES)],
    ..DEFAULT
};

const ABROAD_WORLD: World = World {
    name: "abroad",
    about: "no customers in the United States: monthly pay prevails, all clocks differ from the merchant's",
    countries: ABROAD,
    ..DEFAULT
};

const THIN: World = World {
    name: "thin",
    about: "a merchant that knows next to nothing of its customers' past",
    history: History { none: 0.7, mean_payments: 1.5, days: 90.0, buys_between: 0.05, retried: 0.3 },
    ..DEFAULT
};

const RICH: World = World {
    name: "rich",
    about: "a merchant whose customers buy often, so that their past shows when they have money",
    history: History { none: 0.05, mean_payments: 8.0, days: 360.0, buys_between: 0.85, retried: 0.7 },
    ..DEFAULT
};

const EVASIVE: World = World {
    name: "evasive",
    about: "most issuers say 05 for everything, Mastercard's advice is noise",
    issuer: Issuer { evasive: 0.7, evasive_says_05: 0.92, honest_says_05: 0.2, ..DEFAULT.issuer },
    hold: Hold { told_as_fraud: 0.1, ..DEFAULT.hold },
    advice: Advice { given: 0.8, wrong: 0.9, hold_says_02: 0.5, missing: 0.5 },
    ..DEFAULT
};

const HARSH: World = World {
    name: "harsh",
    about: "issuers that punish knocking, hold cards for long and go down often",
    issuer: Issuer { mood: 0.012, stricter_after_decline: 16.0, ..DEFAULT.issuer },
    hold: Hold { begins: 0.10, half_life_hours: (24.0, 240.0), stays: 0.3, told_as_fraud: 0.4 },
    outage: Outage { per_day: 0.04, mean_hours: 5.0, noise: 0.004 },
    velocity: Velocity {
        declines_per_day_max: (2.0, 3.99),
        block_hours: (48.0, 120.0),
        declines_per_week_max: (3.0, 5.99),
        week_block_days: (4.0, 10.0),
        fatigue: 0.06,
    },
    ..DEFAULT
};

const MIDNIGHT: World = World {
    name: "midnight",
    about: "money and limits come at midnight and are gone by the evening; issuers' moods swing with the hour",
    pay: Pay { posted_at_midnight: 0.95, ..DEFAULT.pay },
    funds: Funds {
        half_spent_share: (0.03, 0.12),
        free_after_pay_cents: (32_000.0, 0.7),
        tight_debit: 0.24,
        tight_credit: 0.15,
        ..DEFAULT.funds
    },
    issuer: Issuer { mood: 0.010, hour_swing: (0.8, 1.0), ..DEFAULT.issuer },
    limit: Limit { day_used_up: 0.06, month_used_up: 0.06, month_used_up_from_day: 20 },
    ..DEFAULT
};

const VOLATILE: World = World {
    name: "volatile",
    about: "incomes that vary, are missed and interrupted, and balances that jump from day to day",
    pay: Pay { missed: 0.15, interrupted: 0.15, second_income: 0.35, spread: 0.6, ..DEFAULT.pay },
    funds: Funds { daily_spread: 0.9, ..DEFAULT.funds },
    ..DEFAULT
};

impl World {
    /// A world by its name.
    pub fn named(name: &str) -> Option<&'static Self> {
        WORLDS.iter().copied().find(|world| world.name == name)
    }

    /// The world that is meant when none is named.
    pub fn builtin() -> &'static Self {
        &DEFAULT
    }
}
