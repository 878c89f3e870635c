//! Keyed hashes of cards. HMAC-SHA-256 under keys of one merchant and environment, one key per purpose, so that
//! neither tenants nor purposes can be joined on them (PCI DSS 4.0.1, 3.5.1.1).

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    card::{CardKey, Pan},
    environment::Environment,
    id::Mid,
};
use zeroize::Zeroizing;

use crate::{Error, Vault, derive, secret::Secret};

/// Bytes of a fingerprint: 32 characters of base64url. (Hexadecimal would now and then look like a card number
/// to whoever scans logs for them.)
const FINGERPRINT_BYTES: usize = 24;
/// Digits of the BIN that weak keys are made from, whatever length is shown.
const WEAK_BIN_DIGITS: usize = 6;

/// The hashing keys of one merchant and environment.
pub struct Keys {
    fingerprint: hmac::Key,
    strong: hmac::Key,
    weak: hmac::Key,
    reference: hmac::Key,
}

impl Keys {
    pub fn derive(root: &Secret, mid: Mid, environment: Environment) -> Result<Self, Error> {
        let mid = mid.bytes();
        let tenant: [&[u8]; 2] = [&mid, environment.as_str().as_bytes()];
        Ok(Self {
            fingerprint: derive::hasher(root, b"fingerprint\0", &tenant)?,
            strong: derive::hasher(root, b"card key\0", &tenant)?,
            weak: derive::hasher(root, b"weak card key\0", &tenant)?,
            reference: derive::hasher(root, b"reference key\0", &tenant)?,
        })
    }

    pub fn fingerprint(&self, pan: &Pan, exp_month: Option<u8>, exp_year: Option<u16>) -> String {
        let tag = hash(&self.fingerprint, &[&expiry(exp_month, exp_year), pan.reveal().as_bytes()]);
        BASE64_URL_SAFE_NO_PAD.encode(&tag.as_ref()[..FINGERPRINT_BYTES])
    }

    pub fn card_key(&self, pan: &Pan) -> CardKey {
        short(&hash(&self.strong, &[pan.reveal().as_bytes()]))
    }

    /// Of a card that is known by its reference only: it meets no card by number.
    pub fn reference_key(&self, reference: &str) -> CardKey {
        short(&hash(&self.reference, &[reference.as_bytes()]))
    }

    pub fn reference_fingerprint(&self, reference: &str, exp_month: Option<u8>, exp_year: Option<u16>) -> String {
        let tag = hash(&self.reference, &[b"fingerprint\0", &expiry(exp_month, exp_year), reference.as_bytes()]);
        BASE64_URL_SAFE_NO_PAD.encode(&tag.as_ref()[..FINGERPRINT_BYTES])
    }

    pub fn weak_key(&self, bin: &str, last4: &str, exp_month: Option<u8>, exp_year: Option<u16>) -> CardKey {
        let bin = bin.get(..WEAK_BIN_DIGITS).unwrap_or(bin).as_bytes();
        short(&hash(&self.weak, &[&expiry(exp_month, exp_year), &[bin.len() as u8], bin, last4.as_bytes()]))
    }
}

impl Vault {
    /// The public fingerprint: the same number and expiry give the same one under one merchant and environment.
    pub fn fingerprint(
        &self,
        mid: Mid,
        environment: Environment,
        pan: &Pan,
        exp_month: Option<u8>,
        exp_year: Option<u16>,
    ) -> Result<String, Error> {
        Ok(self.hash_keys(mid, environment)?.fingerprint(pan, exp_month, exp_year))
    }

    /// What the ledger counts a card under: a keyed hash of the whole number.
    pub fn card_key(&self, mid: Mid, environment: Environment, pan: &Pan) -> Result<CardKey, Error> {
        Ok(self.hash_keys(mid, environment)?.card_key(pan))
    }

    /// What a card of which only BIN, last four and expiry are known is counted under. Of a longer BIN the first
    /// six digits count, so that six and eight digits give the same key.
    pub fn weak_key(
        &self,
        mid: Mid,
        environment: Environment,
        bin: &str,
        last4: &str,
        exp_month: Option<u8>,
        exp_year: Option<u16>,
    ) -> Result<CardKey, Error> {
        Ok(self.hash_keys(mid, environment)?.weak_key(bin, last4, exp_month, exp_year))
    }

