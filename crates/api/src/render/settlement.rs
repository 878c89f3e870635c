//! Settlements, their items, and payouts (`wire-api` §12).

use domain::{
    payout::Payout,
    settlement::{Item, Settlement},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::csv::Tabular;

/// A settlement.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Settlement")]
pub struct Body<'a> {
    /// Id.
    id: String,
    /// Merchant.
    mid: String,
    /// What the transfer to the merchant carries.
    payment_ref: &'a str,
    /// When it is to be paid out, UTC; once it was, when.
    payout_date: String,
    /// First moment of the period, UTC.
    capture_period_from: String,
    /// First moment after the period, UTC.
    capture_period_to: String,
    /// ISO 4217.
    currency: &'a str,
    /// Captured, cents.
    total_value: i64,
    /// Service fees, cents.
    service_fees: i64,
    /// Fees of chargebacks, cents.
    chargeback_fees: i64,
    /// Taken back by issuers, cents.
    chargeback_value: i64,
    /// Refunds, cents.
    returns: i64,
    /// Corrections, cents; negative when they take something away.
    adjustment: i64,
    /// Held back, cents, less what was given back.
    reserve: i64,
    /// `totalValue − serviceFees − chargebackFees − chargebackValue − returns ± adjustment − reserve`, cents.
    payout: i64,
    /// `OPEN CLOSED PAID`.
    status: &'static str,
}

impl<'a> From<&'a Settlement> for Body<'a> {
    fn from(of: &'a Settlement) -> Self {
        let sums = &of.sums;
        Self {
            id: of.id.to_string(),
            mid: of.mid.to_string(),
            payment_ref: &of.reference,
            payout_date: of.payout_at.iso6(),
            capture_period_from: of.from.iso6(),
            capture_period_to: of.to.iso6(),
            currency: of.currency.as_str(),
            total_value: sums.total_value,
            service_fees: sums.service_fees,
            chargeback_fees: sums.chargeback_fees,
            chargeback_value: sums.chargeback_value,
            returns: sums.returns,
            adjustment: sums.adjustment,
            reserve: sums.reserve,
            // Items whose payout cannot be counted are refused when they are booked.
            payout: sums.payout().unwrap_or_default(),
            status: of.state.as_str(),
        }
    }
}

/// An item of a settlement.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "SettlementItem")]
pub struct Line<'a> {
    /// `sale fee refund chargeback chargebackFee adjustment reserve`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The order's `orderSessionKey`; null when it is about none.
    order_id: Option<String>,
    /// The merchant's order id.
    external_order_id: Option<&'a str>,
    /// Site of the order.
    site_id: Option<String>,
    /// Descriptor that the customer saw.
    descriptor: Option<&'a str>,
    /// Cents, positive in the sense of its type.
    amount: i64,
    /// ISO 4217.
    currency: &'a str,
    /// When, UTC.
    occurred_on: String,
}

impl Tabular for Line<'_> {
    const COLUMNS: &'static [&'static str] =
        &["type", "orderId", "externalOrderId", "siteId", "descriptor", "amount", "currency", "occurredOn"];
}

impl<'a> From<&'a Item> for Line<'a> {
    fn from(of: &'a Item) -> Self {
        Self {
            kind: of.kind.as_str(),
            order_id: of.order.map(|order| order.to_string()),
            external_order_id: of.external_order_id.as_deref(),
            site_id: of.site.map(|site| site.to_string()),
            descriptor: of.descriptor.as_deref(),
            amount: of.amount.minor,
            currency: of.amount.currency.as_str(),
            occurred_on: of.occurred_at.iso6(),
        }
    }
}

/// A payout.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Payout")]
pub struct Paid<'a> {
    /// Id.
    id: String,
    /// What it pays.
    settlement_id: String,
    /// Cents; negative when the merchant owes it.
    amount: i64,
    /// ISO 4217.
    currency: &'a str,
    /// `pending completed failed reversed`.
    status: &'static str,
    /// The bank's reference of the transfer.
    bank_reference: Option<&'a str>,
    /// When the settlement closed, UTC.
    created_on: String,
}

impl<'a> From<&'a Payout> for Paid<'a> {
    fn from(of: &'a Payout) -> Self {
        Self {
            id: of.id.to_string(),
            settlement_id: of.settlement.to_string(),
            amount: of.amount.minor,
            currency: of.amount.currency.as_str(),
            status: of.state.as_str(),
            bank_reference: of.bank_reference.as_deref(),
            created_on: of.created_at.iso6(),
        }
    }
}
