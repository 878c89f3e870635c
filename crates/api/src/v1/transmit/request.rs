//! Reading `POST /v1/transmit` (`wire-api` §4): one record or many.

use domain::{bounds::TRANSMIT_RECORDS_MAX, fault::Faults, intake::Transmit};

use crate::{
    failure::Failure,
    json::{Node, Reader, parse},
    read::{self, Amounts},
};

/// A read record: placeholders where it has faults.
pub type Record = (Transmit, Faults);

/// One record, or a set.
pub enum Body {
    /// An object.
    One(Box<Record>),
    /// An array.
    Many(Vec<Record>),
}

/// Reads a whole body.
pub fn body(bytes: &[u8]) -> Result<Body, Failure> {
    match parse(bytes)? {
        Node::List(records) if records.len() > TRANSMIT_RECORDS_MAX => {
            let mut faults = Faults::new();
            faults.add("$", format!("At most {TRANSMIT_RECORDS_MAX} records per request."));
            Err(faults.into())
        }
        Node::List(records) => Ok(Body::Many(records.iter().map(record).collect())),
        node => Ok(Body::One(Box::new(record(&node)))),
    }
}

/// Reads one record. Only what identifies the transaction is enforced; other unreadable members count as absent.
pub fn record(node: &Node<'_>) -> Record {
    let mut faults = Faults::new();
    let is_declined = Reader::new(node, &mut faults).required_boolean("isDeclined");
    let mut reader = Reader::new(node, &mut faults).lenient();
    let method = read::stored_method(&mut reader);
    let input = Transmit {
        mid: read::mid(&mut reader),
        sequence_number: reader.integer("sequenceNumber"),
        is_declined: is_declined.unwrap_or(true),
        payment: Box::new(read::payment(&mut reader, Amounts::Any, method)),
    };
    (input, faults)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn sound() -> Value {
        json!({"orderId": "A", "isDeclined": true, "transaction": {"id": "t", "amount": 0, "currency": "EUR"}})
    }

    fn faults(value: &Value) -> Vec<String> {
        let text = value.to_string();
        record(&parse(text.as_bytes()).unwrap()).1.iter().map(|(path, message)| format!("{path}: {message}")).collect()
    }

    #[test]
    fn only_the_identity_is_enforced() {
        assert_eq!(faults(&sound()), [""; 0]);
        assert_eq!(
            faults(&json!({})),
            [
                "IsDeclined: The IsDeclined field is required.",
                "OrderId: Merchant's orderId is required",
                "Transaction: The Transaction field is required.",
            ]
        );
        assert_eq!(
            faults(&json!({"orderId": "A", "isDeclined": "maybe", "mid": "x", "transaction": {"amount": -1}})),
            [
                "IsDeclined: The field IsDeclined is invalid.",
                "Mid: The field Mid is invalid.",
                "Transaction.Amount: The field Amount must be a positive integer.",
                "Transaction.Currency: The Currency field is required.",
                "Transaction.Id: The Id field is required.",
            ]
        );
        let mut odd = sound();
        for (name, value) in [
            ("payer", json!("nobody")),
            ("paymentMethod", json!({"cardNumber": "4111111111111112", "expirationMonth": "Jan"})),
            ("siteId", json!("42")),
            ("isMIT", json!("perhaps")),
            ("orderItems", json!({"a": 1})),
            ("sequenceNumber", json!("first")),
        ] {
            odd[name] = value;
        }
        assert_eq!(faults(&odd), [""; 0]);
    }

    #[test]
    fn sets_are_bounded() {
        let many = |n: usize| serde_json::to_vec(&vec![sound(); n]).unwrap();
        assert!(matches!(body(&many(2_000)), Ok(Body::Many(records)) if records.len() == 2_000));
        assert!(
            matches!(body(&many(2_001)), Err(Failure::Invalid(faults)) if faults.iter().next() == Some(("$", "At most 2000 records per request.")))
        );
        assert!(matches!(body(b"{}"), Ok(Body::One(_))));
        assert!(matches!(body(b""), Ok(Body::One(_))));
    }

    #[test]
    fn no_card_number_survives_reading() {
        let mut value = sound();
        value["paymentMethod"] =
            json!({"cardNumber": "4111111111111111", "verificationValue": "123", "cardBinNumber": "4111111111111111"});
        let text = value.to_string();
        let (input, _) = record(&parse(text.as_bytes()).unwrap());
        let kept = serde_json::to_string(&input.payment).unwrap();
        assert!(!kept.contains("4111111111111111") && !kept.contains("123"), "{kept}");
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(text in "[\\[\\]{}:,\"a-zA-Z0-9. -]{0,200}") {
            let _ = body(text.as_bytes());
        }
    }
}
