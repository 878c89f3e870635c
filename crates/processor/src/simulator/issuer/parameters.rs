//! Every number of the simulated issuers in one place.
//!
//! The target is the decline mix of `recovery.md` §2 (merchant-initiated, consumer): about 20 % of rebills declined (15–25 % there);
//! of these 51 about 40 %, 05 about 27 % (half of them missing funds), limits 7 %, fraud 6 %, lifecycle 11 %, lost and
//! stolen 3 %, policy 3 %, technical 2 %, revoked 1 %. Figures without a source are ours, chosen to meet it; a test
//! measures the mix.

/// Pay calendars and their weights. US habits of `recovery.md` §4: alternate Fridays, 1st and 15th, the 3rd (social security).
pub(super) mod pay {
    pub const WEEKLY: f64 = 0.22;
    pub const FORTNIGHTLY: f64 = 0.40;
    pub const HALF_MONTHLY: f64 = 0.20;
    pub const MONTHLY: f64 = 0.11;
    pub const LAST_WORKING_DAY: f64 = 0.07;
    /// Among the monthly ones: the 3rd.
    pub const ON_THE_THIRD: f64 = 0.4;
    /// Direct deposits post just after local midnight (`recovery.md` §4: 00:01 local does better for debit).
    pub const POSTED_AT_MIDNIGHT: f64 = 0.55;
    /// Else in the morning, between these local hours.
    pub const MORNING_HOURS: (f64, f64) = (5.0, 10.0);
    /// A pay event that does not come.
    pub const MISSED: f64 = 0.05;
    /// Spread of the amount of one pay event around its usual one (standard deviation of the logarithm).
    pub const SPREAD: f64 = 0.25;
    /// How many past pay events still matter to a balance.
    pub const REMEMBERED_EVENTS: usize = 3;
}

/// Money on the account.
pub(super) mod funds {
    /// Cardholders who run short at all.
    pub const TIGHT_DEBIT: f64 = 0.34;
    pub const TIGHT_CREDIT: f64 = 0.20;
    pub const TIGHT_PREPAID: f64 = 0.60;
    /// What is free to spend after pay day, cents of a currency with two decimals: median and spread.
    pub const FREE_AFTER_PAY_CENTS: (f64, f64) = (22_000.0, 0.7);
    /// Days in which half of it is spent: bounds.
    pub const HALF_SPENT_DAYS: (f64, f64) = (1.5, 4.5);
    /// Comfortable cardholders' free money, cents: median and spread.
    pub const COMFORTABLE_CENTS: (f64, f64) = (600_000.0, 0.6);
}

/// Issuers' habits.
pub(super) mod issuer {
    /// Issuers that hide missing funds behind 05, and how often they and the others do. Together about half of all 05
    /// are missing funds (`recovery.md` §2, Adyen).
    pub const EVASIVE: f64 = 0.2;
    pub const EVASIVE_SAYS_05: f64 = 0.85;
    pub const HONEST_SAYS_05: f64 = 0.10;
    /// Issuers that credit pay early, and by how many days.
    pub const EARLY_CREDIT: f64 = 0.15;
    pub const EARLY_CREDIT_DAYS: i64 = 2;
    /// Local offsets of issuers' customers, minutes east of UTC: the US zones in winter.
    pub const OFFSETS_MINUTES: [(f64, i32); 4] = [(0.48, -300), (0.29, -360), (0.07, -420), (0.16, -480)];
    /// Refusals without reason, and how far they swing with the hour of day, issuer by issuer (blogs contradict each
    /// other on the hour, `recovery.md` §4).
    pub const MOOD: f64 = 0.006;
    pub const MOOD_SWING: (f64, f64) = (0.2, 0.9);
}

/// Risk rules of the issuer that stop a card for a while.
pub(super) mod hold {
    pub const WINDOW_DAYS: i64 = 14;
    /// Windows in which a hold begins.
    pub const BEGINS: f64 = 0.11;
    /// Mean length by issuer, hours: bounds (half-life of hours to days, `recovery.md` §6).
    pub const MEAN_HOURS: (f64, f64) = (12.0, 96.0);
    /// Holds that stay until the customer calls; as long as a rescue may last.
    pub const STAYS: f64 = 0.12;
    pub const STAYS_DAYS: f64 = 40.0;
    /// Told as fraud (59, 62, 63; Mastercard 83); the rest as 05 (issuers' 59 reaches merchants as 05, `recovery.md` §2).
    pub const TOLD_AS_FRAUD: f64 = 0.32;
    /// Customer present: asks for authentication instead, and lifts the hold when given.
    pub const ASKS_AUTHENTICATION: f64 = 0.25;
    pub const LIFTED_BY_AUTHENTICATION: f64 = 0.7;
}

/// Count and amount limits of the card.
pub(super) mod limit {
    /// Days on which other purchases use the count up, from an hour in these bounds until local midnight.
    pub const DAY_USED_UP: f64 = 0.022;
    pub const USED_UP_FROM_HOURS: (f64, f64) = (8.0, 22.0);
    /// Months in which the amount is used up, from this day until the 1st.
    pub const MONTH_USED_UP: f64 = 0.03;
    pub const MONTH_USED_UP_FROM_DAY: i8 = 23;
    /// Our own approvals of one card on one local day.
    pub const APPROVALS_PER_DAY_MAX: usize = 5;
}

/// Outages and noise.
pub(super) mod outage {
    /// Days on which an issuer's host goes down.
    pub const PER_DAY: f64 = 0.015;
    pub const MEAN_HOURS: f64 = 3.0;
    pub const HOURS_MAX: f64 = 12.0;
    /// One message lost on the way to the issuer.
    pub const NOISE: f64 = 0.0015;
}

/// Knocking is punished: "extra attempts raise later declines" (`recovery.md` §4).
pub(super) mod velocity {
    /// Declines within a day after which an issuer blocks: bounds.
    pub const DECLINES_PER_DAY_MAX: (f64, f64) = (3.0, 6.99);
    /// How long it blocks after the last one, hours: bounds.
    pub const BLOCK_HOURS: (f64, f64) = (20.0, 60.0);
    /// Each decline of the last week adds this much chance of a refusal, up to a bound.
    pub const FATIGUE: f64 = 0.02;
    pub const FATIGUE_MAX: f64 = 0.25;
}

/// Cards that are expired, replaced, closed, lost.
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

/// What an issuer will not do at all.
pub(super) mod policy {
    /// Cards barred for this kind of payment.
    pub const BARRED: f64 = 0.0050;
    /// Mandates revoked (merchant-initiated only).
    pub const REVOKED: f64 = 0.0016;
}

/// Mastercard's advice with 51.
pub(super) mod advice {
    /// Issuers may leave it out (`domain-rules.md` §2.2).
    pub const GIVEN: f64 = 0.6;
    /// Taken from the air instead of from the pay calendar.
    pub const WRONG: f64 = 0.25;
    /// Holds answered with advice 02.
    pub const HOLD_SAYS_02: f64 = 0.3;
    /// Dead cards and revoked mandates answered without their advice.
    pub const MISSING: f64 = 0.2;
}
