//! What the engine would do with a declined payment, and the chance that it works: the plan of [`recovery`], step by
//! step, each step's chance given that the ones before failed.

use domain::{
    decision::Arm,
    decline::{Answer, Class},
    ledger::{Initiator, Origin, Outcome},
    money::Money,
    rules::Rules,
    time::Timestamp,
};
use recovery::{Action, Allowed, Model, Observed, Past, Realtime, Snapshot, Updater, plan, realtime};

use crate::{
    episode::{Episode, Episodes},
    estimate::Options,
    history::History,
    row::{NO_OFFSET, Row},
};

/// What can be done with a declined payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It can be tried again.
    Work,
    /// Only new card data or the customer help; nothing of it is counted as recovered.
    Customer,
    /// It must not be tried again.
    Never,
}

/// What is expected of a declined payment.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    pub class: Class,
    pub way: Way,
    /// Days after the last decline, and the chance that the payment is recovered by then, by the model.
    pub steps: Vec<(f64, f64)>,
}

impl Outlook {
    /// The chance that the payment is recovered at all.
    pub fn chance(&self) -> f64 {
        self.steps.last().map_or(0.0, |(_, chance)| *chance)
    }

    /// The chance that it is recovered by a day.
    pub fn by(&self, day: f64) -> f64 {
        self.steps.iter().take_while(|(at, _)| *at <= day).last().map_or(0.0, |(_, chance)| *chance)
    }
}

/// Attempts of the card that are looked at before a decision.
const LEDGER_MAX: usize = 200;
const LEDGER_SECS: i64 = 400 * 86_400;
const DAY_SECS: i64 = 86_400;
/// A customer waits no longer for an answer.
const VISIT_SECS: i64 = 600;

/// Where the outlook of payments is found.
pub struct Brain<'a> {
    pub history: &'a History,
    pub episodes: &'a Episodes,
    pub rules: &'a Rules,
    pub model: &'a Model,
    pub options: &'a Options,
}

