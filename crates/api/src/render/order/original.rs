//! The declined transaction that began the order.

use domain::{decline::Class, order::Order};
use schemars::JsonSchema;
use serde::Serialize;

use crate::render::Iso;

/// `originalTransaction`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OriginalTransaction")]
#[serde(rename_all = "camelCase")]
pub struct Original<'a> {
    id: &'a str,
    timestamp_utc: Iso,
    amount: i64,
    currency: &'a str,
    response_code: Option<&'a str>,
    response_code_source: Option<&'a str>,
    merchant_advice_code: Option<&'a str>,
    avs_result_code: Option<&'a str>,
    cvv_result_code: Option<&'a str>,
    cavv_result_code: Option<&'a str>,
    processor_name: Option<&'a str>,
    decline_class: &'static str,
}

impl<'a> Original<'a> {
    /// As sent; the time of receipt stands in for a missing timestamp.
    pub fn of(order: &'a Order, class: Class) -> Self {
        let transaction = &order.payment.transaction;
        Self {
            id: &transaction.id,
            timestamp_utc: Iso(transaction.timestamp.unwrap_or(order.placed_at)),
            amount: transaction.amount.minor,
            currency: transaction.amount.currency.as_str(),
            response_code: transaction.response_code.as_deref(),
            response_code_source: transaction.response_code_source.as_deref(),
            merchant_advice_code: transaction.merchant_advice_code.as_deref(),
            avs_result_code: transaction.avs_result_code.as_deref(),
            cvv_result_code: transaction.cvv_result_code.as_deref(),
            cavv_result_code: transaction.cavv_result_code.as_deref(),
            processor_name: transaction.processor_name.as_deref(),
            decline_class: class.as_str(),
        }
    }
}
