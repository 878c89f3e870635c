//! A database of its own for each check.

use domain::{
    change::{ChangeSet, Conflict, Expectation, Write},
    id::LeaseToken,
    time::Timestamp,
};
use store::{ApplyError, Options, Store};

/// 2026-11-20T00:00:00Z.
pub const NOW: Timestamp = Timestamp::from_secs(1_795_132_800);

pub struct Home(tempfile::TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn open(&self) -> Store {
        let path = self.0.path().join("recoup.db");
        store::migrate(&path).unwrap();
        Store::open(&path, &Options::default()).unwrap()
    }
}

pub async fn put(store: &Store, writes: impl IntoIterator<Item = Write>) {
    store.apply(set(writes)).await.unwrap();
}

pub fn set(writes: impl IntoIterator<Item = Write>) -> ChangeSet {
    ChangeSet { expect: Vec::new(), writes: writes.into_iter().collect() }
}

pub async fn conflict(store: &Store, writes: impl IntoIterator<Item = Write>) -> Conflict {
    conflict_of(store, Vec::new(), writes).await
}

pub async fn conflict_of(store: &Store, expect: Vec<Expectation>, writes: impl IntoIterator<Item = Write>) -> Conflict {
    match store.apply(ChangeSet { expect, writes: writes.into_iter().collect() }).await {
        Err(ApplyError::Conflict(conflict)) => conflict,
        other => panic!("expected a conflict, not {other:?}"),
    }
}

pub fn lease(n: u8) -> LeaseToken {
    LeaseToken::from_bytes([n; 16])
}
