//! What the trees look at: the structured model's own opinion, and what it leaves out.

use std::collections::BTreeMap;

use domain::{
    decline::Class,
    ledger::{Entry, Outcome},
    rules::Region,
    time::{DAY, Timestamp},
};
use serde::{Deserialize, Serialize};

use super::{
    belief::{Belief, hypotheses},
    cause::CAUSES,
    hypothesis::Hypothesis,
};
use crate::view::View;

domain::words! {
    /// A column.
    pub enum Column {
        /// Log-odds of the structured model.
        StructuredLogOdds = "structured_log_odds",
        /// Weight of the cause.
        CauseFunds = "cause_funds",
        /// Weight of the cause.
        CauseHold = "cause_hold",
        /// Weight of the cause.
        CauseLimit = "cause_limit",
        /// Weight of the cause.
        CauseOutage = "cause_outage",
        /// Weight of the cause.
        CauseData = "cause_data",
        /// Weight of the cause.
        CauseDead = "cause_dead",
        /// Since the newest decline.
        HoursSinceLast = "hours_since_last",
        /// Since the order came.
        HoursSinceFirst = "hours_since_first",
        /// Cardholder's hour, with its fraction.
        LocalHour = "local_hour",
        /// 0 is Monday.
        Weekday = "weekday",
        /// Day of the month.
        MonthDay = "month_day",
        /// Days left in the month.
        DaysToMonthEnd = "days_to_month_end",
        /// Attempts of ours before.
        Attempt = "attempt",
        /// Declines on the card in the last 24 hours.
        Declines24h = "declines_24h",
        /// Declines on the card in the last seven days.
        Declines7d = "declines_7d",
        /// Attempts known before the order.
        History = "history",
        /// Approved share of them.
        HistoryApprovedShare = "history_approved_share",
        /// Since the card's last approval.
        DaysSinceApproval = "days_since_approval",
        /// Code 51 among them.
        HistoryNsf = "history_nsf",
        /// Code 05 among them.
        HistoryGeneric = "history_generic",
        /// Logarithm of the amount, major units.
        LogAmount = "log_amount",
        /// Class of the first decline.
        ClassFirst = "class_first",
        /// Class of the newest decline.
        ClassLast = "class_last",
        /// Answers of class NSF.
        NsfAnswers = "nsf_answers",
        /// Answers of class GENERIC.
        GenericAnswers = "generic_answers",
        /// Answers of class FRAUD.
        FraudAnswers = "fraud_answers",
        /// Newest advice code.
        Advice = "advice",
        /// Days beyond the wait it asks for.
        AdvicePastDays = "advice_past_days",
        /// The card's network.
        Network = "network",
        /// The card's funding.
        Funding = "funding",
        /// The issuer's region.
        Region = "region",
        /// Share of the belief with pay less than 12 hours old.
        NewMoney12h = "new_money_12h",
        /// 12 to 36 hours old.
        NewMoney36h = "new_money_36h",
        /// 36 to 96 hours old.
        NewMoney96h = "new_money_96h",
        /// Older, and after the failure.
        NewMoneyLater = "new_money_later",
        /// No pay day since the failure.
        NoNewMoney = "no_new_money",
        /// Approvals after this first code on this network.
        CodeRate = "code_rate",
        /// Approvals of this issuer number.
        BinRate = "bin_rate",
        /// Approvals of this funding, country and code.
        SegmentRate = "segment_rate",
        /// Approvals of this class at this time of day.
        HourRate = "hour_rate",
        /// The merchant is in another country.
        MerchantAbroad = "merchant_abroad",
        /// Days left of the rescue.
        WindowLeftDays = "window_left_days",
        /// Approvals of the card near this hour.
        SameHourAsApprovals = "same_hour_as_approvals",
    }
}

/// How many columns there are.
pub const COLUMNS: usize = Column::ALL.len();

/// Strength with which a rate is drawn to the mean of all.
const RATE_PRIOR: f64 = 25.0;

/// Approvals and attempts under a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Approvals.
    pub approved: f64,
    /// Attempts.
    pub tried: f64,
}

/// How often attempts were approved, by what they have in common (hierarchical: drawn to the mean of all).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Of all.
    pub all: Rate,
    /// By key.
    pub by: BTreeMap<String, Rate>,
}

