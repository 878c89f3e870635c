//! `PATCH /v1/payouts/{id}`: the operator says what became of it.

use axum::extract::{Path, State};
use domain::{bounds::ID_CHARS_MAX, fault::Faults, id::PayoutId, payout};

use crate::{
    extract::Call,
    failure::Failure,
    json::{self, Reader},
    render::{Reply, settlement::Paid},
    state::AppState,
};

/// Reads, changes, answers it.
pub async fn patch(State(state): State<AppState>, Path(id): Path<String>, call: Call) -> Result<Reply, Failure> {
    let id = PayoutId::parse(&id).ok_or_else(Failure::not_found)?;
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let mut reader = Reader::new(&node, &mut faults);
    let status = reader.parsed("status", payout::State::parse);
    let reference = reader.text("bankReference", ID_CHARS_MAX);
    Ok(Reply::ok(&Paid::from(&state.engine().amend_payout(&call.principal, id, status, reference, faults).await?)))
}
