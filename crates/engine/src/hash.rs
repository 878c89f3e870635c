//! Keyed hashes of the engine: idempotency scopes and payloads, so that neither keys nor payloads lie in the store.

use aws_lc_rs::hmac;
use vault::Vault;

use crate::Result;

/// HMAC-SHA-256 under a key of the ring.
pub struct Hasher(hmac::Key);

impl Hasher {
    /// Derives the key from the vault's ring.
    pub fn new(vault: &Vault) -> Result<Self> {
        let key = vault.purpose_key("idempotency")?;
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// The hash of parts; each part's length is hashed too, so that parts cannot run into each other.
    pub fn of(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        let tag = context.sign();
        let mut out = [0; 32];
        out.copy_from_slice(tag.as_ref());
        out
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
        text
    })
}

impl crate::Engine {
    /// The keyed hash of a request's meaning, for [`domain::intake::Evaluate::payload_hash`].
    pub fn payload_hash(&self, canonical: &[u8]) -> [u8; 32] {
        self.hasher.of(&[b"payload", canonical])
    }
}
