//! One call: send once, read a bounded answer. Nothing here is ever sent a second time.

use reqwest::{Response, StatusCode, header::RETRY_AFTER};
use serde::{Serialize, de::DeserializeOwned};

use super::{Client, read::Refusal};
use crate::trace;

/// An answer's body; longer ones are broken.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

impl Client {
    pub(super) async fn post<A: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<A, Refusal> {
        let sent = self.client.post(self.url(path)).header(trace::HEADER, trace::parent()).json(body).send().await;
        answer(sent.map_err(|error| unsent_or_unknown(&error))?).await
    }

    pub(super) async fn get<A: DeserializeOwned>(&self, path: &str) -> Result<A, Refusal> {
        let sent = self.client.get(self.url(path)).header(trace::HEADER, trace::parent()).send().await;
        answer(sent.map_err(|error| unsent_or_unknown(&error))?).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.settings.base_url)
    }
}

async fn answer<A: DeserializeOwned>(response: Response) -> Result<A, Refusal> {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap_or_default().to_owned());
    let body = bounded_body(response).await;
    if status != StatusCode::OK {
        return Err(Refusal::Status { status: status.as_u16(), retry_after, error: body.ok().and_then(|body| said(&body)) });
    }
    let body = body?;
    serde_json::from_slice(&body)
        .map_err(|error| Refusal::Broken(format!("unreadable answer, line {} column {}", error.line(), error.column())))
}

async fn bounded_body(mut response: Response) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Refusal::Broken(kind_of(&error).to_owned()))? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Refusal::Broken(format!("answer longer than {ANSWER_BYTES_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Before a connection stands, nothing has left; afterwards everything may have.
fn unsent_or_unknown(error: &reqwest::Error) -> Refusal {
    if error.is_connect() || error.is_builder() {
        Refusal::Unsent(kind_of(error).to_owned())
    } else {
        Refusal::Broken(kind_of(error).to_owned())
    }
}

/// Says what happened without the URL or anything of the request.
fn kind_of(error: &reqwest::Error) -> &'static str {
    match error {
        _ if error.is_connect() => "cannot connect",
        _ if error.is_builder() => "request cannot be built",
        _ if error.is_timeout() => "no answer in time",
        _ if error.is_body() || error.is_decode() => "answer cut short",
        _ => "connection lost",
    }
}

fn said(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some(body.get("error")?.as_str()?.to_owned())
}
