//! Seeded chance, one source for each thing that is drawn.

use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};

/// A source of chance.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The source for the n-th thing under a seed; `what` tells things of different kinds apart.
    pub fn new(seed: u64, what: u64, n: u64) -> Self {
        let mut key = [0; 32];
        for (chunk, word) in key.chunks_exact_mut(8).zip([seed, what, n, 0x5245_434f_5550]) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// True with that probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number below `end`, which is at least 1.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.random_range(0..end.max(1))
    }

    /// Exponential with that mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Any number.
    pub fn word(&mut self) -> u64 {
        self.0.random()
    }

    /// One of the values, by weight; the first if rounding leaves none.
    pub fn pick<T: Copy>(&mut self, weighted: &[(f64, T)]) -> Option<T> {
        let mut rest = self.unit() * weighted.iter().map(|(weight, _)| weight).sum::<f64>();
        for (weight, value) in weighted {
            rest -= weight;
            if rest < 0.0 {
                return Some(*value);
            }
        }
        weighted.first().map(|(_, value)| *value)
    }
}
