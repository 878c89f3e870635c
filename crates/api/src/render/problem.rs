//! Error bodies: the validation map, the envelope, or RFC 9457.

use std::borrow::Cow;

use domain::fault::Faults;
use http::StatusCode;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value;

use super::{Envelope, Properties, Reply, Tuple};
use crate::failure::{Coded, Failure};

/// What a body needs to know of the request.
pub struct Asked<'a> {
    /// `00-…-…-01`.
    pub trace: &'a str,
    /// `Accept` names `application/problem+json`.
    pub as_problem: bool,
    /// The path.
    pub path: &'a str,
}

/// The body of a failure.
pub fn render(failure: &Failure, asked: &Asked<'_>) -> Reply {
    match failure {
        Failure::Shaped(reply) => (**reply).clone(),
        // Such answers never come here: they are no failures.
        Failure::Answered(_) => Reply::empty(StatusCode::OK),
        Failure::Invalid(faults) if asked.as_problem => problem(&invalid_problem(faults, asked)),
        Failure::Invalid(faults) => Reply::json(StatusCode::BAD_REQUEST, &Map { faults, trace: Some(asked.trace) }),
        Failure::Coded(coded) if asked.as_problem => problem(&coded_problem(coded, asked)),
        Failure::Coded(coded) => envelope(coded),
    }
}

/// A failure whose body has a shape of its own, as a problem: what the envelope would say stands in the problem's own
/// members, the rest beside them (RFC 9457 §3.2).
pub fn reshaped(status: StatusCode, body: &[u8], asked: &Asked<'_>) -> Reply {
    const ENVELOPE: [&str; 6] = ["success", "result", "status", "statusCode", "errors", "customProperties"];
    let mut own: serde_json::Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| own.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let code = text("statusCode").unwrap_or_else(|| (status.as_u16() * 100).to_string());
    let title = status.canonical_reason().unwrap_or("Error");
    let detail = text("result").or_else(|| text("error_description")).unwrap_or_else(|| title.to_owned());
    own.retain(|name, value| !ENVELOPE.contains(&name.as_str()) && !value.is_null());
    let members = [
        ("type", Value::from(format!("urn:recoup:problem:{code}"))),
        ("title", title.into()),
        ("status", status.as_u16().into()),
        ("detail", detail.into()),
        ("instance", asked.path.into()),
        ("traceId", asked.trace.into()),
        ("code", code.into()),
    ];
    own.extend(members.map(|(name, value)| (name.to_owned(), value)));
    Reply::json(status, &own).content_type("application/problem+json")
}

/// The flat map of §1.6; path to list of messages.
pub struct Map<'a> {
    /// Paths and messages.
    pub faults: &'a Faults,
    /// `TraceId`, unless it is left out.
    pub trace: Option<&'a str>,
}

impl JsonSchema for Map<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Faults".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1}
        })
    }
}

impl Serialize for Map<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(trace) = self.trace {
            map.serialize_entry("TraceId", &[trace])?;
        }
        self.faults.iter().try_for_each(|(path, message)| map.serialize_entry(path, &[message]))?;
        map.end()
    }
}

fn envelope(coded: &Coded) -> Reply {
    let code = coded.code.to_string();
    let errors = if coded.code / 100 == 401 { vec![] } else { vec![Tuple::new(&coded.message, &code)] };
    let order = coded.order.map(|order| order.to_string());
    Reply::json(
        coded.status(),
        &Envelope::<&str> {
            success: false,
            result: Some(&coded.message),
            status: None,
            status_code: Some(&code),
            errors,
            custom_properties: Properties::new().with_some("orderSessionKey", order),
        },
    )
}

/// RFC 9457.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
#[serde(rename_all = "camelCase")]
pub struct Problem<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: Cow<'a, str>,
    instance: &'a str,
    trace_id: &'a str,
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Map<'a>>,
}

fn problem(problem: &Problem<'_>) -> Reply {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Reply::json(status, problem).content_type("application/problem+json")
}

fn coded_problem<'a>(coded: &'a Coded, asked: &Asked<'a>) -> Problem<'a> {
    Problem {
        r#type: format!("urn:recoup:problem:{}", coded.code),
        title: coded.status().canonical_reason().unwrap_or("Error"),
        status: coded.status().as_u16(),
        detail: Cow::Borrowed(&coded.message),
        instance: asked.path,
        trace_id: asked.trace,
        code: coded.code.to_string(),
        errors: None,
    }
}

fn invalid_problem<'a>(faults: &'a Faults, asked: &Asked<'a>) -> Problem<'a> {
    Problem {
        r#type: "urn:recoup:problem:validation".to_owned(),
        title: "Bad Request",
        status: 400,
        detail: Cow::Borrowed("One or more validation errors occurred."),
        instance: asked.path,
        trace_id: asked.trace,
        code: "40000".to_owned(),
        errors: Some(Map { faults, trace: None }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "00-64a5cf4418de4c1f9a3b7d2e5f608192-631875e9a0b1c2d3-01";

    fn body(failure: &Failure, as_problem: bool) -> String {
        let asked = Asked { trace: TRACE, as_problem, path: "/v1/evaluate" };
        String::from_utf8(render(failure, &asked).body().to_vec()).unwrap()
    }

    fn faults() -> Failure {
        let mut faults = Faults::new();
        faults.add("OrderId", "Merchant's orderId is required");
        faults.required("Transaction.Id");
        faults.into()
    }

    #[test]
    fn validation_is_a_flat_map() {
        assert_eq!(
            body(&faults(), false),
            format!(
                "{{\"TraceId\":[\"{TRACE}\"],\"OrderId\":[\"Merchant's orderId is required\"],\
                 \"Transaction.Id\":[\"The Id field is required.\"]}}"
            )
        );
        assert_eq!(
            body(&faults(), true),
            format!(
                "{{\"type\":\"urn:recoup:problem:validation\",\"title\":\"Bad Request\",\"status\":400,\
                 \"detail\":\"One or more validation errors occurred.\",\"instance\":\"/v1/evaluate\",\"traceId\":\"{TRACE}\",\
                 \"code\":\"40000\",\"errors\":{{\"OrderId\":[\"Merchant's orderId is required\"],\
                 \"Transaction.Id\":[\"The Id field is required.\"]}}}}"
            )
        );
    }

    #[test]
    fn other_errors_are_envelopes() {
        let reused = Failure::coded(40901, "Reused.");
        assert_eq!(
            body(&reused, false),
            "{\"success\":false,\"result\":\"Reused.\",\"status\":null,\"statusCode\":\"40901\",\
             \"errors\":[{\"item1\":\"Reused.\",\"item2\":\"40901\",\"item3\":\"40901\",\"item4\":true}],\"customProperties\":{}}"
        );
        assert_eq!(
            body(&reused, true),
            format!(
                "{{\"type\":\"urn:recoup:problem:40901\",\"title\":\"Conflict\",\"status\":409,\"detail\":\"Reused.\",\
                 \"instance\":\"/v1/evaluate\",\"traceId\":\"{TRACE}\",\"code\":\"40901\"}}"
            )
        );
        assert_eq!(
            body(&Failure::coded(40102, "Expired."), false),
            "{\"success\":false,\"result\":\"Expired.\",\"status\":null,\"statusCode\":\"40102\",\"errors\":[],\"customProperties\":{}}"
        );
    }
}
