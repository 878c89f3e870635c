//! Orders: what Recoup works on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Client, Error, request::requests, word::words};

requests! {
    /// Which orders.
    pub struct OrderQuery {}
    optional {
        /// Names, mail, any order id or reference.
        query: String,
        /// Numbers of statuses, 0–7.
        status: Vec<u8>,
        /// Placed at or after, ISO 8601.
        from: String,
        /// Placed at or before, ISO 8601.
        to: String,
        /// One merchant only.
        mid: String,
        /// One site only.
        site_id: String,
        /// `cit_web`, `cit_call_center` or `mit`.
        channel: String,
        /// Initiated by the merchant, or not.
        #[serde(rename = "isMIT")]
        is_mit: bool,
        /// Ran on the sandbox processor, or not.
        is_test_mode: bool,
        /// The merchant's order id.
        external_order_id: String,
        /// Disputed, or not.
        chargeback: bool,
        /// Its site was told, or not.
        site_resolved: bool,
        /// `createdOn`, `orderPlacedDate`, `updatedOn`, `expiryDate` or `amount`.
        order_by: String,
        /// `asc` or `desc`.
        sort: String,
        /// From 1.
        page_number: u32,
        /// At most 200.
        page_size: u32,
    }

    /// What to give back.
    pub struct RefundDraft {
        /// Decimal, in major units: `19.99`.
        amount_to_refund: String,
    }
    optional {
        /// Why.
        refund_message: String,
        /// Without one, the same amount and message within a day are the same refund.
        idempotency_key: String,
    }
}

words! {
    /// Where an order stands.
    pub enum EngineState {
        /// Accepted, not picked up.
        Received = "RECEIVED",
        /// Being looked at.
        Evaluating = "EVALUATING",
        /// The next attempt is planned.
        Scheduled = "SCHEDULED",
        /// An attempt is under way.
        Attempting = "ATTEMPTING",
        /// An unknown result is being looked up.
        Reconciling = "RECONCILING",
        /// For new card data.
        Waiting = "WAITING",
        /// For the customer.
        Challenged = "CHALLENGED",
        /// Suspended.
        Held = "HELD",
        /// Capture is due.
        Authorized = "AUTHORIZED",
        /// Captured.
        Recovered = "RECOVERED",
        /// Partly captured, period over.
        PartRecovered = "PART_RECOVERED",
        /// Given back in full.
        Refunded = "REFUNDED",
        /// Declined by Recoup.
        Rejected = "REJECTED",
        /// Stopped.
        Cancelled = "CANCELLED",
        /// Period over.
        Expired = "EXPIRED",
        /// Needs the operator.
        Faulted = "FAULTED",
    }
}

