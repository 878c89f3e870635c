//! Reading the customer's answer.

use domain::{bounds::TEXT_CHARS_MAX, card::Cvv, fault::Faults, payment::ThreeDSecure};
use engine::challenge::{Answer, StepUp};

use crate::{
    json::{Node, Reader},
    read,
};

/// Reads the answer; what is not there is the engine's to ask for.
pub fn read(node: &Node<'_>) -> (Answer, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let answer = Answer {
        cvv: reader.parsed("verificationValue", Cvv::parse),
        billing: read::address(&mut reader, "billingInformation", "BillingInformation"),
        expiry: expiry(&mut reader),
        step_up: step_up(&mut reader),
    };
    (answer, faults)
}

fn expiry(reader: &mut Reader<'_, '_>) -> Option<(u8, u16)> {
    let month = reader.integer("expirationMonth");
    let year = reader.integer("expirationYear");
    let month = match month {
        Some(month @ 1..=12) => Some(month as u8),
        Some(_) => {
            reader.invalid("expirationMonth");
            None
        }
        None => None,
    };
    let year = match year {
        Some(year @ 0..=99) => Some(2_000 + year as u16),
        Some(year @ 2_000..=2_099) => Some(year as u16),
        Some(_) => {
            reader.invalid("expirationYear");
            None
        }
        None => None,
    };
    month.zip(year)
}

fn step_up(reader: &mut Reader<'_, '_>) -> Option<StepUp> {
    let mut inner = reader.object("stepUp", "StepUp")?;
    if let Some(result) = inner.text("result", TEXT_CHARS_MAX) {
        return match result.as_str() {
            "authenticated" => Some(StepUp::Simulated(true)),
            "failed" => Some(StepUp::Simulated(false)),
            _ => {
                inner.invalid("result");
                None
            }
        };
    }
    let data = ThreeDSecure {
        three_ds_version: inner.text("threeDsVersion", TEXT_CHARS_MAX),
        ecommerce_indicator: inner.text("ecommerceIndicator", TEXT_CHARS_MAX),
        authentication_value: inner.required_text("authenticationValue", TEXT_CHARS_MAX),
        directory_server_transaction_id: inner.text("directoryServerTransactionId", TEXT_CHARS_MAX),
        ..ThreeDSecure::default()
    };
    data.authentication_value.is_some().then(|| StepUp::Authenticated(Box::new(data)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn read_text(text: &str) -> (Answer, Vec<String>) {
        let (answer, faults) = read(&parse(text.as_bytes()).unwrap());
        (answer, faults.iter().map(|(path, _)| path.to_owned()).collect())
    }

    #[test]
    fn answers_are_read_or_their_faults_named() {
        let none: &[&str] = &[];
        for (text, faults) in [
            (r#"{"verificationValue":"12"}"#, &["VerificationValue"][..]),
            (r#"{"verificationValue":123}"#, none),
            (r#"{"expirationMonth":13,"expirationYear":1999}"#, &["ExpirationMonth", "ExpirationYear"]),
            (r#"{"expirationMonth":"2","expirationYear":"31"}"#, none),
            (r#"{"stepUp":{"result":"maybe"}}"#, &["StepUp.Result"]),
            (r#"{"stepUp":{"threeDsVersion":"2.2.0"}}"#, &["StepUp.AuthenticationValue"]),
            (r#"{"amount":1,"cardNumber":"4111111111111111","mid":"x"}"#, none),
        ] {
            assert_eq!(read_text(text).1, faults, "{text}");
        }
        assert_eq!(read_text(r#"{"expirationMonth":"2","expirationYear":"31"}"#).0.expiry, Some((2, 2031)));
        assert_eq!(read_text(r#"{"stepUp":{"result":"failed"}}"#).0.step_up, Some(StepUp::Simulated(false)));
        assert_eq!(read_text(r#"{"amount":1,"cardNumber":"4111111111111111","mid":"x"}"#).0, Answer::default());
    }
}
