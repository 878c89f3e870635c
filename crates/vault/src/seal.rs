//! AES-256-GCM over a format byte, a random nonce, the ciphertext and its tag.
//!
//! Random 96-bit nonces are safe for 2^32 messages under one key (NIST SP 800-38D, 8.3): a data key seals the
//! cards of one merchant, a key-encryption key far fewer values.

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use zeroize::Zeroizing;

use crate::{Error, Random};

const FORMAT: u8 = 1;
const TAG_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + NONCE_LEN;

/// What sealed bytes are bound to: each part with its length, so that no two lists of parts read the same.
pub fn bound(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Seals `plain` for `bound` under a fresh nonce.
pub fn seal(key: &LessSafeKey, bound: &[u8], plain: &[u8], random: &dyn Random) -> Result<Vec<u8>, Error> {
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce)?;
    let mut sealed = Vec::with_capacity(HEAD_BYTES + plain.len() + TAG_BYTES);
    sealed.push(FORMAT);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(bound), &mut sealed[HEAD_BYTES..]);
    sealed.extend_from_slice(tag.map_err(|_| Error::Malformed)?.as_ref());
    Ok(sealed)
}

/// Opens what [`seal`] made for the same `bound`.
pub fn open(key: &LessSafeKey, bound: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let Some((&[FORMAT], sealed)) = sealed.split_first_chunk() else { return Err(Error::Malformed) };
    let Some((&nonce, ciphertext)) = sealed.split_first_chunk::<NONCE_LEN>() else { return Err(Error::Malformed) };
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    let nonce = Nonce::assume_unique_for_key(nonce);
    let length = key.open_in_place(nonce, Aad::from(bound), &mut plain).map_err(|_| Error::NotAuthentic)?.len();
    plain.truncate(length);
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{System, derive, secret::Secret, support::Counting};

    fn key() -> LessSafeKey {
        derive::cipher(&Secret::generate(&System).unwrap(), b"test\0").unwrap()
    }

    #[test]
    fn nonces_come_from_the_source() {
        let (key, random) = (key(), Counting::default());
        let first = seal(&key, b"row", b"plain", &random).unwrap();
        let second = seal(&key, b"row", b"plain", &random).unwrap();
        assert_eq!((first[0], &first[1..13], &second[1..13]), (FORMAT, &[1u8; 12][..], &[2u8; 12][..]));
        assert_eq!(first.len(), HEAD_BYTES + 5 + TAG_BYTES);
        assert_ne!(first[13..], second[13..]);
    }

    #[test]
    fn every_altered_bit_is_noticed() {
        let key = key();
        let sealed = seal(&key, b"row", b"plain", &System).unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut altered = sealed.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&key, b"row", &altered).is_err(), "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert!(open(&key, b"row", &sealed[..length]).is_err(), "{length} bytes");
        }
        assert!(matches!(open(&key, b"rox", &sealed), Err(Error::NotAuthentic)));
        assert_eq!(open(&key, b"row", &sealed).unwrap().as_slice(), b"plain");
    }

    #[test]
    fn lists_of_parts_do_not_run_into_each_other() {
        assert_ne!(bound(&[b"ab", b"c"]), bound(&[b"a", b"bc"]));
        assert_ne!(bound(&[b"a", b""]), bound(&[b"a"]));
    }

    proptest::proptest! {
        #[test]
        fn what_is_sealed_opens(plain: Vec<u8>, row: Vec<u8>) {
            let key = key();
            let sealed = seal(&key, &row, &plain, &System).unwrap();
            proptest::prop_assert_eq!(&*open(&key, &row, &sealed).unwrap(), &plain);
        }

        #[test]
        fn opening_anything_never_panics(mut sealed: Vec<u8>, row: Vec<u8>) {
            let key = key();
            proptest::prop_assert!(open(&key, &row, &sealed).is_err());
            sealed.insert(0, FORMAT);
            proptest::prop_assert!(open(&key, &row, &sealed).is_err());
        }
    }
}
