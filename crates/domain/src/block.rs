//! The blocklist: whom and what a merchant will not charge. One entry names one value in one normal form, so that a
//! lookup is a comparison of texts.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    advice::Advice,
    bounds::ID_CHARS_MAX,
    card::{CardKey, Network, Pan},
    environment::Environment,
    id::{BlockId, Mid},
    order::Order,
    payment::Payment,
    time::Timestamp,
};

crate::words! {
    /// What is blocked.
    pub enum Kind {
        /// A payer id.
        Customer = "customer",
        /// A card: by the number behind a token, or by fingerprint.
        PaymentInstrument = "paymentInstrument",
        /// An e-mail address.
        Email = "email",
        /// A telephone number.
        Phone = "phone",
        /// An address on the network.
        Ip = "ip",
        /// The first 6–8 digits of a card.
        Bin = "bin",
        /// Of the billing address or the issuer: ISO 3166 alpha-2.
        Country = "country",
    }
}

/// Characters of a card's fingerprint.
const FINGERPRINT_CHARS: usize = 32;
/// Digits of a telephone number.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 4..=15;
/// Shortest card numbers in use; telephone numbers of that length that pass Luhn are taken for cards.
const CARD_DIGITS_LEAST: usize = 14;
/// Digits of a blocked BIN.
const BIN_DIGITS: std::ops::RangeInclusive<usize> = 6..=8;

impl Kind {
    /// The normal form of a value; `None` when it is none of this kind. A card number never passes. A payment instrument
    /// passes by its fingerprint; who has a token resolves it first.
    pub fn normal(self, text: &str) -> Option<String> {
        let text = text.trim();
        match self {
            Self::Customer => customer(text),
            Self::PaymentInstrument => fingerprint(text),
            Self::Email => email(text),
            Self::Phone => phone(text),
            Self::Ip => ip(text),
            Self::Bin => (BIN_DIGITS.contains(&text.len()) && is_digits(text)).then(|| text.to_owned()),
            Self::Country => country(text),
        }
    }
}

fn customer(text: &str) -> Option<String> {
    let sound = !text.is_empty() && text.chars().count() <= ID_CHARS_MAX && !is_card_number(text);
    sound.then(|| text.to_owned())
}

/// A payer id of digits may well pass Luhn; under a network's range it is taken for a card.
fn is_card_number(text: &str) -> bool {
    Pan::parse(text).is_some_and(|pan| pan.network() != Network::Other)
}

fn fingerprint(text: &str) -> Option<String> {
    let lawful = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let sound = text.len() == FINGERPRINT_CHARS && text.bytes().all(lawful) && !Pan::looks_like(text);
    sound.then(|| text.to_owned())
}

fn email(text: &str) -> Option<String> {
    let (name, host) = text.rsplit_once('@')?;
    let sound =
        !name.is_empty() && !host.is_empty() && text.chars().count() <= ID_CHARS_MAX && !text.contains(char::is_whitespace);
    sound.then(|| text.to_lowercase())
}

/// Digits alone, without `+` or the `00` that stands for it.
fn phone(text: &str) -> Option<String> {
    if text.len() > ID_CHARS_MAX {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    let sound = PHONE_DIGITS.contains(&digits.len()) && (digits.len() < CARD_DIGITS_LEAST || !is_card_number(digits));
    sound.then(|| digits.to_owned())
}

fn ip(text: &str) -> Option<String> {
    text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical().to_string())
}

fn country(text: &str) -> Option<String> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    /// Id.
    pub id: BlockId,
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// What is blocked.
    pub kind: Kind,
    /// Its normal form; of a payment instrument the fingerprint.
    pub value: String,
    /// The card number's key, when the instrument was named by a token or an order: then any expiry date is blocked.
    pub card: Option<CardKey>,
    /// The merchant's note.
    pub reason: Option<String>,
    /// Until when, UTC, by the merchant's clock; none: for good.
    pub expires_at: Option<Timestamp>,
    /// Since when, UTC, by the merchant's clock.
    pub created_at: Timestamp,
}

impl Block {
    /// What a lookup compares.
    pub fn key(&self) -> String {
        self.card.map_or_else(|| key(self.kind, &self.value), card_key)
    }

