//! The only crate that sees a card number at rest: seal, open, fingerprint, key ring.
//!
//! The hierarchy, from the outside in:
//!
//! | key | kept | does |
//! |---|---|---|
//! | key-encryption key (KEK) | key ring file, several, one active | wraps data keys and seals single values, each under its own HKDF subkey |
//! | document key | beside its document, sealed under a KEK; one per document | seals the document's parts under its own HKDF subkey |
//! | data key | row `data_keys`, wrapped under a KEK; one active per merchant and environment | seals numbers and CVVs, each under its own HKDF subkey |
//! | fingerprint root | key ring file, one, never rotated | HKDF per merchant and environment gives the HMAC keys of fingerprints and ledger keys; per purpose, keys for hashes made elsewhere |
//!
//! Ciphers are AES-256-GCM with random 96-bit nonces; associated data binds table, row, column and tenant, so
//! that sealed bytes copied into another row do not open. The keyed hashes stand beside truncated numbers,
//! which PCI DSS 4.0.1, 3.5.1 allows only as long as they cannot be correlated: the root stays out of the
//! database's reach. The vault does no database I/O: it takes and returns the rows of [`domain::token`].

mod cache;
mod card;
mod cvv;
mod data_key;
mod derive;
mod document;
mod error;
mod hash;
mod random;
mod reference;
pub mod ring;
mod seal;
mod secret;
#[cfg(test)]
mod support;
mod value;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use domain::{
    environment::Environment,
    id::{DataKeyId, Mid},
    time::Timestamp,
};

pub use self::{
    card::{Holder, NewCard, Update, Vaulted},
    document::DocumentKey,
    error::Error,
    random::{Random, System},
    reference::NewReference,
    ring::Ring,
    value::Context,
};

/// Merchants whose derived keys stay in memory, per generation of the cache (two are kept).
const CACHED_MERCHANTS_MAX: usize = 2_048;

/// Seals and opens under one key ring. Shared by reference between threads.
pub struct Vault {
    ring: RwLock<Arc<Ring>>,
    /// Held from reading the file until its ring is in place, so that no older reading replaces a newer one.
    changing: Mutex<()>,
    path: Option<PathBuf>,
    random: Box<dyn Random>,
    data_keys: cache::Cache<(DataKeyId, Mid, Environment), data_key::Subkeys>,
    hash_keys: cache::Cache<(Mid, Environment), hash::Keys>,
}

