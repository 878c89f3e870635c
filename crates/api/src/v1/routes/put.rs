//! `PUT /v1/routes`.

use axum::extract::State;

use super::request::{lines, place};
use crate::{
    extract::{Call, Conditions, Query},
    failure::Failure,
    json,
    render::{Reply, processor},
    state::AppState,
};

/// Reads, replaces the table, answers it as it is asked from now on.
pub async fn put(State(state): State<AppState>, query: Query, conditions: Conditions, call: Call) -> Result<Reply, Failure> {
    let place = place(&query)?;
    let (lines, faults) = lines(&json::parse(&call.body)?);
    let table = state.engine().replace_table(&call.principal, place, lines, faults, conditions.write()).await?;
    Ok(Reply::ok(&processor::lines(&table.routes)).etag(table.version()))
}
