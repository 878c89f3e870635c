//! Mastercard merchant advice codes.

use std::{collections::HashMap, time::Duration};

use super::{
    period::Period,
    table::{Error, Row, Table},
};
use crate::{decline::Class, time::Timestamp};

crate::words! {
    /// What an advice code asks of the merchant.
    pub enum Action {
        /// Get newer account data: updater, network token, customer.
        UpdateCredential = "update_credential",
        /// Retry, not before the wait.
        RetryLater = "retry_later",
        /// Never this card again at this merchant.
        StopCard = "stop_card",
        /// Retry with the card number or with sound token data.
        ChangeToken = "change_token",
        /// Fix the data.
        FixData = "fix_data",
        /// The mandate is revoked.
        StopMandate = "stop_mandate",
        /// Fix the set-up.
        FixConfiguration = "fix_configuration",
        /// A card that will not be refilled: ask for another.
        OtherCard = "other_card",
        /// A number that works once: never again, ask for another.
        SingleUse = "single_use",
        /// A remark about the card, no more.
        Flag = "flag",
    }
}

/// One advice code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Two digits.
    pub code: String,
    /// What to do.
    pub action: Action,
    /// The class it forces; `None` leaves the response code's.
    pub class: Option<Class>,
    /// The earliest retry, counted from the answer.
    pub min_wait: Option<Duration>,
    /// In words.
    pub meaning: String,
    /// Where the rule is written.
    pub source: String,
    pub(super) period: Period,
}

impl Advice {
    /// The rule's id in explanations: `mac.24`.
    pub fn id(&self) -> String {
        format!("mac.{}", self.code)
    }

    /// The day it came into force, empty when it was always there.
    pub fn version(&self) -> String {
        self.period.version()
    }

    /// Reads a row of `advice_codes.csv`.
    pub(super) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            code: row.word("code", two_digits)?,
            action: row.word("action", Action::parse)?,
            class: row.word_or_any("class", Class::parse)?,
            min_wait: row.duration("min_wait")?,
            meaning: row.get("meaning").to_owned(),
            source: row.get("source").to_owned(),
            period: row.period()?,
        })
    }
}

/// All advice codes.
#[derive(Debug, Clone)]
pub struct Advices(HashMap<String, Vec<Advice>>);

impl Advices {
    /// Reads `advice_codes.csv`.
    pub fn read(table: &Table) -> Result<Self, Error> {
        let mut all: HashMap<String, Vec<Advice>> = HashMap::new();
        for row in table.sound_rows()? {
            let advice = Advice::read(row)?;
            all.entry(advice.code.clone()).or_default().push(advice);
        }
        Ok(Self(all))
    }

    /// The advice of a code on a day.
    pub fn find(&self, code: &str, on: Timestamp) -> Option<&Advice> {
        self.0.get(&two_digits(code)?)?.iter().find(|advice| advice.period.covers(on))
    }
}

/// One or two digits, as two.
fn two_digits(code: &str) -> Option<String> {
    let code = code.trim();
    let digits = (1..=2).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| format!("{code:0>2}"))
}
