//! What processor accounts told of their own accord, and what they owe.

use domain::{id::ProcessorId, notification::Notification};

use crate::{
    Error, Store,
    sqlite::{attempts, notifications},
};

impl Store {
    /// A notification of an account by the sender's id.
    pub async fn notification(&self, account: ProcessorId, id: &str) -> Result<Option<Notification>, Error> {
        self.engine.read(|db| notifications::get(db, account, id)).await
    }

    /// The newest notifications of an account.
    pub async fn notifications(&self, account: ProcessorId, limit: u32) -> Result<Vec<Notification>, Error> {
        self.engine.list(move |db| notifications::latest(db, account, limit)).await
    }

    /// Whether an account still owes the result, or the reversal, of an attempt.
    pub async fn account_owes(&self, account: ProcessorId) -> Result<bool, Error> {
        self.engine.read(|db| attempts::account_owes(db, account)).await
    }
}
