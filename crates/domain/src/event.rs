//! Events: what happened, told once per subscriber, in order for each order.

use serde::{Deserialize, Serialize};

use crate::{
    environment::Environment,
    id::{EventId, OrderId},
    owner::Owner,
    time::Timestamp,
};

crate::words! {
    /// What happened.
    pub enum Kind {
        /// Rescued.
        OrderCompleted = "order.completed",
        /// Declined or cancelled.
        OrderCancelled = "order.cancelled",
        /// Not rescued in time.
        OrderExpired = "order.expired",
        /// A refund was made.
        OrderRefunded = "order.refunded",
        /// Authorised; capture due.
        OrderCapturerequired = "order.capturerequired",
        /// An attempt was answered.
        OrderAttempted = "order.attempted",
        /// The next attempt has a time.
        OrderScheduled = "order.scheduled",
        /// A part was captured.
        OrderPartiallyrecovered = "order.partiallyrecovered",
        /// A dispute came.
        ChargebackReceived = "payment.chargeback.received",
        /// A dispute moved on.
        ChargebackUpdated = "payment.chargeback.updated",
        /// A settlement closed; its payout is to be made.
        PayoutCreated = "payout.created",
        /// A payout was made, failed or came back.
        PayoutUpdated = "payout.updated",
        /// The customer is asked.
        ChallengePresented = "challenge.presented",
        /// The customer answered.
        ChallengeAttempted = "challenge.attempted",
        /// The challenge was passed.
        ChallengePassed = "challenge.passed",
        /// The challenge was failed.
        ChallengeFailed = "challenge.failed",
        /// New card data.
        CredentialUpdated = "credential.updated",
        /// The updater says there is no such card any more.
        CredentialFailed = "credential.failed",
        /// An attempt that was advised is due.
        RetryDue = "retry.due",
        /// An advice ended without success.
        RetryExhausted = "retry.exhausted",
        /// An application was handed in.
        ApplicationSubmitted = "application.submitted",
        /// An application is being looked at.
        ApplicationInReview = "application.in_review",
        /// An application was accepted.
        ApplicationApproved = "application.approved",
        /// An application was refused.
        ApplicationDeclined = "application.declined",
        /// An application was withdrawn.
        ApplicationCancelled = "application.cancelled",
        /// An application became a merchant.
        ApplicationConverted = "application.converted",
        /// An endpoint was switched off after days of failures.
        WebhookDisabled = "webhook.disabled",
    }
}

impl Kind {
    /// Whether this is one of the three that end an order.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::OrderCompleted | Self::OrderCancelled | Self::OrderExpired)
    }

    /// Whether a subscription pattern (`*`, `order.*`, or a name) covers this kind.
    pub fn matches(self, pattern: &str) -> bool {
        match pattern.strip_suffix('*') {
            Some(prefix) => self.as_str().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)),
            None => self.as_str().eq_ignore_ascii_case(pattern),
        }
    }
}

/// An odd number without pattern: multiplied by it, neighbouring numbers differ everywhere.
pub(crate) const MIX: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Id; on the wire `msg_…`.
    pub id: EventId,
    /// Whom it concerns.
    #[serde(flatten)]
    pub owner: Owner,
    /// Environment.
    pub environment: Environment,
    /// Order, when it belongs to one.
    pub order: Option<OrderId>,
    /// Number within the order, from 1; 0 for other events.
    pub sequence: u32,
    /// What happened.
    pub kind: Kind,
    /// When, UTC, by the merchant's clock.
    pub at: Timestamp,
    /// The payload of `wire-api` §7.2 as compact JSON, with `"IsResent":false` last.
    pub payload: String,
}

impl EventId {
    /// The id of an order's event, made from the order's own id, the event's number and its real time: whoever has the
    /// order finds its events without an index. Sorts by time like every other id.
    pub fn of_order(order: OrderId, sequence: u32, real: Timestamp) -> Self {
        let mixed = order.0.as_u128().wrapping_add(u128::from(sequence)).wrapping_mul(MIX);
        let mut random = [0; 10];
        random.copy_from_slice(&(mixed ^ (mixed >> 64)).to_le_bytes()[..10]);
        Self::at(real, random)
    }

    /// The wire form: `msg_` + 32 hexadecimal digits.
    pub fn wire(&self) -> String {
        format!("msg_{}", self.0.simple())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_kinds() {
        for (pattern, covered) in [
            ("*", true),
            ("order.*", true),
            ("ORDER.completed", true),
            ("challenge.*", false),
            ("order.cancelled", false),
            ("", false),
        ] {
            assert_eq!(Kind::OrderCompleted.matches(pattern), covered, "{pattern}");
        }
    }
}
