//! Risk profiles.

use domain::risk::{Cursor, Key};

use crate::{Error, Store, sqlite::risk};

pub use crate::sqlite::risk::News;

impl Store {
    /// How far the past was folded into risk profiles.
    pub async fn risk_cursor(&self) -> Result<Cursor, Error> {
        self.engine.read(risk::cursor).await
    }

    /// What comes behind a cursor, up to a number of transactions and of changes.
    pub async fn risk_news(&self, after: Cursor, limit: u32) -> Result<News, Error> {
        self.engine.list(move |db| risk::news(db, after, limit)).await
    }

    /// Stored profiles, of a few keys; those that are not there are left out.
    pub async fn risk_profiles(&self, keys: Vec<Key>) -> Result<Vec<(Key, Vec<u8>)>, Error> {
        self.engine.read(|db| risk::profiles(db, &keys)).await
    }

    /// The same for many keys, on the blocking pool.
    pub async fn many_risk_profiles(&self, keys: Vec<Key>) -> Result<Vec<(Key, Vec<u8>)>, Error> {
        self.engine.list(move |db| risk::profiles(db, &keys)).await
    }
}
