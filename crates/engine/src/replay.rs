//! Answers kept under idempotency keys for every call whose use case does not keep its own (`wire-api` §1.7): the whole
//! answer, sealed, because some show a secret once.
//!
//! The effect and its answer are two commits. After a crash in between the key is free: the call is made anew, and
//! whatever is unique by itself (names, transaction identities, states) still holds.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    change::{ChangeSet, Write},
    environment::Environment,
    id::Mid,
};
use serde::{Deserialize, Serialize};
use vault::Context;

use crate::{
    Engine, Error, Principal, Result,
    idempotency::{Held, Known},
};

/// Whose key it is. Callers who may do different things do not see each other's answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOwner {
    environment: Environment,
    mid: Mid,
    who: String,
}

/// A finished answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, when there is a body.
    pub content_type: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// Body, text.
    pub body: String,
}

/// A key that is held while its request runs.
pub struct Ticket {
    held: Held,
    mid: Mid,
}

/// What is known of a key.
pub enum Recalled {
    /// Nothing: the request is new.
    New(Ticket),
    /// What was answered.
    Answered(Answer),
}

impl KeyOwner {
    /// A tenant that is known by a tokenization key or a bearer alike.
    pub const fn tenant(mid: Mid, environment: Environment) -> Self {
        Self { environment, mid, who: String::new() }
    }
}

impl Engine {
    /// Whose key a caller's request bears; `named` is the merchant that the request names.
    pub async fn key_owner(&self, principal: &Principal, named: Option<Mid>) -> Result<KeyOwner> {
        if let Some(mid) = named {
            self.may_act_for(principal, mid).await?;
        }
        let mid = named.or(principal.mid).unwrap_or(Mid::from_bytes([0; 16]));
        let mut scopes = principal.scopes.clone();
        scopes.sort_unstable();
        let user = principal.user.as_ref().map(|user| user.id);
        let who = format!("{:?} {:?} {user:?} {}", principal.role, principal.partner, scopes.join(" "));
        Ok(KeyOwner { environment: principal.environment, mid, who })
    }

    /// Takes a key for a request to an endpoint (verb and path), or finds its answer.
    pub async fn recall(&self, owner: &KeyOwner, endpoint: &str, key: &str, payload: [u8; 32]) -> Result<Recalled> {
        let endpoint = format!("answer/{}/{endpoint}", owner.who);
        match self.take_key(owner.mid, owner.environment, &endpoint, key, payload).await? {
            Known::New(held) => Ok(Recalled::New(Ticket { held, mid: owner.mid })),
            Known::Answered { body, held, .. } => self.unseal(&body, &held.scope).map(Recalled::Answered),
            Known::Unanswered { .. } => Err(Error::InProgress),
        }
    }

    /// Keeps the answer of a request under its key.
    pub async fn keep(&self, ticket: Ticket, answer: &Answer) -> Result<()> {
        let Ticket { held, mid } = ticket;
        let text = serde_json::to_vec(answer).map_err(|error| Error::Internal(error.to_string()))?;
        let sealed = self.vault.seal_value(context(&held.scope), &zeroize::Zeroizing::new(text))?;
        let record = self.key_record(&held, mid, None, Some((answer.status, STANDARD.encode(sealed))));
        Ok(self.store.apply(ChangeSet::new().with(Write::InsertIdempotency(record))).await?)
    }

    fn unseal(&self, text: &str, scope: &[u8; 32]) -> Result<Answer> {
        let unreadable = |detail: &str| Error::Internal(format!("a kept answer cannot be read: {detail}"));
        let sealed = STANDARD.decode(text).map_err(|_| unreadable("not base64"))?;
        let opened = self.vault.open_value(context(scope), &sealed)?;
        serde_json::from_slice(&opened).map_err(|_| unreadable("not an answer"))
    }
}

const fn context(scope: &[u8; 32]) -> Context<'_> {
    Context { table: "idempotency", row: scope, column: "answer" }
}
