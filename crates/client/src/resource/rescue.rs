//! The rescue of a declined payment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::party::{Acceptor, AdditionalField, OrderItem, Party, Payer, PaymentMethod, Subscription, ThreeDSecure, Transaction};
use crate::{Client, Error, request::requests, word::words};

requests! {
    /// A declined payment to rescue.
    pub struct Evaluate {
        /// The merchant's order id; the same in every repeat.
        order_id: String,
        /// A repeat under it answers what was answered.
        idempotency_key: String,
        /// The declined payment.
        transaction: Transaction,
    }
    optional {
        /// The merchant; must be given by partners.
        mid: String,
        /// The site.
        site_id: String,
        /// Its address, when the id is not known.
        site_url: String,
        /// Yes without it.
        is_declined: bool,
        /// `PURCHASE` or `AUTHORIZATION`.
        transaction_type: String,
        /// The merchant initiated it.
        #[serde(rename = "isMIT")]
        is_mit: bool,
        /// One of a row.
        is_recurring: bool,
        /// `ecommerce`, `callcenter`, `installment`, `subscription`, `other`.
        order_source: String,
        /// End of the rescue, ISO 8601.
        expiry_date_utc: String,
        /// Address of the customer.
        customer_ip: String,
        /// Of the browser component.
        sense_key: String,
        /// Groups orders.
        correlation_id: String,
        /// Who pays.
        payer: Payer,
        /// What is charged.
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

    /// What to capture: the whole authorised amount.
    pub struct Capture {
        /// A repeat under it answers what was answered.
        idempotency_key: String,
        /// Recoup's order id.
        order_id: String,
        /// Cents.
        amount: i64,
        /// Three letters.
        currency: String,
    }
    optional {}
}

words! {
    /// What became of a declined payment.
    pub enum Verdict {
        /// Rescued.
        Approved = "APPROVED",
        /// Not rescued; the reason tells whether it is the end.
        Declined = "DECLINED",
        /// The customer can help.
        Challenge = "CHALLENGE",
        /// Being worked.
        Submitted = "SUBMITTED",
        /// Authorised; to be captured.
        CaptureRequired = "CAPTUREREQUIRED",
        /// Being worked.
        Processing = "PROCESSING",
    }

    /// What `outcome` says of an order.
    pub enum OutcomeStatus {
        /// Rescued.
        Approved = "APPROVED",
        /// Not rescued.
        Declined = "DECLINED",
        /// Not rescued in time.
        Expired = "EXPIRED",
        /// Given up.
        Cancelled = "CANCELLED",
        /// Accepted.
        Submitted = "SUBMITTED",
        /// Being worked.
        Processing = "PROCESSING",
        /// Authorised; to be captured.
        CaptureRequired = "CAPTUREREQUIRED",
        /// There is no such order.
        NotFound = "NOTFOUND",
    }
}

/// The answer to a declined payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluated {
    /// Recoup's order id.
    pub order_session_key: String,
    /// What became of it.
    pub status: Verdict,
    /// The reason, such as `RETRY_LATER`.
    pub status_code: Option<String>,
    /// `channel`, `isTestMode`, `declineClass`, … as text.
    pub custom_properties: BTreeMap<String, String>,
}

/// The answer to a capture.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Captured {
    /// It was captured.
    pub success: bool,
    /// `SUCCESS` or `FAILED`.
    pub status: String,
    /// Why not, such as `AMOUNT_MISMATCH`.
    pub status_code: Option<String>,
    /// The order.
    pub order_id: String,
    /// The processor's transaction.
    pub transaction_id: Option<String>,
}

/// The answer of `outcome`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// There is such an order.
    pub success: bool,
    /// How it stands.
    pub status: Option<OutcomeStatus>,
    /// Eight characters that name the order to people.
    pub confirmation_id: Option<String>,
}

impl Client {
    /// `POST /v1/evaluate`: rescue this payment if possible.
    pub async fn evaluate(&self, declined: &Evaluate) -> Result<Evaluated, Error> {
        self.post("/v1/evaluate").with(declined).keyed().json().await
    }

    /// `POST /v1/capture`. A refused capture is an answer without success.
    pub async fn capture(&self, capture: &Capture) -> Result<Captured, Error> {
        self.post("/v1/capture").with(capture).keyed().json().await
    }

    /// `POST /v1/outcome`: how an order stands. It is there for older clients; [`Client::order`] says more.
    pub async fn outcome(&self, order_session_key: &str) -> Result<Outcome, Error> {
        self.post("/v1/outcome").with(&json!({"orderSessionKey": order_session_key})).json().await
    }
}
