//! Request bodies, complete and lawful; tests change what they are about.

use serde_json::{Value, json};

use crate::guid;

/// A declined payment whose customer is present.
pub fn cit(card: &str) -> Value {
    let order = format!("INV-{}", guid());
    json!({
        "orderId": order,
        "idempotencyKey": guid(),
        "transaction": {
            "id": format!("tx-{}", guid()), "amount": 1999, "currency": "USD", "responseCode": "05", "responseCodeSource": "acquirer",
            "avsResultCode": "Y", "cvvResultCode": "M", "cavvResultCode": "NA",
        },
        "payer": {"id": format!("payer-{order}"), "email": "ada@example.com", "phone": "+1 555 0100"},
        "paymentMethod": {
            "cardNumber": card, "expirationMonth": 12, "expirationYear": 2031, "verificationValue": "123", "holderName": "Ada Byron",
        },
    })
}

/// A declined rebill; the rescue lasts as long as the merchant's setting says.
pub fn mit(card: &str) -> Value {
    let mut body = cit(card);
    body["isMIT"] = json!(true);
    body["isRecurring"] = json!(true);
    body["orderSource"] = json!("subscription");
    body["subscription"] = json!({"subscriptionId": format!("sub-{}", guid()), "interval": "monthly"});
    remove(&mut body, "/paymentMethod/verificationValue");
    body["transaction"]["responseCode"] = json!("51");
    body
}

/// A copy of a payment.
pub fn copy(is_declined: bool) -> Value {
    json!({
        "orderId": format!("INV-{}", guid()),
        "isDeclined": is_declined,
        "transaction": {
            "id": format!("tx-{}", guid()), "amount": 2500, "currency": "USD", "transactionType": "SALE",
            "responseCode": if is_declined { "51" } else { "00" }, "responseCodeSource": "acquirer",
        },
    })
}

/// The same body with one member changed, by its JSON pointer; missing objects on the way are made.
#[must_use]
pub fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let mut place = &mut body;
    for part in pointer.trim_start_matches('/').split('/') {
        place = match part.parse::<usize>() {
            Ok(index) if place.is_array() => &mut place[index],
            _ => &mut place[part],
        };
    }
    *place = value;
    body
}

/// The same body without a member.
#[must_use]
pub fn without(mut body: Value, pointer: &str) -> Value {
    remove(&mut body, pointer);
    body
}

fn remove(body: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    if let Some(object) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
        object.remove(name);
    }
}
