//! What a decision looked at, by name.

use domain::{decision::Record, ledger::Outcome, time::Timestamp};
use recovery::Case;
use serde_json::{Value, json};

/// Everything of the case that a decision may weigh, in a form that people read.
pub fn of(case: &Case<'_>, record: &Record) -> Value {
    let newest = case.observed.iter().max_by_key(|seen| seen.at);
    let local = case.now.civil_at(case.local_offset_minutes());
    let approved = case.ledger.iter().filter(|entry| entry.outcome == Outcome::Approved).count();
    json!({
        "declineClass": record.class,
        "attempt": record.attempt_number,
        "responseCode": newest.map(|seen| &seen.answer.response_code),
        "responseCodeSource": newest.and_then(|seen| seen.answer.source.as_ref()),
        "merchantAdviceCode": newest.and_then(|seen| seen.answer.advice_code.as_ref()),
        "answers": case.observed.len(),
        "hoursSinceAnswer": newest.map(|seen| hours(seen.at, case.now)),
        "hoursLeft": hours(case.now, case.expires_at),
        "localWeekday": local.strftime("%A").to_string(),
        "localHour": local.hour(),
        "localDayOfMonth": local.day(),
        "network": case.network,
        "funding": case.funding,
        "bin": case.bin,
        "issuerCountry": case.issuer_country,
        "merchantCountry": case.merchant_country,
        "amount": case.amount.minor,
        "currency": case.amount.currency,
        "initiator": case.initiator,
        "cardHistory": case.ledger.len(),
        "cardHistoryApproved": approved,
        "ownAttempts": case.own_attempts,
        "maxAttempts": case.max_attempts,
        "credentialVersion": case.credential_version,
        "updater": case.updater,
    })
}

/// Hours between two instants, to a tenth; negative when the second comes first.
fn hours(from: Timestamp, to: Timestamp) -> f64 {
    let tenths = (to.micros() - from.micros()) as f64 / 360_000_000.0;
    tenths.round() / 10.0
}
