//! `/transmit` (`wire-api` §4): numeric `status`, and the stored transaction.

use std::borrow::Cow;

use domain::{
    fault::Faults,
    id::{Mid, OrderId, SiteId, TransmitId},
    payment::{Acceptor, Field, Method, ThreeDSecure},
    transmit::{Report, Transmit},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Envelope, Iso, Properties, Tuple, address::Address, payment, problem::Map};

/// The reply to one record.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TransmitReply")]
#[serde(rename_all = "camelCase")]
pub struct One<'a> {
    transmit_id: TransmitId,
    #[serde(flatten)]
    envelope: Envelope<'a, u16>,
}

/// The reply for one stored record.
pub fn one(id: TransmitId, duplicate: bool, late: bool) -> One<'static> {
    let properties = Properties::new().flag("duplicate", duplicate).flag("late", late);
    One { transmit_id: id, envelope: success(200).with(properties) }
}

/// The reply to a reported outcome.
pub fn outcome(transmit: &Transmit) -> One<'static> {
    let word = transmit.outcome().map(domain::transmit::Outcome::as_str);
    One { transmit_id: transmit.id, envelope: success(200).with(Properties::new().with_some("outcome", word)) }
}

fn success<'a>(status: u16) -> Envelope<'a, u16> {
    Envelope { result: Some("success"), ..Envelope::success(Some(status)) }
}

/// What became of one record of a set.
pub struct Line<'a> {
    /// Position in the set.
    pub index: usize,
    /// Position the sender gave it.
    pub sequence_number: Option<i64>,
    /// The merchant's order id.
    pub order_id: &'a str,
    /// The merchant's transaction id.
    pub transaction_id: &'a str,
    /// Its key and flags, or its faults.
    pub result: Result<engine::Transmitted, Faults>,
}

/// The reply to a set.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TransmitSetReply")]
#[serde(rename_all = "camelCase")]
pub struct Many<'a> {
    transmit_id: TransmitId,
    transmissions: Vec<Entry<'a>>,
    #[serde(flatten)]
    envelope: Envelope<'a, u16>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TransmitSetEntry")]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    index: usize,
    sequence_number: Option<i64>,
    order_id: Option<&'a str>,
    transaction_id: Option<&'a str>,
    transmit_id: Option<TransmitId>,
    accepted: bool,
    duplicate: bool,
    late: bool,
    errors: Map<'a>,
}

/// The reply for a set; `id` is the key of the whole set.
pub fn many<'a>(id: TransmitId, lines: &'a [Line<'a>]) -> Many<'a> {
    let all_good = lines.iter().all(|line| line.result.is_ok());
    let none_good = !lines.is_empty() && lines.iter().all(|line| line.result.is_err());
    let envelope = match (all_good, none_good) {
        (true, _) => success(200),
        (false, none) => Envelope {
            success: false,
            result: Some(if none { "No record was accepted." } else { "Some records were refused." }),
            status: Some(if none { 400 } else { 207 }),
            status_code: None,
            errors: Vec::<Tuple<'_>>::new(),
            custom_properties: Properties::new(),
        },
    };
    Many { transmit_id: id, transmissions: lines.iter().map(entry).collect(), envelope }
}

fn entry<'a>(line: &'a Line<'a>) -> Entry<'a> {
    let known = line.result.as_ref().ok();
    let named = |text: &'a str| Some(text).filter(|text| !text.is_empty());
    Entry {
        index: line.index,
        sequence_number: line.sequence_number,
        order_id: named(line.order_id),
        transaction_id: named(line.transaction_id),
        transmit_id: known.map(|known| known.id),
        accepted: known.is_some(),
        duplicate: known.is_some_and(|known| known.duplicate),
        late: known.is_some_and(|known| known.late),
        errors: Map { faults: line.result.as_ref().err().unwrap_or(&NO_FAULTS), trace: None },
    }
}

static NO_FAULTS: std::sync::LazyLock<Faults> = std::sync::LazyLock::new(Faults::new);

/// A stored transaction.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StoredTransmit")]
#[serde(rename_all = "camelCase")]
pub struct Stored<'a> {
    transmit_id: TransmitId,
    mid: Mid,
    site_id: SiteId,
    site_resolved: bool,
    order_id: &'a str,
    order_session_key: Option<OrderId>,
    sequence_number: Option<i64>,
    is_declined: bool,
    late: bool,
    received_on: Iso,
    site_url: Option<&'a str>,
    order_source: Option<&'a str>,
    #[serde(rename = "isMIT")]
    is_mit: bool,
    is_recurring: bool,
    transaction: payment::Transaction<'a>,
    payer: &'a domain::address::Payer,
    payment_method: &'a Method,
    billing_information: Option<Address<'a>>,
    shipping_information: Option<Address<'a>>,
    order_items: Vec<payment::Item<'a>>,
    subscription: Option<payment::Subscription<'a>>,
    merchant: Option<&'a Acceptor>,
    three_d_secure: Option<&'a ThreeDSecure>,
    additional_fields: &'a [Field],
    device_details: Device<'a>,
    outcome: Option<&'static str>,
    outcomes: Vec<Reported<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TransmitOutcome")]
#[serde(rename_all = "camelCase")]
struct Reported<'a> {
    outcome: &'static str,
    amount: i64,
    currency: &'a str,
    occurred_at_utc: Iso,
    response_code: Option<&'a str>,
    response_code_source: Option<&'a str>,
    merchant_advice_code: Option<&'a str>,
    reference: Option<&'a str>,
    reason: Option<&'a str>,
}

