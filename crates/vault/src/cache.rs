//! A bounded map of derived keys in two generations: when the young one is full it becomes the old one, and the
//! old one is dropped. What is used moves to the young one. Every operation takes constant time.

use std::{
    collections::HashMap,
    hash::Hash,
    mem,
    sync::{Arc, PoisonError, RwLock},
};

pub struct Cache<K, V> {
    generations: RwLock<Generations<K, V>>,
    generation_entries_max: usize,
}

struct Generations<K, V> {
    young: HashMap<K, Arc<V>>,
    old: HashMap<K, Arc<V>>,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    /// Holds at most twice `generation_entries_max` values.
    pub fn new(generation_entries_max: usize) -> Self {
        let generations = RwLock::new(Generations { young: HashMap::new(), old: HashMap::new() });
        Self { generations, generation_entries_max }
    }

    /// The value of `key`, made when it is not held. Two threads may both make it; the makers must agree.
    pub fn get_or_make<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        if let Some(value) = self.generations.read().unwrap_or_else(PoisonError::into_inner).young.get(&key) {
            return Ok(value.clone());
        }
        if let Some(value) = self.promote(&key) {
            return Ok(self.insert(key, value));
        }
        let value = Arc::new(make()?);
        Ok(self.insert(key, value))
    }

    fn promote(&self, key: &K) -> Option<Arc<V>> {
        self.generations.write().unwrap_or_else(PoisonError::into_inner).old.remove(key)
    }

    fn insert(&self, key: K, value: Arc<V>) -> Arc<V> {
        let mut held = self.generations.write().unwrap_or_else(PoisonError::into_inner);
        if held.young.len() >= self.generation_entries_max {
            held.old = mem::take(&mut held.young);
        }
        held.young.insert(key, value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn get(cache: &Cache<u32, u32>, key: u32, made: &mut Vec<u32>) -> u32 {
        let make = || {
            made.push(key);
            Ok::<_, Infallible>(key * 10)
        };
        *cache.get_or_make(key, make).unwrap()
    }

    #[test]
    fn what_is_used_stays_and_what_is_not_goes() {
        let (cache, mut made) = (Cache::new(2), Vec::new());
        for key in [1, 2, 1, 3, 1, 4, 1, 5, 1] {
            assert_eq!(get(&cache, key, &mut made), key * 10);
        }
        assert_eq!(made, [1, 2, 3, 4, 5], "1 was used all along and made once");
        get(&cache, 2, &mut made);
        assert_eq!(made, [1, 2, 3, 4, 5, 2], "2 had gone");
    }

    #[test]
    fn never_more_than_two_generations() {
        let (cache, mut made) = (Cache::new(8), Vec::new());
        for key in 0..1_000 {
            get(&cache, key, &mut made);
            let held = cache.generations.read().unwrap();
            assert!(held.young.len() + held.old.len() <= 16);
        }
    }

    #[test]
    fn a_failure_is_not_kept() {
        let cache = Cache::new(8);
        assert_eq!(cache.get_or_make(1, || Err::<u32, _>("no")).unwrap_err(), "no");
        assert_eq!(*cache.get_or_make(1, || Ok::<_, &str>(7)).unwrap(), 7);
    }
}
