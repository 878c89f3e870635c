//! `POST /v1/webhooks/{id}/replay`: the events of a period once more.

use axum::extract::{Path, State};
use domain::{fault::Faults, intake::When, time::Timestamp};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use super::request::patterns;
use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Node, Reader},
    render::Reply,
    state::AppState,
};

/// How many were queued.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReplayReply")]
pub struct Body {
    /// Deliveries.
    queued: usize,
}

/// Reads, queues, answers 202.
pub async fn replay(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let (from, to, types) = period(&json::parse(&call.body)?)?;
    let queued = state.engine().replay_webhook(&call.principal, id, from, to, &types).await?;
    Ok(Reply::json(StatusCode::ACCEPTED, &Body { queued }))
}

/// `from` must be there; without `to` everything since then is meant, also what a test clock that ran ahead has told.
fn period(node: &Node<'_>) -> Result<(Timestamp, Timestamp, Vec<String>), Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let from = match reader.when("from") {
        When::At(at) => Some(at),
        When::Absent => {
            reader.required("from");
            None
        }
        When::Unreadable => {
            reader.invalid("from");
            None
        }
    };
    let to = match reader.when("to") {
        When::At(at) => at,
        When::Absent => Timestamp::FAR_FUTURE,
        When::Unreadable => {
            reader.invalid("to");
            Timestamp::FAR_FUTURE
        }
    };
    let types = patterns(&mut reader, "events").unwrap_or_default();
    match from {
        Some(from) if faults.is_empty() => Ok((from, to, types)),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_somewhere_and_end_when_told_or_never() {
        let reading = |text: &str| period(&json::parse(text.as_bytes()).unwrap());
        let (from, to, types) = reading(r#"{"from":"2026-11-01T00:00:00Z","events":["order.*"]}"#).unwrap();
        assert!(from < to && to == Timestamp::FAR_FUTURE && types == ["order.*"]);
        for (body, path) in [("{}", "From"), (r#"{"from":"x"}"#, "From"), (r#"{"from":"2026-11-01","to":""}"#, "To")] {
            assert!(reading(body).unwrap_err().has(path), "{body}");
        }
    }
}
