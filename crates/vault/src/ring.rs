//! The key ring: key-encryption keys, one active and the others decrypt-only, and the fingerprint root.
//!
//! Whoever loses the ring file loses every vaulted card: back it up, apart from the database.

mod file;

use std::{collections::HashSet, fmt, path::Path, sync::Arc};

use aws_lc_rs::aead::LessSafeKey;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::time::Timestamp;

pub use self::file::FileError;
use crate::{Error, Random, derive, secret::Secret};

/// Bytes of a key id; the length of an id is kept in one byte.
const ID_BYTES_MAX: usize = 64;

domain::words! {
    /// What a key-encryption key may do.
    pub enum State {
        /// Seals and opens.
        Active = "active",
        /// Opens only.
        Retired = "retired",
    }
}

/// All keys of one installation. Exactly one is active.
#[derive(Clone)]
pub struct Ring {
    active: Arc<Kek>,
    retired: Vec<Arc<Kek>>,
    root: Secret,
}

/// One key-encryption key.
pub struct Kek {
    id: String,
    created_at: Timestamp,
    secret: Secret,
    wrapping: LessSafeKey,
    values: LessSafeKey,
}

impl Ring {
    /// A new ring in memory.
    pub fn generate(now: Timestamp, random: &dyn Random) -> Result<Self, Error> {
        Ok(Self { active: Arc::new(Kek::generate(now, random)?), retired: Vec::new(), root: Secret::generate(random)? })
    }

    /// A new ring in a new file, readable by its owner only. An existing file is never touched.
    pub fn create(path: &Path, now: Timestamp, random: &dyn Random) -> Result<Self, Error> {
        let ring = Self::generate(now, random)?;
        file::create(path, &ring)?;
        Ok(ring)
    }

    /// Reads the ring file. Refused when others than its owner may read it.
    pub fn load(path: &Path) -> Result<Self, Error> {
        Ok(file::load(path)?)
    }

    /// Rotates the ring file. Rotations of several processes wait for each other, so that no key is lost.
    pub fn rotate_file(path: &Path, now: Timestamp, random: &dyn Random) -> Result<Self, Error> {
        let _lock = file::lock(path)?;
        let ring = Self::load(path)?.rotated(now, random)?;
        file::replace(path, &ring)?;
        Ok(ring)
    }

    /// The ring with a new active key; the one that was active opens from now on only.
    pub fn rotated(&self, now: Timestamp, random: &dyn Random) -> Result<Self, Error> {
        let active = Arc::new(Kek::generate(now, random)?);
        let retired = self.retired.iter().chain([&self.active]).cloned().collect();
        Ok(Self { active, retired, root: self.root.clone() })
    }

    /// The key that seals.
    pub fn active(&self) -> &Kek {
        &self.active
    }

    /// The keys that only open, oldest first.
    pub fn retired(&self) -> impl Iterator<Item = &Kek> {
        self.retired.iter().map(Arc::as_ref)
    }

    /// The key of that id.
    pub fn find(&self, id: &str) -> Option<&Kek> {
        self.retired().chain([self.active()]).find(|kek| kek.id == id)
    }

    /// A ring of these keys, or why they are none.
    fn assemble(keks: Vec<(Kek, State)>, root: Secret) -> Result<Self, &'static str> {
        let (mut active, mut retired, mut ids) = (None, Vec::new(), HashSet::new());
        for (kek, state) in keks {
            if kek.id.is_empty() || kek.id.len() > ID_BYTES_MAX || !kek.id.bytes().all(|b| b.is_ascii_graphic()) {
                return Err("a key id is not 1 to 64 printable characters");
            }
            if !ids.insert(kek.id.clone()) {
                return Err("two keys have the same id");
            }
            match state {
                State::Retired => retired.push(Arc::new(kek)),
                State::Active if active.replace(Arc::new(kek)).is_some() => return Err("more than one key is active"),
                State::Active => {}
            }
        }
        Ok(Self { active: active.ok_or("no key is active")?, retired, root })
    }

    pub(crate) fn root(&self) -> &Secret {
        &self.root
    }

    /// Whether this is a later reading of the same ring: fingerprints stay what they are.
    pub(crate) fn succeeds(&self, earlier: &Self) -> bool {
        self.root == earlier.root
    }
}

