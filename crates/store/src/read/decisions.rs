//! The decision log and learnt models.

use domain::{
    decision,
    environment::Environment,
    id::{DecisionId, Mid, OrderId},
    lesson::Lesson,
    model,
};

use crate::{
    Error, Store,
    sqlite::{decisions, models},
};

impl Store {
    /// The decisions about an order (or an advice under its id), oldest first; of more than a thousand the newest.
    pub async fn decisions(&self, order: OrderId) -> Result<Vec<decision::Record>, Error> {
        self.engine.read(|db| decisions::of(db, order)).await
    }

    /// The newest decision about an order.
    pub async fn latest_decision(&self, order: OrderId) -> Result<Option<decision::Record>, Error> {
        self.engine.read(|db| decisions::latest(db, order)).await
    }

    /// One decision about an order.
    pub async fn decision(&self, order: OrderId, id: DecisionId) -> Result<Option<decision::Record>, Error> {
        self.engine.read(|db| decisions::get(db, order, id)).await
    }

    /// Decisions behind a cursor (0: from the beginning), each with its own, as they were made: of one merchant or of
    /// all, of one environment or of both.
    pub async fn decisions_since(
        &self,
        mid: Option<Mid>,
        environment: Option<Environment>,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(u64, decision::Record)>, Error> {
        self.engine.list(move |db| decisions::since(db, mid, environment, after, limit)).await
    }

    /// The newest decisions before a cursor (`u64::MAX`: the newest of all), newest first, each with its attempt and its
    /// order: what models learn from.
    pub async fn lessons(&self, environment: Option<Environment>, before: u64, limit: u32) -> Result<Vec<Lesson>, Error> {
        self.engine.list(move |db| decisions::lessons(db, environment, before, limit)).await
    }

    /// Which version of a kind is in use; cheap enough to be asked twice a second.
    pub async fn live_model_version(&self, kind: model::Kind) -> Result<Option<String>, Error> {
        self.engine.read(move |db| models::live_version(db, kind)).await
    }

    /// Versions of a kind of model, newest first, without the models themselves.
    pub async fn models(&self, kind: model::Kind) -> Result<Vec<model::Record>, Error> {
        self.engine.list(move |db| models::list(db, kind)).await
    }

    /// One version of a model, whole.
    pub async fn model(&self, kind: model::Kind, version: &str) -> Result<Option<model::Record>, Error> {
        let version = version.to_owned();
        self.engine.list(move |db| models::get(db, kind, &version)).await
    }

    /// The version in use, whole; none: nothing learnt has gone live yet.
    pub async fn live_model(&self, kind: model::Kind) -> Result<Option<model::Record>, Error> {
        self.engine.list(move |db| models::live(db, kind)).await
    }
}
