//! Ids and secrets, from one seeded source of randomness.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng as _, SeedableRng as _, rngs::ChaCha20Rng};

/// Hands out random bytes; seeded from the system at start, or by hand in tests and simulations.
#[derive(Clone)]
pub struct Random(Arc<Mutex<ChaCha20Rng>>);

impl Random {
    /// Seeded from the operating system.
    pub fn from_system() -> Result<Self, crate::Error> {
        let mut seed = [0u8; 32];
        aws_lc_rs::rand::fill(&mut seed).map_err(|_| crate::Error::Internal("no randomness".into()))?;
        Ok(Self(Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed)))))
    }

    /// Seeded by hand: repeatable.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0u8; N];
        if !crate::moment::fill(&mut bytes) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        }
        bytes
    }

    /// A random 64-bit seed.
    pub fn seed(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// A random word of `N` characters from an alphabet without look-alikes.
    pub fn word<const N: usize>(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        self.bytes::<N>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
    }
}