impl Brain<'_> {
    /// What is expected of a payment that was left open.
    pub fn outlook(&self, episode: &Episode) -> Outlook {
        let declines = self.episodes.declines(episode);
        let Some(last) = declines.last().map(|index| self.row(*index)) else {
            return Outlook { class: Class::Generic, way: Way::Never, steps: Vec::new() };
        };
        if last.mit { self.scheduled(declines, last) } else { self.at_once(declines, last) }
    }

    /// The class of a declined payment by its newest decline.
    pub fn class(&self, episode: &Episode) -> Class {
        let Some(last) = self.episodes.declines(episode).last().map(|index| self.row(*index)) else { return Class::Generic };
        let region = domain::rules::Region::of_country(self.country(last).unwrap_or(&self.options.merchant_country));
        self.rules.classify(&self.answer(last), last.network, region, Timestamp::from_secs(last.at)).class
    }

    /// Works the payment by plan after plan until nothing more is planned.
    fn scheduled(&self, declines: &[u32], last: &Row) -> Outlook {
        let mut case = self.snapshot(declines, last, i64::from(self.options.window_days) * DAY_SECS);
        let (start, answer) = (case.now, self.answer(last));
        let mut outlook = Outlook { class: Class::Generic, way: Way::Work, steps: Vec::new() };
        let mut left = 1.0;
        for step in 0..=case.max_attempts {
            let entries = case.entries();
            let next = plan(&case.case(&entries), self.rules, self.model);
            if step == 0 {
                outlook.class = next.class;
                outlook.way = way(next.action, next.class);
            }
            let Action::Attempt { at } = next.action else { break };
            left *= 1.0 - next.probability.clamp(0.0, 1.0);
            outlook.steps.push((at.since(start).as_secs_f64() / DAY_SECS as f64, 1.0 - left));
            self.fail(&mut case, &answer, at);
        }
        outlook
    }

    /// One attempt with another route or format while the customer waits; challenges are not counted on.
    fn at_once(&self, declines: &[u32], last: &Row) -> Outlook {
        let case = self.snapshot(declines, last, VISIT_SECS);
        let entries = case.entries();
        let assessed = realtime(&case.case(&entries), self.rules, false);
        let way = match assessed.action {
            Realtime::Attempt => Way::Work,
            Realtime::Decline { .. } if matches!(assessed.class, Class::StopCard | Class::StopMandate | Class::Config) => {
                Way::Never
            }
            Realtime::AskUpdater | Realtime::Challenge { .. } | Realtime::Decline { .. } => Way::Customer,
        };
        let steps = if way == Way::Work { vec![(0.0, assessed.probability.clamp(0.0, 1.0))] } else { Vec::new() };
        Outlook { class: assessed.class, way, steps }
    }

    /// The model's chance of an attempt at a moment, given the declines before it; `None` when the rules would not
    /// have allowed it then.
    pub fn chance_at(&self, declines: &[u32], at: i64) -> Option<(Class, f64)> {
        let last = self.row(*declines.last()?);
        let mut case = self.snapshot(declines, last, (at - last.at).max(0) + DAY_SECS);
        case.first_at = Some(Timestamp::from_secs(at));
        let entries = case.entries();
        let next = plan(&case.case(&entries), self.rules, self.model);
        (next.action == Action::Attempt { at: Timestamp::from_secs(at) }).then_some((next.class, next.probability))
    }

    /// The case as it stands a second after the last of these declines.
    fn snapshot(&self, declines: &[u32], last: &Row, window_secs: i64) -> Snapshot {
        let now = last.at + 1;
        let observed = declines.iter().map(|index| self.row(*index)).map(|row| Observed {
            at: Timestamp::from_secs(row.at),
            answer: self.answer(row),
            origin: if std::ptr::eq(row, last) { Origin::Evaluated } else { Origin::Transmitted },
            approved: false,
        });
        let known = self.episodes.of_account(self.history, last.account, last.at - LEDGER_SECS, last.at);
        let ledger = if known.is_empty() { declines } else { &known[known.len().saturating_sub(LEDGER_MAX)..] };
        Snapshot {
            now: Timestamp::from_secs(now),
            placed_at: Timestamp::from_secs(now),
            expires_at: Timestamp::from_secs(now + window_secs),
            network: last.network,
            funding: last.funding,
            issuer_country: self.country(last).map(str::to_owned),
            merchant_country: self.options.merchant_country.clone(),
            bin: (last.bin > 0).then(|| last.bin.to_string()),
            offset_minutes: (last.offset != NO_OFFSET).then_some(i32::from(last.offset)),
            amount: self.money(last),
            initiator: if last.mit { Initiator::Mit } else { Initiator::Cit },
            observed: observed.collect(),
            ledger: ledger.iter().map(|index| self.past(self.row(*index))).collect(),
            own_attempts: 0,
            max_attempts: self.options.attempts_max,
            credential_version: 1,
            credential_changed_at: None,
            updater: Updater::NotOffered,
            first_at: None,
            allowed: Allowed::default(),
            arm: Arm::Policy,
            seed: self.options.seed ^ u64::from(declines[0]),
        }
    }

    /// What the case looks like after an attempt that failed like the last one.
    fn fail(&self, case: &mut Snapshot, answer: &Answer, at: Timestamp) {
        case.observed.push(Observed { at, answer: answer.clone(), origin: Origin::Own, approved: false });
        case.ledger.push(Past {
            at,
            origin: Origin::Own,
            initiator: case.initiator,
            amount: case.amount,
            outcome: Outcome::Declined,
            response_code: self.rules.iso_code(answer, at),
            advice_code: answer.advice_code.clone(),
        });
        case.own_attempts += 1;
        case.now = Timestamp::from_secs(at.secs() + 1);
    }

    fn past(&self, row: &Row) -> Past {
        let (at, answer) = (Timestamp::from_secs(row.at), self.answer(row));
        Past {
            at,
            origin: Origin::Transmitted,
            initiator: if row.mit { Initiator::Mit } else { Initiator::Cit },
            amount: self.money(row),
            outcome: if row.approved { Outcome::Approved } else { Outcome::Declined },
            response_code: self.rules.iso_code(&answer, at),
            advice_code: answer.advice_code,
        }
    }

    fn answer(&self, row: &Row) -> Answer {
        self.history.said[usize::from(row.answer)].answer()
    }

    fn money(&self, row: &Row) -> Money {
        Money::new(row.amount, self.history.currencies[usize::from(row.currency)])
    }

    fn country(&self, row: &Row) -> Option<&str> {
        Some(self.history.countries.text(row.country)).filter(|country| *country != "??")
    }

    fn row(&self, index: u32) -> &Row {
        &self.history.rows[index as usize]
    }
}

fn way(action: Action, class: Class) -> Way {
    match action {
        Action::Attempt { .. } | Action::LetExpire => Way::Work,
        Action::AskUpdater | Action::AskCustomer => Way::Customer,
        Action::Stop { .. } if matches!(class, Class::Lifecycle | Class::DataFix | Class::Sca) => Way::Customer,
        Action::Stop { .. } => Way::Never,
    }
}
