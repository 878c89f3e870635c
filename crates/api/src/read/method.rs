//! `paymentMethod`: a token, a card number, or only what is known of the card.

use domain::{
    bounds::TEXT_CHARS_MAX,
    card::{Cvv, Expiry, Pan},
    id::TokenId,
    intake::Credential,
    payment::Method,
};

use crate::json::{Node, Read, Reader, integer_of, text_of};

/// First digits of a number that may be kept (PCI FAQ 1091).
const BIN_DIGITS_MAX: usize = 8;
/// Last digits that may be kept.
const LAST_DIGITS_MAX: usize = 4;

/// What `/evaluate` reads of `paymentMethod`.
#[derive(Default)]
pub struct SentCard {
    /// The object was there and not empty.
    pub given: bool,
    /// What may be stored.
    pub method: Method,
    /// Token or number.
    pub credential: Option<Credential>,
    /// CVV.
    pub cvv: Option<Cvv>,
}

/// Reads `paymentMethod` with its number and CVV.
pub fn method(reader: &mut Reader<'_, '_>) -> SentCard {
    let Some(mut inner) = reader.object("paymentMethod", "PaymentMethod") else { return SentCard::default() };
    let credential = credential(&mut inner);
    let cvv = match text_of(inner.get("verificationValue")) {
        Read::Is(text) => Cvv::parse(&text),
        Read::Absent | Read::Unreadable => None,
    };
    let token = match &credential {
        Some(Credential::Token(token)) => Some(*token),
        Some(Credential::Number(_)) | None => None,
    };
    SentCard { given: true, method: described(&mut inner, token), credential, cvv }
}

/// Reads `paymentMethod` as `/transmit` does: a token is linked, a card number is dropped unread.
pub fn stored_method(reader: &mut Reader<'_, '_>) -> Method {
    let Some(mut inner) = reader.object("paymentMethod", "PaymentMethod") else { return Method::default() };
    let token = match inner.get("cardNumber") {
        Some(Node::Text(text)) => TokenId::parse(text),
        _ => None,
    };
    described(&mut inner, token)
}

/// The form decides: GUID = token, digits = number; a contradicting `Token` flag is tolerated.
fn credential(reader: &mut Reader<'_, '_>) -> Option<Credential> {
    let text = match text_of(reader.get("cardNumber")) {
        Read::Is(text) => text,
        Read::Absent => return None,
        Read::Unreadable => {
            reader.invalid("cardNumber");
            return None;
        }
    };
    if let Some(token) = TokenId::parse(&text) {
        return Some(Credential::Token(token));
    }
    if text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-')) {
        let number = Pan::parse(&text);
        if number.is_none() {
            reader.invalid("cardNumber");
        }
        return number.map(Credential::Number);
    }
    let path = reader.path("cardNumber");
    reader.faults().add(path, "The payment method token is unknown.");
    None
}

fn described(reader: &mut Reader<'_, '_>, token: Option<TokenId>) -> Method {
    let expiration_month = bounded(reader, "expirationMonth", |month| u8::try_from(month).ok().filter(|m| (1..=12).contains(m)));
    let expiration_year = bounded(reader, "expirationYear", Expiry::full_year);
    let mut text = |name: &str| reader.text(name, TEXT_CHARS_MAX);
    Method {
        token,
        expiration_month,
        expiration_year,
        holder_name: text("holderName").and_then(unless_number),
        card_type: text("cardType"),
        card_brand: text("cardBrand"),
        card_country: text("cardCountry"),
        card_issuer: text("cardIssuer"),
        card_level: text("cardLevel"),
        card_fingerprint: text("cardFingerprint").and_then(unless_number),
        card_bin_number: text("cardBinNumber").map(|digits| first_digits(&digits)),
        card_last4_digits: text("cardLast4Digits").map(|digits| last_digits(&digits)),
    }
}

fn bounded<T>(reader: &mut Reader<'_, '_>, name: &str, within: impl FnOnce(i64) -> Option<T>) -> Option<T> {
    let read = integer_of(reader.get(name)).then(within);
    reader.known(name, read)
}

