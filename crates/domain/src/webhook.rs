//! Webhook endpoints and deliveries.

use serde::{Deserialize, Serialize};

use crate::{
    environment::Environment,
    event::Kind,
    id::{DeliveryId, EventId, OrderId, WebhookId},
    owner::Owner,
    time::Timestamp,
};

crate::words! {
    /// Whether an endpoint receives.
    pub enum State {
        /// Receives.
        Enabled = "enabled",
        /// Switched off by its owner or by a 410.
        Disabled = "disabled",
        /// Switched off after five days without success.
        AutoDisabled = "auto_disabled",
    }
}

crate::words! {
    /// Whether events of one order wait for each other.
    pub enum Ordering {
        /// In sequence.
        Strict = "strict",
        /// As they come.
        None = "none",
    }
}

/// A subscription of a merchant, or of a partner to what concerns itself and all its merchants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Id.
    pub id: WebhookId,
    /// Row version.
    pub version: u32,
    /// Whose it is.
    #[serde(flatten)]
    pub owner: Owner,
    /// Environment.
    pub environment: Environment,
    /// Where to.
    pub url: String,
    /// Patterns: `*`, `order.*`, or a name.
    pub events: Vec<String>,
    /// Free text.
    pub description: Option<String>,
    /// Whether it receives.
    pub state: State,
    /// Ordering.
    pub ordering: Ordering,
    /// Sealed signing key (64 bytes).
    pub secret: Vec<u8>,
    /// The key before the last rotation, sealed, and until when both sign.
    pub previous: Option<(Vec<u8>, Timestamp)>,
    /// Since when nothing succeeded, UTC.
    pub failing_since: Option<Timestamp>,
    /// Last success, UTC.
    pub last_success_at: Option<Timestamp>,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

impl Endpoint {
    /// Whether an event of this kind goes here.
    pub fn wants(&self, kind: Kind) -> bool {
        self.state == State::Enabled && self.events.iter().any(|pattern| kind.matches(pattern))
    }
}

crate::words! {
    /// How far a delivery is.
    pub enum DeliveryState {
        /// To be tried.
        Pending = "pending",
        /// Taken by the receiver.
        Delivered = "delivered",
        /// Given up.
        Failed = "failed",
    }
}

/// One try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Try {
    /// When, UTC, real time.
    pub at: Timestamp,
    /// HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// How long it took, milliseconds.
    pub latency_ms: u32,
    /// What went wrong below HTTP.
    pub error: Option<String>,
    /// The first 2 KiB of the answer.
    pub answer: Option<String>,
}

impl DeliveryId {
    /// The id of the first delivery of an event to an endpoint: whoever has both finds it without an index. Keeps the
    /// event's time in front, so that it sorts by time like every other id.
    pub fn of(event: EventId, endpoint: WebhookId) -> Self {
        const TIME_BITS: u32 = 48;
        let time = event.0.as_u128() >> (u128::BITS - TIME_BITS);
        let mixed = (event.0.as_u128() ^ endpoint.0.as_u128().rotate_left(64)).wrapping_mul(crate::event::MIX);
        let mut random = [0; 10];
        random.copy_from_slice(&(mixed ^ (mixed >> 64)).to_le_bytes()[..10]);
        Self(uuid::Builder::from_unix_timestamp_millis(u64::try_from(time).unwrap_or(0), &random).into_uuid())
    }
}

/// One event on its way to one endpoint. Times are real: the test clock does not drive deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Id.
    pub id: DeliveryId,
    /// Row version.
    pub version: u32,
    /// Whose endpoint it goes to.
    #[serde(flatten)]
    pub owner: Owner,
    /// Environment.
    pub environment: Environment,
    /// Where to.
    pub endpoint: WebhookId,
    /// What.
    pub event: EventId,
    /// What happened.
    pub kind: Kind,
    /// Order, when the event belongs to one and the endpoint keeps order; deliveries of one order wait for each other.
    pub order: Option<OrderId>,
    /// Number within the order.
    pub sequence: u32,
    /// How far it is.
    pub state: DeliveryState,
    /// Next try, UTC.
    pub due: Timestamp,
    /// Whether the first try already says `IsResent` (redelivery, replay).
    pub resent: bool,
    /// Created, UTC.
    pub created_at: Timestamp,
    /// Tries, oldest first.
    pub tries: Vec<Try>,
    /// Trace of the request that caused the event, 32 hexadecimal digits.
    #[serde(default)]
    pub trace: Option<String>,
}
