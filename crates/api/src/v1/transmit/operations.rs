//! How `/v1/transmit` is served and described.

use super::{get, outcome, patch, post};
use crate::operation::{Access, Budget, Operation, Tag};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/transmit", post)
            .id("transmit")
            .tag(Tag::Transmit)
            .scope("transmit")
            .budget(Budget::Transmit)
            .summary("Send copies of payments"),
        Operation::get("/v1/transmit/{id}", get)
            .id("getTransmit")
            .tag(Tag::Transmit)
            .scope("transmit")
            .summary("Read a stored payment"),
        Operation::patch("/v1/transmit/{id}", patch)
            .id("updateTransmit")
            .tag(Tag::Transmit)
            .scope("transmit")
            .budget(Budget::Transmit)
            .summary("Complete a stored payment"),
        Operation::post("/v1/transmit/{id}/outcome", outcome)
            .id("reportOutcome")
            .tag(Tag::Transmit)
            .scope("transmit")
            .budget(Budget::Transmit)
            .summary("Report what became of a payment"),
    ]
}
