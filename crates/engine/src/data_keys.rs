//! Data keys lately read, so that a card costs no look-up of its key. They are kept as the store has them: wrapped.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use domain::{
    environment::Environment,
    id::{DataKeyId, Mid},
    time::Timestamp,
    token::DataKey,
};

/// Keys kept; more are read again.
const KEYS_MAX: usize = 20_000;
/// How long a merchant's active key is taken for granted: a rotation in another process is seen after that.
const ACTIVE_FOR: Duration = Duration::from_secs(1);

/// The cache.
#[derive(Default)]
pub struct DataKeys {
    by_id: RwLock<HashMap<DataKeyId, DataKey>>,
    active: RwLock<HashMap<(Mid, Environment), (DataKey, Timestamp)>>,
}

impl DataKeys {
    /// A key by its id. A rotation only wraps it anew; the old wrapping stays readable.
    pub fn get(&self, id: DataKeyId) -> Option<DataKey> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// The key a merchant sealed with a moment ago.
    pub fn active(&self, mid: Mid, environment: Environment, now: Timestamp) -> Option<DataKey> {
        let active = self.active.read().unwrap_or_else(PoisonError::into_inner);
        active.get(&(mid, environment)).filter(|(_, read_at)| now.since(*read_at) < ACTIVE_FOR).map(|(key, _)| key.clone())
    }

    /// Keeps a key.
    pub fn keep(&self, key: &DataKey) {
        keep(&self.by_id, key.id, key.clone());
    }

    /// Keeps a key as the one that its merchant seals with.
    pub fn keep_active(&self, key: &DataKey, now: Timestamp) {
        keep(&self.active, (key.mid, key.environment), (key.clone(), now));
        self.keep(key);
    }
}

fn keep<K: std::hash::Hash + Eq, V>(map: &RwLock<HashMap<K, V>>, key: K, value: V) {
    let mut map = map.write().unwrap_or_else(PoisonError::into_inner);
    if map.len() >= KEYS_MAX {
        map.clear();
    }
    map.insert(key, value);
}