impl Kek {
    fn generate(now: Timestamp, random: &dyn Random) -> Result<Self, Error> {
        let mut name = [0; 12];
        random.fill(&mut name)?;
        Self::new(format!("kek_{}", BASE64_URL_SAFE_NO_PAD.encode(name)), now, Secret::generate(random)?)
    }

    fn new(id: String, created_at: Timestamp, secret: Secret) -> Result<Self, Error> {
        let wrapping = derive::cipher(&secret, b"wrap data keys\0")?;
        let values = derive::cipher(&secret, b"seal values\0")?;
        Ok(Self { id, created_at, secret, wrapping, values })
    }

    /// Its id, 1 to 64 printable characters.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it was made.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    pub(crate) fn wrapping(&self) -> &LessSafeKey {
        &self.wrapping
    }

    pub(crate) fn values(&self) -> &LessSafeKey {
        &self.values
    }
}

impl fmt::Debug for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ring").field("active", &self.active).field("retired", &self.retired).finish_non_exhaustive()
    }
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kek").field("id", &self.id).field("created_at", &self.created_at).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Ring {
    /// Two keys whose secrets changed places.
    pub(crate) fn with_swapped_keys(ring: &Self) -> Self {
        let old = &ring.retired[0];
        let kek = |id: &Kek, secret: &Kek| Arc::new(Kek::new(id.id.clone(), id.created_at, secret.secret.clone()).unwrap());
        Self { active: kek(&ring.active, old), retired: vec![kek(old, &ring.active)], root: ring.root.clone() }
    }

    /// Every secret of the ring.
    pub(crate) fn secrets(&self) -> Vec<&Secret> {
        self.retired().chain([self.active()]).map(|kek| &kek.secret).chain([&self.root]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{System, support::NOW};

    fn kek(id: &str) -> Kek {
        Kek::new(id.into(), NOW, Secret::generate(&System).unwrap()).unwrap()
    }

    fn assemble(keys: &[(&str, State)]) -> Result<Ring, &'static str> {
        Ring::assemble(keys.iter().map(|(id, state)| (kek(id), *state)).collect(), Secret::generate(&System).unwrap())
    }

    #[test]
    fn a_ring_has_one_active_key_and_unique_ids() {
        use State::{Active, Retired};
        let sound = assemble(&[("a", Retired), ("b", Active), ("c", Retired)]).unwrap();
        assert_eq!((sound.active().id(), sound.retired().map(Kek::id).collect::<Vec<_>>()), ("b", vec!["a", "c"]));
        assert_eq!(assemble(&[]).unwrap_err(), "no key is active");
        assert_eq!(assemble(&[("a", Retired)]).unwrap_err(), "no key is active");
        assert_eq!(assemble(&[("a", Active), ("b", Active)]).unwrap_err(), "more than one key is active");
        assert_eq!(assemble(&[("a", Active), ("a", Retired)]).unwrap_err(), "two keys have the same id");
        for id in ["", "a b", "a\n", "é", &"x".repeat(65)] {
            assert!(assemble(&[(id, Active)]).is_err(), "{id:?}");
        }
    }

    #[test]
    fn rotation_adds_an_active_key_and_keeps_the_rest() {
        let first = Ring::generate(NOW, &System).unwrap();
        let second = first.rotated(NOW, &System).unwrap();
        let third = second.rotated(NOW, &System).unwrap();
        let retired: Vec<_> = third.retired().map(Kek::id).collect();
        assert_eq!(retired, [first.active().id(), second.active().id()]);
        assert!(!retired.contains(&third.active().id()));
        assert!(third.succeeds(&first) && !third.succeeds(&Ring::generate(NOW, &System).unwrap()));
        assert!(retired.iter().all(|id| third.find(id).is_some()) && third.find("kek_").is_none());
    }
}
