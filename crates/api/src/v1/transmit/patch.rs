//! `PATCH /v1/transmit/{transmitId}`: members of the stored transaction, and what became of it.

use axum::extract::{Path, State};
use domain::{
    fault::Faults,
    payment::Payment,
    transmit::{Outcome, Transmit},
};
use engine::OutcomeReport;

use super::{outcome, request::record};
use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Node, Object},
    render::{self, Reply, transmit::stored},
    state::AppState,
};

/// Reads, merges, stores, answers.
pub async fn patch(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let before = state.engine().transmitted(&call.principal, id).await?;
    let (payment, report) = read(&before, &call.body)?;
    let mut after = before.clone();
    if payment != *before.payment {
        after = state.engine().amend_transmit(&call.principal, id, before.version, payment).await?;
    }
    if let Some(report) = report {
        after = state.engine().report_outcome(&call.principal, id, report).await?;
    }
    Ok(Reply::ok(&render::transmit::stored(&after)))
}

/// The payment after the change, and the outcome it reports.
fn read(before: &Transmit, body: &[u8]) -> Result<(Payment, Option<OutcomeReport>), Failure> {
    let patch = json::parse(body)?;
    let empty = Object::default();
    let given = patch.object().unwrap_or(&empty);
    let has = |name: &str| given.get_or_null(name).is_some();
    let named_card =
        given.get("paymentMethod").and_then(Node::object).is_some_and(|card| card.get_or_null("cardNumber").is_some());
    let (new_site, cleared_card) = (has("siteId"), has("paymentMethod") && given.get("paymentMethod").is_none());
    let report = report(&patch)?;

    let text = serde_json::to_vec(&stored(before)).map_err(|_| Failure::coded(50000, "An internal error occurred."))?;
    let merged = json::merge(json::parse(&text)?, patch);
    let (after, mut faults) = record(&merged);
    let mut payment = after.payment;
    if !new_site {
        payment.site_id = before.payment.site_id;
    }
    if !named_card && !cleared_card {
        payment.method.token = before.payment.method.token;
    }
    if before.payment.transaction.timestamp.is_none() && payment.transaction.timestamp == Some(before.at) {
        payment.transaction.timestamp = None;
    }
    keep_hidden(&mut payment, &before.payment);
    check_fixed(before, after.mid, &payment, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let flipped = (after.is_declined != before.is_declined).then(|| plain(after.is_declined));
    Ok((*payment, report.or(flipped)))
}

/// `outcome` beside other members stands for the whole amount.
fn report(patch: &Node<'_>) -> Result<Option<OutcomeReport>, Faults> {
    let given = patch.object().and_then(|object| object.get("outcome")).is_some();
    if given { outcome::read(patch).map(Some) } else { Ok(None) }
}

/// A changed `isDeclined` says what became of the transaction.
const fn plain(is_declined: bool) -> OutcomeReport {
    OutcomeReport {
        outcome: if is_declined { Outcome::Declined } else { Outcome::Approved },
        amount_minor: None,
        currency: None,
        occurred_at: None,
        response_code: None,
        response_code_source: None,
        merchant_advice_code: None,
        reference: None,
        reason: None,
    }
}

/// Members that the stored form does not show stay as they are.
fn keep_hidden(payment: &mut Payment, before: &Payment) {
    payment.sense_key = payment.sense_key.take().or_else(|| before.sense_key.clone());
    payment.customer_ip = payment.customer_ip.take().or_else(|| before.customer_ip.clone());
    payment.correlation_id = payment.correlation_id.take().or_else(|| before.correlation_id.clone());
}

fn check_fixed(before: &Transmit, mid: Option<domain::id::Mid>, after: &Payment, faults: &mut Faults) {
    let (was, is) = (&before.payment.transaction, &after.transaction);
    for (path, same) in [
        ("Mid", mid.is_none_or(|mid| mid == before.mid)),
        ("Transaction.Id", was.id == is.id),
        ("Transaction.Amount", was.amount.minor == is.amount.minor),
        ("Transaction.Currency", was.amount.currency == is.amount.currency),
        ("Transaction.TransactionType", was.transaction_type == is.transaction_type),
    ] {
        if !same {
            faults.invalid(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        environment::Environment,
        id::{Mid, SiteId, TokenId, TransmitId},
        site::MatchedBy,
        time::Timestamp,
    };

    use super::*;

    fn before() -> Transmit {
        let body = r#"{"orderId":"A","isDeclined":true,"senseKey":"s","payer":{"id":"p","email":"a@example.com"},
            "transaction":{"id":"t","amount":500,"currency":"EUR","transactionType":"sale","timezoneUtcOffset":-5},
            "deviceDetails":{"b":[1]},"orderItems":[{"sku":"x"}]}"#;
        let (input, faults) = record(&json::parse(body.as_bytes()).unwrap());
        assert!(faults.is_empty());
        let mut payment = input.payment;
        payment.method.token = Some(TokenId::from_bytes([9; 16]));
        let at = Timestamp::parse("2026-11-20T10:15:30Z").unwrap();
        Transmit {
            id: TransmitId::from_bytes([1; 16]),
            version: 1,
            mid: Mid::from_bytes([2; 16]),
            environment: Environment::Sandbox,
            site: SiteId::from_bytes([3; 16]),
            matched_by: MatchedBy::Default,
            payment,
            is_declined: true,
            late: false,
            at,
            received_at: at,
            card: None,
            order: None,
            sequence_number: None,
            outcomes: vec![],
        }
    }

    #[test]
    fn nothing_given_changes_nothing() {
        let before = before();
        let (payment, report) = read(&before, b"").unwrap();
        assert_eq!(payment, *before.payment);
        assert!(report.is_none());
    }

    #[test]
    fn given_members_replace_and_null_clears() {
        let before = before();
        let body =
            br#"{"payer":{"email":null,"phone":"1"},"transaction":{"responseCode":"05"},"orderItems":null,"outcome":"approved"}"#;
        let (payment, report) = read(&before, body).unwrap();
        assert_eq!(
            (payment.payer.id.as_deref(), payment.payer.email.as_deref(), payment.payer.phone.as_deref()),
            (Some("p"), None, Some("1"))
        );
        assert_eq!(payment.transaction.response_code.as_deref(), Some("05"));
        assert!(payment.items.is_empty() && payment.method.token.is_some());
        assert_eq!(report.unwrap().outcome, Outcome::Approved);
        let (payment, report) = read(&before, br#"{"paymentMethod":null,"isDeclined":false}"#).unwrap();
        assert!(payment.method.token.is_none());
        assert_eq!(report.unwrap().outcome, Outcome::Approved);
    }

    #[test]
    fn identity_and_amount_are_fixed() {
        for (body, path) in [
            (r#"{"mid":"e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c"}"#, "Mid"),
            (r#"{"transaction":{"id":"u"}}"#, "Transaction.Id"),
            (r#"{"transaction":{"amount":501}}"#, "Transaction.Amount"),
            (r#"{"transaction":{"currency":"USD"}}"#, "Transaction.Currency"),
            (r#"{"transaction":{"transactionType":null}}"#, "Transaction.TransactionType"),
            (r#"{"outcome":"lost"}"#, "Outcome"),
        ] {
            assert!(matches!(read(&before(), body.as_bytes()), Err(Failure::Invalid(faults)) if faults.has(path)), "{body}");
        }
    }
}
