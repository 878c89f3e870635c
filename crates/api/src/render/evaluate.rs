//! `/evaluate`: exactly nine members, in this order (`wire-api` §5.3).

use std::collections::BTreeMap;

use domain::id::OrderId;
use engine::evaluate::Verdict;
use schemars::JsonSchema;
use serde::Serialize;

use super::Tuple;

/// The whole reply.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EvaluateReply")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    order_session_key: OrderId,
    sense_key: Option<&'a str>,
    order_id: OrderId,
    success: bool,
    result: &'static str,
    status: &'static str,
    status_code: Option<&'static str>,
    errors: [Tuple<'a>; 0],
    custom_properties: &'a BTreeMap<String, String>,
}

/// The reply for a verdict.
pub fn body(verdict: &Verdict) -> Body<'_> {
    Body {
        order_session_key: verdict.order,
        sense_key: verdict.sense_key.as_deref(),
        order_id: verdict.order,
        success: true,
        result: "Success",
        status: verdict.status.as_str(),
        status_code: verdict.reason.map(domain::decline::Reason::as_str),
        errors: [],
        custom_properties: &verdict.properties,
    }
}

#[cfg(test)]
mod tests {
    use domain::decline::Reason;
    use engine::evaluate::Status;

    use super::*;

    #[test]
    fn nine_members_in_order() {
        let mut verdict = Verdict {
            order: OrderId::from_bytes([0xe9; 16]),
            sense_key: None,
            status: Status::Approved,
            reason: None,
            properties: BTreeMap::from([("channel".to_owned(), "mit".to_owned())]),
        };
        let id = "e9e9e9e9-e9e9-e9e9-e9e9-e9e9e9e9e9e9";
        assert_eq!(
            serde_json::to_string(&body(&verdict)).unwrap(),
            format!(
                "{{\"orderSessionKey\":\"{id}\",\"senseKey\":null,\"orderId\":\"{id}\",\"success\":true,\"result\":\"Success\",\
                 \"status\":\"APPROVED\",\"statusCode\":null,\"errors\":[],\"customProperties\":{{\"channel\":\"mit\"}}}}"
            )
        );
        verdict.status = Status::Declined;
        verdict.reason = Some(Reason::RetryLater);
        verdict.sense_key = Some("s".into());
        let text = serde_json::to_string(&body(&verdict)).unwrap();
        assert!(text.contains("\"senseKey\":\"s\"") && text.contains("\"status\":\"DECLINED\",\"statusCode\":\"RETRY_LATER\""));
    }
}
