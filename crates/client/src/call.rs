//! One call: built, sent, and sent again where that is safe.

use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Client, Error, Secret, address,
    answer::{Answer, told},
};

/// A call under construction.
pub struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: &'static str,
    ids: Vec<String>,
    query: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    key: Option<String>,
    repeatable: bool,
    open: bool,
}

impl<'a> Call<'a> {
    /// A call of a path template.
    pub fn new(client: &'a Client, method: Method, path: &'static str) -> Self {
        let repeatable = method == Method::GET;
        Self { client, method, path, ids: vec![], query: vec![], body: None, key: None, repeatable, open: false }
    }

    /// Fills the next `{…}` of the path.
    pub fn at(mut self, id: &str) -> Self {
        self.ids.push(id.to_owned());
        self
    }

    /// Adds the members of a struct to the query.
    pub fn asking(mut self, query: &impl Serialize) -> Self {
        self.query.extend(address::pairs(query));
        self
    }

    /// The JSON body.
    pub fn with(mut self, body: &impl Serialize) -> Self {
        // Structs of texts, numbers and maps with text keys always serialise.
        self.body = serde_json::to_vec(body).ok();
        self
    }

    /// The body holds an idempotency key, so that it may be sent again.
    pub fn keyed(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// An idempotency key for a body that has no place for one.
    pub fn under(mut self, key: Option<&str>) -> Self {
        self.key = key.map(str::to_owned);
        self.repeatable |= key.is_some();
        self
    }

    /// Without a token.
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Sends it and reads the answer.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.answer().await?.read(&self.name())
    }

    /// Sends it; the answer's body does not matter.
    pub async fn done(self) -> Result<(), Error> {
        self.answer().await.map(|_| ())
    }

    /// Sends it, again where that is safe and of use; a success.
    pub async fn answer(&self) -> Result<Answer, Error> {
        self.accepted(|_| false).await
    }

    /// The same; some failures count as answers too.
    pub async fn accepted(&self, accepts: impl Fn(&Answer) -> bool) -> Result<Answer, Error> {
        let credentials = self.client.credentials.as_ref().filter(|_| !self.open);
        let (mut tries, mut renewed) = (0, false);
        loop {
            let bearer = match credentials {
                Some(credentials) => Some(self.client.session.bearer(self.client, credentials).await?),
                None => None,
            };
            let sent = match self.once(bearer.as_ref()).await {
                Ok(answer) if answer.status.is_success() || accepts(&answer) => return Ok(answer),
                Ok(answer) => answer.failure(&self.name()),
                Err(error) => error,
            };
            if let Some(bearer) = bearer.filter(|_| !renewed && is_unauthorized(&sent)) {
                self.client.session.drop_if(&bearer).await;
                renewed = true;
                continue;
            }
            tries += 1;
            match self.client.retry.wait(&sent, tries).filter(|_| self.repeatable) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(sent),
            }
        }
    }

    /// Sends it once with this token.
    pub async fn once(&self, bearer: Option<&Secret>) -> Result<Answer, Error> {
        let unsendable = |reason| Error::Unsendable { call: self.name(), reason };
        let mut url = address::of(&self.client.base, self.path, &self.ids).map_err(unsendable)?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = self.client.http.request(self.method.clone(), url);
        if let Some(bearer) = bearer {
            let value = HeaderValue::try_from(format!("Bearer {}", bearer.reveal()));
            let mut value = value.map_err(|_| unsendable("the token cannot stand in a header".to_owned()))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(key) = &self.key {
            let value =
                HeaderValue::try_from(key).map_err(|_| unsendable("the idempotency key cannot stand in a header".to_owned()))?;
            request = request.header("idempotency-key", value);
        }
        if let Some(body) = &self.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let lost = |reason| Error::Transport { call: self.name(), reason };
        Answer::of(request.send().await.map_err(told).map_err(lost)?).await.map_err(lost)
    }

    /// Method and path: what errors call it.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

fn is_unauthorized(error: &Error) -> bool {
    matches!(error, Error::Refused { refusal, .. } if refusal.status() == 401)
}
