//! How `/v1/chargebacks` is served and described.

use serde_json::json;

use super::{create, get, list};
use crate::{
    json::shape::{currency, date_time, guid, integer, object, text, word},
    operation::{Operation, Schema, Tag, schema},
    render::{List, chargeback::Body},
};

const STAGES: &[&str] = &["inquiry", "chargeback", "representment", "prearbitration", "won", "lost"];

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/chargebacks", list)
            .id("listChargebacks")
            .tag(Tag::Money)
            .scope("money:read")
            .summary("List chargebacks")
            .about("`createdFrom` and `createdTo` span `receivedOn`; `sortBy` is `receivedOn`, `amount` or `stage`. `Accept: text/csv` answers CSV.")
            .listed()
            .query_as("orderId", guid().about("Only chargebacks of this order"))
            .query_as("stage", word(STAGES).about("Only chargebacks at this stage"))
            .answers(200, schema::<List<Body<'_>>>())
            .answers_as(200, "text/csv", Schema::Text),
        Operation::get("/v1/chargebacks/{id}", get)
            .id("getChargeback")
            .tag(Tag::Money)
            .scope("money:read")
            .path("id", "Chargeback id")
            .summary("Read a chargeback")
            .answers(200, schema::<Body<'_>>()),
        report(),
    ]
}

fn report() -> Operation {
    Operation::post("/v1/chargebacks", create)
        .id("reportChargeback")
        .tag(Tag::Money)
        .scope("processors")
        .summary("Report a chargeback")
        .about(
            "For the operator. One of `orderId`, `arn` and `networkTransactionId` names the payment, in this order. The same \
             `reference` again is the same dispute: a later stage moves it on, what was told before changes nothing. The order is \
             marked, `payment.chargeback.received` or `.updated` is sent, and what is open on the card stops.",
        )
        .body(
            object("ChargebackReport", "A dispute as it was heard of.")
                .optional("orderId", guid().about("The order's `orderSessionKey`"))
                .optional("arn", text(255).about("Acquirer reference number, as the processor gave it"))
                .optional("networkTransactionId", text(255).about("The network's id of the approved attempt"))
                .optional("amount", integer().at_least(1).about("Cents; all that was paid when left out"))
                .optional("currency", currency().about("The order's currency"))
                .required("reasonCode", text(32).about("The network's reason code"))
                .optional("stage", word(STAGES).about("How far it is").default(json!("chargeback")))
                .optional("receivedOn", date_time().about("When the dispute came; now when left out"))
                .optional("dueDate", date_time().about("Until when it can be answered"))
                .required("reference", text(255).about("The reporter's own id of the dispute")),
        )
        .example(
            "received",
            "A first chargeback",
            json!({
                "orderId": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "amount": 1999, "currency": "USD", "reasonCode": "10.4",
                "stage": "chargeback", "receivedOn": "2026-11-30T10:15:30Z", "reference": "CB-2026-1181"
            }),
        )
        .answers(201, schema::<Body<'_>>())
        .when("It was not known.")
        .answers(200, schema::<Body<'_>>())
        .when("It was known; shown as it stands now.")
}
