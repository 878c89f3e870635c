//! `GET /v1/processors/kinds`.

use crate::{
    extract::Caller,
    failure::Failure,
    render::{Reply, processor},
};

/// Answers the connectors.
pub async fn kinds(Caller(principal): Caller) -> Result<Reply, Failure> {
    principal.require_read("processors")?;
    Ok(Reply::ok(&processor::kinds()))
}
