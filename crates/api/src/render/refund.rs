//! `/orders/{id}/refund` (`wire-api` §6.6); business failures are HTTP 200.

use domain::id::RefundId;
use engine::RefundReply;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Envelope, Properties, Tuple};

/// `responseCode` of a refund that was made.
const APPROVED: &str = "1000";

/// The whole reply.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RefundReply")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    response_code: &'a str,
    response_message: &'a str,
    transaction_id: Option<RefundId>,
    #[serde(flatten)]
    envelope: Envelope<'a>,
}

/// The reply for a refund.
pub fn body(reply: &RefundReply) -> Body<'_> {
    let success = reply.code == APPROVED;
    let failed = || Envelope {
        success: false,
        result: None,
        status: Some("FAILED"),
        status_code: None,
        errors: vec![Tuple::new(&reply.message, &reply.code)],
        custom_properties: Properties::new(),
    };
    Body {
        response_code: &reply.code,
        response_message: &reply.message,
        transaction_id: reply.refund,
        envelope: if success { Envelope::success(Some("SUCCESS")) } else { failed() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_contract() {
        let made = RefundReply {
            code: "1000".into(),
            message: "APPROVED".into(),
            refund: Some(RefundId::from_bytes([0x5d; 16])),
            replayed: false,
        };
        assert_eq!(
            serde_json::to_string(&body(&made)).unwrap(),
            "{\"responseCode\":\"1000\",\"responseMessage\":\"APPROVED\",\"transactionId\":\"5d5d5d5d-5d5d-5d5d-5d5d-5d5d5d5d5d5d\",\
             \"success\":true,\"result\":\"Success\",\"status\":\"SUCCESS\",\"statusCode\":null,\"errors\":[],\"customProperties\":{}}"
        );
        let text = "Amount to refund (1.00) is greater than maximum refund amount in (0.00))";
        let refused = RefundReply { code: "2001".into(), message: text.into(), refund: None, replayed: false };
        assert_eq!(
            serde_json::to_string(&body(&refused)).unwrap(),
            format!(
                "{{\"responseCode\":\"2001\",\"responseMessage\":\"{text}\",\"transactionId\":null,\"success\":false,\
                 \"result\":null,\"status\":\"FAILED\",\"statusCode\":null,\"errors\":[{{\"item1\":\"{text}\",\"item2\":\"2001\",\
                 \"item3\":\"2001\",\"item4\":true}}],\"customProperties\":{{}}}}"
            )
        );
    }
}
