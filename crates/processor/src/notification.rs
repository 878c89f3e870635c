//! What a processor tells of its own accord, read only when its signature holds.

use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    chargeback::Stage,
    id::{AttemptId, RefundId},
    money::Money,
    time::Timestamp,
};
use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use crate::{Authorization, Refunded};

/// How far the sender's clock may be from ours, seconds.
const TOLERANCE_SECS: u64 = 300;
/// Longest id of a notification, characters.
const ID_CHARS_MAX: usize = 255;
/// Bytes of a signing secret, least and most.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Signatures that are looked at.
const SIGNATURES_MAX: usize = 8;

/// A notification as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Exact bytes of its body.
    pub body: &'a [u8],
    /// When it came, UTC, real time.
    pub now: Timestamp,
}

/// A notification whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The sender's id of it: the same however often it is sent.
    pub id: String,
    /// Its kind, in the sender's word.
    pub kind: String,
    /// What it says.
    pub news: News,
}

/// What a notification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// What became of an attempt.
    Attempt {
        /// The attempt.
        attempt: AttemptId,
        /// The answer, as a look-up would give it.
        answer: Box<Authorization>,
    },
    /// What became of a refund.
    Refund {
        /// The refund.
        refund: RefundId,
        /// The answer.
        answer: Refunded,
    },
    /// A customer disputes a charge.
    Chargeback(Box<Chargeback>),
    /// A kind that this version does not know.
    Other,
}

/// A dispute, as the processor tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chargeback {
    /// The processor's id of the dispute: one dispute has one, whatever stage it is in.
    pub reference: String,
    /// The attempt that charged, the acquirer's reference number, or the network's transaction id: one of them at least.
    pub attempt: Option<AttemptId>,
    /// The network's id of the disputed transaction.
    pub network_transaction_id: Option<String>,
    /// How much is disputed.
    pub amount: Money,
    /// The network's reason code.
    pub reason_code: String,
    /// Stage; none: a chargeback.
    pub stage: Option<Stage>,
    /// When it was received, UTC.
    pub received_at: Option<Timestamp>,
    /// Until when it must be answered, UTC.
    pub due_at: Option<Timestamp>,
    /// The acquirer's reference number.
    pub arn: Option<String>,
}

/// Why a notification is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The account has no secret to check a signature with.
    #[error("the account takes no notifications")]
    NotOffered,
    /// No signature, or none that holds.
    #[error("the signature is missing or does not hold")]
    Forged,
    /// Signed too long ago, or too far ahead.
    #[error("the signature is not of these minutes")]
    Stale,
    /// Signed, but not understood.
    #[error("{0}")]
    Unreadable(String),
}

/// The secret that an account signs its notifications with. Never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Reads base64, with or without the prefix `whsec_`; 24–64 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = Zeroizing::new(STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?);
        SECRET_BYTES.contains(&bytes.len()).then_some(Self(bytes))
    }

    /// Checks a notification by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`) and gives its
    /// id. Of several signatures one must hold: a sender signs with both while it changes its secret.
    pub fn check(&self, sent: &Sent<'_>) -> Result<String, Refused> {
        let of = |name: &str| sent.headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Refused::Forged);
        let (id, at, signatures) = (of("webhook-id")?, of("webhook-timestamp")?, of("webhook-signature")?);
        let lawful = !id.is_empty() && id.chars().count() <= ID_CHARS_MAX;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let message = [id.as_bytes(), b".", at.as_bytes(), b".", sent.body].concat();
        let holds = |signature: &str| {
            let bytes = signature.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
            bytes.is_some_and(|bytes| hmac::verify(&key, &message, &bytes).is_ok())
        };
        if !lawful || !signatures.split(' ').take(SIGNATURES_MAX).any(holds) {
            return Err(Refused::Forged);
        }
        let at: i64 = at.parse().map_err(|_| Refused::Stale)?;
        if at.abs_diff(sent.now.secs()) > TOLERANCE_SECS {
            return Err(Refused::Stale);
        }
        Ok(id.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the Standard Webhooks scheme as this project's own deliveries use it (`wire-api` §7.3).
    const ID: &str = "msg_2mXq7Zt0aB3cD4eF5gH6iJ7kL8m";
    const AT: &str = "1795169731";
    const SIGNATURE: &str = "v1,VpAHEKK1L76t7093lTN6bXAZ+PIBGIfzdg+kMxfrl0Y=";
    const BODY: &str = r#"{"Event":"order.completed","TimeStamp":"2026-11-20T10:15:30.123456Z","EventData":null,"ExternalOrderId":"INV-1001","OrderId":"3f2b8c1e-5a64-4d0e-8b1f-2c7d6e5a4b3c","ConfirmationId":"22ACD1D8","IsTestMode":true,"IsResent":false}"#;

    fn check(headers: &[(&'static str, &str)], body: &str, offset_secs: i64) -> Result<String, Refused> {
        let key: Vec<u8> = (0..64).collect();
        let secret = Secret::parse(&format!("whsec_{}", STANDARD.encode(key))).unwrap();
        let headers = headers.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect();
        let now = Timestamp::from_secs(AT.parse::<i64>().unwrap() + offset_secs);
        secret.check(&Sent { headers: &headers, body: body.as_bytes(), now })
    }

    #[test]
    fn only_what_was_signed_lately_with_the_secret_is_taken() {
        let of = |id, at, signature| [("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", signature)];
        let sound = of(ID, AT, SIGNATURE);
        assert_eq!(check(&sound, BODY, 0), Ok(ID.to_owned()));
        assert_eq!(check(&sound, BODY, 300), Ok(ID.to_owned()));
        assert_eq!(check(&sound, BODY, -300), Ok(ID.to_owned()));
        assert_eq!(check(&sound, BODY, 301), Err(Refused::Stale));
        assert_eq!(check(&sound, BODY, -301), Err(Refused::Stale));
        let two = format!("v1,AAAA {SIGNATURE}");
        assert_eq!(check(&of(ID, AT, &two), BODY, 0), Ok(ID.to_owned()));
        for forged in [
            of("msg_other", AT, SIGNATURE),
            of(ID, "1795169732", SIGNATURE),
            of(ID, AT, "v1,AAAA"),
            of(ID, AT, "v2,VpAHEKK1L76t7093lTN6bXAZ+PIBGIfzdg+kMxfrl0Y="),
            of(ID, AT, ""),
            of("", AT, SIGNATURE),
        ] {
            assert_eq!(check(&forged, BODY, 0), Err(Refused::Forged), "{forged:?}");
        }
        assert_eq!(check(&sound, &BODY.replace("INV", "inv"), 0), Err(Refused::Forged));
        assert_eq!(check(&sound[..2], BODY, 0), Err(Refused::Forged));
    }

    #[test]
    fn secrets_are_read_and_never_printed() {
        let text = STANDARD.encode([7u8; 32]);
        assert_eq!(format!("{:?}", Secret::parse(&text).unwrap()), "Secret(…)");
        for unusable in ["", "whsec_", "not base64!", &STANDARD.encode([7u8; 23]), &STANDARD.encode([7u8; 65])] {
            assert!(Secret::parse(unusable).is_none(), "{unusable}");
        }
    }
}
