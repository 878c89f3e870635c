//! `transaction`.

use domain::{
    bounds::{AMOUNT_MINOR_MAX, ID_CHARS_MAX, TEXT_CHARS_MAX},
    intake::When,
    money::{Currency, Money},
    payment::Transaction,
};

use super::zone;
use crate::json::{Read, Reader, integer_of};

/// What a request demands of its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amounts {
    /// `/evaluate`: an amount above zero, and the issuer's answer.
    Due,
    /// `/transmit`: any amount from zero, the answer may be missing.
    Any,
}

/// Reads `transaction`; with faults the result is only a placeholder.
pub fn transaction(reader: &mut Reader<'_, '_>, amounts: Amounts) -> Transaction {
    match reader.required_object("transaction", "Transaction") {
        Some(mut inner) => members(&mut inner, amounts),
        None => placeholder(),
    }
}

fn members(reader: &mut Reader<'_, '_>, amounts: Amounts) -> Transaction {
    let mut answer = |name: &str| match amounts {
        Amounts::Due => reader.required_text(name, TEXT_CHARS_MAX),
        Amounts::Any => reader.text(name, TEXT_CHARS_MAX),
    };
    let response_code = answer("responseCode");
    let response_code_source = answer("responseCodeSource");
    let avs_result_code = answer("avsResultCode");
    let cvv_result_code = answer("cvvResultCode");
    let cavv_result_code = answer("cavvResultCode");
    let minor = amount(reader, amounts);
    let currency = super::currency(reader).unwrap_or(Currency::USD);
    let mut text = |name: &str| reader.text(name, TEXT_CHARS_MAX);
    Transaction {
        transaction_type: text("transactionType"),
        response_description: text("responseDescription"),
        response_status: text("responseStatus"),
        response_sub_status: text("responseSubStatus"),
        processor_name: text("processorName"),
        dynamic_descriptor: text("dynamicDescriptor").or_else(|| text("descriptor")),
        merchant_advice_code: text("merchantAdviceCode"),
        network_response_code: text("networkResponseCode"),
        network: text("network"),
        network_transaction_id: text("networkTransactionId"),
        card_not_present: reader.boolean("cardNotPresent"),
        id: reader.required_text("id", ID_CHARS_MAX).unwrap_or_default(),
        amount: Money::new(minor, currency),
        timestamp: instant(reader),
        utc_offset_minutes: zone::offset_minutes(reader.get("timezoneUtcOffset")),
        response_code,
        response_code_source,
        avs_result_code,
        cvv_result_code,
        cavv_result_code,
    }
}

/// An unreadable timestamp counts as absent: then the time of receipt holds.
fn instant(reader: &Reader<'_, '_>) -> Option<domain::time::Timestamp> {
    ["timestampUtc", "timestamp"].into_iter().find_map(|name| match reader.when(name) {
        When::At(at) => Some(at),
        When::Absent | When::Unreadable => None,
    })
}

fn amount(reader: &mut Reader<'_, '_>, amounts: Amounts) -> i64 {
    let least = i64::from(amounts == Amounts::Due);
    match integer_of(reader.get("amount")) {
        Read::Is(minor) if (least..=AMOUNT_MINOR_MAX).contains(&minor) => return minor,
        Read::Absent => reader.required("amount"),
        Read::Is(_) | Read::Unreadable => {
            let path = reader.path("amount");
            reader.faults().add(path, "The field Amount must be a positive integer.");
        }
    }
    0
}

const fn placeholder() -> Transaction {
    Transaction {
        id: String::new(),
        amount: Money::new(0, Currency::USD),
        timestamp: None,
        utc_offset_minutes: None,
        response_code: None,
        response_code_source: None,
        avs_result_code: None,
        cvv_result_code: None,
        cavv_result_code: None,
        transaction_type: None,
        response_description: None,
        response_status: None,
        response_sub_status: None,
        processor_name: None,
        dynamic_descriptor: None,
        card_not_present: None,
        merchant_advice_code: None,
        network_response_code: None,
        network: None,
        network_transaction_id: None,
    }
}
