//! How `/v1/transmit` is served and described.

use domain::bounds::{AMOUNT_MINOR_MAX, TEXT_CHARS_MAX, TRANSMIT_RECORDS_MAX};
use serde_json::json;

use super::{get, outcome, patch, post};
use crate::{
    json::shape::{Shape, boolean, currency, date_time, either, integer, list, object, text, word},
    operation::{Budget, Operation, Tag, schema},
    read::{Amounts, shape},
    render::transmit::{Many, One, Stored},
};

const ABOUT: &str = "\
A copy of every payment transaction, authorised or declined: it feeds the model and counts toward the networks' retry limits, \
and never starts a rescue. One object, or an array of up to 2,000; of an array good records are kept and bad ones refused.

The first copy of a transaction (`mid`, `transaction.id`, `transaction.transactionType`) stays; a repeat answers the same \
`transmitId`. A copy with `isDeclined: false` of an order under rescue stops that rescue.";

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/transmit", post)
            .id("transmit")
            .tag(Tag::Transmit)
            .scope("transmit")
            .budget(Budget::Transmit)
            .summary("Send copies of payments")
            .about(ABOUT)
            .body(either(
                "TransmitRequest",
                "One copy, or many.",
                vec![record("TransmitRecord"), list(record("TransmitRecord"), TRANSMIT_RECORDS_MAX)],
            ))
            .runnable("approved", "A payment that went through", json!({
                "orderId": "INV-2001", "isDeclined": false,
                "transaction": {
                    "id": "tx-2001", "amount": 2500, "currency": "USD", "transactionType": "SALE", "responseCode": "00",
                    "responseCodeSource": "nmi", "timestampUtc": "2026-11-20T10:15:30Z"
                },
                "paymentMethod": {"cardBinNumber": "41111111", "cardLast4Digits": "1111", "expirationMonth": 12, "expirationYear": 2031}
            }))
            .runnable("many", "Two payments", json!([
                {"orderId": "INV-2002", "isDeclined": true, "sequenceNumber": 1, "transaction": {
                    "id": "tx-2002", "amount": 2500, "currency": "USD", "responseCode": "51", "responseCodeSource": "nmi"}},
                {"orderId": "INV-2003", "isDeclined": false, "sequenceNumber": 2, "transaction": {
                    "id": "tx-2003", "amount": 900, "currency": "EUR", "responseCode": "00", "responseCodeSource": "nmi"}}
            ]))
            .answers(200, schema::<One<'static>>())
            .when("One record is stored")
            .showing(json!({
                "transmitId": "0b9e1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "success": true, "result": "success", "status": 200,
                "statusCode": null, "errors": [], "customProperties": {"duplicate": "false", "late": "false"}
            }))
            .answers(200, schema::<Many<'static>>())
            .when("at least one record of a set is stored, or the set is empty; `status` is 207 when some were refused")
            .answers(400, schema::<Many<'static>>())
            .when("Validation of one record; or: no record of a set could be kept"),
        Operation::get("/v1/transmit/{id}", get)
            .id("getTransmit")
            .tag(Tag::Transmit)
            .scope("transmit")
            .path("id", "`transmitId`")
            .summary("Read a stored payment")
            .answers(200, schema::<Stored<'static>>()),
        Operation::patch("/v1/transmit/{id}", patch)
            .id("updateTransmit")
            .tag(Tag::Transmit)
            .scope("transmit")
            .budget(Budget::Transmit)
            .path("id", "`transmitId`")
            .summary("Complete a stored payment")
            .about(
                "Given members replace, `null` clears. `mid`, `transaction.id`, `.amount`, `.currency` and `.transactionType` are \
                 fixed. `outcome` reports what became of it.",
            )
            .body(change())
            .example("address", "An address that came later", json!({"billingInformation": {"zipcode": "10001", "countryCode": "US"}}))
            .answers(200, schema::<Stored<'static>>()),
        Operation::post("/v1/transmit/{id}/outcome", outcome)
            .id("reportOutcome")
            .tag(Tag::Transmit)
            .scope("transmit")
            .budget(Budget::Transmit)
            .path("id", "`transmitId`")
            .summary("Report what became of a payment")
            .about(
                "Allowed: none to any; declined to approved; approved to voided, refunded, chargeback; refunded to refunded, \
                 chargeback; else 409 `40903`. The same outcome again changes nothing.",
            )
            .body(report())
            .example("refund", "Part of it was given back", json!({"outcome": "refunded", "amount": 500, "reason": "damaged"}))
            .answers(200, schema::<One<'static>>()),
    ]
}

const OUTCOMES: &[&str] = &["approved", "declined", "voided", "refunded", "chargeback"];

fn record(name: &'static str) -> Shape {
    let own = object(name, "A copy of a payment. Optional members that cannot be read count as absent.")
        .required("orderId", shape::order_id())
        .required("isDeclined", boolean().about("Whether the processor declined it"))
        .optional("mid", shape::mid())
        .optional("sequenceNumber", integer().about("Position in a set"));
    shape::payment(own, Amounts::Any)
}

/// Nested members are merged, so none of them is required; what they are is said by the record.
fn change() -> Shape {
    let parts = ["transaction", "payer", "paymentMethod", "billingInformation", "shippingInformation", "subscription"];
    parts
        .into_iter()
        .fold(object("TransmitChange", "Any members of the copy, and `outcome`."), |change, name| {
            change.optional(name, crate::json::shape::map(crate::json::shape::any()).about("Members of the copy, merged"))
        })
        .optional("orderId", shape::order_id())
        .optional("isDeclined", boolean().about("A change says what became of it"))
        .optional("outcome", word(OUTCOMES).about("What became of it, for the whole amount"))
}

fn report() -> Shape {
    let free = || text(TEXT_CHARS_MAX);
    object("OutcomeReport", "What became of a payment.")
        .required("outcome", word(OUTCOMES))
        .optional("amount", integer().at_least(1).at_most(AMOUNT_MINOR_MAX).about("Cents; default: the whole amount"))
        .optional("currency", currency())
        .optional("occurredAtUtc", date_time())
        .optional("responseCode", free())
        .optional("responseCodeSource", free())
        .optional("merchantAdviceCode", free())
        .optional("reference", free())
        .optional("reason", free())
}
