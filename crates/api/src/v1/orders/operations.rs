//! How `/v1/orders` is served and described.

use super::{cancel, external_cancel, get, list, refund, timeline};
use crate::operation::{Access, Budget, Operation, Tag};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/orders", list)
            .id("listOrders")
            .tag(Tag::Orders)
            .scope("orders:read")
            .summary("List orders"),
        Operation::get("/v1/orders/{id}", get)
            .id("getOrder")
            .tag(Tag::Orders)
            .scope("orders:read")
            .summary("Read an order"),
        Operation::get("/v1/orders/{id}/timeline", timeline)
            .id("getOrderTimeline")
            .tag(Tag::Orders)
            .scope("orders:read")
            .path("id", "`orderSessionKey`")
            .summary("Read everything that happened to an order")
            .about(
                "In its true order. `kind`: `received site_resolved classified decided scheduled attempt attempt_result reconciled \
                 challenge credential_updated captured voided refunded chargeback external_payment hold release expired cancelled \
                 webhook`.",
            )
            .answers(200, schema::<timeline::Body<'static>>()),
        Operation::post("/v1/orders/{id}/cancel", cancel)
            .id("cancelOrder")
            .tag(Tag::Orders)
            .scope("evaluate")
            .summary("Stop the rescue of an order"),
        Operation::post("/v1/orders/{id}/external-cancel", external_cancel)
            .id("cancelOrderExternally")
            .tag(Tag::Orders)
            .scope("evaluate")
            .summary("Stop the rescue by the merchant's order id"),
        Operation::post("/v1/orders/{id}/refund", refund)
            .id("refundOrder")
            .tag(Tag::Orders)
            .scope("refunds")
            .summary("Refund an order"),
    ]
}
