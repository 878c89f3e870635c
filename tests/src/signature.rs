//! Both signature schemes, checked with code of our own: what a careful receiver would write from the contract alone.

use aws_lc_rs::{digest, hmac};
use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A signing key.
#[derive(Debug, Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads the base64 text that was shown once.
    pub fn of(text: &str) -> Self {
        let bytes = STANDARD.decode(text).expect("the signing key is base64");
        assert_eq!(bytes.len(), 64, "a signing key has 64 bytes");
        Self(bytes)
    }
}

/// Says what is wrong with a delivery's signatures; `vendor` signs the `x-fc-*` headers, each of `standard` one of the
/// signatures of `webhook-signature`, in any order.
pub fn verify(headers: &HeaderMap, body: &[u8], vendor: &Secret, standard: &[&Secret]) -> Result<(), String> {
    let of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or_else(|| format!("no header {name}"));
    let (nonce, date, host, content) = (of("x-fc-nonce")?, of("x-fc-date")?, of("host")?, of("x-fc-content-sha512")?);
    same("x-fc-content-sha512", content, &STANDARD.encode(digest::digest(&digest::SHA512, body)))?;
    same("x-fc-signature", of("x-fc-signature")?, &sha512(vendor, body))?;
    let signed = format!("POST\n{nonce};{date};{host};{content}");
    let expected = format!(
        "HMAC-SHA512 SignedHeaders=x-fc-nonce;x-fc-date;host;x-fc-content-sha512&Signature={}",
        sha512(vendor, signed.as_bytes())
    );
    same("x-fc-authorization", of("x-fc-authorization")?, &expected)?;
    if nonce.len() != 32 || !nonce.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!("the nonce {nonce} is not 32 hexadecimal characters"));
    }
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).map_err(|error| format!("the date {date}: {error}"))?;
    let (id, at) = (of("webhook-id")?, of("webhook-timestamp")?);
    at.parse::<i64>().map_err(|_| format!("the timestamp {at}"))?;
    let mut given: Vec<_> = of("webhook-signature")?.split(' ').map(str::to_owned).collect();
    let mut expected: Vec<_> = standard.iter().map(|secret| sha256(secret, id, at, body)).collect();
    given.sort();
    expected.sort();
    same("webhook-signature", &given.join(" "), &expected.join(" "))
}

fn same(name: &str, given: &str, expected: &str) -> Result<(), String> {
    if given == expected { Ok(()) } else { Err(format!("{name} is {given}, not {expected}")) }
}

fn sha512(secret: &Secret, data: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, &secret.0), data))
}

fn sha256(secret: &Secret, id: &str, at: &str, body: &[u8]) -> String {
    let signed = [id.as_bytes(), b".", at.as_bytes(), b".", body].concat();
    format!("v1,{}", STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret.0), &signed)))
}