    /// A 256-bit key for keyed hashes made outside the vault, one per purpose; the same as long as the ring
    /// lives, rotated or not.
    pub fn purpose_key(&self, purpose: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
        derive::bytes(self.ring().root(), b"purpose\0", purpose)
    }

    pub(crate) fn hash_keys(&self, mid: Mid, environment: Environment) -> Result<Arc<Keys>, Error> {
        self.hash_keys.get_or_make((mid, environment), || Keys::derive(self.ring().root(), mid, environment))
    }
}

// 0 stands for "not told": no month and no four-digit year is 0.
fn expiry(month: Option<u8>, year: Option<u16>) -> [u8; 3] {
    let [high, low] = year.unwrap_or(0).to_be_bytes();
    [month.unwrap_or(0), high, low]
}

fn hash(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    context.sign()
}

fn short(tag: &hmac::Tag) -> CardKey {
    let mut key = [0; 16];
    key.copy_from_slice(&tag.as_ref()[..16]);
    CardKey(key)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::support::*;

    const ENVIRONMENTS: [Environment; 2] = [Environment::Sandbox, Environment::Production];

    #[test]
    fn fingerprints_differ_by_merchant_environment_number_and_expiry() {
        let vault = vault();
        let mut seen = HashSet::new();
        for (mid, environment) in [mid(1), mid(2)].into_iter().flat_map(|mid| ENVIRONMENTS.map(|environment| (mid, environment)))
        {
            for pan in [visa(), mastercard()] {
                for (month, year) in
                    [(None, None), (Some(1), None), (Some(1), Some(2030)), (Some(2), Some(2030)), (None, Some(2030))]
                {
                    let print = vault.fingerprint(mid, environment, &pan, month, year).unwrap();
                    assert_eq!(print.len(), 32);
                    assert!(print.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
                    assert_eq!(print, vault.fingerprint(mid, environment, &pan, month, year).unwrap());
                    assert!(seen.insert(print));
                }
            }
        }
    }

    #[test]
    fn card_keys_follow_the_number_weak_keys_what_is_shown() {
        let vault = vault();
        let mut seen = HashSet::new();
        for environment in ENVIRONMENTS {
            for mid in [mid(1), mid(2)] {
                for pan in [visa(), mastercard()] {
                    assert!(seen.insert(vault.card_key(mid, environment, &pan).unwrap()));
                    assert!(seen.insert(vault.weak_key(mid, environment, pan.bin(), pan.last4(), Some(1), None).unwrap()));
                }
            }
        }
        let weak = |bin, last4, month, year| vault.weak_key(mid(1), Environment::Sandbox, bin, last4, month, year).unwrap();
        assert_eq!(weak("411111", "1111", Some(1), Some(2030)), weak("41111111", "1111", Some(1), Some(2030)));
        assert_ne!(weak("411111", "1111", Some(1), Some(2030)), weak("411111", "1111", Some(1), Some(2031)));
        assert_ne!(weak("41111", "11111", None, None), weak("411111", "1111", None, None));
    }

    #[test]
    fn hashes_survive_rotation_and_differ_between_rings() {
        let vault = vault();
        let print = |vault: &Vault| vault.fingerprint(mid(1), Environment::Sandbox, &visa(), Some(1), Some(2030)).unwrap();
        let before = print(&vault);
        let rotated = vault.ring().rotated(NOW, &crate::System).unwrap();
        assert_eq!(print(&Vault::in_memory(rotated, Box::new(crate::System))), before);
        assert_ne!(print(&crate::support::vault()), before);
    }

    #[test]
    fn purpose_keys_differ_by_purpose_and_ring_and_survive_rotation() {
        let vault = vault();
        let key = vault.purpose_key("idempotency").unwrap();
        assert_eq!(key.len(), 32);
        assert_ne!(key, vault.purpose_key("cursors").unwrap());
        assert_ne!(key, crate::support::vault().purpose_key("idempotency").unwrap());
        vault.rotate(NOW).unwrap();
        assert_eq!(key, vault.purpose_key("idempotency").unwrap());
    }

    proptest::proptest! {
        #[test]
        fn hashing_what_was_transmitted_never_panics(bin in "\\PC{0,12}", last4 in "\\PC{0,6}", month: Option<u8>, year: Option<u16>) {
            vault().weak_key(mid(1), Environment::Sandbox, &bin, &last4, month, year).unwrap();
        }
    }
}
