//! Both signature schemes on every delivery (`wire-api` §7.3).

use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::time::Timestamp;
use zeroize::Zeroizing;

/// Bytes of a signing key.
pub const KEY_BYTES: usize = 64;

/// Header names and values, in the order they are sent.
pub type Headers = Vec<(&'static str, String)>;

/// What is signed.
pub struct Signing<'a> {
    /// Exact bytes of the body.
    pub body: &'a [u8],
    /// `Host` as sent: the port only when it is not the default.
    pub host: &'a str,
    /// 32 hexadecimal characters.
    pub nonce: &'a str,
    /// When it is sent, UTC.
    pub at: Timestamp,
    /// Event id, `msg_…`; the same on every attempt.
    pub id: &'a str,
}

impl Signing<'_> {
    /// All headers, signed with a key; while two keys are valid the standard signature carries both, and the vendor's
    /// stays with the old one until its end.
    pub fn headers(&self, key: &[u8], previous: Option<&Zeroizing<Vec<u8>>>) -> Headers {
        let vendor_key = previous.map_or(key, |old| old.as_slice());
        let date = self.at.rfc1123();
        let content = STANDARD.encode(digest::digest(&digest::SHA512, self.body));
        let timestamp = self.at.secs().to_string();
        let mut signature = self.standard(key, &timestamp);
        if let Some(old) = previous {
            signature = format!("{signature} {}", self.standard(old, &timestamp));
        }
        vec![
            ("x-fc-nonce", self.nonce.to_owned()),
            ("x-fc-date", date.clone()),
            ("x-fc-content-sha512", content.clone()),
            ("x-fc-signature", sha512(vendor_key, self.body)),
            ("x-fc-authorization", self.authorization(vendor_key, &date, &content)),
            ("webhook-id", self.id.to_owned()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signature),
        ]
    }

    fn authorization(&self, key: &[u8], date: &str, content: &str) -> String {
        let signed = format!("POST\n{};{date};{};{content}", self.nonce, self.host);
        let signature = sha512(key, signed.as_bytes());
        format!("HMAC-SHA512 SignedHeaders=x-fc-nonce;x-fc-date;host;x-fc-content-sha512&Signature={signature}")
    }

    /// Standard Webhooks: `v1,` + base64(HMAC-SHA256(key, id.timestamp.body)).
    fn standard(&self, key: &[u8], timestamp: &str) -> String {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
        context.update(self.id.as_bytes());
        context.update(b".");
        context.update(timestamp.as_bytes());
        context.update(b".");
        context.update(self.body);
        format!("v1,{}", STANDARD.encode(context.sign()))
    }
}

fn sha512(key: &[u8], data: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, key), data))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"Event":"order.completed","TimeStamp":"2026-11-20T10:15:30.123456Z","EventData":null,"ExternalOrderId":"INV-1001","OrderId":"3f2b8c1e-5a64-4d0e-8b1f-2c7d6e5a4b3c","ConfirmationId":"22ACD1D8","IsTestMode":true,"IsResent":false}"#;

    fn vector(previous: Option<&Zeroizing<Vec<u8>>>) -> std::collections::HashMap<&'static str, String> {
        let key: Vec<u8> = (0..64).collect();
        let signing = Signing {
            body: BODY.as_bytes(),
            host: "hooks.example.com",
            nonce: "0123456789abcdef0123456789abcdef",
            at: Timestamp::from_secs(1_795_169_731),
            id: "msg_2mXq7Zt0aB3cD4eF5gH6iJ7kL8m",
        };
        signing.headers(&key, previous).into_iter().collect()
    }

    #[test]
    fn the_contracts_test_vector_comes_out() {
        assert_eq!(BODY.len(), 227);
        let headers = vector(None);
        assert_eq!(headers["x-fc-date"], "Fri, 20 Nov 2026 10:15:31 GMT");
        assert_eq!(
            headers["x-fc-content-sha512"],
            "2+Nx2MfGiTwEPbzHtwUDQI9TPlV9LTBfUUYuF3j7zkiW0jqoGiUItsxLBC9Wsge6TrifzbQj5rw8UhLLHSND3g=="
        );
        assert_eq!(
            headers["x-fc-signature"],
            "9lcNdjHC4hXNb7TsgR76za1qc8gR5doxrDoXYAHMaCwt5fhdSB4FcrFSzp6BH1g0c6M1kQarKgxvqrlK3SmHkA=="
        );
        let signature = "kkzhWrmp05t/6TAxEGWpPiD3POV//EfKUbn4+HCp3F//6BmvLkDyfaiDzkOIS4g6M1HMdnCHywJVfayjiHyACw==";
        assert!(headers["x-fc-authorization"].ends_with(&format!("&Signature={signature}")));
        assert_eq!(headers["webhook-signature"], "v1,VpAHEKK1L76t7093lTN6bXAZ+PIBGIfzdg+kMxfrl0Y=");
    }

    #[test]
    fn while_keys_overlap_both_sign_and_the_vendor_scheme_keeps_the_old() {
        let old = Zeroizing::new((0..64).rev().collect::<Vec<u8>>());
        let (alone, both) = (vector(None), vector(Some(&old)));
        let parts: Vec<_> = both["webhook-signature"].split(' ').collect();
        assert_eq!((parts.len(), parts[0]), (2, alone["webhook-signature"].as_str()));
        assert_ne!(both["x-fc-signature"], alone["x-fc-signature"]);
    }
}