/// An order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Recoup's id.
    pub id: String,
    /// Group of related orders.
    pub correlation_id: String,
    /// `RC-` and ten characters.
    pub reference_number: String,
    /// Eight characters that name it to people.
    pub confirmation_id: String,
    /// 0–7.
    pub status: u8,
    /// Upper-case word.
    pub status_name: String,
    /// Name of the number.
    pub status_text: String,
    /// Why.
    pub status_reason: Option<String>,
    /// Where it stands.
    pub engine_state: EngineState,
    /// The merchant's id.
    pub external_order_id: String,
    /// The merchant.
    pub mid: String,
    /// The site.
    pub site_id: String,
    /// Its name.
    pub site_name: Option<String>,
    /// The site was told, not assumed.
    pub site_resolved: bool,
    /// On the customer's statement.
    pub descriptor: Option<String>,
    /// `cit_web`, `cit_call_center` or `mit`.
    pub channel: String,
    /// Where it came from.
    pub order_source: String,
    /// Initiated by the merchant.
    #[serde(rename = "isMIT")]
    pub is_mit: bool,
    /// One of a row.
    pub is_recurring: bool,
    /// `managed` or `sync`.
    pub mit_mode: Option<String>,
    /// Ran on the sandbox processor.
    pub is_test_mode: bool,
    /// `PURCHASE` or `AUTHORIZATION`.
    pub transaction_type: String,
    /// Ingested.
    pub order_placed_date: String,
    /// First worked.
    pub created_on: String,
    /// Changed.
    pub updated_on: String,
    /// Final.
    pub completed_on: Option<String>,
    /// End of the rescue.
    pub expiry_date: Option<String>,
    /// The planned attempt.
    pub next_attempt_utc: Option<String>,
    /// End of the capture window.
    pub capture_before_utc: Option<String>,
    /// Cents.
    pub amount: i64,
    /// Cents.
    pub amount_authorized: i64,
    /// Cents.
    pub amount_captured: i64,
    /// Cents.
    pub amount_refunded: i64,
    /// Cents.
    pub amount_refundable: i64,
    /// Cents.
    pub amount_remaining: i64,
    /// Three letters.
    pub currency_code: String,
    /// Such as `$`.
    pub currency_symbol: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Address of mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The merchant's id of the payer.
    pub payer_id: Option<String>,
    /// Where the bill goes.
    pub billing_address: Option<Address>,
    /// Where the parcel goes.
    pub shipping_address: Option<Address>,
    /// The card.
    pub payment_method: OrderCard,
    /// The declined payment.
    pub original_transaction: OriginalTransaction,
    /// What was tried.
    pub attempts: Attempts,
    /// What was given back.
    pub refunds: Vec<Refund>,
    /// Disputed.
    pub is_chargeback: bool,
    /// Its disputes.
    pub chargebacks: Vec<Chargeback>,
    /// The last decision; lists leave it out.
    pub decision: Option<Decision>,
    /// What the customer is asked.
    pub challenge: Option<Challenge>,
    /// As in the answer of `evaluate`.
    pub custom_properties: BTreeMap<String, String>,
}

/// An address as it was sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Street.
    pub address_line1: Option<String>,
    /// More of it.
    pub address_line2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Postal code.
    pub zipcode: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Two letters.
    pub country_code: Option<String>,
}

/// The card of an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderCard {
    /// Its token.
    pub token: Option<String>,
    /// Brand.
    pub card_brand: Option<String>,
    /// First digits.
    pub card_bin_number: Option<String>,
    /// Last four digits.
    pub card_last4_digits: Option<String>,
    /// 1–12.
    pub expiration_month: Option<u8>,
    /// Four digits.
    pub expiration_year: Option<u16>,
    /// The issuer.
    pub card_issuer: Option<String>,
    /// Country of the issuer.
    pub card_country: Option<String>,
    /// Names the card without telling it.
    pub card_fingerprint: Option<String>,
    /// Name on the card.
    pub holder_name: Option<String>,
}

/// The payment that was declined.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OriginalTransaction {
    /// The processor's id.
    pub id: String,
    /// When.
    pub timestamp_utc: String,
    /// Cents.
    pub amount: i64,
    /// Three letters.
    pub currency: String,
    /// The processor's answer.
    pub response_code: Option<String>,
    /// Whose codes these are.
    pub response_code_source: Option<String>,
    /// Mastercard's advice.
    pub merchant_advice_code: Option<String>,
    /// The processor.
    pub processor_name: Option<String>,
    /// What kind of decline it was.
    pub decline_class: String,
}

/// What was tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempts {
    /// In all.
    pub total: u32,
    /// Approved.
    pub approved: u32,
    /// Declined.
    pub declined: u32,
    /// Not known yet.
    pub unknown: u32,
    /// Left within the network's limits.
    pub remaining: Option<u32>,
    /// The last one.
    pub last_attempt_utc: Option<String>,
    /// Its answer.
    pub last_response_code: Option<String>,
    /// What kind of decline it was.
    pub last_decline_class: Option<String>,
    /// The last fifty; lists leave them out.
    pub items: Option<Vec<Attempt>>,
}

/// One attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// When.
    pub attempt_utc: String,
    /// Cents.
    pub amount: i64,
    /// Three letters.
    pub currency: String,
    /// The processor.
    pub processor: String,
    /// The route.
    pub route: Option<String>,
    /// `CIT` or `MIT`.
    pub initiator: String,
    /// `approved`, `partial`, `declined` or `unknown`.
    pub result: String,
    /// The answer.
    pub response_code: Option<String>,
    /// Mastercard's advice.
    pub merchant_advice_code: Option<String>,
    /// What kind of decline it was.
    pub decline_class: Option<String>,
    /// How long the answer took.
    pub latency_ms: Option<u32>,
}

