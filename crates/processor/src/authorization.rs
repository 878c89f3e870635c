//! The issuer's answer to an attempt.

use domain::card::Pan;

/// Newer card data that came with an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdatedCard {
    /// New expiry month, 1–12.
    pub exp_month: Option<u8>,
    /// New expiry year, four digits.
    pub exp_year: Option<u16>,
    /// Last four digits of the number now in force.
    pub last4: Option<String>,
    /// The new number; never on the wire, only from the simulator in the same process.
    pub number: Option<Pan>,
    /// The credential's new version.
    pub credential_version: u32,
}

/// The issuer's answer: approved or declined.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authorization {
    /// Approved, in whole or in part.
    pub approved: bool,
    /// ISO 8583 field 39, two or three characters.
    pub response_code: String,
    /// Mastercard merchant advice code.
    pub advice_code: Option<String>,
    /// Address check result.
    pub avs: Option<String>,
    /// CVV check result.
    pub cvv: Option<String>,
    /// Lower than asked on a partial approval; `None` means all of it.
    pub approved_amount_minor: Option<i64>,
    /// The network's id of this transaction.
    pub network_transaction_id: Option<String>,
    /// The processor's own reference.
    pub processor_reference: Option<String>,
    /// The processor updated the card on the fly.
    pub updated_card: Option<UpdatedCard>,
    /// The issuer asks for authentication.
    pub three_d_secure_required: bool,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inquiry {
    /// It was judged; this is the answer that was given, or would have been.
    Found(Box<Authorization>),
    /// The processor never saw it: then, and only then, it may be sent again.
    NeverSeen,
}
