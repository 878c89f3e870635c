//! Data keys: made, unwrapped, wrapped anew.

use std::sync::Arc;

use aws_lc_rs::aead::LessSafeKey;
use domain::{
    environment::Environment,
    id::{DataKeyId, Mid},
    time::Timestamp,
    token::DataKey,
};

use crate::{Error, Vault, derive, ring::Kek, seal, secret::Secret};

/// What one data key seals with; numbers and CVVs apart.
pub struct Subkeys {
    pub numbers: LessSafeKey,
    pub cvvs: LessSafeKey,
}

impl Subkeys {
    fn derive(secret: &Secret) -> Result<Self, Error> {
        Ok(Self { numbers: derive::cipher(secret, b"card number\0")?, cvvs: derive::cipher(secret, b"cvv\0")? })
    }
}

impl Vault {
    /// A new data key of a merchant and environment, wrapped under the active key-encryption key.
    pub fn new_data_key(&self, mid: Mid, environment: Environment, id: DataKeyId, now: Timestamp) -> Result<DataKey, Error> {
        let secret = Secret::generate(self.random.as_ref())?;
        let key =
            DataKey { id, mid, environment, wrapped: Vec::new(), wrapped_by: String::new(), created_at: now, retired: false };
        self.wrap(&secret, key)
    }

    /// The same data key under the active key-encryption key; what it sealed stays as it is.
    pub fn rewrap(&self, key: &DataKey) -> Result<DataKey, Error> {
        self.wrap(&self.unwrap(key)?, key.clone())
    }

    /// Whether the key is wrapped under the active key-encryption key, so that [`Vault::rewrap`] has nothing to do.
    pub fn is_current(&self, key: &DataKey) -> bool {
        self.ring().active().id() == key.wrapped_by
    }

    pub(crate) fn subkeys(&self, key: &DataKey) -> Result<Arc<Subkeys>, Error> {
        self.data_keys.get_or_make((key.id, key.mid, key.environment), || Subkeys::derive(&self.unwrap(key)?))
    }

    fn wrap(&self, secret: &Secret, mut key: DataKey) -> Result<DataKey, Error> {
        let ring = self.ring();
        let kek = ring.active();
        kek.id().clone_into(&mut key.wrapped_by);
        key.wrapped = seal::seal(kek.wrapping(), &bound(&key, kek), secret.bytes(), self.random.as_ref())?;
        Ok(key)
    }

    fn unwrap(&self, key: &DataKey) -> Result<Secret, Error> {
        self.with_kek(&key.wrapped_by, |kek| {
            let bytes = seal::open(kek.wrapping(), &bound(key, kek), &key.wrapped)?;
            Secret::from_slice(&bytes).ok_or(Error::Malformed)
        })
    }
}

fn bound(key: &DataKey, kek: &Kek) -> Vec<u8> {
    let environment = key.environment.as_str().as_bytes();
    seal::bound(&[b"data_keys", &key.id.bytes(), b"wrapped", &key.mid.bytes(), environment, kek.id().as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ring, System, support::*};

    #[test]
    fn rewrapped_keys_open_what_was_sealed_before() {
        let vault = vault();
        let key = data_key(&vault, 1);
        let card = vault.tokenize(&key, new_card(&visa()), NOW).unwrap().card;
        let active = vault.rotate(NOW).unwrap();
        assert!(!vault.is_current(&key));
        let rewrapped = vault.rewrap(&key).unwrap();
        assert!(vault.is_current(&rewrapped));
        assert_eq!((rewrapped.id, rewrapped.wrapped_by.as_str()), (key.id, active.as_str()));
        for key in [&key, &rewrapped] {
            let fresh = Vault::in_memory(Arc::unwrap_or_clone(vault.ring()), Box::new(System));
            assert_eq!(fresh.open_number(key, &card).unwrap(), visa());
        }
    }

    #[test]
    fn a_wrapped_key_opens_only_as_the_row_it_was_made_for() {
        let vault = vault();
        let key = data_key(&vault, 1);
        let mut wrapped = key.wrapped.clone();
        wrapped[20] ^= 1;
        for (what, key) in [
            ("row", DataKey { id: data_key_id(99), ..key.clone() }),
            ("tenant", DataKey { mid: mid(99), ..key.clone() }),
            ("environment", DataKey { environment: Environment::Production, ..key.clone() }),
            ("bytes", DataKey { wrapped, ..key.clone() }),
            ("length", DataKey { wrapped: key.wrapped[..30].to_vec(), ..key.clone() }),
        ] {
            assert!(matches!(vault.rewrap(&key), Err(Error::NotAuthentic)), "{what}");
            assert!(matches!(vault.tokenize(&key, new_card(&visa()), NOW), Err(Error::NotAuthentic)), "{what}");
        }
    }

    #[test]
    fn another_key_under_the_same_id_does_not_open() {
        let vault = vault();
        let key = data_key(&vault, 1);
        let rotated = vault.ring().rotated(NOW, &System).unwrap();
        let swapped = Ring::with_swapped_keys(&rotated);
        let other = Vault::in_memory(swapped, Box::new(System));
        assert!(matches!(other.rewrap(&key), Err(Error::NotAuthentic)));
        assert!(matches!(
            Vault::in_memory(Ring::generate(NOW, &System).unwrap(), Box::new(System)).rewrap(&key),
            Err(Error::UnknownKek(_))
        ));
    }

    proptest::proptest! {
        #[test]
        fn unwrapping_anything_never_panics(wrapped: Vec<u8>) {
            let vault = vault();
            let key = DataKey { wrapped, ..data_key(&vault, 1) };
            proptest::prop_assert!(vault.rewrap(&key).is_err());
        }
    }
}