/// What was given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// The processor's transaction.
    pub transaction_id: String,
    /// Cents.
    pub amount_minor: i64,
    /// Three letters.
    pub currency: String,
    /// How it stands.
    pub status: String,
    /// Why.
    pub message: Option<String>,
    /// When.
    pub created_on: String,
}

/// A dispute.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chargeback {
    /// Its id.
    pub id: String,
    /// Cents.
    pub amount: i64,
    /// Three letters.
    pub currency: String,
    /// The network's reason.
    pub reason_code: Option<String>,
    /// How far it is.
    pub stage: String,
    /// When.
    pub received_on: String,
}

/// What was decided last.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Its id.
    pub decision_id: String,
    /// What.
    pub action: String,
    /// When it comes.
    pub next_attempt_utc: Option<String>,
    /// Of an approval, 0–1.
    pub probability: f64,
    /// What kind of decline it answers.
    pub decline_class: String,
    /// Rules that left no other choice.
    pub bound_by: Vec<String>,
    /// What decided.
    pub model_version: String,
}

/// What the customer is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// How far it is.
    pub state: String,
    /// What is asked for.
    pub fields: Vec<String>,
    /// Tries left.
    pub attempts_left: u8,
    /// Its end.
    pub expires_utc: String,
    /// Its page.
    pub url: String,
}

/// A page of orders.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPage {
    /// The orders, without attempts and decision.
    pub orders: Vec<Order>,
    /// Orders on all pages.
    pub total_item_count: u64,
    /// This page, from 1.
    pub page_number: u32,
    /// Orders on a page.
    pub page_size: u32,
    /// Pages.
    pub page_count: u64,
    /// There is a further page.
    pub has_next_page: bool,
}

/// What happened to an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timeline {
    /// The order.
    pub order_id: String,
    /// Oldest first.
    pub items: Vec<TimelineItem>,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimelineItem {
    /// From 1.
    pub sequence: u64,
    /// When.
    pub at_utc: String,
    /// What.
    pub kind: String,
    /// By whom.
    pub actor: String,
    /// In words.
    pub summary: String,
    /// In members.
    pub data: Value,
}

/// Why an order was worked as it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The order.
    pub order_id: String,
    /// Its decisions, oldest first.
    pub decisions: Vec<ExplainedDecision>,
}

/// One decision, explained.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedDecision {
    /// Its id.
    pub decision_id: String,
    /// When.
    pub decided_at_utc: String,
    /// Number of the attempt that it plans, from 1.
    pub attempt_number: u32,
    /// `attempt_now schedule wait_for_data challenge stop capture hold`.
    pub action: String,
    /// What was chosen, when an attempt was.
    pub chosen: Option<ChosenMoment>,
    /// The moments that were weighed.
    pub candidates: Vec<CandidateMoment>,
    /// The rules that were looked at.
    pub rules: Vec<BindingRule>,
    /// What the decision looked at.
    pub features: Value,
    /// Probability with which this action was taken.
    pub propensity: f64,
    /// `policy explore holdout`.
    pub experiment_arm: String,
    /// The model.
    pub model_version: String,
    /// The rules.
    pub rules_version: String,
    /// Seed of everything that was drawn, hexadecimal.
    pub seed: String,
    /// Everything in plain words.
    pub summary: String,
    /// What the next attempt waits for.
    pub waits_for: String,
    /// What hides behind the declines, before and after each answer.
    pub causes: Vec<CauseBelief>,
    /// Chance of approval over the rescue window.
    pub curve: Vec<CurvePoint>,
    /// What was known of fraud.
    pub risk: Option<Value>,
    /// Made again it is the same.
    pub replayed: bool,
    /// Why it is not.
    pub replay_note: Option<String>,
}

/// The moment that was chosen.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChosenMoment {
    /// When.
    pub at_utc: String,
    /// In the cardholder's time.
    pub local_time: String,
    /// Processor account.
    pub route: Option<String>,
    /// `same updated network_token other`.
    pub credential: String,
    /// Minor units.
    pub amount: Option<i64>,
}

