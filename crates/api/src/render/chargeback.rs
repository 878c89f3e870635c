//! Chargebacks (`wire-api` §12, and §6.2 within an order).

use domain::{
    card::Network,
    chargeback::{self, Chargeback},
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::csv::Tabular;

/// A chargeback.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Chargeback")]
pub struct Body<'a> {
    /// Id.
    id: String,
    /// The order's `orderSessionKey`; null for a transmitted payment that never was an order.
    order_id: Option<String>,
    /// The merchant's order id.
    external_order_id: &'a str,
    /// Merchant.
    mid: String,
    /// Disputed, cents.
    amount: i64,
    /// ISO 4217.
    currency: &'a str,
    /// The network's reason code.
    reason_code: Option<&'a str>,
    /// Network of the card.
    network: Option<&'static str>,
    /// `inquiry chargeback representment prearbitration won lost`.
    stage: &'static str,
    /// When the dispute came, UTC.
    received_on: String,
    /// Until when it can be answered, UTC; null when that was not told or it is decided.
    due_date: Option<String>,
    /// Acquirer reference number.
    arn: Option<&'a str>,
}

impl Tabular for Body<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "orderId",
        "externalOrderId",
        "mid",
        "amount",
        "currency",
        "reasonCode",
        "network",
        "stage",
        "receivedOn",
        "dueDate",
        "arn",
    ];
}

impl<'a> From<&'a Chargeback> for Body<'a> {
    fn from(of: &'a Chargeback) -> Self {
        Self {
            id: of.id.to_string(),
            order_id: of.order.map(|order| order.to_string()),
            external_order_id: &of.external_order_id,
            mid: of.mid.to_string(),
            amount: of.amount.minor,
            currency: of.amount.currency.as_str(),
            reason_code: of.reason_code.as_deref(),
            network: of.network.map(Network::as_str),
            stage: chargeback::Stage::as_str(of.stage),
            received_on: of.received_at.iso6(),
            due_date: of.due_at.map(Timestamp::iso6),
            arn: of.arn.as_deref(),
        }
    }
}

/// A chargeback as its order shows it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OrderChargeback")]
pub struct InOrder<'a> {
    /// Id.
    id: String,
    /// Disputed, cents.
    amount: i64,
    /// ISO 4217.
    currency: &'a str,
    /// The network's reason code.
    reason_code: Option<&'a str>,
    /// `inquiry chargeback representment prearbitration won lost`.
    stage: &'static str,
    /// When the dispute came, UTC.
    received_on: String,
}

impl<'a> From<&'a Chargeback> for InOrder<'a> {
    fn from(of: &'a Chargeback) -> Self {
        Self {
            id: of.id.to_string(),
            amount: of.amount.minor,
            currency: of.amount.currency.as_str(),
            reason_code: of.reason_code.as_deref(),
            stage: of.stage.as_str(),
            received_on: of.received_at.iso6(),
        }
    }
}
