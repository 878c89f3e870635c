//! Copies of payments.

use std::collections::BTreeMap;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::party::{Acceptor, AdditionalField, OrderItem, Party, Payer, PaymentMethod, Subscription, ThreeDSecure, Transaction};
use crate::{Client, Error, request::requests};

requests! {
    /// A copy of a payment, authorised or declined.
    pub struct Record {
        /// The merchant's order id.
        order_id: String,
        /// Declined or approved.
        is_declined: bool,
        /// The payment.
        transaction: Transaction,
    }
    optional {
        /// The merchant; must be given by partners.
        mid: String,
        /// The site.
        site_id: String,
        /// Its address, when the id is not known.
        site_url: String,
        /// Place in a set, told again in its answer.
        sequence_number: i64,
        /// The merchant initiated it.
        #[serde(rename = "isMIT")]
        is_mit: bool,
        /// One of a row.
        is_recurring: bool,
        /// `ecommerce`, `callcenter`, `installment`, `subscription`, `other`.
        order_source: String,
        /// Address of the customer.
        customer_ip: String,
        /// Of the browser component.
        sense_key: String,
        /// Groups orders.
        correlation_id: String,
        /// Who pays.
        payer: Payer,
        /// Token, or first and last digits.
        payment_method: PaymentMethod,
        /// Where the bill goes.
        billing_information: Party,
        /// Where the parcel goes.
        shipping_information: Party,
        /// What is bought.
        order_items: Vec<OrderItem>,
        /// Its subscription.
        subscription: Subscription,
        /// The acceptor.
        merchant: Acceptor,
        /// Its authentication.
        #[serde(rename = "threeDSecure")]
        three_d_secure: ThreeDSecure,
        /// Anything about the device.
        device_details: Map<String, Value>,
        /// Pairs of the merchant's own.
        additional_fields: Vec<AdditionalField>,
    }

    /// What became of a transmitted payment.
    pub struct OutcomeReport {
        /// What.
        outcome: TransactionOutcome,
    }
    optional {
        /// Cents; all of it without.
        amount: i64,
        /// Three letters.
        currency: String,
        /// When, ISO 8601.
        occurred_at_utc: String,
        /// The processor's answer.
        response_code: String,
        /// Whose codes these are.
        response_code_source: String,
        /// Mastercard's advice.
        merchant_advice_code: String,
        /// The processor's reference.
        reference: String,
        /// Why.
        reason: String,
    }
}

/// What may become of a transmitted payment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TransactionOutcome {
    /// Paid.
    #[default]
    Approved,
    /// Tried again and declined.
    Declined,
    /// Voided.
    Voided,
    /// Given back.
    Refunded,
    /// Disputed.
    Chargeback,
}

/// The answer to one copy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transmitted {
    /// The transaction key.
    pub transmit_id: String,
    /// It was kept.
    pub success: bool,
    /// `duplicate`, `late`, `outcome`, as text.
    pub custom_properties: BTreeMap<String, String>,
}

/// The answer to a set of copies.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransmittedSet {
    /// The key of the set.
    pub transmit_id: String,
    /// All were kept.
    pub success: bool,
    /// In the order of the set.
    pub transmissions: Vec<TransmittedOne>,
}

/// What became of one of a set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransmittedOne {
    /// Place in the set, from 0.
    pub index: u64,
    /// As sent.
    pub sequence_number: Option<i64>,
    /// As sent.
    pub order_id: Option<String>,
    /// As sent.
    pub transaction_id: Option<String>,
    /// The transaction key.
    pub transmit_id: Option<String>,
    /// It was kept.
    pub accepted: bool,
    /// It was known; the first copy stays.
    pub duplicate: bool,
    /// Older than a day.
    pub late: bool,
    /// Why it was refused, by path.
    pub errors: BTreeMap<String, Vec<String>>,
}

impl Client {
    /// `POST /v1/transmit` with one copy.
    pub async fn transmit(&self, record: &Record) -> Result<Transmitted, Error> {
        self.post("/v1/transmit").with(record).json().await
    }

    /// `POST /v1/transmit` with a set of at most 2,000 copies. Good ones are kept, bad ones refused, each with its
    /// reasons; this is an answer also when none was good.
    pub async fn transmit_all(&self, records: &[Record]) -> Result<TransmittedSet, Error> {
        let call = self.post("/v1/transmit").with(&records);
        let answer = call.accepted(|answer| answer.status == StatusCode::BAD_REQUEST).await?;
        if answer.status.is_success() {
            return answer.read(&call.name());
        }
        answer.read(&call.name()).map_err(|_| answer.failure(&call.name()))
    }

    /// `POST /v1/transmit/{id}/outcome`: what became of a transmitted payment.
    pub async fn report_outcome(&self, transmit_id: &str, report: &OutcomeReport) -> Result<Transmitted, Error> {
        self.post("/v1/transmit/{id}/outcome").at(transmit_id).with(report).json().await
    }
}