/// A moment that was weighed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CandidateMoment {
    /// When.
    pub at_utc: String,
    /// Processor account.
    pub route: Option<String>,
    /// `same updated network_token other`.
    pub credential: String,
    /// Minor units.
    pub amount: Option<i64>,
    /// Chance of approval.
    pub probability: f64,
    /// Chance times amount, minor units.
    pub expected_value_minor: i64,
    /// What the network would charge, minor units.
    pub fee_minor: i64,
    /// Probability with which it is chosen.
    pub propensity: f64,
    /// The rules allow it.
    pub allowed: bool,
    /// The rules that do not.
    pub bound_by: Vec<String>,
}

/// A rule that was looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BindingRule {
    /// Such as `visa.m30`.
    pub id: String,
    /// The day it came into force.
    pub version: String,
    /// Its network.
    pub network: String,
    /// ISO 8601 duration.
    pub window: Option<String>,
    /// The network's limit.
    pub limit: Option<u32>,
    /// What planning stays below.
    pub headroom_limit: Option<u32>,
    /// Attempts counted.
    pub used: Option<u32>,
    /// When it gives room again.
    pub resets_at_utc: Option<String>,
    /// `forbid cap earliest latest fee`.
    pub effect: String,
    /// Where it is written.
    pub source: String,
}

/// What was believed before and after an answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CauseBelief {
    /// When the answer was given.
    pub at_utc: String,
    /// Its code.
    pub response_code: String,
    /// Causes with their probabilities before it.
    pub before: BTreeMap<String, f64>,
    /// After it.
    pub after: BTreeMap<String, f64>,
}

/// A point of a curve.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// When.
    pub at_utc: String,
    /// Chance of approval there.
    pub probability: f64,
}

/// The answer to a refund.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refunded {
    /// It was given back.
    pub success: bool,
    /// `1000`, or why not: `2001` too much, `2002` part too large, `2003` disputed, `2004` refused by the processor.
    pub response_code: String,
    /// In words.
    pub response_message: String,
    /// The processor's transaction.
    pub transaction_id: Option<String>,
}

impl Client {
    /// `GET /v1/orders`.
    pub async fn orders(&self, query: &OrderQuery) -> Result<OrderPage, Error> {
        self.get("/v1/orders").asking(query).json().await
    }

    /// `GET /v1/orders/{id}` by Recoup's id.
    pub async fn order(&self, id: &str) -> Result<Order, Error> {
        self.get("/v1/orders/{id}").at(id).json().await
    }

    /// `GET /v1/orders/{id}?by=external` by the merchant's id; the newest of it.
    pub async fn order_by_external_id(&self, external_id: &str, mid: Option<&str>) -> Result<Order, Error> {
        self.get("/v1/orders/{id}").at(external_id).asking(&json!({"by": "external", "mid": mid})).json().await
    }

    /// `GET /v1/orders/{id}/timeline`.
    pub async fn timeline(&self, id: &str) -> Result<Timeline, Error> {
        self.get("/v1/orders/{id}/timeline").at(id).json().await
    }

    /// `GET /v1/orders/{id}/explanation`: of the newest decision, or of all.
    pub async fn explanation(&self, id: &str, all: bool) -> Result<Explanation, Error> {
        let decision = if all { "all" } else { "latest" };
        self.get("/v1/orders/{id}/explanation").at(id).asking(&json!({"decision": decision})).json().await
    }

    /// `POST /v1/orders/{id}/cancel`; cancelling twice is no error.
    pub async fn cancel(&self, id: &str) -> Result<(), Error> {
        self.post("/v1/orders/{id}/cancel").at(id).done().await
    }

    /// `POST /v1/orders/{id}/external-cancel` by the merchant's id.
    pub async fn cancel_by_external_id(&self, external_id: &str, mid: Option<&str>) -> Result<(), Error> {
        self.post("/v1/orders/{id}/external-cancel").at(external_id).asking(&json!({"mid": mid})).done().await
    }

    /// `POST /v1/orders/{id}/refund`. A refused refund is an answer without success.
    pub async fn refund(&self, id: &str, refund: &RefundDraft) -> Result<Refunded, Error> {
        let call = self.post("/v1/orders/{id}/refund").at(id).with(refund);
        if refund.idempotency_key.is_some() { call.keyed() } else { call }.json().await
    }
}
