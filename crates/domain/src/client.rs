//! API clients and their keys.

use serde::{Deserialize, Serialize};

use crate::{
    environment::Environment,
    id::{ClientId, KeyId, Mid, PartnerId},
    time::Timestamp,
};

crate::words! {
    /// On whose behalf a client acts.
    pub enum Role {
        /// One merchant.
        Merchant = "merchant",
        /// A partner, for its merchants.
        Partner = "partner",
        /// The operator, for everybody.
        Operator = "operator",
    }
}

crate::words! {
    /// What a key is for.
    pub enum KeyKind {
        /// AppSecret: shown once, kept as Argon2id.
        Secret = "secret",
        /// AppKey: names the client.
        Public = "public",
        /// Authorises `/tokenize` alone, from a browser.
        Tokenization = "tokenization",
    }
}

/// An API client: one AppKey, any number of live secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Id; the token's `sub`.
    pub id: ClientId,
    /// Environment.
    pub environment: Environment,
    /// Role.
    pub role: Role,
    /// The merchant, for merchant clients.
    pub mid: Option<Mid>,
    /// The partner, for partner clients.
    pub partner: Option<PartnerId>,
    /// Name.
    pub name: String,
    /// Scopes; empty = all of the role.
    pub scopes: Vec<String>,
    /// Whether its tokens work.
    pub active: bool,
    /// Access tokens issued before this do not work any more, UTC; set when one of its keys is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_from: Option<Timestamp>,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

/// One key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// Id.
    pub id: KeyId,
    /// Its client (secret and public keys).
    pub client: Option<ClientId>,
    /// Its merchant (merchant and tokenization keys).
    pub mid: Option<Mid>,
    /// Environment.
    pub environment: Environment,
    /// What it is for.
    pub kind: KeyKind,
    /// Name.
    pub name: String,
    /// What finds or checks it: the AppKey itself, the Argon2id hash of a secret (PHC string), or the
    /// hexadecimal SHA-256 of a tokenization key.
    pub check: String,
    /// What tokens that come from it may do; empty = what its client may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Until when it works, UTC.
    pub expires_at: Option<Timestamp>,
    /// Since when it does not work any more, UTC.
    pub revoked_at: Option<Timestamp>,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

impl Key {
    /// Whether it works now.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("kind", &self.kind).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A refresh token, kept by the hash of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// All tokens descended from one login share it.
    pub family: uuid::Uuid,
    /// Its client, or its user.
    pub client: ClientId,
    /// The key that the login was made with; none for users.
    pub key: Option<KeyId>,
    /// Until when it works, UTC.
    pub expires_at: Timestamp,
    /// Used already: using it again revokes the family.
    pub spent: bool,
}
