//! Figures that were counted a moment ago: a page that is reloaded, or opened by many, is not counted anew.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    environment::Environment,
    id::{Mid, UserId},
    time::Timestamp,
};

use super::{figures::Figures, wanted::Wanted};

/// How long figures are shown again.
const LIFE: Duration = Duration::from_secs(15);
/// Figures kept, at most.
const ENTRIES_MAX: usize = 256;

/// Whose figures. Who may see them is checked before they are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// One merchant's.
    Merchant(Mid),
    /// Those of all merchants that a user may see.
    All(UserId),
}

/// Which figures.
pub type Key = (Whose, Environment, Wanted);

/// Figures with when they were counted.
type Counted = (Timestamp, Arc<Figures>);

/// The figures that were counted lately.
#[derive(Debug, Clone, Default)]
pub struct Cache(Arc<Mutex<HashMap<Key, Counted>>>);

impl Cache {
    /// Figures that are young enough at `now`, real time.
    pub fn get(&self, key: &Key, now: Timestamp) -> Option<Arc<Figures>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(key).filter(|(at, _)| is_young(*at, now)).map(|(_, figures)| figures.clone())
    }

    /// Keeps figures; when there are too many, those that were counted first go.
    pub fn put(&self, key: Key, figures: Arc<Figures>, now: Timestamp) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, (at, _)| is_young(*at, now));
        if held.len() >= ENTRIES_MAX {
            let oldest = held.iter().min_by_key(|(_, (at, _))| *at).map(|(key, _)| *key);
            oldest.and_then(|key| held.remove(&key));
        }
        held.insert(key, (now, figures));
    }
}

fn is_young(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) < LIFE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u16) -> Key {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        (Whose::Merchant(Mid::from_bytes(bytes)), Environment::Sandbox, Wanted::default())
    }

    #[test]
    fn figures_are_kept_for_a_moment_and_for_their_own_key() {
        let (cache, now) = (Cache::default(), Timestamp::from_secs(1_000));
        cache.put(key(1), Arc::default(), now);
        assert!(cache.get(&key(1), now + Duration::from_secs(14)).is_some());
        assert!(cache.get(&key(1), now + LIFE).is_none());
        assert!(cache.get(&key(2), now).is_none());
        let elsewhere = (key(1).0, Environment::Production, Wanted::default());
        assert!(cache.get(&elsewhere, now).is_none());
    }

    #[test]
    fn the_oldest_make_room() {
        let cache = Cache::default();
        let at = |n: u16| Timestamp::from_millis(1_000_000 + i64::from(n));
        for n in 0..=300 {
            cache.put(key(n), Arc::default(), at(n));
        }
        assert_eq!(cache.0.lock().unwrap().len(), ENTRIES_MAX);
        assert!(cache.get(&key(44), at(300)).is_none() && cache.get(&key(45), at(300)).is_some());
    }
}
