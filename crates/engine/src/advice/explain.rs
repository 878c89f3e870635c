//! `GET /v1/advice/{id}/explanation`: why it was advised so, by the same log as for orders.

use std::sync::Arc;

use domain::id::AdviceId;

use crate::{
    Engine, Principal, Result,
    explain::{Explained, Which},
};

impl Engine {
    /// The decisions about an advice of the caller's, explained.
    pub async fn advice_explanation(
        self: &Arc<Self>,
        principal: &Principal,
        id: AdviceId,
        which: Which,
    ) -> Result<Vec<Explained>> {
        let advice = self.own_advice(principal, id).await?;
        self.explained(advice.order(), which).await
    }
}
