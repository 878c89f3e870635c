//! What can go wrong in the vault. No message carries a digit of what was sealed.

use domain::id::DataKeyId;

/// Characters of an unknown key id that an error shows.
const ID_CHARS_SHOWN_MAX: usize = 64;

/// Why the vault did not seal or open.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are not what was sealed for this row, column and tenant under this key.
    #[error("sealed bytes do not open: altered, moved from another row, or sealed under another key")]
    NotAuthentic,
    /// The bytes do not have the form of sealed bytes, or hold something else than expected.
    #[error("sealed bytes are malformed")]
    Malformed,
    /// The card is vaulted elsewhere; only its reference is known.
    #[error("the card's number is not in this vault")]
    NoNumber,
    /// A key-encryption key that the ring does not hold.
    #[error("the key ring holds no key {0}")]
    UnknownKek(String),
    /// The data key given is not the one of the row, or is another tenant's.
    #[error("data key {0} is not the key of this row")]
    WrongDataKey(DataKeyId),
    /// A retired data key seals nothing new.
    #[error("data key {0} is retired")]
    Retired(DataKeyId),
    /// The ring file was replaced by an unrelated one.
    #[error("the key ring was replaced by another ring, whose fingerprints would differ")]
    OtherRing,
    /// The system gave no randomness.
    #[error("no randomness from the system")]
    Random,
    /// The key ring file.
    #[error(transparent)]
    Ring(#[from] crate::ring::FileError),
}

/// A key id that came from outside, fit for an error.
pub(crate) fn shown(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(ID_CHARS_SHOWN_MAX).collect()
}
