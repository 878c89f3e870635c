//! The client.

use std::time::Duration;

use reqwest::{Method, Url, redirect};

use crate::{Credentials, Error, Retry, address, answer::told, call::Call, session::Session};

/// How long a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long an answer may take: a test clock works for a minute before it says that it goes on behind the answer.
const ANSWER_MAX: Duration = Duration::from_secs(120);

/// A client of one server, for one API client's keys. It is meant to be kept: connections and token are shared by all
/// calls.
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) session: Session,
    pub(crate) retry: Retry,
}

impl Client {
    /// A client of the server at this address, such as `https://recoup.example`, without credentials. Redirects are not
    /// followed. A proxy of the environment is used, but not for a server on this machine.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        let unsendable = |reason| Error::Unsendable { call: base_url.to_owned(), reason };
        let base = address::base(base_url).map_err(unsendable)?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(CONNECT_MAX)
            .timeout(ANSWER_MAX)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("recoup-client/", env!("CARGO_PKG_VERSION")));
        if address::is_loopback(&base) {
            http = http.no_proxy();
        }
        let http = http.build().map_err(told).map_err(unsendable)?;
        Ok(Self { http, base, credentials: None, session: Session::default(), retry: Retry::default() })
    }

    /// With the keys of an API client.
    #[must_use]
    pub fn with_credentials(self, credentials: Credentials) -> Self {
        Self { credentials: Some(credentials), session: Session::default(), ..self }
    }

    /// With another measure of retries.
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    pub(crate) fn get(&self, path: &'static str) -> Call<'_> {
        Call::new(self, Method::GET, path)
    }

    pub(crate) fn post(&self, path: &'static str) -> Call<'_> {
        Call::new(self, Method::POST, path)
    }

    pub(crate) fn put(&self, path: &'static str) -> Call<'_> {
        Call::new(self, Method::PUT, path)
    }

    pub(crate) fn delete(&self, path: &'static str) -> Call<'_> {
        Call::new(self, Method::DELETE, path)
    }
}
