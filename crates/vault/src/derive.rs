//! HKDF-SHA-256: one key per purpose out of one secret.

use aws_lc_rs::{
    aead::{AES_256_GCM, LessSafeKey, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Okm, Salt},
    hmac,
};

use zeroize::Zeroizing;

use crate::{
    Error,
    secret::{KEY_BYTES, Secret},
};

const SALT: &[u8] = b"recoup.vault.v1";

/// A sealing key. Purposes end with NUL, so that none is the beginning of another.
pub fn cipher(secret: &Secret, purpose: &[u8]) -> Result<LessSafeKey, Error> {
    expand(secret, &[purpose], &AES_256_GCM, |okm| LessSafeKey::new(UnboundKey::from(okm)))
}

/// A hashing key of one tenant.
pub fn hasher(secret: &Secret, purpose: &[u8], tenant: &[&[u8]; 2]) -> Result<hmac::Key, Error> {
    expand(secret, &[purpose, tenant[0], tenant[1]], hmac::HMAC_SHA256, |okm| hmac::Key::from(okm))
}

/// The bytes of a key for use outside the vault.
pub fn bytes(secret: &Secret, purpose: &[u8], name: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(vec![0; KEY_BYTES]);
    expand(secret, &[purpose, name.as_bytes()], hmac::HMAC_SHA256, |okm| okm.fill(&mut bytes))?.map_err(|_| Error::Malformed)?;
    Ok(bytes)
}

fn expand<L: KeyType, K>(secret: &Secret, info: &[&[u8]], length: L, key: impl FnOnce(Okm<'_, L>) -> K) -> Result<K, Error> {
    let prk = Salt::new(HKDF_SHA256, SALT).extract(secret.bytes());
    // Fails only for outputs longer than 255 hashes; both lengths here are one.
    prk.expand(info, length).map(key).map_err(|_| Error::Malformed)
}
