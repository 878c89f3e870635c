//! `/capture` (`wire-api` §6.4); business failures are HTTP 200. `status` stands first, as existing clients know it,
//! so the envelope is spelled out.

use domain::id::{AttemptId, OrderId};
use engine::CaptureReply;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Properties, Tuple};

/// The whole reply.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CaptureReply")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    status: &'static str,
    capture_status: &'static str,
    order_id: OrderId,
    transaction_id: Option<AttemptId>,
    response_message: Option<&'a str>,
    success: bool,
    result: Option<&'a str>,
    status_code: Option<&'static str>,
    errors: Vec<Tuple<'a>>,
    custom_properties: Properties<'a>,
}

/// The reply for a capture.
pub fn body(reply: &CaptureReply) -> Body<'_> {
    let code = reply.refusal.map(engine::CaptureRefusal::as_str);
    let message = reply.message.as_deref().or(code);
    let status = if code.is_none() { "SUCCESS" } else { "FAILED" };
    Body {
        status,
        capture_status: status,
        order_id: reply.order,
        transaction_id: reply.transaction,
        response_message: if code.is_some() { message } else { None },
        success: code.is_none(),
        result: if code.is_none() { Some("Success") } else { message },
        status_code: code,
        errors: code.map(|code| Tuple::new(message.unwrap_or(code), code)).into_iter().collect(),
        custom_properties: Properties::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_and_refused() {
        let order = OrderId::from_bytes([0x11; 16]);
        let id = "11111111-1111-1111-1111-111111111111";
        let done = CaptureReply { order, transaction: None, refusal: None, message: None, replayed: false };
        assert_eq!(
            serde_json::to_string(&body(&done)).unwrap(),
            format!(
                "{{\"status\":\"SUCCESS\",\"captureStatus\":\"SUCCESS\",\"orderId\":\"{id}\",\"transactionId\":null,\
                 \"responseMessage\":null,\"success\":true,\"result\":\"Success\",\"statusCode\":null,\"errors\":[],\
                 \"customProperties\":{{}}}}"
            )
        );
        let refused =
            CaptureReply { refusal: Some(engine::CaptureRefusal::AmountMismatch), message: Some("Full only.".into()), ..done };
        assert_eq!(
            serde_json::to_string(&body(&refused)).unwrap(),
            format!(
                "{{\"status\":\"FAILED\",\"captureStatus\":\"FAILED\",\"orderId\":\"{id}\",\"transactionId\":null,\
                 \"responseMessage\":\"Full only.\",\"success\":false,\"result\":\"Full only.\",\"statusCode\":\"AMOUNT_MISMATCH\",\
                 \"errors\":[{{\"item1\":\"Full only.\",\"item2\":\"AMOUNT_MISMATCH\",\"item3\":\"AMOUNT_MISMATCH\",\"item4\":true}}],\
                 \"customProperties\":{{}}}}"
            )
        );
    }
}
