//! The card an order is charged on, never its number.

use domain::{card::Funding, id::TokenId, order::Order};
use schemars::JsonSchema;
use serde::Serialize;

/// `paymentMethod`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderCard")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
pub struct Card<'a> {
    token: Option<TokenId>,
    card_brand: Option<&'a str>,
    card_type: Option<String>,
    card_bin_number: Option<&'a str>,
    card_last4_digits: Option<&'a str>,
    expiration_month: Option<u8>,
    expiration_year: Option<u16>,
    card_country: Option<&'a str>,
    card_issuer: Option<&'a str>,
    card_fingerprint: Option<&'a str>,
    holder_name: Option<&'a str>,
}

impl<'a> Card<'a> {
    /// The card in use; what the merchant told fills the gaps.
    pub fn of(order: &'a Order) -> Self {
        let told = &order.payment.method;
        let known = order.credential();
        let funding = known.map(|card| card.funding).filter(|funding| *funding != Funding::Unknown);
        Self {
            token: known.map(|card| card.token).or(told.token),
            card_brand: known.map(|card| card.network.as_str()).or(told.card_brand.as_deref()),
            card_type: told.card_type.clone().or_else(|| funding.map(|funding| funding.as_str().to_ascii_uppercase())),
            card_bin_number: known.map(|card| card.bin.as_str()).or(told.card_bin_number.as_deref()),
            card_last4_digits: known.map(|card| card.last4.as_str()).or(told.card_last4_digits.as_deref()),
            expiration_month: known.and_then(|card| card.exp_month).or(told.expiration_month),
            expiration_year: known.and_then(|card| card.exp_year).or(told.expiration_year),
            card_country: known.and_then(|card| card.issuer_country.as_deref()).or(told.card_country.as_deref()),
            card_issuer: told.card_issuer.as_deref(),
            card_fingerprint: known.map(|card| card.fingerprint.as_str()).or(told.card_fingerprint.as_deref()),
            holder_name: told.holder_name.as_deref(),
        }
    }
}
