//! Token buckets in one number each (the generic cell rate algorithm): the instant at which the bucket will be full again.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Locks that share the buckets.
const SHARDS: usize = 64;
/// Buckets behind one lock.
const SHARD_BUCKETS_MAX: usize = 2_048;
const SECOND_NS: u64 = 1_000_000_000;

/// How fast a bucket fills and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Time for one token, nanoseconds; 0 = unlimited.
    interval_ns: u64,
    /// Tokens of a full bucket.
    burst: u64,
}

/// Whose bucket: what is limited, and for whom.
pub type Key = (u8, [u8; 16]);

/// Buckets of many callers. Those that are full are as good as none and are forgotten when room is needed.
pub struct Buckets {
    origin: Instant,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<Key, u64>>>,
}

impl Rate {
    /// No limit.
    pub const UNLIMITED: Self = Self { interval_ns: 0, burst: 0 };

    /// So many in a second on average, and at most `burst` at once; 0 in a second = unlimited.
    pub const fn per_second(count: u32, burst: u32) -> Self {
        Self::every(count, SECOND_NS, burst)
    }

    /// So many in a minute, also at once; 0 = unlimited.
    pub const fn per_minute(count: u32) -> Self {
        Self::every(count, 60 * SECOND_NS, count)
    }

    const fn every(count: u32, window_ns: u64, burst: u32) -> Self {
        if count == 0 {
            return Self::UNLIMITED;
        }
        let burst = if burst == 0 { 1 } else { burst as u64 };
        Self { interval_ns: window_ns / count as u64, burst }
    }

    const fn is_unlimited(self) -> bool {
        self.interval_ns == 0
    }

    /// The bucket after one token was taken, or how long to wait for one; nanoseconds.
    const fn after(self, full_at: u64, now: u64) -> Result<u64, u64> {
        let full_at = if full_at > now { full_at } else { now };
        let room = self.interval_ns * (self.burst - 1);
        match (full_at - now).checked_sub(room) {
            None | Some(0) => Ok(full_at + self.interval_ns),
            Some(wait) => Err(wait),
        }
    }
}

impl Default for Buckets {
    fn default() -> Self {
        Self { origin: Instant::now(), hasher: RandomState::new(), shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }
}

impl Buckets {
    /// Takes a token, or tells how long to wait for one.
    pub fn take(&self, key: Key, rate: Rate) -> Result<(), Duration> {
        self.take_at(key, rate, self.now())
    }

    /// How long to wait for a token, without taking one.
    pub fn peek(&self, key: Key, rate: Rate) -> Result<(), Duration> {
        if rate.is_unlimited() {
            return Ok(());
        }
        let full_at = self.shard(&key).get(&key).copied().unwrap_or(0);
        rate.after(full_at, self.now()).map(|_| ()).map_err(Duration::from_nanos)
    }

    fn take_at(&self, key: Key, rate: Rate, now: u64) -> Result<(), Duration> {
        if rate.is_unlimited() {
            return Ok(());
        }
        let mut shard = self.shard(&key);
        if let Some(full_at) = shard.get_mut(&key) {
            *full_at = rate.after(*full_at, now).map_err(Duration::from_nanos)?;
            return Ok(());
        }
        if shard.len() >= SHARD_BUCKETS_MAX {
            make_room(&mut shard, now);
        }
        shard.insert(key, now + rate.interval_ns);
        Ok(())
    }

    fn shard(&self, key: &Key) -> std::sync::MutexGuard<'_, HashMap<Key, u64>> {
        let place = self.hasher.hash_one(key) as usize % SHARDS;
        self.shards[place].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        self.origin.elapsed().as_nanos() as u64
    }
}

/// Forgets full buckets; when there are too few of them, also the fuller half of the others.
fn make_room(shard: &mut HashMap<Key, u64>, now: u64) {
    shard.retain(|_, full_at| *full_at > now);
    if shard.len() > SHARD_BUCKETS_MAX / 2 {
        let mut instants: Vec<u64> = shard.values().copied().collect();
        let half = instants.len() / 2;
        let median = *instants.select_nth_unstable(half).1;
        shard.retain(|_, full_at| *full_at > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHO: Key = (1, [7; 16]);

    #[test]
    fn a_burst_passes_then_the_rate_holds() {
        let buckets = Buckets::default();
        let rate = Rate::per_second(100, 200);
        for _ in 0..200 {
            assert_eq!(buckets.take_at(WHO, rate, 0), Ok(()));
        }
        assert_eq!(buckets.take_at(WHO, rate, 0), Err(Duration::from_millis(10)));
        assert_eq!(buckets.take_at((1, [8; 16]), rate, 0), Ok(()), "another caller has a bucket of its own");
        assert_eq!(buckets.take_at((2, [7; 16]), rate, 0), Ok(()), "another class too");
        // Over a minute exactly the rate passes, however often it is tried.
        let passed = (1..=60_000).filter(|ms| buckets.take_at(WHO, rate, ms * 1_000_000).is_ok()).count();
        assert_eq!(passed, 6_000);
    }

    #[test]
    fn nought_is_unlimited() {
        let buckets = Buckets::default();
        for rate in [Rate::per_second(0, 5), Rate::per_minute(0), Rate::UNLIMITED] {
            assert!((0..10_000).all(|_| buckets.take_at(WHO, rate, 0).is_ok() && buckets.peek(WHO, rate).is_ok()));
        }
    }

    #[test]
    fn looking_takes_nothing() {
        let buckets = Buckets::default();
        let rate = Rate::per_minute(2);
        assert!((0..10).all(|_| buckets.peek(WHO, rate).is_ok()));
        assert!(buckets.take(WHO, rate).is_ok() && buckets.take(WHO, rate).is_ok());
        assert!(buckets.peek(WHO, rate).unwrap_err() > Duration::from_secs(20));
    }

    #[test]
    fn strangers_in_masses_neither_fill_the_memory_nor_wash_out_a_debtor() {
        let buckets = Buckets::default();
        let rate = Rate::per_second(1, 50);
        while buckets.take_at(WHO, rate, 0).is_ok() {}
        let crowd = (SHARDS * SHARD_BUCKETS_MAX * 3) as u128;
        for stranger in 0..crowd {
            buckets.take_at((0, stranger.to_le_bytes()), rate, 0).unwrap();
        }
        let kept: usize = buckets.shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert!(kept <= SHARDS * SHARD_BUCKETS_MAX, "{kept}");
        assert!(buckets.take_at(WHO, rate, 0).is_err());
    }

    proptest::proptest! {
        #[test]
        fn never_more_than_burst_and_rate(per_second in 1_u32..500, burst in 1_u32..100, steps in proptest::collection::vec(0_u64..50_000_000, 1..300)) {
            let (buckets, rate) = (Buckets::default(), Rate::per_second(per_second, burst));
            let (mut now, mut passed) = (0, 0_u64);
            for step in steps {
                now += step;
                match buckets.take_at(WHO, rate, now) {
                    Ok(()) => passed += 1,
                    Err(wait) => {
                        let then = now + wait.as_nanos() as u64;
                        proptest::prop_assert!(rate.after(*buckets.shard(&WHO).get(&WHO).unwrap(), then).is_ok());
                    }
                }
            }
            proptest::prop_assert!(passed <= u64::from(burst) + now / rate.interval_ns + 1);
        }
    }
}
