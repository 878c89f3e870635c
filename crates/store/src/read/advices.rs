//! Advice.

use domain::{
    advice::Advice,
    environment::Environment,
    id::{AdviceId, Mid},
};

use crate::{Error, Store, sqlite::advices};

impl Store {
    /// An advice.
    pub async fn advice(&self, id: AdviceId) -> Result<Option<Advice>, Error> {
        self.engine.read(|db| advices::get(db, id)).await
    }

    /// The open advice of a merchant's order id.
    pub async fn open_advice(&self, mid: Mid, environment: Environment, external_id: &str) -> Result<Option<Advice>, Error> {
        self.engine.read(|db| advices::open(db, mid, environment, external_id)).await
    }

    /// The newest advice of a merchant's order id.
    pub async fn newest_advice(&self, mid: Mid, environment: Environment, external_id: &str) -> Result<Option<Advice>, Error> {
        self.engine.read(|db| advices::newest(db, mid, environment, external_id)).await
    }

    /// Open advice whose card in use has this fingerprint, with ids behind `after`, by id.
    pub async fn open_advice_on_card(
        &self,
        mid: Mid,
        environment: Environment,
        fingerprint: &str,
        after: Option<AdviceId>,
        limit: u32,
    ) -> Result<Vec<Advice>, Error> {
        let after = after.unwrap_or(AdviceId::from_bytes([0; 16]));
        self.engine.read(|db| advices::open_on_card(db, mid, environment, fingerprint, after, limit)).await
    }

    /// Open advice of a payer, with ids behind `after`, by id.
    pub async fn open_advice_of_payer(
        &self,
        mid: Mid,
        environment: Environment,
        payer: &str,
        after: Option<AdviceId>,
        limit: u32,
    ) -> Result<Vec<Advice>, Error> {
        let after = after.unwrap_or(AdviceId::from_bytes([0; 16]));
        self.engine.read(|db| advices::open_of_payer(db, mid, environment, payer, after, limit)).await
    }
}
