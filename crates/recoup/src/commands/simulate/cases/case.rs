//! A failed rebill, as a line of the file tells it.

use domain::{
    card::{Funding, Network},
    decline::Answer,
    money::Money,
    time::Timestamp,
};

/// One failed rebill.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Where it stands in the file, from 1.
    pub line: usize,
    /// Its name.
    pub id: String,
    /// What the issuer knows the card by.
    pub token: String,
    /// The first digits; empty: not told.
    pub bin: String,
    /// Network.
    pub network: Network,
    /// Funding.
    pub funding: Funding,
    /// ISO 3166-1 alpha-2 of the issuer.
    pub issuer_country: Option<String>,
    /// ISO 3166-1 alpha-2 of the merchant.
    pub merchant_country: String,
    /// What is due.
    pub amount: Money,
    /// The cardholder's local time, minutes east of UTC.
    pub offset_minutes: Option<i32>,
    /// When the rebill failed, UTC.
    pub failed_at: Timestamp,
    /// When the rescue ends, UTC.
    pub ends_at: Timestamp,
    /// What the issuer said.
    pub answer: Answer,
    /// Of the initial payment.
    pub network_transaction_id: Option<String>,
    /// Earlier attempts on the card, oldest first, all before the failure.
    pub history: Vec<Earlier>,
    /// Logged attempts after the failure, oldest first; only in files to learn from.
    pub attempts: Vec<Earlier>,
}

/// An attempt that was made outside of this run.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// When, UTC.
    pub at: Timestamp,
    /// Whether it was approved.
    pub approved: bool,
    /// ISO 8583 response code, when told.
    pub response_code: Option<String>,
    /// Mastercard advice code, when told.
    pub advice_code: Option<String>,
}

impl Earlier {
    /// What the issuer said.
    pub fn answer(&self) -> Answer {
        let code = self.response_code.as_deref().unwrap_or(if self.approved { "00" } else { "" });
        Answer::iso(code, self.advice_code.as_deref())
    }
}
