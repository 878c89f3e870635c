//! Trace ids: the caller's own (W3C Trace Context), else a new one.

use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;

/// Makes ids that are unique and not guessable from outside, without locking.
pub struct TraceIds {
    seed: [u64; 2],
    counter: AtomicU64,
}

impl TraceIds {
    /// From a random seed.
    pub const fn new(seed: u128) -> Self {
        Self { seed: [(seed >> 64) as u64, seed as u64], counter: AtomicU64::new(0) }
    }

    /// Sixteen bytes, never twice from one source.
    pub fn next(&self) -> [u8; 16] {
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let high = mix(self.seed[0].wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let low = mix(self.seed[1] ^ mix(high ^ count));
        (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// `00-{32 hex}-{16 hex}-01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    id: [u8; 16],
    text: String,
}

impl Trace {
    /// The caller's trace with a span of our own, or a new trace.
    pub fn of(headers: &HeaderMap, ids: &TraceIds) -> Self {
        let fresh = ids.next();
        let known = headers.get("traceparent").and_then(|value| parent(value.as_bytes()));
        let id = known.unwrap_or_else(|| ids.next());
        Self { id, text: format!("00-{}-{}-01", hex(&id), hex(&fresh[..8])) }
    }

    /// The id of the trace, for what goes out because of this request.
    pub const fn id(&self) -> [u8; 16] {
        self.id
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The trace id of a `traceparent` header (W3C Trace Context, §3.2): lower-case hexadecimal and not all zero.
fn parent(value: &[u8]) -> Option<[u8; 16]> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let later = parts.next().is_some();
    let lower = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let filled = |part: &str| part.bytes().any(|b| b != b'0');
    let sound = lower(version, 2) && version != "ff" && (version != "00" || !later);
    let sound = sound && lower(trace, 32) && filled(trace) && lower(span, 16) && filled(span) && lower(flags, 2);
    if sound { u128::from_str_radix(trace, 16).ok().map(u128::to_be_bytes) } else { None }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(traceparent: &str) -> String {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(traceparent) {
            headers.insert("traceparent", value);
        }
        Trace::of(&headers, &TraceIds::new(7)).text
    }

    #[test]
    fn a_sound_parent_is_taken_over_and_others_are_not() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (header, kept) in [
            (format!("00-{trace}-00f067aa0ba902b7-01"), true),
            (format!("cc-{trace}-00f067aa0ba902b7-01-what"), true),
            (format!("00-{trace}-00f067aa0ba902b7-01-what"), false),
            (format!("ff-{trace}-00f067aa0ba902b7-01"), false),
            (format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()), false),
            (format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)), false),
            (format!("00-{trace}-{}-01", "0".repeat(16)), false),
            (String::new(), false),
            ("nonsense".into(), false),
        ] {
            let out = with(&header);
            assert_eq!(out.contains(trace), kept, "{header}");
            assert_eq!((out.len(), &out[..3], &out[52..]), (55, "00-", "-01"), "{out}");
            assert!(!out.contains("00f067aa0ba902b7"));
        }
    }

    #[test]
    fn ids_do_not_repeat() {
        let ids = TraceIds::new(1);
        let seen: std::collections::HashSet<_> = (0..10_000).map(|_| ids.next()).collect();
        assert_eq!(seen.len(), 10_000);
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_it_panic(text in "\\PC{0,80}") {
            let _ = parent(text.as_bytes());
        }
    }
}