impl Vault {
    /// Opens the key ring file, with the system's randomness.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_with(path, Box::new(System))
    }

    /// Opens the key ring file. Predictable randomness repeats nonces: with a ring that protects real cards
    /// it must be [`System`].
    pub fn open_with(path: &Path, random: Box<dyn Random>) -> Result<Self, Error> {
        let ring = Ring::load(path)?;
        Ok(Self { path: Some(path.to_owned()), ..Self::in_memory(ring, random) })
    }

    /// A vault over a ring that lives in memory only, for tests and simulation.
    pub fn in_memory(ring: Ring, random: Box<dyn Random>) -> Self {
        Self {
            ring: RwLock::new(Arc::new(ring)),
            changing: Mutex::new(()),
            path: None,
            random,
            data_keys: cache::Cache::new(CACHED_MERCHANTS_MAX),
            hash_keys: cache::Cache::new(CACHED_MERCHANTS_MAX),
        }
    }

    /// The ring as last read.
    pub fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the ring file again, so that a rotation made by another process is used for what is sealed from
    /// now on. Opening needs no call: an unknown key makes the vault look by itself.
    pub fn reload(&self) -> Result<(), Error> {
        let _changing = self.changing();
        match &self.path {
            Some(path) => self.replace(Ring::load(path)?),
            None => Ok(()),
        }
    }

    /// Adds a new active key-encryption key, durably, and retires the old; returns the new key's id. Data keys
    /// and values stay readable; bring them over with [`Vault::rewrap`] and [`Vault::reseal_value`].
    pub fn rotate(&self, now: Timestamp) -> Result<String, Error> {
        let _changing = self.changing();
        let ring = match &self.path {
            Some(path) => Ring::rotate_file(path, now, self.random.as_ref())?,
            None => self.ring().rotated(now, self.random.as_ref())?,
        };
        let id = ring.active().id().to_owned();
        self.replace(ring)?;
        Ok(id)
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, ring: Ring) -> Result<(), Error> {
        let mut held = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if !ring.succeeds(&held) {
            return Err(Error::OtherRing);
        }
        *held = Arc::new(ring);
        Ok(())
    }

    /// Runs `open` with the key of that id; the ring is read again, once, when it does not hold the key.
    fn with_kek<T>(&self, id: &str, open: impl FnOnce(&ring::Kek) -> Result<T, Error>) -> Result<T, Error> {
        let ring = self.ring();
        if let Some(kek) = ring.find(id) {
            return open(kek);
        }
        self.reload()?;
        open(self.ring().find(id).ok_or_else(|| Error::UnknownKek(error::shown(id)))?)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("ring", &self.ring()).field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::*;

    #[test]
    fn a_rotation_by_another_process_is_met_on_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring.json");
        Ring::create(&path, NOW, &System).unwrap();
        let (here, there) = (Vault::open(&path).unwrap(), Vault::open(&path).unwrap());
        let before = there.new_data_key(mid(1), Environment::Sandbox, data_key_id(1), NOW).unwrap();
        let active = there.rotate(NOW).unwrap();
        let after = there.new_data_key(mid(1), Environment::Sandbox, data_key_id(2), NOW).unwrap();
        assert_eq!(after.wrapped_by, active);
        assert_ne!(here.ring().active().id(), active);
        for key in [&before, &after] {
            let vaulted = there.tokenize(key, new_card(&visa()), NOW).unwrap();
            assert_eq!(here.open_number(key, &vaulted.card).unwrap(), visa());
        }
        assert_eq!(here.ring().active().id(), active, "the unknown key made it look");
        assert!(here.is_current(&after) && !here.is_current(&before));
    }

    #[test]
    fn an_unknown_key_is_an_error_also_after_looking() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring.json");
        Ring::create(&path, NOW, &System).unwrap();
        let vault = Vault::open(&path).unwrap();
        let mut key = vault.new_data_key(mid(1), Environment::Sandbox, data_key_id(1), NOW).unwrap();
        key.wrapped_by = "kek_of_another_ring".into();
        let failed = vault.tokenize(&key, new_card(&visa()), NOW).unwrap_err();
        assert!(matches!(&failed, Error::UnknownKek(id) if id == "kek_of_another_ring"), "{failed}");
    }

    #[test]
    fn another_ring_in_the_place_of_ours_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ring.json");
        Ring::create(&path, NOW, &System).unwrap();
        let vault = Vault::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        Ring::create(&path, NOW, &System).unwrap();
        assert!(matches!(vault.reload(), Err(Error::OtherRing)));
    }

    #[test]
    fn failing_randomness_seals_nothing() {
        let vault = vault();
        let key = data_key(&vault, 1);
        let broken = Vault::in_memory(Arc::unwrap_or_clone(vault.ring()), Box::new(Broken));
        assert!(matches!(broken.tokenize(&key, new_card(&visa()), NOW), Err(Error::Random)));
        assert!(matches!(broken.new_data_key(mid(1), Environment::Sandbox, data_key_id(2), NOW), Err(Error::Random)));
        assert!(matches!(broken.rotate(NOW), Err(Error::Random)));
        assert!(matches!(Ring::generate(NOW, &Broken), Err(Error::Random)));
    }

    #[test]
    fn debug_shows_no_key_and_no_number() {
        let vault = vault();
        let key = data_key(&vault, 1);
        let pan = visa();
        let (new, update) = (new_card(&pan), Update { number: Some(&pan), ..Update::default() });
        let vaulted = vault.tokenize(&key, NewCard { cvv: Some(&cvv()), ..new_card(&pan) }, NOW).unwrap();
        let text = format!("{vault:?} {key:?} {new:?} {update:?} {vaulted:?} {:?} {:?}", vault.ring(), vault.ring().active());
        for hidden in secrets_of(&vault.ring()).iter().map(String::as_str).chain(["41111", "11111", "987", "Zora", "zora"]) {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }
}
