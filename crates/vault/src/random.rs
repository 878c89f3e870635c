//! Where nonces and keys come from.

use crate::Error;

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Fills the whole slice, or fails.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error>;
}

/// The system's cryptographic randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Random for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        aws_lc_rs::rand::fill(bytes).map_err(|_| Error::Random)
    }
}
