//! Credentials in headers.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};

/// The bearer token (RFC 6750).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    scheme(headers, "bearer").filter(|token| !token.is_empty())
}

/// User and password of HTTP Basic (RFC 7617), form-decoded as RFC 6749 §2.3.1 asks.
pub fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = STANDARD.decode(scheme(headers, "basic")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((form_decoded(user), form_decoded(password)))
}

fn scheme<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let (scheme, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case(name).then(|| rest.trim())
}

/// Undoes percent-encoding; a text that is none stays as it is.
fn form_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 2;
            }
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn credentials_are_read_or_not() {
        let headers = |value: &str| HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
        for (value, token) in
            [("Bearer abc", Some("abc")), ("bearer  abc ", Some("abc")), ("Bearer", None), ("Basic abc", None), ("", None)]
        {
            assert_eq!(bearer(&headers(value)), token, "{value}");
        }
        let encoded = format!("Basic {}", STANDARD.encode("app%3Akey:se:cret%2B"));
        assert_eq!(basic(&headers(&encoded)), Some(("app:key".into(), "se:cret+".into())));
        for wrong in ["Basic !!", "Basic YWJj", "Bearer YTpi"] {
            assert_eq!(basic(&headers(wrong)), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn decoding_never_panics(text in "\\PC{0,40}") {
            let _ = form_decoded(&text);
        }
    }
}
