//! Numbers that are shown masked only: tax numbers, bank accounts, routing numbers.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Last characters that are shown.
const SHOWN_CHARS: usize = 4;
/// Characters that must stay hidden before any is shown.
const HIDDEN_CHARS_MIN: usize = 4;
/// What stands for the hidden part, whatever its length.
const MASK: &str = "*****";

/// A number as it came in. It neither prints nor serialises and is wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes a text, without the blanks around it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The number, to be checked or sealed.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether this is only what a mask shows, sent back.
    pub fn is_mask(&self) -> bool {
        self.0.starts_with('*')
    }

    /// The end of the number, as far as it may be shown: nothing of a short one.
    pub fn tail(&self) -> String {
        let plain: Vec<char> = self.0.chars().filter(|c| c.is_alphanumeric()).collect();
        let shown = if plain.len() >= SHOWN_CHARS + HIDDEN_CHARS_MIN { SHOWN_CHARS } else { 0 };
        plain[plain.len() - shown..].iter().collect()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A sealed number and the end of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hidden {
    /// Sealed by the vault for this row and column.
    pub sealed: Vec<u8>,
    /// The last characters, which a mask shows.
    pub tail: String,
}

impl Hidden {
    /// What is shown: `*****6789`.
    pub fn masked(&self) -> String {
        format!("{MASK}{}", self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_the_end_of_long_numbers_only() {
        for (text, masked) in [
            ("12-3456789", "*****6789"),
            ("12345678", "*****5678"),
            ("1234567", "*****"),
            ("", "*****"),
            (" DE89 3704 0044 0532 0130 00 ", "*****3000"),
        ] {
            let hidden = Hidden { sealed: vec![], tail: Secret::new(text).tail() };
            assert_eq!(hidden.masked(), masked, "{text}");
            assert!(Secret::new(&hidden.masked()).is_mask());
        }
        assert_eq!(format!("{:?}", Secret::new("12-3456789")), "Secret(…)");
    }
}
