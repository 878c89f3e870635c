//! Why it was decided so: each decision of the log is made again from what went into it, by the model and the rules of its
//! time, and told in numbers and in words. That the decision made again equals the one that was carried out is part of
//! the answer.

mod bound;
mod candidate;
mod features;
mod log;
mod replay;
mod words;

#[cfg(test)]
mod tests;

use domain::{decision::Record, time::Timestamp};
use recovery::Inputs;
use serde_json::Value;

pub use bound::{Effect, Rule};
pub use candidate::Candidate;
pub use log::{Replays, Which};
pub use replay::Replay;

/// One decision, explained.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// What was logged.
    pub record: Record,
    /// What went in; none when the log cannot be read.
    pub inputs: Option<Inputs>,
    /// The cardholder's offset from UTC, minutes east.
    pub offset_minutes: i32,
    /// The moments that were weighed, ascending.
    pub candidates: Vec<Candidate>,
    /// The rules that were looked at or that bounded it.
    pub rules: Vec<Rule>,
    /// What the decision looked at, a JSON object.
    pub features: Value,
    /// What hides behind the declines, before and after each answer.
    pub causes: Vec<Causes>,
    /// Chance of approval over the rescue window.
    pub curve: Vec<(Timestamp, f64)>,
    /// What the next attempt waits for, in a sentence.
    pub waits_for: String,
    /// Everything in plain words.
    pub summary: String,
    /// Whether the decision made again is the same.
    pub replay: Replay,
    /// What was known of fraud, when that was asked; a JSON object.
    pub risk: Option<Value>,
}

/// What was believed before and after one answer: each cause with its probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Causes {
    /// When the answer was given, UTC.
    pub at: Timestamp,
    /// Its code.
    pub response_code: String,
    /// Before it.
    pub before: Vec<(&'static str, f64)>,
    /// After it.
    pub after: Vec<(&'static str, f64)>,
}

impl From<recovery::Lesson> for Causes {
    fn from(lesson: recovery::Lesson) -> Self {
        let recovery::Lesson { at, code, before, after } = lesson;
        Self { at, response_code: code.unwrap_or_default(), before, after }
    }
}

impl Explained {
    /// The processor account that an attempt was meant for, by name.
    pub fn route(&self) -> Option<&str> {
        self.inputs.as_ref()?.route.as_deref()
    }

    /// What was due, minor units.
    pub fn amount_minor(&self) -> Option<i64> {
        self.inputs.as_ref().map(|inputs| inputs.case.amount.minor)
    }

    /// A moment in the cardholder's time, ISO 8601 with the offset.
    pub fn local(&self, at: Timestamp) -> String {
        let local = at.civil_at(self.offset_minutes).strftime("%Y-%m-%dT%H:%M:%S").to_string();
        local + &words::offset(self.offset_minutes)
    }

    /// What is to be charged at the chosen moment with which account data: `same updated`.
    pub fn credential(&self) -> &'static str {
        match &self.inputs {
            Some(inputs) if inputs.case.credential_changed_at.is_some() => "updated",
            _ => "same",
        }
    }
}
