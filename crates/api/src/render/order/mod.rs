//! The order object (`wire-api` §6.2): every documented member, always.

mod attempts;
mod card;
mod original;
mod people;

use domain::{
    attempt::Attempt,
    chargeback::Chargeback,
    decline::Class,
    id::{OrderId, SiteId},
    money::Money,
    order::{ChallengeField, Order, State},
    payment::Field,
    refund::{self, Refund},
    settings::StatusNames,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

use super::{Decimal, Iso, address::Address, chargeback::InOrder, csv::Tabular, payment};
use attempts::Attempts;
use card::Card;
use original::Original;
use people::Names;

/// Everything an order object shows.
pub struct Shown<'a> {
    /// The order.
    pub order: &'a Order,
    /// Name of its site.
    pub site_name: Option<&'a str>,
    /// Its attempts, oldest first; none in a list.
    pub attempts: Option<&'a [Attempt]>,
    /// Its refunds.
    pub refunds: &'a [Refund],
    /// Its chargebacks.
    pub chargebacks: &'a [Chargeback],
    /// Vocabulary of `statusName`.
    pub names: StatusNames,
    /// Class of the original decline.
    pub original_class: Class,
    /// Attempts that may still be made, when that is known.
    pub attempts_remaining: Option<u32>,
    /// `customProperties`.
    pub properties: BTreeMap<String, String>,
}

/// The reply. Members that a list leaves out are those with two `Option`s or a list in an `Option`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Order")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    id: OrderId,
    correlation_id: &'a str,
    reference_number: &'a str,
    confirmation_id: &'a str,
    status: u8,
    status_name: String,
    status_text: &'static str,
    status_reason: Option<&'static str>,
    engine_state: &'static str,
    external_order_id: &'a str,
    mid: domain::id::Mid,
    site_id: SiteId,
    site_name: Option<&'a str>,
    site_resolved: bool,
    descriptor: Option<&'a str>,
    channel: &'static str,
    order_source: &'static str,
    order_source_text: Option<&'a str>,
    #[serde(rename = "isMIT")]
    is_mit: bool,
    is_recurring: bool,
    mit_mode: Option<&'static str>,
    is_test_mode: bool,
    transaction_type: &'static str,
    order_placed_date: Iso,
    created_on: Iso,
    updated_on: Iso,
    completed_on: Option<Iso>,
    expiry_date: Option<Iso>,
    next_attempt_utc: Option<Iso>,
    capture_before_utc: Option<Iso>,
    amount: i64,
    amount_authorized: i64,
    amount_captured: i64,
    amount_refunded: i64,
    amount_refundable: i64,
    amount_remaining: i64,
    currency_code: &'a str,
    currency_symbol: String,
    #[serde(flatten)]
    names: Names<'a>,
    billing_address: Option<Address<'a>>,
    shipping_address: Option<Address<'a>>,
    payment_method: Card<'a>,
    subscription: Option<payment::Subscription<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_items: Option<Vec<payment::Item<'a>>>,
    additional_fields: &'a [Field],
    original_transaction: Original<'a>,
    attempts: Attempts<'a>,
    refunds: Vec<Refunded<'a>>,
    is_chargeback: bool,
    chargebacks: Vec<InOrder<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::option_option, reason = "absent in lists, null without a decision")]
    decision: Option<Option<Decision<'a>>>,
    challenge: Option<Challenge>,
    custom_properties: BTreeMap<String, String>,
}

impl Tabular for Body<'_> {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "correlationId",
        "referenceNumber",
        "confirmationId",
        "status",
        "statusName",
        "statusText",
        "statusReason",
        "engineState",
        "externalOrderId",
        "mid",
        "siteId",
        "siteName",
        "siteResolved",
        "descriptor",
        "channel",
        "orderSource",
        "orderSourceText",
        "isMIT",
        "isRecurring",
        "mitMode",
        "isTestMode",
        "transactionType",
        "orderPlacedDate",
        "createdOn",
        "updatedOn",
        "completedOn",
        "expiryDate",
        "nextAttemptUtc",
        "captureBeforeUtc",
        "amount",
        "amountAuthorized",
        "amountCaptured",
        "amountRefunded",
        "amountRefundable",
        "amountRemaining",
        "currencyCode",
        "currencySymbol",
        "firstName",
        "lastName",
        "email",
        "secondaryEmail",
        "phone",
        "payerId",
        "isChargeback",
    ];
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderRefund")]
#[serde(rename_all = "camelCase")]
struct Refunded<'a> {
    transaction_id: domain::id::RefundId,
    amount: Decimal,
    amount_minor: i64,
    currency: &'a str,
    status: &'static str,
    message: Option<&'a str>,
    created_on: Iso,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderDecision")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
struct Decision<'a> {
    decision_id: domain::id::DecisionId,
    action: &'a str,
    next_attempt_utc: Option<Iso>,
    probability: f64,
    decline_class: &'static str,
    bound_by: &'a [String],
    model_version: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrderChallenge")]
