//! The answer of `/evaluate`, from the order as it stands (`wire-api` §5.3, §18.1).

use std::collections::BTreeMap;

use domain::{
    decline::Reason,
    id::OrderId,
    order::{ChallengeField, Order, State},
    settings::MitMode,
    site::MatchedBy,
    time::DAY,
};
use serde::{Deserialize, Serialize};

domain::words! {
    /// The reply's `status`.
    pub enum Status {
        /// Rescued.
        Approved = "APPROVED",
        /// Not rescued (sync MIT: not yet).
        Declined = "DECLINED",
        /// The customer is asked.
        Challenge = "CHALLENGE",
        /// Accepted, worked until its end.
        Submitted = "SUBMITTED",
        /// Authorised; capture due.
        CaptureRequired = "CAPTUREREQUIRED",
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// `orderSessionKey` and `orderId`.
    pub order: OrderId,
    /// Echoed.
    pub sense_key: Option<String>,
    /// Status.
    pub status: Status,
    /// `statusCode`, on DECLINED.
    pub reason: Option<Reason>,
    /// `customProperties`.
    pub properties: BTreeMap<String, String>,
}

impl Verdict {
    /// The answer for an order as it stands.
    pub fn of(order: &Order) -> Self {
        let (status, reason) = status(order);
        Self { order: order.id, sense_key: order.payment.sense_key.clone(), status, reason, properties: properties(order) }
    }

    /// The form the idempotency record keeps.
    pub fn stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the form the idempotency record keeps.
    pub fn from_stored(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

fn status(order: &Order) -> (Status, Option<Reason>) {
    let declined = |reason| (Status::Declined, Some(reason));
    let open = match (order.mit_mode, order.ending) {
        (_, Some(ending)) => declined(ending.reason),
        (Some(MitMode::Managed), None) => (Status::Submitted, None),
        (Some(MitMode::Sync), None) => declined(Reason::RetryLater),
        (None, None) => declined(Reason::Timeout),
    };
    match &order.state {
        State::Recovered | State::PartRecovered => (Status::Approved, None),
        State::Authorized { .. } => (Status::CaptureRequired, None),
        State::Challenged { .. } if order.mit_mode.is_none() => (Status::Challenge, None),
        State::Refunded { .. } => declined(Reason::Refunded),
        State::Rejected { reason } | State::Cancelled { reason, .. } => declined(*reason),
        State::Expired => declined(Reason::Expired),
        _ => open,
    }
}

/// `customProperties` of an order; every value is text.
pub fn properties(order: &Order) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    let mut put = |key: &str, value: String| map.insert(key.to_owned(), value);
    put("channel", order.channel.to_string());
    put("isTestMode", order.is_test().to_string());
    put("siteResolved", (order.matched_by != MatchedBy::Default).to_string());
    put("confirmationId", order.confirmation.clone());
    put("declineClass", order.class.to_string());
    if let Some(action) = order.next_action {
        put("nextAction", action.to_string());
    }
    if order.mit_mode.is_some() {
        put("expiryDateUtc", order.expires_at.iso6());
        if order.expires_at.since(order.placed_at) < DAY * SHORT_WINDOW_DAYS {
            put("advice", "The rescue period is shorter than 14 days; longer periods recover more.".into());
        }
    }
    if let State::Challenged { fields, .. } = &order.state {
        put("challengeUrl", format!("/challenge/{}", order.id));
        put("challengeFields", fields.iter().map(|field| ChallengeField::as_str(*field)).collect::<Vec<_>>().join(","));
    }
    map
}

/// Rescue periods below this come with a hint.
const SHORT_WINDOW_DAYS: u32 = 14;