    /// Whether it counts at an instant.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

fn key(kind: Kind, value: &str) -> String {
    format!("{kind}:{value}")
}

fn card_key(card: CardKey) -> String {
    format!("{}:{:032x}", Kind::PaymentInstrument, u128::from_be_bytes(card.0))
}

/// Every key under which an order may be blocked.
pub fn keys_of(order: &Order) -> Vec<String> {
    let mut keys = told_keys(&order.payment);
    for credential in &order.credentials {
        keys.extend(card_keys(Some(&credential.fingerprint), &credential.bin, credential.issuer_country.as_deref()));
    }
    keys.extend(order.card_numbers().map(card_key));
    sorted(keys)
}

/// Keys of everything about an advice that may be blocked.
pub fn keys_of_advice(advice: &Advice) -> Vec<String> {
    let mut keys = told_keys(&advice.payment);
    for card in &advice.cards {
        keys.extend(card_keys(card.fingerprint.as_deref(), &card.bin, card.issuer_country.as_deref()));
        // Of a card that is not vaulted the whole number is not known.
        let number = if card.key == CardKey(advice.id.bytes()) { card.weak_key } else { card.key };
        keys.extend(card.token.map(|_| card_key(number)));
    }
    sorted(keys)
}

/// What a payment tells beside its card.
fn told_keys(payment: &Payment) -> Vec<String> {
    let payer = &payment.payer;
    let billing = payment.billing.as_ref();
    let countries = billing.into_iter().flat_map(|address| [address.country_code.as_deref(), address.country.as_deref()]);
    let told = [
        (Kind::Customer, payer.id.as_deref()),
        (Kind::Email, payer.email.as_deref()),
        (Kind::Phone, payer.phone.as_deref()),
        (Kind::Ip, payment.customer_ip.as_deref()),
    ];
    let told = told.into_iter().chain(countries.map(|country| (Kind::Country, country)));
    told.filter_map(|(kind, text)| kind.normal(text?).map(|value| key(kind, &value))).collect()
}

fn card_keys(fingerprint: Option<&str>, bin: &str, issuer_country: Option<&str>) -> Vec<String> {
    let mut keys: Vec<String> = fingerprint.map(|fingerprint| key(Kind::PaymentInstrument, fingerprint)).into_iter().collect();
    keys.extend(BIN_DIGITS.filter_map(|digits| bin.get(..digits)).map(|bin| key(Kind::Bin, bin)));
    keys.extend(issuer_country.and_then(country).map(|value| key(Kind::Country, &value)));
    keys
}

fn sorted(mut keys: Vec<String>) -> Vec<String> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_one_normal_form() {
        for (kind, text, normal) in [
            (Kind::Customer, " payer-7 ", Some("payer-7")),
            (Kind::Customer, "4711", Some("4711")),
            (Kind::Customer, "", None),
            (Kind::Customer, "4111 1111 1111 1111", None),
            (Kind::PaymentInstrument, "4111111111111111", None),
            (Kind::PaymentInstrument, "4111-1111-1111-1111-------------", None),
            (Kind::PaymentInstrument, "abcdefghijklmnopqrstuvwxyz_-1234", Some("abcdefghijklmnopqrstuvwxyz_-1234")),
            (Kind::Email, "Ada@Example.COM ", Some("ada@example.com")),
            (Kind::Email, "NA", None),
            (Kind::Email, "a b@example.com", None),
            (Kind::Phone, "+49 (170) 123-4567", Some("491701234567")),
            (Kind::Phone, "0049 170 1234567", Some("491701234567")),
            (Kind::Phone, "12", None),
            (Kind::Ip, "203.0.113.7", Some("203.0.113.7")),
            (Kind::Ip, "::ffff:203.0.113.7", Some("203.0.113.7")),
            (Kind::Ip, "2001:DB8:0::1", Some("2001:db8::1")),
            (Kind::Ip, "203.0.113", None),
            (Kind::Bin, "400000", Some("400000")),
            (Kind::Bin, "40000010", Some("40000010")),
            (Kind::Bin, "40000", None),
            (Kind::Bin, "4111111111111111", None),
            (Kind::Country, "de", Some("DE")),
            (Kind::Country, "Germany", None),
        ] {
            assert_eq!(kind.normal(text).as_deref(), normal, "{kind} {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_no_test_card_passes(text in "\\PC{0,60}", kind in 0usize..7) {
            let kind = Kind::ALL[kind];
            if let Some(normal) = kind.normal(&text) {
                proptest::prop_assert_eq!(kind.normal(&normal), Some(normal.clone()));
            }
            for pan in ["4111111111111111", "5555555555554444", "378282246310005"] {
                proptest::prop_assert!(kind.normal(pan).is_none());
            }
        }
    }
}
