//! Ids from a counter: unique, in ascending order, the same on every run.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{id, time::Timestamp};
use uuid::Uuid;

/// A source of ids.
#[derive(Debug, Default)]
pub struct Ids(AtomicU64);

impl Ids {
    /// Starts at 1.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// The next id, version 7.
    pub fn uuid(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number.to_be_bytes());
        id::OrderId::at(Timestamp::from_millis(1_795_132_800_000), random).0
    }
}

macro_rules! kinds {
    ($($name:ident -> $kind:ident),+ $(,)?) => {
        impl Ids {$(
            #[doc = concat!("The next [`id::", stringify!($kind), "`].")]
            pub fn $name(&self) -> id::$kind {
                id::$kind(self.uuid())
            }
        )+}
    };
}

kinds! {
    mid -> Mid,
    partner -> PartnerId,
    site -> SiteId,
    order -> OrderId,
    attempt -> AttemptId,
    refund -> RefundId,
    transmit -> TransmitId,
    token -> TokenId,
    data_key -> DataKeyId,
    client -> ClientId,
    key -> KeyId,
    user -> UserId,
    mail -> MailId,
    event -> EventId,
    webhook -> WebhookId,
    delivery -> DeliveryId,
    processor -> ProcessorId,
    decision -> DecisionId,
    lease -> LeaseToken,
    application -> ApplicationId,
    document -> DocumentId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend() {
        let ids = Ids::new();
        let made: Vec<Uuid> = (0..300).map(|_| ids.uuid()).collect();
        assert!(made.is_sorted() && made[0] != made[1]);
        assert_eq!(made[0].get_version_num(), 7);
    }
}
