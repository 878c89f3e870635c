//! One attempt, as it is put to a processor.

use domain::{
    card::{Cvv, Funding, Network, Pan},
    id::{AttemptId, Mid, OrderId, SiteId},
    money::Money,
    settings,
    time::Timestamp,
};

domain::words! {
    /// Why a payment is made without the customer.
    pub enum MitReason {
        /// A regular subscription charge.
        Recurring = "recurring",
        /// A charge of no fixed date.
        Unscheduled = "unscheduled",
        /// A declined charge sent again.
        Resubmission = "resubmission",
        /// A part of a purchase paid in parts.
        Installment = "installment",
    }
}

/// The card opened for one charge. Its number and CVV neither print nor serialise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealedCard {
    /// The card number.
    pub number: Pan,
    /// Expiry month, 1–12.
    pub exp_month: Option<u8>,
    /// Expiry year, four digits.
    pub exp_year: Option<u16>,
    /// The verification value; never on merchant-initiated payments.
    pub cvv: Option<Cvv>,
    /// The cardholder's name.
    pub holder_name: Option<String>,
}

/// 3-D Secure data, of this payment or (merchant-initiated) of the initial one.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ThreeDSecure {
    /// Protocol version, `2.2.0`.
    pub version: Option<String>,
    /// Electronic commerce indicator.
    pub eci: Option<String>,
    /// Cardholder authentication verification value.
    pub cavv: Option<String>,
    /// Directory server transaction id.
    pub ds_transaction_id: Option<String>,
    /// Transaction id of 3-D Secure 1.
    pub xid: Option<String>,
}

/// One attempt. `Debug` shows neither card number nor CVV: their types do not print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorize {
    /// The attempt, and the idempotency key.
    pub attempt: AttemptId,
    /// The order it belongs to.
    pub order: OrderId,
    /// The merchant.
    pub mid: Mid,
    /// The site.
    pub site: SiteId,
    /// The vault token, or the external credential reference.
    pub token: String,
    /// The opened card, only for accounts that take card numbers.
    pub card: Option<RevealedCard>,
    /// First digits, 6–8.
    pub bin: String,
    /// Last four digits.
    pub last4: String,
    /// The network.
    pub network: Network,
    /// Credit, debit, prepaid.
    pub funding: Funding,
    /// ISO 3166 alpha-2.
    pub issuer_country: Option<String>,
    /// 1 as vaulted, higher after an account update or new data from the customer.
    pub credential_version: u32,
    /// How much.
    pub amount: Money,
    /// Collect at once; false authorises only.
    pub capture: bool,
    /// Merchant-initiated.
    pub is_mit: bool,
    /// Why, when merchant-initiated.
    pub mit_reason: Option<MitReason>,
    /// Of the initial customer-initiated payment.
    pub network_transaction_id: Option<String>,
    /// 3-D Secure data.
    pub three_d_secure: Option<ThreeDSecure>,
    /// What the statement shows.
    pub descriptor: Option<String>,
    /// Merchant category code.
    pub mcc: Option<String>,
    /// The customer's address on the network.
    pub customer_ip: Option<String>,
    /// 1 is the first rescue attempt.
    pub attempt_number: u32,
    /// The engine's clock, virtual in the sandbox.
    pub at: Timestamp,
    /// When the order came in, by the same clock; [`Timestamp::EPOCH`] when not told. Not on the wire.
    pub order_placed_at: Timestamp,
    /// The payer's telephone, for the sandbox's magic values. Not on the wire.
    pub phone: Option<String>,
    /// Billing zip code, for the sandbox's address check. Not on the wire.
    pub billing_zipcode: Option<String>,
    /// The cardholder's minutes east of UTC, when known. Not on the wire.
    pub offset_minutes: Option<i32>,
    /// Which simulator answers in the sandbox. Not on the wire.
    pub simulator: settings::Simulator,
}
