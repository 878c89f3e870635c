//! Seeded chance: the same case gives the same moments, and many orders do not fall on one second.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};

/// The source of chance for one decision.
pub struct Jitter(ChaCha8Rng);

impl Jitter {
    /// The chance of an order's `step`-th decision.
    pub fn new(seed: u64, step: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(step);
        Self(rng)
    }

    /// A number from 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        self.0.random_range(0.0..1.0)
    }

    /// A span between two bounds, both inclusive, to the second.
    pub fn between(&mut self, min: Duration, max: Duration) -> Duration {
        Duration::from_secs(self.0.random_range(min.as_secs()..=max.as_secs().max(min.as_secs())))
    }
}