#[serde(rename_all = "camelCase")]
struct Challenge {
    state: &'static str,
    fields: Vec<&'static str>,
    attempts_left: u8,
    expires_utc: Iso,
    url: String,
}

/// The order object.
pub fn body(shown: Shown<'_>) -> Body<'_> {
    let order = shown.order;
    let code = order.state.code();
    let payment = &order.payment;
    let full = shown.attempts.is_some();
    Body {
        id: order.id,
        correlation_id: &order.correlation,
        reference_number: &order.reference,
        confirmation_id: &order.confirmation,
        status: code.status(),
        status_name: status_name(order, shown.names),
        status_text: code.status_text(),
        status_reason: order.reason.map(domain::decline::Reason::as_str),
        engine_state: code.as_str(),
        external_order_id: &payment.order_id,
        mid: order.mid,
        site_id: order.site,
        site_name: shown.site_name,
        site_resolved: order.matched_by != domain::site::MatchedBy::Default,
        descriptor: order.descriptor.as_deref(),
        channel: order.channel.as_str(),
        order_source: order.source.as_str(),
        order_source_text: order.source_text.as_deref(),
        is_mit: payment.is_mit,
        is_recurring: payment.is_recurring,
        mit_mode: order.mit_mode.map(domain::settings::MitMode::as_str),
        is_test_mode: order.is_test(),
        transaction_type: order.transaction_type.as_str(),
        order_placed_date: Iso(order.placed_at),
        created_on: Iso(order.worked_at.unwrap_or(order.placed_at)),
        updated_on: Iso(order.updated_at),
        completed_on: order.completed_at.map(Iso),
        expiry_date: payment.is_mit.then_some(Iso(order.expires_at)),
        next_attempt_utc: next_attempt(&order.state),
        capture_before_utc: capture_before(&order.state),
        amount: order.amount.minor,
        amount_authorized: order.authorized_minor,
        amount_captured: order.captured_minor,
        amount_refunded: order.refunded_minor,
        amount_refundable: order.refundable_minor(),
        amount_remaining: order.remaining_minor(),
        currency_code: order.amount.currency.as_str(),
        currency_symbol: order.amount.currency.symbol(),
        names: Names::of(payment),
        billing_address: payment.billing.as_ref().map(Address::from),
        shipping_address: payment.shipping.as_ref().map(Address::from),
        payment_method: Card::of(order),
        subscription: payment.subscription.as_ref().map(payment::Subscription::from),
        order_items: full.then(|| payment.items.iter().map(payment::Item::from).collect()),
        additional_fields: &payment.additional_fields,
        original_transaction: Original::of(order, shown.original_class),
        attempts: Attempts::of(order, shown.attempts, shown.attempts_remaining),
        refunds: shown.refunds.iter().map(refunded).collect(),
        is_chargeback: order.is_chargeback,
        chargebacks: shown.chargebacks.iter().map(InOrder::from).collect(),
        decision: full.then(|| order.decision.as_ref().map(decision)),
        challenge: challenge(order),
        custom_properties: shown.properties,
    }
}

fn status_name(order: &Order, names: StatusNames) -> String {
    match names {
        StatusNames::Word => order.state.code().status_name().to_owned(),
        StatusNames::Order => order.state.code().status_text().to_ascii_uppercase(),
    }
}

const fn next_attempt(state: &State) -> Option<Iso> {
    match state {
        State::Scheduled { at } => Some(Iso(*at)),
        _ => None,
    }
}

const fn capture_before(state: &State) -> Option<Iso> {
    match state {
        State::Authorized { capture_before, .. } => Some(Iso(*capture_before)),
        _ => None,
    }
}

fn refunded(refund: &Refund) -> Refunded<'_> {
    Refunded {
        transaction_id: refund.id,
        amount: Decimal(Money::new(refund.amount.minor, refund.amount.currency)),
        amount_minor: refund.amount.minor,
        currency: refund.amount.currency.as_str(),
        status: refund::State::as_str(refund.state),
        message: refund.message.as_deref(),
        created_on: Iso(refund.created_at),
    }
}

fn decision(decision: &domain::order::Decision) -> Decision<'_> {
    Decision {
        decision_id: decision.id,
        action: &decision.action,
        next_attempt_utc: decision.next_attempt.map(Iso),
        probability: decision.probability,
        decline_class: decision.class.as_str(),
        bound_by: &decision.bound_by,
        model_version: &decision.model_version,
    }
}

fn challenge(order: &Order) -> Option<Challenge> {
    match &order.state {
        State::Challenged { fields, attempts_left, expires_at } => Some(Challenge {
            state: "presented",
            fields: fields.iter().copied().map(ChallengeField::as_str).collect(),
            attempts_left: *attempts_left,
            expires_utc: Iso(*expires_at),
            url: format!("/challenge/{}", order.id),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