/// Some clients send the whole number where only its first digits belong; no more than these is kept.
fn first_digits(digits: &str) -> String {
    digits.chars().filter(|c| !matches!(c, ' ' | '-')).take(BIN_DIGITS_MAX).collect()
}

fn last_digits(digits: &str) -> String {
    let kept = digits.chars().count().saturating_sub(LAST_DIGITS_MAX);
    digits.chars().skip(kept).collect()
}

/// A card number in a member that is stored in clear is dropped.
fn unless_number(text: String) -> Option<String> {
    Pan::parse(&text).is_none().then_some(text)
}

#[cfg(test)]
mod tests {
    use domain::fault::Faults;

    use super::*;
    use crate::json::parse;

    fn read(json: &str) -> (SentCard, Vec<String>) {
        let body = format!("{{\"paymentMethod\":{json}}}");
        let node = parse(body.as_bytes()).unwrap();
        let mut faults = Faults::new();
        let card = method(&mut Reader::new(&node, &mut faults));
        (card, faults.iter().map(|(path, message)| format!("{path}: {message}")).collect())
    }

    #[test]
    fn the_form_of_the_number_decides() {
        let token = "E97B1FF1-5a64-4d0e-8b1f-2c7d6e5a4b3c";
        let (card, faults) = read(&format!("{{\"Token\":false,\"cardNumber\":\"{token}\"}}"));
        assert!(matches!(card.credential, Some(Credential::Token(_))) && card.method.token.is_some() && faults.is_empty());
        let (card, faults) = read("{\"Token\":true,\"cardNumber\":\"4111 1111 1111 1111\",\"verificationValue\":123}");
        assert!(matches!(card.credential, Some(Credential::Number(_))) && card.cvv.is_some() && faults.is_empty());
        let (card, faults) = read("{\"cardNumber\":4111111111111111}");
        assert!(card.credential.is_some() && faults.is_empty());
        for (json, fault) in [
            ("{\"cardNumber\":\"4111111111111112\"}", "PaymentMethod.CardNumber: The field CardNumber is invalid."),
            ("{\"cardNumber\":\"411\"}", "PaymentMethod.CardNumber: The field CardNumber is invalid."),
            ("{\"cardNumber\":{}}", "PaymentMethod.CardNumber: The field CardNumber is invalid."),
            ("{\"cardNumber\":\"tok_123\"}", "PaymentMethod.CardNumber: The payment method token is unknown."),
            ("{\"expirationMonth\":13}", "PaymentMethod.ExpirationMonth: The field ExpirationMonth is invalid."),
            ("{\"expirationYear\":\"202\"}", "PaymentMethod.ExpirationYear: The field ExpirationYear is invalid."),
            ("7", "PaymentMethod: The field PaymentMethod is invalid."),
        ] {
            assert_eq!(read(json).1, [fault], "{json}");
        }
        for blank in ["{}", "null", "\"\"", "[]", "{\"cardNumber\":null}"] {
            let (card, faults) = read(blank);
            assert!(card.credential.is_none() && faults.is_empty(), "{blank}");
        }
    }

    #[test]
    fn no_member_that_is_stored_keeps_a_card_number() {
        let (card, _) = read(
            r#"{"cardBinNumber":"4111 1111 1111 1111","cardLast4Digits":"4111111111111111",
                "cardFingerprint":"4111111111111111","holderName":"4111-1111-1111-1111"}"#,
        );
        assert_eq!(card.method.card_bin_number.as_deref(), Some("41111111"));
        assert_eq!(card.method.card_last4_digits.as_deref(), Some("1111"));
        assert!(card.method.card_fingerprint.is_none() && card.method.holder_name.is_none());
    }

    #[test]
    fn transmit_drops_numbers_unread() {
        let body = r#"{"paymentMethod":{"cardNumber":"4111111111111112","verificationValue":"999","expirationMonth":99,
            "cardBinNumber":"411111"}}"#;
        let node = parse(body.as_bytes()).unwrap();
        let mut faults = Faults::new();
        let method = stored_method(&mut Reader::new(&node, &mut faults).lenient());
        assert!(faults.is_empty() && method.token.is_none() && method.expiration_month.is_none());
        assert_eq!(method.card_bin_number.as_deref(), Some("411111"));
    }
}
