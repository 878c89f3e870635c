//! The parts of a payment as replies show them: every documented member is present.

use domain::{payment, time::Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

use super::Iso;

/// A transaction as sent.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StoredTransaction")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
pub struct Transaction<'a> {
    id: &'a str,
    amount: i64,
    currency: &'a str,
    timestamp_utc: Option<Iso>,
    timezone_utc_offset: Option<i32>,
    transaction_type: Option<&'a str>,
    response_code: Option<&'a str>,
    response_code_source: Option<&'a str>,
    response_description: Option<&'a str>,
    response_status: Option<&'a str>,
    response_sub_status: Option<&'a str>,
    avs_result_code: Option<&'a str>,
    cvv_result_code: Option<&'a str>,
    cavv_result_code: Option<&'a str>,
    processor_name: Option<&'a str>,
    dynamic_descriptor: Option<&'a str>,
    card_not_present: Option<bool>,
    merchant_advice_code: Option<&'a str>,
    network_response_code: Option<&'a str>,
    network: Option<&'a str>,
    network_transaction_id: Option<&'a str>,
}

impl<'a> Transaction<'a> {
    /// Shows a transaction; `at` stands in for a missing timestamp.
    pub fn of(transaction: &'a payment::Transaction, at: Timestamp) -> Self {
        Self {
            id: &transaction.id,
            amount: transaction.amount.minor,
            currency: transaction.amount.currency.as_str(),
            timestamp_utc: Some(Iso(transaction.timestamp.unwrap_or(at))),
            timezone_utc_offset: transaction.utc_offset_minutes,
            transaction_type: transaction.transaction_type.as_deref(),
            response_code: transaction.response_code.as_deref(),
            response_code_source: transaction.response_code_source.as_deref(),
            response_description: transaction.response_description.as_deref(),
            response_status: transaction.response_status.as_deref(),
            response_sub_status: transaction.response_sub_status.as_deref(),
            avs_result_code: transaction.avs_result_code.as_deref(),
            cvv_result_code: transaction.cvv_result_code.as_deref(),
            cavv_result_code: transaction.cavv_result_code.as_deref(),
            processor_name: transaction.processor_name.as_deref(),
            dynamic_descriptor: transaction.dynamic_descriptor.as_deref(),
            card_not_present: transaction.card_not_present,
            merchant_advice_code: transaction.merchant_advice_code.as_deref(),
            network_response_code: transaction.network_response_code.as_deref(),
            network: transaction.network.as_deref(),
            network_transaction_id: transaction.network_transaction_id.as_deref(),
        }
    }
}

/// One order line.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderItem")]
#[serde(rename_all = "camelCase")]
pub struct Item<'a> {
    sku: Option<&'a str>,
    name: Option<&'a str>,
    description: Option<&'a str>,
    amount: Option<i64>,
    discount_amount: Option<i64>,
    tax: Option<i64>,
    discount_type: Option<&'a str>,
    quantity: Option<i64>,
}

impl<'a> From<&'a payment::Item> for Item<'a> {
    fn from(item: &'a payment::Item) -> Self {
        Self {
            sku: item.sku.as_deref(),
            name: item.name.as_deref(),
            description: item.description.as_deref(),
            amount: item.amount,
            discount_amount: item.discount_amount,
            tax: item.tax,
            discount_type: item.discount_type.as_deref(),
            quantity: item.quantity,
        }
    }
}

/// A subscription.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Subscription")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
pub struct Subscription<'a> {
    subscription_id: Option<&'a str>,
    interval: Option<&'a str>,
    price: Option<&'a str>,
    currency: Option<&'a str>,
    payment_number: Option<&'a str>,
    total_payments: Option<&'a str>,
}

impl<'a> From<&'a payment::Subscription> for Subscription<'a> {
    fn from(subscription: &'a payment::Subscription) -> Self {
        Self {
            subscription_id: subscription.subscription_id.as_deref(),
            interval: subscription.interval.as_deref(),
            price: subscription.price.as_deref(),
            currency: subscription.currency.as_deref(),
            payment_number: subscription.payment_number.as_deref(),
            total_payments: subscription.total_payments.as_deref(),
        }
    }
}
