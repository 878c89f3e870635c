//! What the account updater knows of cards of the tables.

use domain::{card::Pan, time::Timestamp};

use super::{
    judge::REISSUED_PARAMETER,
    number,
    scenario::{Behaviour, Kind, Scenario},
};
use crate::{AccountUpdate, UpdateStatus, simulator::local};

/// A new expiry lies this far ahead.
const NEW_EXPIRY_YEARS: u16 = 3;

/// Answers for a scenario card; `None` when nothing is known.
pub(crate) fn answer(scenario: Scenario, number: &Pan, version: u32, at: Timestamp) -> AccountUpdate {
    match scenario.kind {
        Kind::Behaviour(Behaviour::NewNumber) if version <= 1 && scenario.parameter < REISSUED_PARAMETER => {
            let replaced = number::write(&number.reveal()[..6], 9514, scenario.parameter + REISSUED_PARAMETER);
            updated(replaced, number, version, at)
        }
        Kind::Behaviour(Behaviour::Closed) => unchanged(UpdateStatus::Closed, version),
        Kind::Code(code) if version <= 1 && code.advice == Some(*b"01") && &code.response == b"79" => {
            updated(None, number, version, at)
        }
        _ => unchanged(UpdateStatus::Unknown, version),
    }
}

/// An answer that changes nothing.
pub(crate) const fn unchanged(status: UpdateStatus, version: u32) -> AccountUpdate {
    AccountUpdate { status, credential_version: version, exp_month: None, exp_year: None, last4: None, number: None }
}

/// A new expiry, with a new number or the old one.
pub(crate) fn updated(replaced: Option<Pan>, number: &Pan, version: u32, at: Timestamp) -> AccountUpdate {
    let (month, year) = new_expiry(at);
    AccountUpdate {
        status: UpdateStatus::Updated,
        credential_version: version.max(1) + 1,
        exp_month: Some(month),
        exp_year: Some(year),
        last4: Some(replaced.as_ref().unwrap_or(number).last4().to_owned()),
        number: replaced,
    }
}

/// December, some years ahead: the same for every question of one year.
pub(crate) fn new_expiry(at: Timestamp) -> (u8, u16) {
    (12, u16::try_from(local::date(None, at).year()).unwrap_or(2026) + NEW_EXPIRY_YEARS)
}
