//! `POST /v1/webhooks/{id}/test`: a sample event, and what came back.

use axum::extract::{Path, State};
use domain::{event::Kind, fault::Faults};

use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Reader},
    render::{self, Reply},
    state::AppState,
};

/// Reads, sends, answers the delivery.
pub async fn test(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let kind = kind(&call.body)?;
    let delivery = state.engine().test_webhook(&call.principal, id, kind).await?;
    Ok(Reply::ok(&render::webhook::delivery(&delivery)))
}

fn kind(body: &[u8]) -> Result<Kind, Failure> {
    let node = json::parse(body)?;
    let mut faults = Faults::new();
    let kind = Reader::new(&node, &mut faults).parsed("event", Kind::parse).unwrap_or(Kind::OrderCompleted);
    if faults.is_empty() { Ok(kind) } else { Err(faults.into()) }
}
