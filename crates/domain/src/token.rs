//! Vaulted cards as the store keeps them: sealed bytes, keyed hashes and what may be shown. Only the vault
//! turns the sealed bytes back into numbers. `Debug` of a card shows neither digits nor the holder.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    card::{CardKey, Expiry, Funding, Network},
    environment::Environment,
    id::{DataKeyId, Mid, TokenId},
    time::Timestamp,
};

/// A vaulted card: one row of `cards`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The token: the wire's `payment_method.token`.
    pub id: TokenId,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Version of the row, for version-checked updates.
    pub version: u32,
    /// 1 as vaulted; one higher after each account update.
    pub credential_version: u32,
    /// The network.
    pub network: Network,
    /// How the card is funded.
    pub funding: Funding,
    /// The first 8 digits, 6 of a number shorter than 16 (PCI FAQ 1091).
    pub bin: String,
    /// The last four digits.
    pub last4: String,
    /// 1–12, when told.
    pub exp_month: Option<u8>,
    /// Four digits, when told.
    pub exp_year: Option<u16>,
    /// As given.
    pub first_name: Option<String>,
    /// As given.
    pub last_name: Option<String>,
    /// As given.
    pub full_name: Option<String>,
    /// As given.
    pub email: Option<String>,
    /// The key of the sense session that the card was typed in.
    pub sense_key: Option<String>,
    /// Public: the same for the same number and expiry under one merchant and environment.
    pub fingerprint: String,
    /// What the ledger counts the card under: a keyed hash of the whole number.
    pub key: CardKey,
    /// What finds transmitted copies of the card: a keyed hash of BIN, last four and expiry.
    pub weak_key: CardKey,
    /// Whether the account updater may ask for this card.
    pub updater_allowed: bool,
    /// The card is vaulted elsewhere: sealed is the reference that its processor knows it by, and no number is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_reference: bool,
    /// The number, or the reference, sealed.
    pub number: Sealed,
    /// When it was vaulted.
    pub created_at: Timestamp,
    /// When it was last used; retention counts from here.
    pub last_used_at: Timestamp,
}

/// A card verification value, sealed: one row of `cvvs`, apart from the card and minutes to live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedCvv {
    /// The card it belongs to.
    pub token: TokenId,
    /// Tenant.
    pub mid: Mid,
    /// The value.
    pub sealed: Sealed,
    /// When the row is purged and the vault refuses to open it.
    pub expires_at: Timestamp,
}

/// Bytes sealed under a merchant's data key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The data key.
    pub key: DataKeyId,
    /// Format, nonce, ciphertext and tag; hexadecimal in JSON.
    #[serde(with = "hexadecimal")]
    pub bytes: Vec<u8>,
}

/// A merchant's data key, wrapped under a key-encryption key of the ring: one row of `data_keys`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataKey {
    /// Its id.
    pub id: DataKeyId,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// Format, nonce, ciphertext and tag; hexadecimal in JSON.
    #[serde(with = "hexadecimal")]
    pub wrapped: Vec<u8>,
    /// The key-encryption key it is wrapped under.
    pub wrapped_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Retired keys open, and seal nothing new.
    pub retired: bool,
}

impl Card {
    /// The expiry, when month and year are both known.
    pub fn expiry(&self) -> Option<Expiry> {
        Some(Expiry { month: self.exp_month?, year: self.exp_year? })
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card")
            .field("id", &self.id)
            .field("mid", &self.mid)
            .field("environment", &self.environment)
            .field("version", &self.version)
            .field("credential_version", &self.credential_version)
            .field("network", &self.network)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed").field("key", &self.key).finish_non_exhaustive()
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataKey")
            .field("id", &self.id)
            .field("mid", &self.mid)
            .field("environment", &self.environment)
            .field("wrapped_by", &self.wrapped_by)
            .field("retired", &self.retired)
            .finish_non_exhaustive()
    }
}

/// Bytes as lower-case hexadecimal text.
mod hexadecimal {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        let text: String = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        serializer.serialize_str(&text)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        read(&text).ok_or_else(|| D::Error::custom("not hexadecimal"))
    }

    fn read(text: &str) -> Option<Vec<u8>> {
        let nibble = |digit: u8| char::from(digit).to_digit(16);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        rest.is_empty().then_some(())?;
        pairs.iter().map(|[high, low]| Some((nibble(*high)? << 4 | nibble(*low)?) as u8)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card() -> Card {
        let now = Timestamp::from_secs(1_700_000_000);
        Card {
            id: TokenId::at(now, [1; 10]),
            mid: Mid::at(now, [2; 10]),
            environment: Environment::Sandbox,
            version: 1,
            credential_version: 1,
            network: Network::Visa,
            funding: Funding::Unknown,
            bin: "41111111".into(),
            last4: "1111".into(),
            exp_month: Some(2),
            exp_year: None,
            first_name: Some("Zora".into()),
            last_name: None,
            full_name: None,
            email: Some("zora@example.com".into()),
            sense_key: None,
            fingerprint: "fp".into(),
            key: CardKey([0xAB; 16]),
            weak_key: CardKey([0xCD; 16]),
            updater_allowed: true,
            is_reference: false,
            number: Sealed { key: DataKeyId::at(now, [3; 10]), bytes: vec![0xEF, 0x01, 0x7A] },
            created_at: now,
            last_used_at: now,
        }
    }

    #[test]
    fn rows_travel_as_json() {
        let card = card();
        let json = serde_json::to_string(&card).unwrap();
        assert!(json.contains(r#""bytes":"ef017a""#), "{json}");
        assert_eq!(serde_json::from_str::<Card>(&json).unwrap(), card);
        for wrong in [r#""bytes":"ef017""#, r#""bytes":"ef01zz""#, r#""bytes":"+1-2é0""#, r#""bytes":7"#] {
            assert!(serde_json::from_str::<Card>(&json.replace(r#""bytes":"ef017a""#, wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn debug_shows_no_digits_of_the_card_and_no_holder() {
        let card = card();
        let cvv = SealedCvv { token: card.id, mid: card.mid, sealed: card.number.clone(), expires_at: card.created_at };
        let key = DataKey {
            id: card.number.key,
            mid: card.mid,
            environment: card.environment,
            wrapped: vec![0xEF, 0x01, 0x7A],
            wrapped_by: "kek".into(),
            created_at: card.created_at,
            retired: false,
        };
        let text = format!("{card:?} {cvv:?} {key:?}");
        for hidden in ["1111", "Zora", "zora", "fp", "239", "122", "ef017a", "171, 171"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }

    #[test]
    fn an_expiry_needs_month_and_year() {
        let mut card = card();
        assert_eq!(card.expiry(), None);
        card.exp_year = Some(2029);
        assert_eq!(card.expiry(), Some(Expiry { month: 2, year: 2029 }));
    }
}
