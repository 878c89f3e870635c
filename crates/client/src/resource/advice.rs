//! Advice for those who charge by themselves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::order::Explanation;
use super::party::{Acceptor, AdditionalField, OrderItem, Party, Payer, PaymentMethod, Subscription, ThreeDSecure, Transaction};
use crate::{Client, Error, request::requests, word::words};

requests! {
    /// A declined payment that the caller collects by itself. Its `payment_method` has a token, or fingerprint, first and last
    /// digits and expiry; never a card number.
    pub struct AdviceRequest {
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
        /// The merchant initiated it.
        #[serde(rename = "isMIT")]
        is_mit: bool,
        /// One of a row.
        is_recurring: bool,
        /// `ecommerce`, `callcenter`, `installment`, `subscription`, `other`.
        order_source: String,
        /// The deadline, when the policy names none; ISO 8601.
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
        /// What was tried before.
        attempts: Vec<EarlierAttempt>,
        /// The caller's own bounds.
        policy: AdvicePolicy,
    }

    /// An attempt that was made before advice was asked for.
    pub struct EarlierAttempt {
        /// When, ISO 8601.
        timestamp_utc: String,
    }
    optional {
        /// The transaction's id.
        transaction_id: String,
        /// Cents.
        amount: i64,
        /// Three letters.
        currency: String,
        /// The issuer's or processor's answer.
        response_code: String,
        /// Whose codes these are.
        response_code_source: String,
        /// Mastercard's advice.
        merchant_advice_code: String,
        /// Whether it went through.
        approved: bool,
        /// `CIT` or `MIT`.
        initiator: String,
    }

    /// The caller's own bounds, kept beside the networks' rules.
    pub struct AdvicePolicy {}
    optional {
        /// Nothing is advised from then on; ISO 8601.
        deadline_utc: String,
        /// Attempts at most, 1–20.
        max_attempts: u32,
        /// Shortest time between two attempts.
        min_interval_minutes: u32,
        /// `08:00-22:00` of the cardholder's day.
        allowed_local_hours: String,
        /// A part may be collected.
        allow_partial: bool,
        /// The caller's ways to charge, the preferred first.
        routes: Vec<String>,
        /// How long before the moment `retry.due` is sent.
        lead_seconds: u32,
    }

    /// An attempt that the caller made.
    pub struct AdvisedAttempt {
        /// A repeat under it answers what was answered.
        idempotency_key: String,
        /// Whether it went through.
        approved: bool,
        /// The transaction; with its response code when it was declined.
        transaction: Transaction,
    }
    optional {
        /// The route that was taken.
        route: String,
        /// The card, when another than the one known was charged.
        payment_method: PaymentMethod,
    }
}

words! {
    /// Where an advice stands.
    pub enum AdviceState {
        /// Advised.
        Open = "OPEN",
        /// Paid.
        Succeeded = "SUCCEEDED",
        /// No further attempt makes sense or is lawful.
        Stopped = "STOPPED",
        /// The deadline has passed.
        Expired = "EXPIRED",
        /// Not wanted any more.
        Cancelled = "CANCELLED",
    }

    /// What to do.
    pub enum AdviceDecision {
        /// Charge, at the moment given.
        Retry = "RETRY",
        /// Get new account data first.
        WaitForData = "WAIT_FOR_DATA",
        /// Only the customer can help.
        AskCustomer = "ASK_CUSTOMER",
        /// Make no attempt any more.
        Stop = "STOP",
        /// Nothing.
        None = "NONE",
    }
}

/// How to charge.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manner {
    /// Cents.
    pub amount: i64,
    /// Three letters.
    pub currency: String,
    /// `same updated network_token other`.
    pub credential: String,
    /// `CIT` or `MIT`.
    pub initiator: String,
    /// `recurring installment unscheduled resubmission`.
    pub mit_reason: Option<String>,
    /// Send no CVV.
    pub omit_cvv: bool,
    /// Authenticate the customer first.
    #[serde(rename = "stepUp3ds")]
    pub step_up_3ds: bool,
    /// One of the policy's routes.
    pub route: Option<String>,
}

/// What is advised.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Advice {
    /// Its id.
    pub advice_id: String,
    /// The merchant's order id.
    pub order_id: String,
    /// Where it stands.
    pub state: AdviceState,
    /// What to do.
    pub decision: AdviceDecision,
    /// The attempt that it is about.
    pub attempt_number: u32,
    /// How many may follow that one.
    pub attempts_remaining: u32,
    /// When to charge, ISO 8601.
    pub retry_at_utc: Option<String>,
    /// The earliest lawful moment.
    pub retry_not_before_utc: Option<String>,
    /// Until when the moment stays good.
    pub retry_not_after_utc: Option<String>,
    /// Nothing is advised from then on.
    pub deadline_utc: String,
    /// How to charge.
    pub how: Option<Manner>,
    /// The class of the newest decline.
    pub decline_class: String,
    /// Chance of approval, 0–1.
    pub probability: Option<f64>,
    /// Rules that bounded the decision.
    pub bound_by: Vec<String>,
    /// Why it ended.
    pub status_code: Option<String>,
    /// `tooEarly`, `duplicate`, as text.
    pub custom_properties: BTreeMap<String, String>,
}

impl Client {
    /// `POST /v1/advice`: when and how to retry this payment.
    pub async fn advise(&self, declined: &AdviceRequest) -> Result<Advice, Error> {
        self.post("/v1/advice").with(declined).keyed().json().await
    }

    /// `GET /v1/advice/{id}`.
    pub async fn advice(&self, id: &str) -> Result<Advice, Error> {
        self.get("/v1/advice/{id}").at(id).json().await
    }

    /// `POST /v1/advice/{id}/attempts`: what became of an attempt; gives the next advice.
    pub async fn report_attempt(&self, id: &str, attempt: &AdvisedAttempt) -> Result<Advice, Error> {
        self.post("/v1/advice/{id}/attempts").at(id).with(attempt).keyed().json().await
    }

    /// `POST /v1/advice/{id}/cancel`.
    pub async fn cancel_advice(&self, id: &str) -> Result<(), Error> {
        self.post("/v1/advice/{id}/cancel").at(id).done().await
    }

    /// `GET /v1/advice/{id}/explanation`: of the newest decision, or of all.
    pub async fn advice_explanation(&self, id: &str, all: bool) -> Result<Explanation, Error> {
        let decision = if all { "all" } else { "latest" };
        self.get("/v1/advice/{id}/explanation").at(id).asking(&json!({"decision": decision})).json().await
    }
}
