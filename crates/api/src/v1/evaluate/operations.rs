//! How `/v1/evaluate` is served and described.

use super::post;
use crate::operation::{Access, Budget, Operation, Tag};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/evaluate", post)
            .id("evaluate")
            .tag(Tag::Rescue)
            .scope("evaluate")
            .budget(Budget::Evaluate)
            .summary("Rescue a declined payment"),
    ]
}
