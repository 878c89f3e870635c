//! What came back, read.

use std::{collections::BTreeMap, time::Duration};

use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Response, StatusCode,
    header::{DATE, HeaderMap, HeaderName, RETRY_AFTER},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Error, Faults, Refusal};

/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A whole answer.
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads a response to its end.
    pub async fn of(mut response: Response) -> Result<Self, String> {
        let (status, headers, mut body) = (response.status(), response.headers().clone(), Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(told)? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err("the answer is too long".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self { status, headers, body })
    }

    /// The body as what a success holds.
    pub fn read<T: DeserializeOwned>(&self, call: &str) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| Error::Unexpected {
            call: call.to_owned(),
            reason: format!("HTTP {}: {error}", self.status.as_u16()),
        })
    }

    /// The body as what a failure holds.
    pub fn failure(&self, call: &str) -> Error {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let call = call.to_owned();
        match self.faults(&body) {
            Some(faults) => Error::Invalid { call, faults },
            None => Error::Refused { call, refusal: self.refusal(&body) },
        }
    }

    /// The server's time of the answer.
    pub fn date(&self) -> Option<Timestamp> {
        rfc2822::parse(self.header(&DATE)?).ok().map(|at| at.timestamp())
    }

    /// A flat map from path to messages, with its trace id among them.
    fn faults(&self, body: &Value) -> Option<Faults> {
        let map = body.as_object().filter(|map| self.status == StatusCode::BAD_REQUEST && map.contains_key("TraceId"))?;
        let mut messages: BTreeMap<String, Vec<String>> =
            map.iter().filter_map(|(path, said)| Some((path.clone(), texts(said)?))).collect();
        let trace = messages.remove("TraceId").and_then(|trace| trace.into_iter().next());
        Some(Faults { messages, trace })
    }

    fn refusal(&self, body: &Value) -> Refusal {
        let status = u32::from(self.status.as_u16());
        let five = |text: &str| text.parse().ok().filter(|code| (10_000..60_000).contains(code));
        let phrase = || self.status.canonical_reason().unwrap_or("refused").to_owned();
        Refusal {
            code: body["statusCode"].as_str().and_then(five).unwrap_or(status * 100),
            message: body["result"].as_str().map_or_else(phrase, str::to_owned),
            retry_after: self.header(&RETRY_AFTER).and_then(|text| text.trim().parse().ok()).map(Duration::from_secs),
            order_session_key: body["customProperties"]["orderSessionKey"].as_str().map(str::to_owned),
            trace: self.header(&HeaderName::from_static("x-trace-id")).map(str::to_owned),
        }
    }

    fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// An error of the connection with its causes, without the address, which may hold a key.
pub fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn texts(said: &Value) -> Option<Vec<String>> {
    said.as_array().map(|all| all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, headers: &[(&'static str, &'static str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect();
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.into() }
    }

    #[test]
    fn a_validation_map_keeps_its_paths() {
        let body = r#"{"TraceId":["00-a-b-01"],"OrderId":["Merchant's orderId is required"],"Transaction.Id":["The Id field is required."]}"#;
        let Error::Invalid { faults, .. } = answer(400, body, &[]).failure("POST /v1/evaluate") else { panic!("no map") };
        assert_eq!(faults.messages.keys().collect::<Vec<_>>(), ["OrderId", "Transaction.Id"]);
        assert_eq!(faults.trace.as_deref(), Some("00-a-b-01"));
    }

    #[test]
    fn a_refusal_keeps_its_digits() {
        let body = r#"{"success":false,"result":"Refund it instead","status":null,"statusCode":"40903","errors":[],"customProperties":{"orderSessionKey":"o-1"}}"#;
        let Error::Refused { refusal, .. } = answer(409, body, &[("retry-after", "2"), ("x-trace-id", "t")]).failure("") else {
            panic!()
        };
        assert_eq!((refusal.code, refusal.status(), refusal.message.as_str()), (40903, 409, "Refund it instead"));
        assert_eq!(refusal.retry_after, Some(Duration::from_secs(2)));
        assert_eq!((refusal.order_session_key.as_deref(), refusal.trace.as_deref()), (Some("o-1"), Some("t")));
    }

    #[test]
    fn a_stranger_in_between_is_a_refusal_too() {
        for body in ["<html>Bad gateway</html>", "", "[1]", r#"{"statusCode":"7"}"#] {
            assert_eq!(answer(502, body, &[]).failure("").code(), Some(50200), "{body}");
        }
    }

    #[test]
    fn the_servers_time_is_read() {
        let date = answer(200, "", &[("date", "Fri, 20 Nov 2026 10:15:31 GMT")]).date().unwrap();
        assert_eq!(date.to_string(), "2026-11-20T10:15:31Z");
        assert!(answer(200, "", &[("date", "soon")]).date().is_none());
    }
}
