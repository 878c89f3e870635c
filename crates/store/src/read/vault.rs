//! Sealed cards and the keys they are sealed under.

use domain::{
    environment::Environment,
    id::{DataKeyId, Mid, TokenId},
    token::{Card, DataKey, SealedCvv},
};

use crate::{
    Error, Store,
    sqlite::{cards, data_keys},
};

impl Store {
    /// A vaulted card.
    pub async fn card(&self, id: TokenId) -> Result<Option<Card>, Error> {
        self.engine.read(|db| cards::get(db, id)).await
    }

    /// The sealed CVV of a card; the caller looks at its end.
    pub async fn cvv(&self, token: TokenId) -> Result<Option<SealedCvv>, Error> {
        self.engine.read(|db| cards::cvv(db, token)).await
    }

    /// A data key.
    pub async fn data_key(&self, id: DataKeyId) -> Result<Option<DataKey>, Error> {
        self.engine.read(|db| data_keys::get(db, id)).await
    }

    /// The newest data key of a merchant that is not retired.
    pub async fn active_data_key(&self, mid: Mid, environment: Environment) -> Result<Option<DataKey>, Error> {
        self.engine.read(|db| data_keys::active(db, mid, environment)).await
    }

    /// Data keys by id, those after `after`.
    pub async fn data_keys(&self, after: Option<DataKeyId>, limit: u32) -> Result<Vec<DataKey>, Error> {
        self.engine.list(move |db| data_keys::after(db, after, limit)).await
    }

    /// Cards sealed under a data key by id, those after `after`.
    pub async fn cards_under(&self, key: DataKeyId, after: Option<TokenId>, limit: u32) -> Result<Vec<Card>, Error> {
        self.engine.list(move |db| cards::under(db, key, after, limit)).await
    }
}
