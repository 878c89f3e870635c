//! Cards: network, funding, the card number that never prints, and the keys a card is counted under.

use zeroize::{Zeroize, ZeroizeOnDrop};

crate::words! {
    /// The card network, by the names of the processor contract.
    pub enum Network {
        /// Visa.
        Visa = "visa",
        /// Mastercard.
        Mastercard = "mastercard",
        /// American Express.
        Amex = "amex",
        /// Discover and Diners.
        Discover = "discover",
        /// JCB.
        Jcb = "jcb",
        /// UnionPay.
        Unionpay = "unionpay",
        /// Elo (Brazil).
        Elo = "elo",
        /// Not told by the number.
        Other = "other",
    }
}

crate::words! {
    /// How a card is funded.
    pub enum Funding {
        /// Credit.
        Credit = "credit",
        /// Debit.
        Debit = "debit",
        /// Prepaid.
        Prepaid = "prepaid",
        /// Not known.
        Unknown = "unknown",
    }
}

impl Network {
    /// The network of a card number or of its first digits (six are enough; ranges of ISO/IEC 7812 as the
    /// networks publish them).
    pub fn of_bin(digits: &str) -> Self {
        let prefix = |n: usize| digits.get(..n).and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
        let six = prefix(6);
        match (prefix(1), prefix(2), prefix(4)) {
            _ if matches!(six, 401_178 | 438_935 | 451_416 | 504_175 | 506_699..=506_778 | 509_000..=509_999 | 627_780 | 636_297 | 636_368 | 650_031..=650_033 | 650_035..=650_051) => {
                Self::Elo
            }
            (4, _, _) => Self::Visa,
            (_, 51..=55, _) | (_, _, 2221..=2720) => Self::Mastercard,
            (_, 34 | 37, _) => Self::Amex,
            (_, _, 3528..=3589) => Self::Jcb,
            (_, 64 | 65 | 36 | 38 | 39 | 30, _) | (_, _, 6011) => Self::Discover,
            (_, 62 | 81, _) => Self::Unionpay,
            _ => Self::Other,
        }
    }

    /// The wire's `card_type`: `visa`, `master`, `american_express`, …
    pub const fn card_type(self) -> &'static str {
        match self {
            Self::Mastercard => "master",
            Self::Amex => "american_express",
            other => other.as_str(),
        }
    }
}

/// A primary account number: 12–19 digits with a right Luhn digit. It neither prints nor serialises and is
/// wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pan(String);

impl Pan {
    /// Reads a card number; spaces and hyphens are dropped. `None` when length or Luhn digit is wrong.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 || !text.is_ascii() {
            return None;
        }
        // One allocation, and wiped when it is refused: no digits stay behind in freed memory.
        let mut pan = Self(String::with_capacity(text.len()));
        pan.0.extend(text.chars().filter(|c| !matches!(c, ' ' | '-')));
        let digits = &pan.0;
        let sound = (12..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && luhn(digits);
        sound.then_some(pan)
    }

    /// Whether a text has the form of a card number (12–19 digits after spaces and hyphens), right or wrong.
    pub fn looks_like(text: &str) -> bool {
        let mut digits = 0usize;
        text.len() <= 64
            && text.bytes().all(|b| {
                digits += usize::from(b.is_ascii_digit());
                b.is_ascii_digit() || matches!(b, b' ' | b'-')
            })
            && (12..=19).contains(&digits)
    }

    /// The digits, for the vault and for the processor. Never log or store them.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What may be shown in front: 8 digits of a 16-digit number (and longer), else 6 (PCI FAQ 1091).
    pub fn bin(&self) -> &str {
        &self.0[..if self.0.len() >= 16 { 8 } else { 6 }]
    }

    /// The last four digits.
    pub fn last4(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// The network.
    pub fn network(&self) -> Network {
        Network::of_bin(&self.0)
    }
}

impl std::fmt::Debug for Pan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pan(…)")
    }
}

/// A card verification value: 3–4 digits; neither prints nor serialises, wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Cvv(String);

impl Cvv {
    /// Reads a CVV; anything but 3–4 digits is treated as absent.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        ((3..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| Self(text.to_owned()))
    }

    /// The digits, for the vault and the processor.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Cvv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cvv(…)")
    }
}

/// Whether the last digit is the Luhn check digit (ISO/IEC 7812-1 annex B) of the others.
pub fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled) if doubled > 9 => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The key a card's attempts are counted under: a keyed hash, sixteen bytes. `Strong` hashes come from the
/// whole number in the vault; weak ones from BIN, last four and expiry, for transmitted cards that were
/// never vaulted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardKey(pub [u8; 16]);

impl serde::Serialize for CardKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", u128::from_be_bytes(self.0)))
    }
}

impl<'de> serde::Deserialize<'de> for CardKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let value = (text.len() == 32).then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        value.map(|value| Self(value.to_be_bytes())).ok_or_else(|| serde::de::Error::custom("not a card key"))
    }
}

/// Expiry month and year, both known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Expiry {
    /// 1–12.
    pub month: u8,
    /// Four digits.
    pub year: u16,
}

impl Expiry {
    /// Reads a year of two digits as `20YY`.
    pub fn full_year(year: i64) -> Option<u16> {
        match year {
            0..=99 => Some(2000 + year as u16),
            1000..=9999 => Some(year as u16),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_checked_and_never_print() {
        let pan = Pan::parse("4111 1111-1111 1111").unwrap();
        assert_eq!((pan.bin(), pan.last4(), pan.network()), ("41111111", "1111", Network::Visa));
        assert_eq!(format!("{pan:?}"), "Pan(…)");
        let amex = Pan::parse("378282246310005").unwrap();
        assert_eq!((amex.bin(), amex.network().card_type()), ("378282", "american_express"));
        for wrong in ["4111111111111112", "411111111111", "41111111111111111111", "4111x11111111111", ""] {
            assert!(Pan::parse(wrong).is_none(), "{wrong}");
        }
        assert!(Pan::looks_like("4111111111111112") && !Pan::looks_like("e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c"));
    }

    #[test]
    fn networks_by_bin() {
        for (bin, network) in [
            ("400000", Network::Visa),
            ("555555", Network::Mastercard),
            ("222300", Network::Mastercard),
            ("272100", Network::Other),
            ("601100", Network::Discover),
            ("352800", Network::Jcb),
            ("620000", Network::Unionpay),
            ("636297", Network::Elo),
            ("", Network::Other),
        ] {
            assert_eq!(Network::of_bin(bin), network, "{bin}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_numbers_never_panics(text in "\\PC{0,80}") {
            let _ = (Pan::parse(&text), Pan::looks_like(&text), Cvv::parse(&text), Network::of_bin(&text));
        }
    }
}
