//! The end of a key.

use domain::id::KeyId;

use crate::{Engine, Principal, Result};

impl Engine {
    /// Revokes a key: what came from it works no more, what came from the client's other keys does.
    pub async fn remove_key(&self, principal: &Principal, id: KeyId) -> Result<()> {
        self.admit()?;
        principal.require("keys")?;
        let key = self.visible_key(principal, id).await?;
        self.end_key(&self.author(principal).await?, key.id).await
    }
}
