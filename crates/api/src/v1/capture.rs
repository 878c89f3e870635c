//! `POST /v1/capture`: collect an authorisation in its window.

use axum::extract::State;
use domain::{
    fault::Faults,
    id::OrderId,
    money::{Currency, Money},
};
use engine::CaptureRequest;
use serde_json::json;

use crate::{
    extract::OwnKey,
    failure::Failure,
    json::{
        self, Node, Reader,
        shape::{currency, guid, integer, object},
    },
    operation::{Operation, Tag, schema},
    read,
    render::{self, Reply},
    state::AppState,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/capture", post)
            .id("capture")
            .tag(Tag::Rescue)
            .scope("capture")
            .summary("Collect an authorisation")
            .about(
                "Collects an order in `CAPTUREREQUIRED`, in full and before its window closes. A refusal is HTTP 200 with `FAILED` and \
                 `AMOUNT_MISMATCH`, `CURRENCY_MISMATCH`, `NOT_CAPTURABLE`, `CAPTURE_WINDOW_CLOSED` or `PROCESSOR_REFUSED`.",
            )
            .body(
                object("CaptureRequest", "What to capture.")
                    .required("orderId", guid().about("`orderSessionKey`"))
                    .required("amount", integer().about("Cents; the whole authorised amount"))
                    .required("currency", currency())
                    .required("idempotencyKey", read::shape::key()),
            )
            .example("whole", "An authorisation of 19.99 USD", json!({
                "orderId": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c", "amount": 1999, "currency": "USD",
                "idempotencyKey": "5f0c2d34-9f0e-4a51-8a55-0f4b6f1c7a03"
            }))
            .answers(200, schema::<render::capture::Body<'static>>())
            .answers(502, schema::<render::Envelope<'static>>())
            .when("The processor's answer is unknown; the capture goes on behind it"),
    ]
}

/// Reads, captures, answers.
pub async fn post(State(state): State<AppState>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let request = {
        let node = json::parse(&call.body)?;
        let payload_hash = state.engine().payload_hash(&json::canonical(&node));
        request(&node, call.key.as_deref(), payload_hash)?
    };
    let reply = state.engine().capture(&call.principal, request).await?;
    Ok(Reply::ok(&render::capture::body(&reply)).replayed(reply.replayed))
}

fn request(node: &Node<'_>, key: Option<&str>, payload_hash: [u8; 32]) -> Result<CaptureRequest, Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let key = read::idempotency_key(&mut reader, key);
    let order = reader.required_parsed("orderId", OrderId::parse);
    let amount = reader.required_integer("amount");
    let currency = reader.required_parsed("currency", Currency::parse);
    match (order, amount, currency) {
        (Some(order), Some(minor), Some(currency)) if faults.is_empty() => {
            Ok(CaptureRequest { key, payload_hash, order, amount: Money::new(minor, currency) })
        }
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Result<CaptureRequest, Vec<String>> {
        request(&json::parse(text.as_bytes()).unwrap(), None, [0; 32])
            .map_err(|faults| faults.iter().map(|(path, message)| format!("{path}: {message}")).collect())
    }

    #[test]
    fn four_members_are_needed() {
        assert_eq!(
            reading("{}").unwrap_err(),
            [
                "Amount: The Amount field is required.",
                "Currency: The Currency field is required.",
                "IdempotencyKey: The IdempotencyKey field is required.",
                "OrderId: The OrderId field is required.",
            ]
        );
        assert_eq!(
            reading(r#"{"idempotencyKey":{},"orderId":"7","amount":1.5,"currency":"?"}"#).unwrap_err(),
            [
                "Amount: The field Amount is invalid.",
                "Currency: The field Currency is invalid.",
                "IdempotencyKey: The field IdempotencyKey is invalid.",
                "OrderId: The field OrderId is invalid.",
            ]
        );
        let id = "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c";
        let request =
            reading(&format!("{{\"idempotencyKey\":1,\"orderId\":\"{id}\",\"amount\":\"1999\",\"currency\":\"usd\"}}")).unwrap();
        assert_eq!((request.key.as_str(), request.amount), ("1", Money::new(1999, Currency::USD)));
    }
}
