//! `attempts[]`: what the merchant tried before it sent the decline.

use domain::{
    bounds::{ID_CHARS_MAX, PRIOR_ATTEMPTS_MAX, TEXT_CHARS_MAX},
    decline::Answer,
    intake::{PriorAttempt, When},
    ledger::Initiator,
    money::{Currency, Money},
    payment::Payment,
};

use crate::json::Reader;

/// Reads `attempts`; amount, currency and initiator default to the payment's own.
pub fn prior_attempts(reader: &mut Reader<'_, '_>, payment: &Payment) -> Vec<PriorAttempt> {
    let own = if payment.is_mit { Initiator::Mit } else { Initiator::Cit };
    reader.list("attempts", "Attempts", PRIOR_ATTEMPTS_MAX, |attempt| {
        let at = match attempt.when("timestampUtc") {
            When::At(at) => Some(at),
            When::Absent => {
                attempt.required("timestampUtc");
                None
            }
            When::Unreadable => {
                attempt.invalid("timestampUtc");
                None
            }
        };
        let amount = attempt.integer("amount").unwrap_or(payment.transaction.amount.minor);
        let currency = attempt.parsed("currency", Currency::parse).unwrap_or(payment.transaction.amount.currency);
        Some(PriorAttempt {
            transaction_id: attempt.text("transactionId", ID_CHARS_MAX).unwrap_or_default(),
            amount: Money::new(amount, currency),
            answer: Answer {
                response_code: attempt.text("responseCode", TEXT_CHARS_MAX).unwrap_or_default(),
                source: attempt.text("responseCodeSource", TEXT_CHARS_MAX),
                advice_code: attempt.text("merchantAdviceCode", TEXT_CHARS_MAX),
                network_response_code: attempt.text("networkResponseCode", TEXT_CHARS_MAX),
            },
            approved: attempt.boolean("approved").unwrap_or(false),
            initiator: attempt.parsed("initiator", Initiator::parse).unwrap_or(own),
            at: at?,
        })
    })
}
