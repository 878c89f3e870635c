//! `POST /v1/transmit/{transmitId}/outcome`: what became of a transaction.

use axum::extract::{Path, State};
use domain::{
    bounds::{AMOUNT_MINOR_MAX, TEXT_CHARS_MAX},
    fault::Faults,
    intake::When,
    money::Currency,
    transmit::Outcome,
};
use engine::OutcomeReport;

use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Node, Reader},
    render::{self, Reply},
    state::AppState,
};

/// Reads, reports, answers.
pub async fn outcome(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let report = read(&json::parse(&call.body)?)?;
    let transmit = state.engine().report_outcome(&call.principal, id, report).await?;
    Ok(Reply::ok(&render::transmit::outcome(&transmit)))
}

/// Reads a report.
pub fn read(node: &Node<'_>) -> Result<OutcomeReport, Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let outcome = reader.required_parsed("outcome", Outcome::parse);
    let amount_minor = reader.integer("amount");
    if amount_minor.is_some_and(|minor| !(1..=AMOUNT_MINOR_MAX).contains(&minor)) {
        reader.faults().add("Amount", "The field Amount must be a positive integer.");
    }
    let occurred_at = match reader.when("occurredAtUtc") {
        When::At(at) => Some(at),
        When::Absent => None,
        When::Unreadable => {
            reader.invalid("occurredAtUtc");
            None
        }
    };
    let currency = reader.parsed("currency", Currency::parse);
    let mut text = |name: &str| reader.text(name, TEXT_CHARS_MAX);
    let (response_code, response_code_source) = (text("responseCode"), text("responseCodeSource"));
    let (merchant_advice_code, reference, reason) = (text("merchantAdviceCode"), text("reference"), text("reason"));
    match outcome {
        Some(outcome) if faults.is_empty() => Ok(OutcomeReport {
            outcome,
            amount_minor,
            currency,
            occurred_at,
            response_code,
            response_code_source,
            merchant_advice_code,
            reference,
            reason,
        }),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_or_refused() {
        let reading = |text: &str| read(&json::parse(text.as_bytes()).unwrap());
        let report = reading(r#"{"outcome":"Refunded","amount":"500","occurredAtUtc":"2026-11-20T10:15:30Z"}"#).unwrap();
        assert_eq!((report.outcome, report.amount_minor), (Outcome::Refunded, Some(500)));
        for (body, path) in [
            ("{}", "Outcome"),
            (r#"{"outcome":"lost"}"#, "Outcome"),
            (r#"{"outcome":"approved","amount":0}"#, "Amount"),
            (r#"{"outcome":"approved","amount":1.5}"#, "Amount"),
            (r#"{"outcome":"approved","currency":"zzz"}"#, "Currency"),
            (r#"{"outcome":"approved","occurredAtUtc":""}"#, "OccurredAtUtc"),
        ] {
            assert!(reading(body).unwrap_err().has(path), "{body}");
        }
    }
}
