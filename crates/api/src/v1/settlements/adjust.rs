//! `POST /v1/settlements/{id}/adjustments`: the operator corrects an open settlement.

use axum::extract::{Path, State};
use domain::{bounds::AMOUNT_MINOR_MAX, fault::Faults, settlement::NOTE_CHARS_MAX};
use http::StatusCode;

use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Reader},
    render::{Reply, settlement::Body},
    state::AppState,
};

/// Reads, books, answers the settlement.
pub async fn adjust(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let mut reader = Reader::new(&node, &mut faults);
    let minor = reader.integer("amount");
    match minor {
        None if !reader.faults().has("Amount") => reader.required("amount"),
        Some(minor) if minor == 0 || !(-AMOUNT_MINOR_MAX..=AMOUNT_MINOR_MAX).contains(&minor) => {
            reader.faults().add("Amount", "The field Amount must be an integer other than 0.");
        }
        _ => {}
    }
    let note = reader.required_text("note", NOTE_CHARS_MAX);
    let adjusted = state.engine().adjust_settlement(&call.principal, id, minor, note, faults).await?;
    Ok(Reply::json(StatusCode::CREATED, &Body::from(&adjusted)))
}
