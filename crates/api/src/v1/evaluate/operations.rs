//! How `/v1/evaluate` is served and described.

use serde_json::json;

use super::post;
use crate::{
    json::shape::{Shape, boolean, date_time, object, word},
    operation::{Budget, Operation, Tag, schema},
    read::{Amounts, shape},
    render::evaluate::Body,
};

const ABOUT: &str = "\
The merchant's processor declined this payment: rescue it if possible. With the customer present (CIT) and for synchronous \
rebills the answer comes in real time; a managed rebill (MIT) answers `SUBMITTED` at once and is worked until `expiryDateUtc`. \
Send only payments that failed the same day, and do not charge elsewhere while a rescue is open.

A decline is HTTP 200 with `status` `DECLINED` and a reason word in `statusCode`. A repeat for the same `orderId` never charges twice.";

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/evaluate", post)
            .id("evaluate")
            .tag(Tag::Rescue)
            .scope("evaluate")
            .budget(Budget::Evaluate)
            .summary("Rescue a declined payment")
            .about(ABOUT)
            .body(request())
            .runnable(
                "present",
                "A customer at the checkout; approved in the sandbox",
                json!({
                    "orderId": "INV-1001", "idempotencyKey": "5f0c2d34-9f0e-4a51-8a55-0f4b6f1c7a01",
                    "transaction": {
                        "id": "tx-1001", "amount": 1999, "currency": "USD", "responseCode": "05", "responseCodeSource": "nmi",
                        "avsResultCode": "Y", "cvvResultCode": "M", "cavvResultCode": "NA"
                    },
                    "payer": {"id": "cust-7", "email": "ada@example.com", "phone": "+1 555 0100"},
                    "paymentMethod": {
                        "cardNumber": "4111111111111111", "expirationMonth": 12, "expirationYear": 2031,
                        "verificationValue": "123", "holderName": "Ada Byron"
                    },
                    "billingInformation": {
                        "firstName": "Ada", "lastName": "Byron", "addressLine1": "12 Analytical Row", "city": "New York",
                        "state": "NY", "zipcode": "10001", "countryCode": "US"
                    }
                }),
            )
            .runnable(
                "rebill",
                "A rebill without funds; rescued on the second attempt",
                json!({
                    "orderId": "INV-1002", "idempotencyKey": "5f0c2d34-9f0e-4a51-8a55-0f4b6f1c7a02",
                    "isMIT": true, "isRecurring": true, "orderSource": "subscription",
                    "transaction": {
                        "id": "tx-1002", "amount": 1499, "currency": "USD", "responseCode": "51", "responseCodeSource": "nmi",
                        "avsResultCode": "NA", "cvvResultCode": "NA", "cavvResultCode": "NA"
                    },
                    "paymentMethod": {"cardNumber": "4000001000510024", "expirationMonth": 12, "expirationYear": 2031},
                    "subscription": {"subscriptionId": "sub-42", "interval": "monthly", "paymentNumber": "4"}
                }),
            )
            .answers(200, schema::<Body<'static>>())
            .when("Judged: rescued, declined, to be challenged, or being worked")
            .showing(json!({
                "orderSessionKey": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "senseKey": null,
                "orderId": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "success": true, "result": "Success",
                "status": "APPROVED", "statusCode": null, "errors": [],
                "customProperties": {
                    "channel": "cit_web", "isTestMode": "true", "siteResolved": "true", "confirmationId": "22ACD1D8"
                }
            })),
    ]
}

fn request() -> Shape {
    let own = object("EvaluateRequest", "A declined payment.")
        .required("orderId", shape::order_id())
        .required("idempotencyKey", shape::key())
        .optional("mid", shape::mid())
        .optional("isDeclined", boolean().about("`false`: nothing is charged, it is stored as a copy").default(json!(true)))
        .optional(
            "transactionType",
            word(&["PURCHASE", "AUTHORIZATION"])
                .about("Any case. `AUTHORIZATION` is captured later with `/v1/capture`")
                .default(json!("PURCHASE")),
        )
        .optional("expiryDateUtc", date_time().about("End of the rescue period of a managed rebill, at most 60 days ahead"));
    shape::payment(own, Amounts::Due).optional("attempts", shape::prior_attempts())
}
