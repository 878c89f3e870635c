//! Keyed locks: requests about one order wait for each other, in this process. Across processes the row versions
//! decide; the lock only spares the work of a lost race.

use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    sync::Arc,
};

use tokio::sync::{Mutex, OwnedMutexGuard};

/// Locks shared by all keys; two keys on one lock only wait needlessly.
const SHARDS: usize = 4_096;

/// A fixed set of locks, chosen by hash.
pub struct Locks {
    shards: Vec<Arc<Mutex<()>>>,
    hasher: RandomState,
}

impl Default for Locks {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Arc::default()).collect(), hasher: RandomState::new() }
    }
}

impl Locks {
    /// Waits for the lock of a key and holds it until the guard is dropped.
    pub async fn hold(&self, key: impl Hash) -> OwnedMutexGuard<()> {
        let shard = self.hasher.hash_one(key) as usize % SHARDS;
        self.shards[shard].clone().lock_owned().await
    }
}
