//! `POST /v1/outcome` (deprecated, still served): the status of an order.

use axum::extract::State;
use domain::{bounds::ID_CHARS_MAX, fault::Faults, id::OrderId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::{
    extract::Call,
    failure::Failure,
    json::{
        self, Reader,
        shape::{object, text},
    },
    operation::{Budget, Operation, Tag, schema},
    render::{Envelope, Properties, Reply},
    state::AppState,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/outcome", post)
            .id("readOutcome")
            .tag(Tag::Orders)
            .scope("orders:read")
            .budget(Budget::Read)
            .deprecated()
            .summary("Read the status of an order")
            .about("An unknown order is no error: `success` is `false` and `status` is `NOTFOUND`. New clients read the order.")
            .body(
                object("OutcomeRequest", "Which order.")
                    .required("orderSessionKey", text(ID_CHARS_MAX).about("Recoup's order id")),
            )
            .runnable("unknown", "An order that is not there", json!({"orderSessionKey": "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c"}))
            .answers(200, schema::<Body<'static>>()),
    ]
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OutcomeReply")]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    confirmation_id: Option<&'a str>,
    #[serde(flatten)]
    envelope: Envelope<'a>,
}

/// Reads, looks it up, answers; an unknown order is no error here.
pub async fn post(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let mut faults = Faults::new();
    let key = {
        let node = json::parse(&call.body)?;
        Reader::new(&node, &mut faults).required_text("orderSessionKey", ID_CHARS_MAX)
    };
    let Some(key) = key else { return Err(faults.into()) };
    let order = match OrderId::parse(&key) {
        Some(id) => state.engine().outcome(&call.principal, id).await?,
        None => None,
    };
    let known = order.as_ref().map(|order| (order.confirmation.as_str(), order.state.code().outcome()));
    Ok(Reply::ok(&body(known)))
}

fn body<'a>(known: Option<(&'a str, &'static str)>) -> Body<'a> {
    match known {
        Some((confirmation, status)) => Body { confirmation_id: Some(confirmation), envelope: Envelope::success(Some(status)) },
        None => Body {
            confirmation_id: None,
            envelope: Envelope {
                success: false,
                result: None,
                status: Some("NOTFOUND"),
                status_code: None,
                errors: vec![],
                custom_properties: Properties::new(),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_and_unknown() {
        assert_eq!(
            serde_json::to_string(&body(Some(("22ACD1D8", "APPROVED")))).unwrap(),
            "{\"confirmationId\":\"22ACD1D8\",\"success\":true,\"result\":\"Success\",\"status\":\"APPROVED\",\"statusCode\":null,\
             \"errors\":[],\"customProperties\":{}}"
        );
        assert!(
            serde_json::to_string(&body(None))
                .unwrap()
                .starts_with("{\"confirmationId\":null,\"success\":false,\"result\":null,\"status\":\"NOTFOUND\"")
        );
    }
}
