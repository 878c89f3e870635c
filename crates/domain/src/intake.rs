//! Requests after reading and before deciding: what the HTTP interface hands to the use cases. These types may
//! hold a card number or CVV; they neither serialise nor print it.

use crate::{
    card::{Cvv, Pan},
    decline::Answer,
    id::{Mid, TokenId},
    ledger::Initiator,
    money::Money,
    order::TransactionType,
    payment::Payment,
    time::Timestamp,
};

/// How the card came.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A vault token.
    Token(TokenId),
    /// A card number, sound by length and Luhn digit.
    Number(Pan),
}

/// A date-time member: absent, unreadable (or empty), or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Absent or null.
    Absent,
    /// Present, but no date-time; `""` included.
    Unreadable,
    /// An instant, UTC.
    At(Timestamp),
}

/// An attempt the merchant made before it sent the decline (`attempts[]`).
#[derive(Debug, Clone, PartialEq)]
pub struct PriorAttempt {
    /// The merchant's transaction id.
    pub transaction_id: String,
    /// When, UTC.
    pub at: Timestamp,
    /// For how much.
    pub amount: Money,
    /// What the issuer said.
    pub answer: Answer,
    /// Whether it was approved.
    pub approved: bool,
    /// Who initiated it.
    pub initiator: Initiator,
}

/// `POST /v1/evaluate`.
#[derive(Debug, Clone)]
pub struct Evaluate {
    /// The tenant named in the body.
    pub mid: Option<Mid>,
    /// Idempotency key.
    pub idempotency_key: String,
    /// Hash of the request's meaning: member order, key case and null members do not matter.
    pub payload_hash: [u8; 32],
    /// Absent = true.
    pub is_declined: bool,
    /// Purchase or authorisation.
    pub transaction_type: TransactionType,
    /// End of the rescue period as sent.
    pub expires: When,
    /// The payment.
    pub payment: Box<Payment>,
    /// `paymentMethod` was there and not empty: decides which member is named when no card is known.
    pub method_given: bool,
    /// The card, when one was sent and is readable.
    pub credential: Option<Credential>,
    /// CVV, when one was sent and is readable.
    pub cvv: Option<Cvv>,
    /// Earlier attempts outside Recoup.
    pub prior_attempts: Vec<PriorAttempt>,
}

/// One record of `POST /v1/transmit`.
#[derive(Debug, Clone)]
pub struct Transmit {
    /// The tenant named in the record.
    pub mid: Option<Mid>,
    /// Position the sender gave it.
    pub sequence_number: Option<i64>,
    /// Whether the payment was declined.
    pub is_declined: bool,
    /// The payment; a token sent in `paymentMethod` is in `payment.method.token`.
    pub payment: Box<Payment>,
}

/// `POST /v1/tokenize`.
#[derive(Debug, Clone)]
pub struct Tokenize {
    /// The card number.
    pub number: Pan,
    /// 1–12.
    pub exp_month: Option<u8>,
    /// Four digits.
    pub exp_year: Option<u16>,
    /// CVV, kept apart for minutes.
    pub cvv: Option<Cvv>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Whole name, when it came in one.
    pub full_name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Browser session key.
    pub sense_key: Option<String>,
    /// Whether the account updater may be asked for this card.
    pub updater_allowed: bool,
    /// Billing address members of the older form.
    pub address: crate::address::Address,
    /// Company of the older form.
    pub company: Option<String>,
}
