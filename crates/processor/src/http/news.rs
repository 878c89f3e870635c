//! Notifications of the plain HTTP contract: `{"type": …, "data": {…}}`.

use domain::{
    chargeback::Stage,
    id::{AttemptId, RefundId},
    money::{Currency, Money},
    time::Timestamp,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::wire::{AuthorizeAnswer, RefundAnswer};
use crate::notification::{Chargeback, News, Refused};

/// Longest text of a dispute, characters.
const TEXT_CHARS_MAX: usize = 255;

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: Value,
}

#[derive(Deserialize)]
struct AttemptData {
    attempt_id: AttemptId,
    #[serde(flatten)]
    answer: AuthorizeAnswer,
}

#[derive(Deserialize)]
struct RefundData {
    refund_id: RefundId,
    #[serde(flatten)]
    answer: RefundAnswer,
}

#[derive(Deserialize)]
struct DisputeData {
    reference: String,
    attempt_id: Option<AttemptId>,
    network_transaction_id: Option<String>,
    amount_minor: i64,
    currency: Currency,
    reason_code: String,
    stage: Option<Stage>,
    received_at: Option<String>,
    due_at: Option<String>,
    arn: Option<String>,
}

/// Reads a body: its kind and what it says.
pub(super) fn read(body: &[u8]) -> Result<(String, News), Refused> {
    let Body { kind, data } = serde_json::from_slice(body).map_err(|_| Refused::Unreadable("the body is unreadable".into()))?;
    let kind: String = kind.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect();
    let news = match kind.as_str() {
        "attempt.result" => {
            let AttemptData { attempt_id, answer } = of(data)?;
            let answer = answer.read(None).map_err(|failure| Refused::Unreadable(failure.to_string()))?;
            News::Attempt { attempt: attempt_id, answer: Box::new(answer) }
        }
        "refund.result" => {
            let RefundData { refund_id, answer: RefundAnswer { refunded, response_code } } = of(data)?;
            News::Refund { refund: refund_id, answer: crate::Refunded { refunded, response_code } }
        }
        "chargeback.received" => News::Chargeback(Box::new(dispute(of(data)?)?)),
        _ => News::Other,
    };
    Ok((kind, news))
}

fn of<T: DeserializeOwned>(data: Value) -> Result<T, Refused> {
    serde_json::from_value(data).map_err(|error| Refused::Unreadable(format!("data: {error}")))
}

fn dispute(data: DisputeData) -> Result<Chargeback, Refused> {
    let unusable = |text: &String| text.trim().is_empty() || text.chars().count() > TEXT_CHARS_MAX;
    let optional = [&data.network_transaction_id, &data.arn].into_iter().flatten();
    if [&data.reference, &data.reason_code].into_iter().chain(optional).any(unusable) {
        return Err(Refused::Unreadable("data: a text is blank or too long".into()));
    }
    if data.attempt_id.is_none() && data.arn.is_none() && data.network_transaction_id.is_none() {
        return Err(Refused::Unreadable("data: attempt_id, arn or network_transaction_id is required".into()));
    }
    if data.amount_minor <= 0 {
        return Err(Refused::Unreadable("data: amount_minor must be positive".into()));
    }
    let instant = |text: Option<String>| match text {
        Some(text) => Timestamp::parse(&text).map(Some).ok_or_else(|| Refused::Unreadable("data: not a date-time".into())),
        None => Ok(None),
    };
    Ok(Chargeback {
        reference: data.reference,
        attempt: data.attempt_id,
        network_transaction_id: data.network_transaction_id,
        amount: Money::new(data.amount_minor, data.currency),
        reason_code: data.reason_code,
        stage: data.stage,
        received_at: instant(data.received_at)?,
        due_at: instant(data.due_at)?,
        arn: data.arn,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6071";

    fn reading(kind: &str, data: &str) -> Result<News, Refused> {
        read(format!(r#"{{"type":"{kind}","timestamp":"2026-11-20T10:15:30Z","data":{data}}}"#).as_bytes()).map(|(_, news)| news)
    }

    #[test]
    fn each_kind_is_read() {
        let news = reading("attempt.result", &format!(r#"{{"attempt_id":"{ID}","approved":false,"response_code":"51"}}"#));
        let Ok(News::Attempt { attempt, answer }) = news else { panic!("{news:?}") };
        assert_eq!((attempt.to_string().as_str(), answer.approved, answer.response_code.as_str()), (ID, false, "51"));
        let news = reading("refund.result", &format!(r#"{{"refund_id":"{ID}","refunded":true}}"#));
        assert!(matches!(news, Ok(News::Refund { answer, .. }) if answer.refunded));
        let dispute = format!(
            r#"{{"reference":"D-1","attempt_id":"{ID}","amount_minor":500,"currency":"USD","reason_code":"10.4","due_at":"2026-12-01T00:00:00Z"}}"#
        );
        let news = reading("chargeback.received", &dispute);
        assert!(matches!(news, Ok(News::Chargeback(dispute)) if dispute.amount.minor == 500 && dispute.due_at.is_some()));
        assert_eq!(reading("settlement.closed", "{}"), Ok(News::Other));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (kind, data) in [
            ("attempt.result", "{}".to_owned()),
            ("attempt.result", format!(r#"{{"attempt_id":"{ID}","approved":true,"response_code":"?"}}"#)),
            (
                "attempt.result",
                format!(r#"{{"attempt_id":"{ID}","approved":true,"response_code":"00","approved_amount_minor":0}}"#),
            ),
            ("refund.result", format!(r#"{{"refund_id":"{ID}"}}"#)),
            (
                "chargeback.received",
                format!(r#"{{"reference":" ","attempt_id":"{ID}","amount_minor":5,"currency":"USD","reason_code":"1"}}"#),
            ),
            ("chargeback.received", r#"{"reference":"D","amount_minor":5,"currency":"USD","reason_code":"1"}"#.to_owned()),
            (
                "chargeback.received",
                format!(
                    r#"{{"reference":"D","attempt_id":"{ID}","amount_minor":5,"currency":"USD","reason_code":"1","stage":"x"}}"#
                ),
            ),
            (
                "chargeback.received",
                format!(r#"{{"reference":"D","attempt_id":"{ID}","amount_minor":0,"currency":"USD","reason_code":"1"}}"#),
            ),
        ] {
            assert!(matches!(reading(kind, &data), Err(Refused::Unreadable(_))), "{kind} {data}");
        }
        assert!(read(b"[]").is_err() && read(b"").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = read(&body);
        }
    }
}
