//! `POST /v1/chargebacks`: the operator reports a dispute.

use axum::extract::State;
use domain::{
    bounds::{AMOUNT_MINOR_MAX, ID_CHARS_MAX},
    chargeback::Stage,
    fault::Faults,
    id::OrderId,
    money::Currency,
};
use engine::{About, Notice};
use http::StatusCode;

use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Node, Reader},
    read,
    render::{Reply, chargeback::Body},
    state::AppState,
};

/// Characters of a network's reason code.
const REASON_CHARS_MAX: usize = 32;

/// Reads, takes it in; 201 for a new one, 200 for one that is known.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (input, faults) = read(&json::parse(&call.body)?);
    let reported = state.engine().report_chargeback(&call.principal, input, faults).await?;
    let status = if reported.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Reply::json(status, &Body::from(&reported.chargeback)))
}

fn read(node: &Node<'_>) -> (Option<(About, Notice)>, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let order = reader.parsed("orderId", OrderId::parse);
    let arn = reader.text("arn", ID_CHARS_MAX);
    let transaction = reader.text("networkTransactionId", ID_CHARS_MAX);
    let about = order.map(About::Order).or(arn.clone().map(About::Arn)).or(transaction.map(About::NetworkTransaction));
    if about.is_none() && !["OrderId", "Arn", "NetworkTransactionId"].iter().any(|path| reader.faults().has(path)) {
        reader.required("orderId");
    }
    let amount_minor = reader.integer("amount");
    if amount_minor.is_some_and(|minor| !(1..=AMOUNT_MINOR_MAX).contains(&minor)) {
        reader.faults().add("Amount", "The field Amount must be a positive integer.");
    }
    let currency = reader.parsed("currency", Currency::parse);
    let reason_code = reader.required_text("reasonCode", REASON_CHARS_MAX);
    let stage = reader.parsed("stage", Stage::parse);
    let received_at = read::instant(&mut reader, "receivedOn");
    let due_at = read::instant(&mut reader, "dueDate");
    let reference = reader.required_text("reference", ID_CHARS_MAX);
    let input = about.zip(reference).map(|(about, reference)| {
        (about, Notice { reference, amount_minor, currency, reason_code, stage, received_at, due_at, arn })
    });
    (input, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(body: &str) -> (Option<(About, Notice)>, Vec<String>) {
        let (input, faults) = read(&json::parse(body.as_bytes()).unwrap());
        (input, faults.iter().map(|(path, _)| path.to_owned()).collect())
    }

    #[test]
    fn a_dispute_is_about_an_order_an_arn_or_a_network_transaction() {
        let id = OrderId::from_bytes([1; 16]);
        let rest = r#""reasonCode":10.4,"reference":"CB-1""#;
        for (member, about) in [
            (format!(r#""orderId":"{id}","arn":"7""#), About::Order(id)),
            (r#""arn":"74537""#.into(), About::Arn("74537".into())),
            (r#""networkTransactionId":123456789012345"#.into(), About::NetworkTransaction("123456789012345".into())),
        ] {
            let (input, faults) = reading(&format!("{{{member},{rest}}}"));
            assert!(faults.is_empty(), "{faults:?}");
            let (found, notice) = input.unwrap();
            assert_eq!((found, notice.reason_code.as_deref(), notice.reference.as_str()), (about, Some("10.4"), "CB-1"));
        }
    }

    #[test]
    fn every_fault_is_told() {
        assert_eq!(reading("{}").1, ["OrderId", "ReasonCode", "Reference"]);
        let body = r#"{"orderId":"1","amount":0,"currency":"dollars","reasonCode":"4","stage":"new","receivedOn":"soon","dueDate":1,
            "reference":"r"}"#;
        assert_eq!(reading(body).1, ["Amount", "Currency", "DueDate", "OrderId", "ReceivedOn", "Stage"]);
    }
}
