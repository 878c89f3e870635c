//! Typed, time-ordered ids: one newtype per kind over a UUID (version 7), so that no id is passed for another.

use uuid::Uuid;

use crate::time::Timestamp;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Builds a version 7 id from an instant and ten random bytes.
            pub fn at(now: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now.millis().max(0) as u64, &random).into_uuid())
            }

            /// Reads a GUID in any case, hyphenated.
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.trim();
                (text.len() == 36).then(|| Uuid::try_parse(text).ok().map(Self)).flatten()
            }

            /// The sixteen bytes, as the store keeps them.
            pub const fn bytes(&self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// The id from its sixteen bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "format": "uuid"})
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    )+};
}

ids! {
    /// A merchant: the wire's `mid`.
    Mid,
    /// A partner: a platform that acts for many merchants.
    PartnerId,
    /// A site of a merchant.
    SiteId,
    /// An order, one payment to be rescued: the wire's `orderSessionKey`.
    OrderId,
    /// One authorisation attempt of an order; also the processor's idempotency key.
    AttemptId,
    /// One refund; also the processor's idempotency key.
    RefundId,
    /// A transmitted transaction: the wire's transaction key.
    TransmitId,
    /// A vaulted card: the wire's payment method token.
    TokenId,
    /// A merchant's data key in the vault.
    DataKeyId,
    /// An API client (one AppKey, any number of live secrets).
    ClientId,
    /// One API key object: a public, secret or tokenization key.
    KeyId,
    /// A portal user.
    UserId,
    /// A mail on its way.
    MailId,
    /// An event; on the wire `msg_` + 32 hexadecimal digits.
    EventId,
    /// A webhook endpoint.
    WebhookId,
    /// A delivery of one event to one endpoint.
    DeliveryId,
    /// An application of a new merchant.
    ApplicationId,
    /// A document of an application.
    DocumentId,
    /// A processor account.
    ProcessorId,
    /// A chargeback.
    ChargebackId,
    /// A settlement.
    SettlementId,
    /// A payout.
    PayoutId,
    /// An entry of the blocklist.
    BlockId,
    /// An advice.
    AdviceId,
    /// A retry decision.
    DecisionId,
    /// An entry of the audit trail.
    AuditId,
    /// A visit to a shop page: the wire's `senseKey`.
    SenseKey,
    /// The right to work on a leased timer or delivery.
    LeaseToken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_read_back_in_any_case() {
        let early = OrderId::at(Timestamp::from_millis(1_000), [0xff; 10]);
        let late = OrderId::at(Timestamp::from_millis(2_000), [0; 10]);
        assert!(early < late);
        assert_eq!(OrderId::parse(&late.to_string().to_uppercase()), Some(late));
        assert_eq!(OrderId::from_bytes(late.bytes()), late);
        assert_eq!(OrderId::parse("e97b1ff1"), None);
    }
}
