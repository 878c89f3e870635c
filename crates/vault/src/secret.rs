//! Thirty-two secret bytes that are wiped when dropped and print nothing.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Error, Random};

/// Bytes of every key.
pub const KEY_BYTES: usize = 32;

/// A 256-bit key. Only the key ring file serialises it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; KEY_BYTES]);

impl Secret {
    pub fn generate(random: &dyn Random) -> Result<Self, Error> {
        let mut secret = Self([0; KEY_BYTES]);
        random.fill(&mut secret.0)?;
        Ok(secret)
    }

    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(BASE64_STANDARD.encode(self.0)))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64)
    }
}

struct Base64;

impl de::Visitor<'_> for Base64 {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("32 bytes in base64")
    }

    // The message never quotes the text: it may be most of a key.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
        let bytes = BASE64_STANDARD.decode(text).map(Zeroizing::new).map_err(|_| E::custom("a key is not base64"))?;
        Secret::from_slice(&bytes).ok_or_else(|| E::custom("a key is not 32 bytes long"))
    }
}
