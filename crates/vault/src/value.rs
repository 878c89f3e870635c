//! Single values sealed straight under the key ring: webhook signing secrets, token signing keys, processor
//! credentials. The bytes name their key-encryption key: `[1][length of id][id][format, nonce, ciphertext, tag]`.

use zeroize::Zeroizing;

use crate::{Error, Vault, ring::Kek, seal};

const FORMAT: u8 = 1;

/// The place a value is sealed for; it opens in no other.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Table.
    pub table: &'a str,
    /// The row's key.
    pub row: &'a [u8],
    /// Column.
    pub column: &'a str,
}

impl Vault {
    /// Seals a value under the active key-encryption key.
    pub fn seal_value(&self, context: Context<'_>, value: &[u8]) -> Result<Vec<u8>, Error> {
        let ring = self.ring();
        let kek = ring.active();
        let sealed = seal::seal(kek.values(), &bound(context, kek), value, self.random.as_ref())?;
        // Ids are at most 64 bytes long: the ring refuses longer ones.
        let head = [&[FORMAT, kek.id().len() as u8], kek.id().as_bytes()].concat();
        Ok([head, sealed].concat())
    }

    /// Opens what [`Vault::seal_value`] made for the same place.
    pub fn open_value(&self, context: Context<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (id, sealed) = split(sealed).ok_or(Error::Malformed)?;
        self.with_kek(id, |kek| seal::open(kek.values(), &bound(context, kek), sealed))
    }

    /// The value under the active key-encryption key; `None` when it already is.
    pub fn reseal_value(&self, context: Context<'_>, sealed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let (id, _) = split(sealed).ok_or(Error::Malformed)?;
        if id == self.ring().active().id() {
            return Ok(None);
        }
        let value = self.open_value(context, sealed)?;
        self.seal_value(context, &value).map(Some)
    }
}

fn split(sealed: &[u8]) -> Option<(&str, &[u8])> {
    let (&[FORMAT, length], rest) = sealed.split_first_chunk()? else { return None };
    let (id, sealed) = rest.split_at_checked(usize::from(length))?;
    Some((str::from_utf8(id).ok()?, sealed))
}

fn bound(context: Context<'_>, kek: &Kek) -> Vec<u8> {
    let Context { table, row, column } = context;
    seal::bound(&[b"value", table.as_bytes(), row, column.as_bytes(), kek.id().as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::*;

    const SECRET: Context<'static> = Context { table: "webhooks", row: b"row 1", column: "secret" };

    #[test]
    fn a_value_opens_only_in_its_place() {
        let vault = vault();
        let sealed = vault.seal_value(SECRET, b"whsec").unwrap();
        assert_eq!(vault.open_value(SECRET, &sealed).unwrap().as_slice(), b"whsec");
        for elsewhere in [
            Context { table: "processors", ..SECRET },
            Context { row: b"row 2", ..SECRET },
            Context { column: "previous_secret", ..SECRET },
            Context { table: "webhook", row: b"srow 1", ..SECRET },
        ] {
            assert!(matches!(vault.open_value(elsewhere, &sealed), Err(Error::NotAuthentic)), "{elsewhere:?}");
        }
    }

    #[test]
    fn values_survive_rotation_and_come_over() {
        let vault = vault();
        let old = vault.seal_value(SECRET, b"whsec").unwrap();
        assert_eq!(vault.reseal_value(SECRET, &old).unwrap(), None);
        vault.rotate(NOW).unwrap();
        let new = vault.reseal_value(SECRET, &old).unwrap().unwrap();
        assert_eq!(vault.reseal_value(SECRET, &new).unwrap(), None);
        for sealed in [&old, &new] {
            assert_eq!(vault.open_value(SECRET, sealed).unwrap().as_slice(), b"whsec");
        }
    }

    #[test]
    fn every_altered_bit_is_noticed() {
        let vault = vault();
        let sealed = vault.seal_value(SECRET, b"whsec").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut altered = sealed.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(vault.open_value(SECRET, &altered).is_err(), "bit {bit}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_value_comes_back(value: Vec<u8>, row: Vec<u8>, table in "\\PC{0,20}", column in "\\PC{0,20}") {
            let vault = vault();
            let context = Context { table: &table, row: &row, column: &column };
            let sealed = vault.seal_value(context, &value).unwrap();
            proptest::prop_assert_eq!(&*vault.open_value(context, &sealed).unwrap(), &value);
        }

        #[test]
        fn opening_anything_never_panics(mut bytes: Vec<u8>) {
            let vault = vault();
            proptest::prop_assert!(vault.open_value(SECRET, &bytes).is_err());
            bytes.splice(0..0, vault.seal_value(SECRET, b"").unwrap().into_iter().take(22));
            proptest::prop_assert!(vault.open_value(SECRET, &bytes).is_err());
        }
    }
}
