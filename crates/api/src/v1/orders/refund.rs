//! `POST /v1/orders/{id}/refund`: the one amount in decimal major units.

use axum::extract::{Path, State};
use domain::{bounds::TEXT_CHARS_MAX, fault::Faults, id::OrderId};
use engine::RefundRequest;

use crate::{
    extract::OwnKey,
    failure::Failure,
    json::{self, Node, Reader},
    read,
    render::{self, Reply},
    state::AppState,
};

/// Characters of an amount.
const AMOUNT_CHARS_MAX: usize = 32;

/// Reads, refunds, answers.
pub async fn refund(State(state): State<AppState>, Path(id): Path<String>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let order = super::id(&id)?;
    let request = {
        let node = json::parse(&call.body)?;
        let payload_hash = state.engine().payload_hash(&json::canonical(&node));
        request(order, &node, call.key.as_deref(), payload_hash)?
    };
    let reply = state.engine().refund(&call.principal, request).await?;
    Ok(Reply::ok(&render::refund::body(&reply)).replayed(reply.replayed))
}

fn request(order: OrderId, node: &Node<'_>, key: Option<&str>, payload_hash: [u8; 32]) -> Result<RefundRequest, Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let key = read::optional_key(&mut reader, key);
    let message = reader.text("refundMessage", TEXT_CHARS_MAX);
    let amount = amount(&mut reader);
    match amount {
        Some(amount) if faults.is_empty() => Ok(RefundRequest { order, amount, message, key, payload_hash }),
        _ => Err(faults),
    }
}

/// A plain decimal above zero; how many decimals are right depends on the order's currency.
fn amount(reader: &mut Reader<'_, '_>) -> Option<String> {
    let text = reader.required_text("amountToRefund", AMOUNT_CHARS_MAX)?;
    let digits = text.trim().trim_start_matches(['+', '-']);
    let readable = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.parse::<f64>().is_ok();
    let above_zero = digits.bytes().any(|b| matches!(b, b'1'..=b'9')) && !text.trim().starts_with('-');
    match (readable, above_zero) {
        (true, true) => return Some(text),
        (true, false) => reader.faults().add("AmountToRefund", "The field AmountToRefund must be greater than 0."),
        (false, _) => reader.invalid("amountToRefund"),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Result<RefundRequest, Vec<String>> {
        request(OrderId::from_bytes([1; 16]), &json::parse(text.as_bytes()).unwrap(), None, [0; 32])
            .map_err(|faults| faults.iter().map(|(path, message)| format!("{path}: {message}")).collect())
    }

    #[test]
    fn amounts_are_decimals_above_zero() {
        for (json, expected) in [
            ("1.0", Ok("1")),
            ("19.99", Ok("19.99")),
            ("\"19.99\"", Ok("19.99")),
            ("1e2", Ok("100")),
            ("0.005", Ok("0.005")),
            ("0", Err("greater than 0")),
            ("-5", Err("greater than 0")),
            ("\"0.00\"", Err("greater than 0")),
            ("\"1,5\"", Err("is invalid")),
            ("\"1e2\"", Err("is invalid")),
            ("\"1.2.3\"", Err("is invalid")),
            ("\"abc\"", Err("is invalid")),
            ("{}", Err("is invalid")),
            ("null", Err("is required")),
        ] {
            let read = reading(&format!("{{\"amountToRefund\":{json}}}"));
            match (read, expected) {
                (Ok(request), Ok(text)) => assert_eq!(request.amount, text, "{json}"),
                (Err(faults), Err(part)) => assert!(faults.len() == 1 && faults[0].contains(part), "{json}: {faults:?}"),
                (read, _) => panic!("{json}: {read:?}"),
            }
        }
    }
}
