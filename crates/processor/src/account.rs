//! The account updater: is there newer data for this card?

use domain::{
    card::{Expiry, Network, Pan},
    time::Timestamp,
};

domain::words! {
    /// What the updater knows.
    pub enum UpdateStatus {
        /// New number or expiry.
        Updated = "updated",
        /// The account is closed.
        Closed = "closed",
        /// Ask the cardholder.
        Contact = "contact",
        /// No match, or the issuer takes no part.
        Unknown = "unknown",
    }
}

/// A question to the updater.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateAccount {
    /// The vault token, or the external credential reference.
    pub token: String,
    /// The network.
    pub network: Network,
    /// The card number, for the simulator in the same process. Not on the wire.
    pub number: Option<Pan>,
    /// The expiry on file. Not on the wire.
    pub expiry: Option<Expiry>,
    /// The credential's version on file. Not on the wire.
    pub credential_version: u32,
    /// The engine's clock.
    pub at: Timestamp,
}

/// The updater's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountUpdate {
    /// What is known.
    pub status: UpdateStatus,
    /// The version now in force; higher than before when something changed.
    pub credential_version: u32,
    /// New expiry month.
    pub exp_month: Option<u8>,
    /// New expiry year, four digits.
    pub exp_year: Option<u16>,
    /// Last four digits of the number now in force.
    pub last4: Option<String>,
    /// The new number; never on the wire, only from the simulator in the same process.
    pub number: Option<Pan>,
}
