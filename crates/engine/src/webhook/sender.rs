//! Sending one delivery.

use std::time::{Duration, Instant};

use domain::{time::Timestamp, webhook::Try};
use reqwest::redirect;

use super::{
    guard::{Guard, GuardedResolver},
    sign::Headers,
};
use crate::{Error, Options, Result};

/// Time to connect, seconds.
const CONNECT_SECS: u64 = 5;
/// Time for the whole exchange, seconds.
const TOTAL_SECS: u64 = 15;
/// What is kept of an answer's body, bytes.
const ANSWER_BYTES_MAX: usize = 2 * 1024;

/// The HTTP client of webhooks.
pub struct Sender {
    client: reqwest::Client,
    guard: Guard,
}

impl Sender {
    /// A client that follows no redirect and connects to lawful addresses only.
    pub fn new(options: &Options) -> Result<Self> {
        let guard = Guard::new(&options.webhook_allow_private)?;
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(CONNECT_SECS))
            .timeout(Duration::from_secs(TOTAL_SECS))
            .dns_resolver(GuardedResolver(guard.clone()))
            .user_agent(concat!("recoup/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Self { client, guard })
    }

    /// The rule of addresses.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Sends once and tells what came back.
    pub async fn send(&self, url: &str, headers: Headers, body: String, at: Timestamp) -> Try {
        let started = Instant::now();
        let mut request = self.client.post(url).header("content-type", "application/json").body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let outcome = request.send().await;
        let (status, answer, error) = match outcome {
            Ok(mut response) => {
                let status = response.status().as_u16();
                let mut kept = Vec::new();
                while let Ok(Some(chunk)) = response.chunk().await {
                    let room = ANSWER_BYTES_MAX.saturating_sub(kept.len());
                    kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if room <= chunk.len() {
                        break;
                    }
                }
                (Some(status), Some(String::from_utf8_lossy(&kept).into_owned()), None)
            }
            Err(error) => (None, None, Some(describe(&error))),
        };
        Try { at, status, latency_ms: started.elapsed().as_millis() as u32, error, answer }
    }
}

/// The innermost cause, without the URL.
fn describe(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let kind = if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "request"
    };
    format!("{kind}: {cause}")
}

/// The `Host` header as it is sent: the port only when it is not the default.
pub fn host_of(url: &str) -> String {
    let Ok(url) = reqwest::Url::parse(url) else { return String::new() };
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn hosts_are_named_as_they_are_sent() {
        for (url, host) in [
            ("https://hooks.example.com/x", "hooks.example.com"),
            ("https://hooks.example.com:443/x", "hooks.example.com"),
            ("http://127.0.0.1:9000/x", "127.0.0.1:9000"),
            ("https://[2606:4700::1]/", "[2606:4700::1]"),
        ] {
            assert_eq!(host_of(url), host);
        }
    }
}
