//! What money moved: one item for each capture, refund, chargeback and fee, booked once, whatever is repeated.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    environment::Environment,
    id::{Mid, OrderId, SiteId},
    money::Money,
    order::Order,
    time::Timestamp,
};

crate::words! {
    /// What an item is.
    pub enum Kind {
        /// Captured of a rescued order.
        Sale = "sale",
        /// Service fee of a capture.
        Fee = "fee",
        /// Given back to a customer.
        Refund = "refund",
        /// Taken back by an issuer; negative when it came back.
        Chargeback = "chargeback",
        /// Fee of a chargeback.
        ChargebackFee = "chargebackFee",
        /// The operator's correction, up or down.
        Adjustment = "adjustment",
        /// Held back; negative when it is given back.
        Reserve = "reserve",
    }
}

/// One movement of money. An item is positive in the sense of its kind: a refund of 5 has the amount 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The row that it follows from: attempt, refund, chargeback, settlement, or the adjustment's own id.
    pub source: Uuid,
    /// What it is.
    pub kind: Kind,
    /// Which movement of its source: with source and kind the item's identity.
    pub part: u32,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// The order, when it is about one.
    pub order: Option<OrderId>,
    /// The merchant's order id.
    pub external_order_id: Option<String>,
    /// Site of the order.
    pub site: Option<SiteId>,
    /// Descriptor that the customer saw.
    pub descriptor: Option<String>,
    /// How much.
    pub amount: Money,
    /// When, UTC, by the merchant's clock.
    pub occurred_at: Timestamp,
    /// The operator's note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Item {
    /// An item about an order.
    pub fn of_order(order: &Order, kind: Kind, (source, part): (Uuid, u32), minor: i64, at: Timestamp) -> Self {
        Self {
            source,
            kind,
            part,
            mid: order.mid,
            environment: order.environment,
            order: Some(order.id),
            external_order_id: Some(order.payment.order_id.clone()),
            site: Some(order.site),
            descriptor: order.descriptor.clone(),
            amount: Money::new(minor, order.amount.currency),
            occurred_at: at,
            note: None,
        }
    }
}

/// Whether an order's money is settled. Test orders of production are not; in the sandbox all orders are tests, and so are
/// its settlements.
pub const fn is_settled(order: &Order) -> bool {
    matches!(order.environment, Environment::Sandbox) || !order.is_test()
}