impl Rates {
    /// Counts one attempt.
    pub fn count(&mut self, view: &View<'_>, at: Timestamp, approved: bool) {
        let one = |rate: &mut Rate| {
            rate.tried += 1.0;
            rate.approved += f64::from(u8::from(approved));
        };
        one(&mut self.all);
        for key in keys(view, at) {
            one(self.by.entry(key).or_default());
        }
    }

    /// The rate of a key.
    fn rate(&self, key: &str) -> f64 {
        let mean = (self.all.approved + 1.0) / (self.all.tried + 4.0);
        let known = self.by.get(key).copied().unwrap_or_default();
        (known.approved + RATE_PRIOR * mean) / (known.tried + RATE_PRIOR)
    }
}

fn keys(view: &View<'_>, at: Timestamp) -> [String; 4] {
    let first = view.answers.first();
    let code = first.and_then(|read| read.classified.iso_code.as_deref()).unwrap_or("-");
    let bin: String = view.case.bin.unwrap_or("-").chars().take(8).collect();
    [
        format!("code {code} {}", view.case.network),
        format!("bin {bin}"),
        format!("segment {} {} {code}", view.case.funding, view.issuer_country()),
        hour_key(view, at),
    ]
}

fn hour_key(view: &View<'_>, at: Timestamp) -> String {
    const BLOCK_HOURS: i8 = 3;
    format!("hour {} {}", at.civil_at(view.zone.offset_minutes).hour() / BLOCK_HOURS, view.class())
}

/// What is the same for every moment of one decision.
pub struct Known<'a> {
    view: &'a View<'a>,
    belief: &'a Belief<'a>,
    rates: &'a Rates,
    row: [f32; COLUMNS],
}

impl<'a> Known<'a> {
    /// Reads a decision.
    pub fn new(view: &'a View<'a>, belief: &'a Belief<'a>, rates: &'a Rates) -> Self {
        let mut known = Self { view, belief, rates, row: [f32::NAN; COLUMNS] };
        known.fill();
        known
    }

    const fn set(&mut self, column: Column, value: f64) {
        self.row[column as usize] = value as f32;
    }

    fn fill(&mut self) {
        let (view, case) = (self.view, self.view.case);
        for (place, weight) in self.belief.causes().iter().enumerate().take(CAUSES) {
            self.row[Column::CauseFunds as usize + place] = *weight as f32;
        }
        self.set(Column::Attempt, f64::from(case.own_attempts));
        let past: Vec<&Entry> = case.ledger.iter().filter(|entry| entry.at < case.placed_at).collect();
        let of_code = |codes: &[&str]| {
            past.iter().filter(|entry| entry.response_code.as_deref().is_some_and(|code| codes.contains(&code))).count() as f64
        };
        let approved: Vec<&&Entry> = past.iter().filter(|entry| entry.outcome == Outcome::Approved).collect();
        self.set(Column::History, past.len() as f64);
        if !past.is_empty() {
            self.set(Column::HistoryApprovedShare, approved.len() as f64 / past.len() as f64);
        }
        self.set(Column::HistoryNsf, of_code(&["51"]));
        self.set(Column::HistoryGeneric, of_code(&["05"]));
        let decimals = case.amount.currency.decimals() as i32;
        self.set(Column::LogAmount, (case.amount.minor as f64 / 10f64.powi(decimals)).max(0.01).ln());
        let class = |read: Option<&crate::view::Read<'_>>| read.map_or(f64::NAN, |read| f64::from(read.classified.class as u8));
        self.set(Column::ClassFirst, class(view.answers.first()));
        self.set(Column::ClassLast, class(view.last()));
        let answers = |class: Class| view.answers.iter().filter(|read| read.classified.class == class).count() as f64;
        self.set(Column::NsfAnswers, answers(Class::Nsf));
        self.set(Column::GenericAnswers, answers(Class::Generic));
        self.set(Column::FraudAnswers, answers(Class::Fraud));
        let advice = view.last().and_then(|last| last.classified.advice);
        self.set(Column::Advice, advice.and_then(|advice| advice.code.parse().ok()).unwrap_or(f64::NAN));
        self.set(Column::Network, f64::from(case.network as u8));
        self.set(Column::Funding, f64::from(case.funding as u8));
        self.set(Column::Region, f64::from(Region::of_country(view.issuer_country()) as u8));
        self.set(Column::MerchantAbroad, f64::from(u8::from(case.merchant_country != view.issuer_country())));
        let keys = keys(view, case.now);
        self.set(Column::CodeRate, self.rates.rate(&keys[0]));
        self.set(Column::BinRate, self.rates.rate(&keys[1]));
        self.set(Column::SegmentRate, self.rates.rate(&keys[2]));
    }

