//! Idempotency keys of calls whose use case keeps none itself: as a header, or as a member of the body, which wins.

use axum::http::request::Parts;
use domain::{fault::Faults, id::Mid};
use engine::{KeyOwner, Principal, Recalled};
use http::Method;

use super::Arrival;
use crate::{
    failure::Failure,
    json::{self, Reader},
    operation::Budget,
    read,
    state::AppState,
};

/// Looks for the key of a caller's request: one that was answered is answered again (as a failure, for the handler is
/// not to run), a new one is held until the edge has the answer.
pub async fn remember(parts: &Parts, state: &AppState, principal: &Principal, body: &[u8]) -> Result<(), Failure> {
    let Some(found) = Found::in_request(parts, body)? else { return Ok(()) };
    let owner = state.engine().key_owner(principal, found.mid).await?;
    found.recall(parts, state, &owner).await
}

/// The same for a tenant that may have no principal.
pub async fn remember_for(parts: &Parts, state: &AppState, owner: &KeyOwner, body: &[u8]) -> Result<(), Failure> {
    match Found::in_request(parts, body)? {
        Some(found) => found.recall(parts, state, owner).await,
        None => Ok(()),
    }
}

/// A key, and what it stands for.
struct Found {
    key: String,
    mid: Option<Mid>,
    canonical: Vec<u8>,
}

impl Found {
    fn in_request(parts: &Parts, body: &[u8]) -> Result<Option<Self>, Failure> {
        let writes = matches!(parts.method, Method::POST | Method::PUT | Method::PATCH);
        let reads = parts.extensions.get::<Budget>() == Some(&Budget::Read);
        let header = header(&parts.headers);
        if !writes || reads || (header.is_none() && !names_a_key(body)) {
            return Ok(None);
        }
        // A body that is no JSON (a form, a file) has its key in the header, and its bytes are its meaning.
        let Ok(node) = json::parse(body) else {
            return Ok(header.map(|key| Self { key, mid: None, canonical: body.to_vec() }));
        };
        let mut faults = Faults::new();
        let mut reader = Reader::new(&node, &mut faults);
        let key = read::optional_key(&mut reader, header.as_deref());
        if !faults.is_empty() {
            return Err(faults.into());
        }
        // An unreadable merchant is the handler's to name.
        let mid = read::mid(&mut Reader::new(&node, &mut Faults::new()));
        Ok(key.map(|key| Self { key, mid, canonical: json::canonical(&node) }))
    }

    async fn recall(self, parts: &Parts, state: &AppState, owner: &KeyOwner) -> Result<(), Failure> {
        let Some(arrival) = parts.extensions.get::<Arrival>() else { return Ok(()) };
        let endpoint = format!("{} {}", parts.method, parts.uri.path());
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let payload = state.engine().payload_hash(&[&self.canonical, &b"?"[..], query].concat());
        match state.engine().recall(owner, &endpoint, &self.key, payload).await? {
            Recalled::New(ticket) => {
                arrival.hold(ticket);
                Ok(())
            }
            Recalled::Answered(answer) => Err(Failure::Answered(Box::new(answer))),
        }
    }
}

/// The `Idempotency-Key` header; blank equals absent.
pub fn header(headers: &http::HeaderMap) -> Option<String> {
    let key = String::from_utf8(headers.get("idempotency-key")?.as_bytes().to_vec()).ok()?;
    (!key.trim().is_empty()).then_some(key)
}

/// Whether the word stands anywhere in a body: most bodies are not read twice.
fn names_a_key(body: &[u8]) -> bool {
    const WORD: &[u8] = b"idempotencykey";
    const K: usize = 11;
    memchr::memchr2_iter(b'k', b'K', body).any(|at| {
        let start = at.checked_sub(K);
        start.and_then(|start| body.get(start..start + WORD.len())).is_some_and(|word| word.eq_ignore_ascii_case(WORD))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_found_in_any_case() {
        for (body, found) in [
            (&br#"{"a":1,"IdempotencyKey":"x"}"#[..], true),
            (br#"{"idempotencykey":null}"#, true),
            (br#"{"kKkIDEMPOTENCYKEY":1}"#, true),
            (br#"{"idempotency":1,"key":2}"#, false),
            (b"key", false),
            (b"", false),
        ] {
            assert_eq!(names_a_key(body), found, "{}", String::from_utf8_lossy(body));
        }
    }
}
