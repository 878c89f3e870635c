//! `POST /v1/blocklist`.

use axum::extract::State;
use domain::{
    block::Kind,
    bounds::{ID_CHARS_MAX, TEXT_CHARS_MAX},
    fault::Faults,
    id::Mid,
};
use engine::BlockDraft;
use http::StatusCode;

use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Node, Reader},
    read,
    render::{Reply, block::Body},
    state::AppState,
};

/// Reads, adds; 201 for a new entry, 200 for one that was there.
pub async fn create(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (mid, draft, faults) = read(&json::parse(&call.body)?);
    let added = state.engine().add_block(&call.principal, mid, draft, faults).await?;
    let status = if added.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(Reply::json(status, &Body::from(&added.block)))
}

fn read(node: &Node<'_>) -> (Option<Mid>, Option<BlockDraft>, Faults) {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let mid = read::mid(&mut reader);
    let kind = reader.required_parsed("kind", Kind::parse);
    let value = reader.required_text("value", ID_CHARS_MAX);
    let reason = reader.text("reason", TEXT_CHARS_MAX);
    let expires_at = read::instant(&mut reader, "expiresOn");
    let draft = kind.zip(value).map(|(kind, value)| BlockDraft { kind, value, reason, expires_at });
    (mid, draft, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_read_and_faults_named() {
        let (_, draft, faults) =
            read(&json::parse(br#"{"Kind":"PAYMENTINSTRUMENT","value":7,"expiresOn":"2026-12-01"}"#).unwrap());
        let draft = draft.unwrap();
        assert_eq!((draft.kind, draft.value.as_str(), draft.reason), (Kind::PaymentInstrument, "7", None));
        assert!(draft.expires_at.is_some() && faults.is_empty());
        let (_, draft, faults) = read(&json::parse(br#"{"mid":"1","kind":"card","expiresOn":"never"}"#).unwrap());
        let paths: Vec<_> = faults.iter().map(|(path, _)| path.to_owned()).collect();
        assert!(draft.is_none());
        assert_eq!(paths, ["ExpiresOn", "Kind", "Mid", "Value"]);
    }
}
