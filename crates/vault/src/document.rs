//! Documents: each has a key of its own, sealed under the key ring, and is sealed part by part. A part is bound to its
//! document, its number and whether it is the last, so that parts can be neither moved, repeated, dropped nor cut off.

use aws_lc_rs::aead::LessSafeKey;
use zeroize::Zeroizing;

use crate::{Context, Error, Vault, derive, seal, secret::Secret};

/// The key of one document, opened. Prints nothing.
pub struct DocumentKey {
    cipher: LessSafeKey,
    owner: [u8; 16],
    document: [u8; 16],
}

impl std::fmt::Debug for DocumentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DocumentKey(…)")
    }
}

impl DocumentKey {
    fn derive(secret: &Secret, owner: [u8; 16], document: [u8; 16]) -> Result<Self, Error> {
        Ok(Self { cipher: derive::cipher(secret, b"document part\0")?, owner, document })
    }

    fn bound(&self, number: u32, is_last: bool) -> Vec<u8> {
        let number = number.to_be_bytes();
        seal::bound(&[b"document_parts", &self.owner, &self.document, &number, &[u8::from(is_last)]])
    }
}

impl Vault {
    /// A fresh key for a document, with the sealed form that is kept. `owner` is what the document belongs to.
    pub fn new_document_key(&self, owner: [u8; 16], document: [u8; 16]) -> Result<(DocumentKey, Vec<u8>), Error> {
        let secret = Secret::generate(self.random.as_ref())?;
        let sealed = self.seal_value(context(&row(owner, document)), secret.bytes())?;
        Ok((DocumentKey::derive(&secret, owner, document)?, sealed))
    }

    /// Opens a document's key.
    pub fn open_document_key(&self, owner: [u8; 16], document: [u8; 16], sealed: &[u8]) -> Result<DocumentKey, Error> {
        let bytes = self.open_value(context(&row(owner, document)), sealed)?;
        DocumentKey::derive(&Secret::from_slice(&bytes).ok_or(Error::Malformed)?, owner, document)
    }

    /// The sealed key under the active key-encryption key; `None` when it already is. The parts stay as they are.
    pub fn reseal_document_key(&self, owner: [u8; 16], document: [u8; 16], sealed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.reseal_value(context(&row(owner, document)), sealed)
    }

    /// Seals a part; numbers count from 0.
    pub fn seal_part(&self, key: &DocumentKey, number: u32, is_last: bool, part: &[u8]) -> Result<Vec<u8>, Error> {
        seal::seal(&key.cipher, &key.bound(number, is_last), part, self.random.as_ref())
    }

    /// Opens a part that was sealed as this number, as the last or not.
    pub fn open_part(&self, key: &DocumentKey, number: u32, is_last: bool, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        seal::open(&key.cipher, &key.bound(number, is_last), sealed)
    }
}

fn row(owner: [u8; 16], document: [u8; 16]) -> Vec<u8> {
    [owner, document].concat()
}

fn context(row: &[u8]) -> Context<'_> {
    Context { table: "documents", row, column: "key" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::*;

    const OWNER: [u8; 16] = [1; 16];
    const DOCUMENT: [u8; 16] = [2; 16];

    #[test]
    fn parts_open_only_in_their_place() {
        let vault = vault();
        let (key, sealed) = vault.new_document_key(OWNER, DOCUMENT).unwrap();
        let part = vault.seal_part(&key, 1, false, b"passport").unwrap();
        assert!(!part.windows(8).any(|window| window == b"passport"));
        let again = vault.open_document_key(OWNER, DOCUMENT, &sealed).unwrap();
        assert_eq!(vault.open_part(&again, 1, false, &part).unwrap().as_slice(), b"passport");
        for (number, is_last) in [(0, false), (2, false), (1, true)] {
            assert!(matches!(vault.open_part(&key, number, is_last, &part), Err(Error::NotAuthentic)), "{number} {is_last}");
        }
        for (owner, document) in [([9; 16], DOCUMENT), (OWNER, [9; 16]), (DOCUMENT, OWNER)] {
            assert!(matches!(vault.open_document_key(owner, document, &sealed), Err(Error::NotAuthentic)));
        }
        let (other, _) = vault.new_document_key(OWNER, DOCUMENT).unwrap();
        assert!(matches!(vault.open_part(&other, 1, false, &part), Err(Error::NotAuthentic)));
        assert_eq!(format!("{key:?}"), "DocumentKey(…)");
    }

    #[test]
    fn a_rotation_brings_the_key_over_and_leaves_the_parts() {
        let vault = vault();
        let (key, sealed) = vault.new_document_key(OWNER, DOCUMENT).unwrap();
        let part = vault.seal_part(&key, 0, true, b"whole").unwrap();
        assert_eq!(vault.reseal_document_key(OWNER, DOCUMENT, &sealed).unwrap(), None);
        vault.rotate(NOW).unwrap();
        let fresh = vault.reseal_document_key(OWNER, DOCUMENT, &sealed).unwrap().unwrap();
        let key = vault.open_document_key(OWNER, DOCUMENT, &fresh).unwrap();
        assert_eq!(vault.open_part(&key, 0, true, &part).unwrap().as_slice(), b"whole");
    }

    proptest::proptest! {
        #[test]
        fn opening_anything_never_panics(bytes: Vec<u8>) {
            let vault = vault();
            let (key, _) = vault.new_document_key(OWNER, DOCUMENT).unwrap();
            proptest::prop_assert!(vault.open_part(&key, 0, true, &bytes).is_err());
            proptest::prop_assert!(vault.open_document_key(OWNER, DOCUMENT, &bytes).is_err());
        }
    }
}
