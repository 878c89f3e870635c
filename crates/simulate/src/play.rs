//! One failed rebill, worked by a policy until it is paid, given up or out of time.

use domain::{
    decision::Arm,
    decline::Answer,
    ledger::{Entry, Initiator, Origin},
    rules::Rules,
    time::{DAY, Timestamp},
};
use processor::simulator::issuer::Seen;
use recovery::{Action, Allowed, Case, Observed, Plan, Policy, Updater};

use crate::{
    check::{self, Breach},
    rebill::Rebill,
};

/// What became of a failed rebill.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Played {
    /// When it was paid.
    pub recovered_at: Option<Timestamp>,
    /// Every attempt, in order.
    pub attempts: Vec<Attempted>,
    /// Rules that were broken.
    pub breaches: Vec<Breach>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempted {
    /// When, UTC.
    pub at: Timestamp,
    /// What the issuer said.
    pub answer: Answer,
    /// Whether it approved.
    pub approved: bool,
    /// The chance that the policy gave it.
    pub probability: f64,
}

/// More attempts than these are not made, whatever a policy wants.
const ATTEMPTS_MAX: usize = 64;

impl Played {
    /// Days from the decline to the recovery.
    pub fn days(&self, rebill: &Rebill) -> Option<f64> {
        self.recovered_at.map(|at| at.since(rebill.failed_at).as_secs_f64() / DAY.as_secs_f64())
    }
}

/// A rebill in the course of its rescue: what has been seen of it so far.
pub(crate) struct Course<'a> {
    pub rebill: &'a Rebill,
    pub now: Timestamp,
    pub ledger: Vec<Entry>,
    pub observed: Vec<Observed>,
    pub seen: Vec<Seen>,
    pub played: Played,
    attempts_max: u32,
}

impl<'a> Course<'a> {
    pub fn new(rebill: &'a Rebill, attempts_max: u32) -> Self {
        let decline =
            Observed { at: rebill.failed_at, answer: rebill.decline.clone(), origin: Origin::Evaluated, approved: false };
        Self {
            rebill,
            now: rebill.failed_at,
            ledger: rebill.ledger(),
            observed: vec![decline],
            seen: rebill.seen(),
            played: Played::default(),
            attempts_max,
        }
    }

    /// The case as it stands.
    pub fn case(&self) -> Case<'_> {
        let rebill = self.rebill;
        Case {
            now: self.now,
            placed_at: rebill.failed_at,
            expires_at: rebill.window_ends_at,
            network: rebill.network,
            funding: rebill.funding,
            issuer_country: Some(rebill.issuer_country),
            merchant_country: rebill.merchant_country,
            bin: Some(&rebill.bin),
            offset_minutes: Some(rebill.offset_minutes),
            amount: rebill.amount,
            initiator: Initiator::Mit,
            observed: &self.observed,
            ledger: &self.ledger,
            own_attempts: self.played.attempts.len() as u32,
            max_attempts: self.attempts_max,
            credential_version: 1,
            credential_changed_at: None,
            updater: Updater::NotOffered,
            first_at: None,
            arm: Arm::Policy,
            seed: rebill.seed,
            allowed: Allowed::default(),
        }
    }

    /// Makes an attempt; whether it was approved.
    pub fn attempt(&mut self, at: Timestamp, probability: f64) -> bool {
        self.played.breaches.extend(check::check(self.rebill, self.attempts_max, &self.played.attempts, self.now, at));
        let said = self.rebill.account.answer(self.rebill.amount, at, &self.seen);
        let answer = Answer::iso(&said.response_code, said.advice_code.as_deref());
        let approved = said.approved;
        self.seen.push(Seen { at, approved });
        self.ledger.push(self.rebill.entry(at, Origin::Own, Initiator::Mit, self.rebill.amount, &answer, approved));
        self.observed.push(Observed { at, answer: answer.clone(), origin: Origin::Own, approved });
        self.played.attempts.push(Attempted { at, answer, approved, probability });
        self.now = self.now.max(at);
        if approved {
            self.played.recovered_at = Some(at);
        }
        approved
    }
}

/// Lets a policy work a failed rebill with so many attempts at most.
pub fn play(rebill: &Rebill, policy: &dyn Policy, rules: &Rules, attempts_max: u32) -> Played {
    let mut course = Course::new(rebill, attempts_max);
    while course.played.attempts.len() < ATTEMPTS_MAX {
        let Plan { action: Action::Attempt { at }, probability, .. } = policy.plan(&course.case(), rules) else { break };
        if course.attempt(at, probability) || at >= rebill.window_ends_at {
            break;
        }
    }
    course.played
}
