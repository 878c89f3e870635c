//! A payment as merchants describe it: what `/transmit` and `/evaluate` share. Never holds a card number.

use serde::{Deserialize, Serialize};

use crate::{
    address::{Address, Payer},
    id::{SiteId, TokenId},
    money::Money,
    time::Timestamp,
};

/// The processor's transaction behind a payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transaction {
    /// The merchant's or processor's transaction id; may repeat across orders.
    pub id: String,
    /// Amount in minor units and currency.
    pub amount: Money,
    /// When it was processed, UTC; absent: when it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Minutes east of UTC at the cardholder, when it was sent and readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utc_offset_minutes: Option<i32>,
    /// Response code in the vocabulary of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
    /// Whose vocabulary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code_source: Option<String>,
    /// AVS result as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avs_result_code: Option<String>,
    /// CVV result as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvv_result_code: Option<String>,
    /// CAVV result as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cavv_result_code: Option<String>,
    /// The processor's word for the kind of transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_type: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_description: Option<String>,
    /// `Approved`, `Declined`, `Voided`, `Refunded`, `Chargeback`, or any other text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_status: Option<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_sub_status: Option<String>,
    /// The processor that handled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor_name: Option<String>,
    /// The descriptor on the statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dynamic_descriptor: Option<String>,
    /// Whether the card was absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_not_present: Option<bool>,
    /// Mastercard merchant advice code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_advice_code: Option<String>,
    /// ISO 8583 field 39.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_response_code: Option<String>,
    /// The network's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Network transaction id (Visa TID, Mastercard trace id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_transaction_id: Option<String>,
}

/// What was told of the card, without the number and without CVV.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "StoredPaymentMethod")]
#[serde(default, rename_all = "camelCase")]
pub struct Method {
    /// The vault token, when one was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenId>,
    /// 1–12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_month: Option<u8>,
    /// Four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_year: Option<u16>,
    /// Name on the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_name: Option<String>,
    /// `CREDIT`, `DEBIT`, `PREPAID`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_type: Option<String>,
    /// Network as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_brand: Option<String>,
    /// Issuer's country as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_country: Option<String>,
    /// Issuer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_issuer: Option<String>,
    /// Product level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_level: Option<String>,
    /// The sender's own fingerprint of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_fingerprint: Option<String>,
    /// First digits as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_bin_number: Option<String>,
    /// Last four digits as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_last4_digits: Option<String>,
}

/// One line of the order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Item {
    /// Stock keeping unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_amount: Option<i64>,
    /// Minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<i64>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_type: Option<String>,
    /// How many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
}

/// The subscription a rebill belongs to; all text, as sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Subscription {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub subscription_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub price: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub payment_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub total_payments: Option<String>,
}

/// The merchant as the sender names it; information only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "StoredAcceptor")]
#[serde(default, rename_all = "camelCase")]
pub struct Acceptor {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub mcc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub country: Option<String>,
}

/// 3-D Secure data; for MIT those of the initial, customer-present payment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "StoredThreeDSecure")]
#[serde(default, rename_all = "camelCase")]
pub struct ThreeDSecure {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub three_ds_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub ecommerce_indicator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub authentication_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub directory_server_transaction_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub xid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub authentication_value_algorithm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub directory_response_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub authentication_response_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub enrolled: Option<String>,
}

/// A key and a value of the merchant's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "AdditionalField")]
pub struct Field {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
}

/// The whole description of a payment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The merchant's order id.
    pub order_id: String,
    /// The site, when the sender names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_id: Option<SiteId>,
    /// The page or shop address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_url: Option<String>,
    /// `orderSource` as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_source: Option<String>,
    /// Merchant-initiated.
    #[serde(default)]
    pub is_mit: bool,
    /// Part of a series.
    #[serde(default)]
    pub is_recurring: bool,
    /// The transaction.
    pub transaction: Transaction,
    /// The customer.
    #[serde(default)]
    pub payer: Payer,
    /// The card, without its number.
    #[serde(default)]
    pub method: Method,
    /// Billing address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing: Option<Address>,
    /// Shipping address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Address>,
    /// Order lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// Subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<Subscription>,
    /// Acceptor as named by the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptor: Option<Acceptor>,
    /// 3-D Secure data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub three_d_secure: Option<ThreeDSecure>,
    /// `deviceDetails` as sent, a JSON object's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The merchant's own fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additional_fields: Vec<Field>,
    /// Browser session key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sense_key: Option<String>,
    /// The customer's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_ip: Option<String>,
    /// Groups related orders, when the sender does so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}
