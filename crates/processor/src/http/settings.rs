//! The settings of one account behind the HTTP contract.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    dns::Resolve,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect,
};

use crate::{Capabilities, notification};

/// Idle connections kept per account.
const IDLE_CONNECTIONS_MAX: usize = 32;
/// How long an idle connection is kept; shorter than common servers' own limit, so that few are found closed.
const IDLE_SECS_MAX: u64 = 30;

/// One processor account.
#[derive(Clone)]
pub struct Settings {
    /// The account's name, for logs and metrics.
    pub name: String,
    /// Where the calls are served, without the trailing slash.
    pub base_url: String,
    /// Static headers, often secret: their values are never shown.
    pub headers: Vec<(String, String)>,
    /// Time to connect, TLS included.
    pub connect_timeout: Duration,
    /// Time for a whole call.
    pub total_timeout: Duration,
    /// What the account offers.
    pub capabilities: Capabilities,
    /// What the account signs its notifications with, when it sends any.
    pub notification_secret: Option<notification::Secret>,
    /// Looks names up and lets only lawful addresses through; none: the system's.
    pub resolver: Option<Arc<dyn Resolve>>,
}

/// Why an account's settings are unusable.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Not an absolute `http` or `https` URL.
    #[error("base_url is not an absolute http(s) URL: {0}")]
    BaseUrl(String),
    /// A header's name or value cannot be sent.
    #[error("header {0} cannot be sent")]
    Header(String),
    /// TLS could not be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

impl Settings {
    /// Five seconds to connect, thirty in all, no headers, the usual calls.
    pub fn new(name: impl Into<String>, base_url: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            base_url: base_url.into().trim_end_matches('/').to_owned(),
            headers: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(30),
            capabilities: Capabilities::default(),
            notification_secret: None,
            resolver: None,
        }
    }

    pub(super) fn client(&self) -> Result<reqwest::Client, BuildError> {
        self.check_base_url()?;
        let mut client = reqwest::Client::builder();
        if let Some(resolver) = &self.resolver {
            client = client.dns_resolver(resolver.clone());
        }
        let client = client
            .user_agent(concat!("recoup/", env!("CARGO_PKG_VERSION")))
            .default_headers(self.header_map()?)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(self.connect_timeout)
            .timeout(self.total_timeout)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .pool_idle_timeout(Duration::from_secs(IDLE_SECS_MAX))
            .build()?;
        Ok(client)
    }

    fn check_base_url(&self) -> Result<(), BuildError> {
        let url = reqwest::Url::parse(&self.base_url).map_err(|_| BuildError::BaseUrl(self.base_url.clone()))?;
        if matches!(url.scheme(), "http" | "https") && url.has_host() {
            Ok(())
        } else {
            Err(BuildError::BaseUrl(self.base_url.clone()))
        }
    }

    fn header_map(&self) -> Result<HeaderMap, BuildError> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let unusable = || BuildError::Header(name.clone());
            let mut value = HeaderValue::from_str(value).map_err(|_| unusable())?;
            value.set_sensitive(true);
            map.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?, value);
        }
        Ok(map)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("base_url", &self.base_url)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusable_settings_are_named() {
        for url in ["", "pay.example", "ftp://pay.example", "unix:/tmp/x"] {
            assert!(matches!(Settings::new("x", url).client(), Err(BuildError::BaseUrl(_))), "{url}");
        }
        let mut settings = Settings::new("x", "http://127.0.0.1:1/");
        assert_eq!(settings.base_url, "http://127.0.0.1:1");
        settings.headers = vec![("x key".into(), "v".into())];
        assert!(matches!(settings.client(), Err(BuildError::Header(_))));
    }

    #[test]
    fn header_values_never_print() {
        let mut settings = Settings::new("x", "http://127.0.0.1:1");
        settings.headers = vec![("authorization".into(), "Bearer secret".into())];
        assert!(!format!("{settings:?}").contains("secret"));
    }
}
