//! `GET /v1/routes`.

use axum::extract::State;

use super::request::place;
use crate::{
    extract::{Caller, Conditions, Query},
    failure::Failure,
    render::{Reply, processor::lines},
    state::AppState,
};

/// Answers the table in the order in which it is asked.
pub async fn get(
    State(state): State<AppState>,
    query: Query,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let (mid, environment) = place(&query)?;
    let table = state.engine().read_table(&principal, mid, environment).await?;
    conditions.read(table.version(), Reply::ok(&lines(&table.routes)))
}
