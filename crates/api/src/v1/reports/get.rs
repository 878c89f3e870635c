//! `GET /v1/reports/{name}`, as JSON or CSV.

use axum::extract::State;
use domain::report::Name;
use http::{HeaderMap, StatusCode};

use super::request::{Form, read};
use crate::{
    extract::{Caller, Query},
    failure::Failure,
    render::{Reply, report},
    state::AppState,
};

/// Reads the query, counts, answers.
pub async fn get(
    name: Name,
    State(state): State<AppState>,
    query: Query,
    headers: HeaderMap,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let asked = read(name, &query, &headers)?;
    let found = state.engine().report(&principal, asked.mid, asked.ask).await?;
    Ok(match asked.form {
        Form::Json => Reply::ok(&report::Body::of(&found)),
        Form::Csv => Reply::text(StatusCode::OK, report::csv(&found)).content_type("text/csv; charset=utf-8"),
    })
}
