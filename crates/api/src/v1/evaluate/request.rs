//! Reading `POST /v1/evaluate` (`wire-api` §5.1, §5.2, §5.4).

use domain::{fault::Faults, intake::Evaluate, order::TransactionType};

use crate::{
    json::{Node, Reader},
    read::{self, Amounts},
};

/// Reads the request. Faults that need the merchant's state are added by the use case, so that all are told at once.
/// `key` is the `Idempotency-Key` header; the body's member wins.
pub fn read(node: &Node<'_>, key: Option<&str>, payload_hash: [u8; 32]) -> (Evaluate, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let idempotency_key = read::idempotency_key(&mut reader, key);
    let card = read::method(&mut reader);
    let payment = read::payment(&mut reader, Amounts::Due, card.method);
    let input = Evaluate {
        mid: read::mid(&mut reader),
        idempotency_key,
        payload_hash,
        is_declined: reader.boolean("isDeclined").unwrap_or(true),
        transaction_type: reader.parsed("transactionType", TransactionType::parse).unwrap_or(TransactionType::Purchase),
        expires: reader.when("expiryDateUtc"),
        method_given: card.given,
        credential: card.credential,
        cvv: card.cvv,
        prior_attempts: read::prior_attempts(&mut reader, &payment),
        payment: Box::new(payment),
    };
    (input, faults)
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