/// Stored JSON text, shown as the object it is.
struct Device<'a>(Option<&'a str>);

impl JsonSchema for Device<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Device".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": ["object", "null"]})
    }
}

impl Serialize for Device<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.and_then(|text| serde_json::from_str::<Value>(text).ok()).serialize(serializer)
    }
}

/// The stored transaction with its outcome history.
pub fn stored(transmit: &Transmit) -> Stored<'_> {
    let payment = &transmit.payment;
    Stored {
        transmit_id: transmit.id,
        mid: transmit.mid,
        site_id: transmit.site,
        site_resolved: transmit.matched_by != domain::site::MatchedBy::Default,
        order_id: &payment.order_id,
        order_session_key: transmit.order,
        sequence_number: transmit.sequence_number,
        is_declined: transmit.is_declined,
        late: transmit.late,
        received_on: Iso(transmit.received_at),
        site_url: payment.site_url.as_deref(),
        order_source: payment.order_source.as_deref(),
        is_mit: payment.is_mit,
        is_recurring: payment.is_recurring,
        transaction: payment::Transaction::of(&payment.transaction, transmit.at),
        payer: &payment.payer,
        payment_method: &payment.method,
        billing_information: payment.billing.as_ref().map(Address::from),
        shipping_information: payment.shipping.as_ref().map(Address::from),
        order_items: payment.items.iter().map(payment::Item::from).collect(),
        subscription: payment.subscription.as_ref().map(payment::Subscription::from),
        merchant: payment.acceptor.as_ref(),
        three_d_secure: payment.three_d_secure.as_ref(),
        additional_fields: &payment.additional_fields,
        device_details: Device(payment.device.as_deref()),
        outcome: transmit.outcome().map(domain::transmit::Outcome::as_str),
        outcomes: transmit.outcomes.iter().map(reported).collect(),
    }
}

fn reported(report: &Report) -> Reported<'_> {
    Reported {
        outcome: report.outcome.as_str(),
        amount: report.amount.minor,
        currency: report.amount.currency.as_str(),
        occurred_at_utc: Iso(report.occurred_at),
        response_code: report.response_code.as_deref(),
        response_code_source: report.response_code_source.as_deref(),
        merchant_advice_code: report.merchant_advice_code.as_deref(),
        reference: report.reference.as_deref(),
        reason: report.reason.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_as_the_contract_shows_it() {
        assert_eq!(
            serde_json::to_string(&one(TransmitId::from_bytes([0x0b; 16]), false, true)).unwrap(),
            "{\"transmitId\":\"0b0b0b0b-0b0b-0b0b-0b0b-0b0b0b0b0b0b\",\"success\":true,\"result\":\"success\",\"status\":200,\
             \"statusCode\":null,\"errors\":[],\"customProperties\":{\"duplicate\":\"false\",\"late\":\"true\"}}"
        );
    }

    #[test]
    fn sets_say_how_many_are_good() {
        let id = TransmitId::from_bytes([1; 16]);
        let good = |index| Line {
            index,
            sequence_number: Some(7),
            order_id: "A",
            transaction_id: "t",
            result: Ok(engine::Transmitted { id, duplicate: true, late: false }),
        };
        let bad = |index| {
            let mut faults = Faults::new();
            faults.required("Transaction.Id");
            Line { index, sequence_number: None, order_id: "B", transaction_id: "", result: Err(faults) }
        };
        for (lines, success, status) in
            [(vec![good(0)], true, 200), (vec![good(0), bad(1)], false, 207), (vec![bad(0)], false, 400), (vec![], true, 200)]
        {
            let text = serde_json::to_string(&many(id, &lines)).unwrap();
            assert!(
                text.contains(&format!("\"success\":{success},")) && text.contains(&format!("\"status\":{status},")),
                "{text}"
            );
        }
        let lines = [good(0), bad(1)];
        let text = serde_json::to_string(&many(id, &lines)).unwrap();
        assert!(
            text.contains(
                "{\"index\":1,\"sequenceNumber\":null,\"orderId\":\"B\",\"transactionId\":null,\"transmitId\":null,\
                 \"accepted\":false,\"duplicate\":false,\"late\":false,\
                 \"errors\":{\"Transaction.Id\":[\"The Id field is required.\"]}}"
            ),
            "{text}"
        );
    }
}
