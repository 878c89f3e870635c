//! `POST /v1/api-keys`: a new key; a secret's value is told only here.

use axum::extract::State;
use domain::{bounds::TEXT_CHARS_MAX, client::KeyKind, environment::Environment, fault::Faults, id::ClientId};
use engine::{Error, keys::NewKey};
use http::StatusCode;

use crate::{
    extract::OwnKey,
    failure::Failure,
    json::{self, Node, Reader},
    read,
    render::{Reply, key::Body},
    state::AppState,
    v1::webhooks::texts,
};

/// Reads, makes, answers 201; what is wrong is told in the key's own shape. No idempotency key keeps the answer: it
/// would keep the secret.
pub async fn create(State(state): State<AppState>, OwnKey(call): OwnKey) -> Result<Reply, Failure> {
    let (new, faults) = new_key(&json::parse(&call.body)?);
    match state.engine().create_key(&call.principal, new, faults).await {
        Ok(made) => Ok(Reply::json(StatusCode::CREATED, &Body::of(&made.seen, Some(&made.value)))),
        Err(Error::Invalid(faults)) => Err(Reply::json(StatusCode::BAD_REQUEST, &Body::refused(&faults)).into()),
        Err(other) => Err(other.into()),
    }
}

fn new_key(node: &Node<'_>) -> (NewKey, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let new = NewKey {
        mid: read::mid(&mut reader),
        name: reader.text("name", TEXT_CHARS_MAX),
        kind: reader.parsed("type", KeyKind::parse),
        scopes: texts(&mut reader, "scopes").unwrap_or_default(),
        environment: reader.parsed("environment", Environment::parse),
        client: reader.parsed("clientId", ClientId::parse),
        expires_at: read::instant(&mut reader, "expiresOn"),
    };
    (new, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read() {
        let (new, faults) =
            new_key(&json::parse(br#"{"Name":"a","type":"SECRET","scopes":["transmit",null," evaluate "]}"#).unwrap());
        assert!(faults.is_empty());
        assert_eq!((new.kind, new.scopes.join(",").as_str()), (Some(KeyKind::Secret), "transmit,evaluate"));
        for (body, path) in [
            (r#"{"type":"gold"}"#, "Type"),
            (r#"{"mid":"1"}"#, "Mid"),
            (r#"{"scopes":[{}]}"#, "Scopes"),
            (r#"{"expiresOn":"soon"}"#, "ExpiresOn"),
            (r#"{"clientId":"x"}"#, "ClientId"),
            (r#"{"environment":"moon"}"#, "Environment"),
        ] {
            assert!(new_key(&json::parse(body.as_bytes()).unwrap()).1.has(path), "{body}");
        }
    }
}
