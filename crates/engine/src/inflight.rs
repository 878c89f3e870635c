//! What this process has under way: requests by idempotency scope, and attempts on their way to a processor.

use std::{
    collections::HashSet,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

/// A set of keys under way.
pub struct Inflight<K> {
    keys: Arc<Mutex<HashSet<K>>>,
    changed: Arc<Notify>,
}

impl<K> Default for Inflight<K> {
    fn default() -> Self {
        Self { keys: Arc::default(), changed: Arc::default() }
    }
}

/// Takes its key out when dropped.
pub struct Entered<K: Hash + Eq> {
    keys: Arc<Mutex<HashSet<K>>>,
    changed: Arc<Notify>,
    key: K,
}

impl<K: Hash + Eq + Clone> Inflight<K> {
    /// Enters a key; `None` when it is under way already.
    pub fn enter(&self, key: K) -> Option<Entered<K>> {
        let fresh = self.lock().insert(key.clone());
        fresh.then(|| Entered { keys: self.keys.clone(), changed: self.changed.clone(), key })
    }

    /// Whether a key is under way.
    pub fn has(&self, key: &K) -> bool {
        self.lock().contains(key)
    }

    /// How many are under way.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Waits until a key is no longer under way.
    pub async fn left(&self, key: &K) {
        loop {
            let changed = self.changed.notified();
            if !self.has(key) {
                return;
            }
            changed.await;
        }
    }

    /// Waits until nothing is under way.
    pub async fn idle(&self) {
        loop {
            let changed = self.changed.notified();
            if self.len() == 0 {
                return;
            }
            changed.await;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<K>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq> Drop for Entered<K> {
    fn drop(&mut self) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
        self.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_is_under_way_until_its_guard_drops() {
        let inflight = Inflight::default();
        let guard = inflight.enter(7).unwrap();
        assert!(inflight.enter(7).is_none() && inflight.enter(8).is_some());
        let waiting = inflight.left(&7);
        drop(guard);
        waiting.await;
        assert_eq!(inflight.len(), 0);
    }
}
