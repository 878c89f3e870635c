//! `POST /v1/webhooks/{id}/rotate-key`: a new key, the old one beside it for a while.

use axum::extract::{Path, State};
use domain::fault::Faults;

use crate::{
    extract::{Call, Conditions},
    failure::Failure,
    json::{self, Reader},
    render::{Reply, webhook::with_key},
    state::AppState,
};

/// Overlap of the two keys when none is named, hours.
const OVERLAP_HOURS_DEFAULT: u32 = 24;

/// Reads, rotates, answers the object with its new key.
pub async fn rotate_key(
    State(state): State<AppState>,
    Path(id): Path<String>,
    conditions: Conditions,
    call: Call,
) -> Result<Reply, Failure> {
    let id = super::id(&id)?;
    let hours = overlap_hours(&call.body)?;
    let rotated = state.engine().rotate_webhook_key(&call.principal, id, hours, conditions.write()).await?;
    Ok(Reply::ok(&with_key(&rotated.endpoint, &rotated.key)).etag(rotated.endpoint.version))
}

fn overlap_hours(body: &[u8]) -> Result<u32, Failure> {
    let node = json::parse(body)?;
    let mut faults = Faults::new();
    let mut reader = Reader::new(&node, &mut faults);
    let hours = reader.integer("overlapHours").unwrap_or(OVERLAP_HOURS_DEFAULT.into());
    let hours = u32::try_from(hours).map_err(|_| reader.invalid("overlapHours")).unwrap_or_default();
    if faults.is_empty() { Ok(hours) } else { Err(faults.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_default_to_a_day() {
        for (body, hours) in [
            ("", Some(24)),
            ("{\"overlapHours\":\"2\"}", Some(2)),
            ("{\"overlapHours\":-1}", None),
            ("{\"overlapHours\":1.5}", None),
        ] {
            assert_eq!(overlap_hours(body.as_bytes()).ok(), hours, "{body}");
        }
    }
}