    /// The row of an attempt at a moment.
    pub fn at(&self, at: Timestamp) -> [f32; COLUMNS] {
        let mut known = Self { row: self.row, ..*self };
        let (view, case) = (self.view, self.view.case);
        let days = |from: Timestamp| at.since(from).as_secs_f64() / DAY.as_secs_f64();
        let chance = self.belief.probability(at).clamp(1e-6, 1.0 - 1e-6);
        known.set(Column::StructuredLogOdds, (chance / (1.0 - chance)).ln());
        known.set(Column::HoursSinceLast, days(view.last_at()) * 24.0);
        known.set(Column::HoursSinceFirst, days(case.placed_at) * 24.0);
        let local = at.civil_at(view.zone.offset_minutes);
        known.set(Column::LocalHour, f64::from(local.hour()) + f64::from(local.minute()) / 60.0);
        known.set(Column::Weekday, f64::from(local.weekday().to_monday_zero_offset()));
        known.set(Column::MonthDay, f64::from(local.day()));
        known.set(Column::DaysToMonthEnd, f64::from(local.date().days_in_month() - local.day()));
        let recent = |span_days: f64| {
            let counts = |entry: &&Entry| entry.outcome != Outcome::Approved && entry.at <= at && days(entry.at) < span_days;
            case.ledger.iter().filter(counts).count() as f64
        };
        known.set(Column::Declines24h, recent(1.0));
        known.set(Column::Declines7d, recent(7.0));
        let approvals = || case.ledger.iter().filter(|entry| entry.outcome == Outcome::Approved);
        if let Some(last) = approvals().map(|entry| entry.at).max() {
            known.set(Column::DaysSinceApproval, days(last));
            let hour = |of: Timestamp| i32::from(of.civil_at(view.zone.offset_minutes).hour());
            let near = approvals().filter(|entry| (hour(entry.at) - hour(at)).abs() <= 3).count() as f64;
            known.set(Column::SameHourAsApprovals, near);
        }
        if let Some((read, wait)) = view.last().and_then(|last| Some((last, last.classified.advice?.min_wait?))) {
            known.set(Column::AdvicePastDays, days(read.at) - wait.as_secs_f64() / DAY.as_secs_f64());
        }
        known.set(Column::WindowLeftDays, case.expires_at.since(at).as_secs_f64() / DAY.as_secs_f64());
        known.set(Column::HourRate, self.rates.rate(&hour_key(view, at)));
        known.new_money(at);
        known.row
    }

    /// How the belief is shared among ages of the money that has come since the last failure.
    fn new_money(&mut self, at: Timestamp) {
        let (world, at, since) = (self.belief.world(), self.belief.local(at), self.belief.since());
        let mut shares = [0.0; 5];
        let mut sum = 0.0;
        for (hypothesis, weight) in hypotheses().iter().zip(self.belief.weights()) {
            let Hypothesis::Paid { calendar, .. } = *hypothesis else { continue };
            let age =
                world.calendars.last_credit(calendar, at.day).map(|credit| (credit as f64, (at.days - credit as f64) * 24.0));
            let place = match age {
                Some((credit, hours)) if credit > since.days => match hours {
                    ..12.0 => 0,
                    12.0..36.0 => 1,
                    36.0..96.0 => 2,
                    _ => 3,
                },
                _ => 4,
            };
            shares[place] += weight;
            sum += weight;
        }
        let first = Column::NewMoney12h as usize;
        for (place, share) in shares.iter().enumerate() {
            self.row[first + place] = (share / f64::max(sum, 1e-9)) as f32;
        }
    }
}
