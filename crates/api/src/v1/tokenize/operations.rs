//! How `/v1/tokenize` is served and described.

use super::{delete, post, preflight};
use crate::operation::{Access, Budget, Operation, Tag};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/tokenize", post)
            .id("tokenize")
            .tag(Tag::Vault)
            .access(Access::BearerOrTokenizationKey)
            .scope("tokenize")
            .budget(Budget::Tokenize)
            .summary("Vault a card"),
        Operation::options("/v1/tokenize", preflight)
            .id("tokenizePreflight")
            .tag(Tag::Vault)
            .summary("Preflight of a browser")
            .answers_empty(204),
        Operation::delete("/v1/tokens/{token}", delete)
            .id("deleteToken")
            .tag(Tag::Vault)
            .scope("tokenize")
            .summary("Forget a card"),
    ]
}
