//! The attempts of an order: counters, and the last fifty.

use domain::{attempt::Attempt, bounds::ATTEMPTS_SHOWN_MAX, decline::Class, order::Order};
use schemars::JsonSchema;
use serde::Serialize;

use crate::render::Iso;

/// `attempts`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderAttempts")]
#[serde(rename_all = "camelCase")]
pub struct Attempts<'a> {
    total: u32,
    approved: u32,
    declined: u32,
    unknown: u32,
    remaining: Option<u32>,
    last_attempt_utc: Option<Iso>,
    last_response_code: Option<&'a str>,
    last_decline_class: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<Item<'a>>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderAttempt")]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    number: u32,
    attempt_utc: Iso,
    amount: i64,
    currency: &'a str,
    processor: &'a str,
    route: Option<String>,
    descriptor: Option<&'a str>,
    initiator: &'static str,
    result: &'static str,
    response_code: Option<&'a str>,
    merchant_advice_code: Option<&'a str>,
    decline_class: Option<&'static str>,
    network_transaction_id: Option<&'a str>,
    latency_ms: Option<u32>,
}

impl<'a> Attempts<'a> {
    /// Counters from the order, items from the attempts (none in a list).
    pub fn of(order: &'a Order, attempts: Option<&'a [Attempt]>, remaining: Option<u32>) -> Self {
        let tally = &order.tally;
        Self {
            total: tally.total,
            approved: tally.approved,
            declined: tally.declined,
            unknown: tally.unknown,
            remaining,
            last_attempt_utc: tally.last_at.map(Iso),
            last_response_code: tally.last_response_code.as_deref(),
            last_decline_class: tally.last_class.map(Class::as_str),
            items: attempts.map(last_items),
        }
    }
}

fn last_items(attempts: &[Attempt]) -> Vec<Item<'_>> {
    let items: Vec<Item<'_>> = attempts.iter().filter_map(item).collect();
    let skipped = items.len().saturating_sub(ATTEMPTS_SHOWN_MAX);
    items.into_iter().skip(skipped).collect()
}

/// An attempt that never left is none.
fn item(attempt: &Attempt) -> Option<Item<'_>> {
    let answered = attempt.answered();
    Some(Item {
        number: attempt.number,
        attempt_utc: Iso(attempt.at),
        amount: attempt.amount.minor,
        currency: attempt.amount.currency.as_str(),
        processor: &attempt.processor_name,
        route: attempt.processor.map(|processor| processor.to_string()),
        descriptor: attempt.descriptor.as_deref(),
        initiator: attempt.initiator.as_str(),
        result: attempt.verdict()?.as_str(),
        response_code: answered.map(|answered| answered.response_code.as_str()),
        merchant_advice_code: answered.and_then(|answered| answered.advice_code.as_deref()),
        decline_class: answered.and_then(|answered| answered.class).map(Class::as_str),
        network_transaction_id: answered.and_then(|answered| answered.network_transaction_id.as_deref()),
        latency_ms: answered.filter(|answered| !answered.looked_up).map(|answered| answered.latency_ms),
    })
}
