//! `GET`, `PATCH /v1/merchants/{mid}/settings`.

use axum::extract::{Path, State};
use domain::fault::Faults;

use crate::{
    extract::{Call, Caller, Conditions},
    failure::Failure,
    json::{self, Reader},
    read,
    render::{Reply, merchant::Settings},
    state::AppState,
};

/// Shows them.
pub async fn get(
    State(state): State<AppState>,
    Path(mid): Path<String>,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let merchant = state.engine().settings_of(&principal, super::mid(&mid)?).await?;
    conditions.read(merchant.version, Reply::ok(&Settings::from(&merchant.settings)))
}

/// Changes them; answers them all.
pub async fn patch(
    State(state): State<AppState>,
    Path(mid): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let mid = super::mid(&mid)?;
    let node = json::parse(&call.body)?;
    let mut faults = Faults::new();
    let draft = read::settings(&mut Reader::new(&node, &mut faults));
    let merchant = state.engine().amend_settings(&call.principal, mid, draft, faults, conditions.write()).await?;
    Ok(Reply::ok(&Settings::from(&merchant.settings)).etag(merchant.version))
}
