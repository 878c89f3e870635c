//! Where events are delivered to.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::page::{Page, PageQuery};
use crate::{Client, Error, Secret, request::requests};

requests! {
    /// An endpoint to add.
    pub struct WebhookDraft {
        /// https.
        url: String,
        /// Names or patterns such as `order.*` or `*`.
        events: Vec<String>,
    }
    optional {
        /// The merchant; must be given by partners for one of theirs.
        mid: String,
        /// For people.
        description: String,
        /// On, or not yet.
        enabled: bool,
        /// `strict` or `none`.
        ordering: String,
    }
}

/// An endpoint.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// The merchant; nothing: a partner's own.
    pub mid: Option<String>,
    /// Where events go.
    pub url: String,
    /// Which.
    pub events: Vec<String>,
    /// For people.
    pub description: Option<String>,
    /// On.
    pub enabled: bool,
    /// `strict` or `none`.
    pub ordering: String,
    /// `enabled`, `disabled` or `auto_disabled`.
    pub state: String,
    /// Deliveries fail since.
    pub failing_since: Option<String>,
    /// The last delivery.
    pub last_success_on: Option<String>,
    /// When it was added.
    pub created_on: String,
    /// Base64 of the signing key; only in the answer that makes it.
    pub hmac_signing_key: Option<Secret>,
    /// The same for Standard Webhooks.
    pub secret: Option<Secret>,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .field("url", &self.url)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// `GET /v1/webhooks`.
    pub async fn webhooks(&self, query: &PageQuery) -> Result<Page<Webhook>, Error> {
        self.get("/v1/webhooks").asking(query).json().await
    }

    /// `POST /v1/webhooks`: the answer holds the signing key, once.
    pub async fn create_webhook(&self, draft: &WebhookDraft, idempotency_key: Option<&str>) -> Result<Webhook, Error> {
        self.post("/v1/webhooks").with(draft).under(idempotency_key).json().await
    }

    /// `GET /v1/webhooks/{id}`.
    pub async fn webhook(&self, id: &str) -> Result<Webhook, Error> {
        self.get("/v1/webhooks/{id}").at(id).json().await
    }

    /// `DELETE /v1/webhooks/{id}`.
    pub async fn delete_webhook(&self, id: &str) -> Result<(), Error> {
        self.delete("/v1/webhooks/{id}").at(id).done().await
    }
}
