//! Keys as callers see them: never their values.

use domain::{
    client::{Client, Key, KeyKind, Role},
    id::{ClientId, KeyId, Mid},
    scope::Scope,
    time::Timestamp,
};

use crate::{Engine, Error, Principal, Result};

/// A key with what belongs to it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The key.
    pub key: Key,
    /// Its client.
    pub client: Option<Client>,
    /// The AppKey that goes with it.
    pub app_key: Option<String>,
    /// Last use, to the minute, UTC.
    pub last_used_at: Option<Timestamp>,
}

impl Seen {
    /// What it may do.
    pub fn scopes(&self) -> Vec<String> {
        let of_client = self.client.as_ref().map(|client| client.scopes.as_slice()).unwrap_or_default();
        let role = self.client.as_ref().map_or(Role::Merchant, |client| client.role);
        match (self.key.kind, self.key.scopes.as_slice(), of_client) {
            (KeyKind::Tokenization, ..) => vec![Scope::Tokenize.as_str().to_owned()],
            (_, [], []) => role.scopes().map(|scope| scope.as_str().to_owned()).collect(),
            (_, [], own) | (_, own, _) => own.to_vec(),
        }
    }
}

impl Engine {
    /// A key that the caller may see.
    pub async fn key(&self, principal: &Principal, id: KeyId) -> Result<Seen> {
        principal.require("keys")?;
        let key = self.visible_key(principal, id).await?;
        self.key_seen(key).await
    }

    /// The keys of a merchant in the caller's environment (those of the other one are as good as none), revoked ones left out, oldest first.
    pub async fn keys_of(&self, principal: &Principal, mid: Mid) -> Result<Vec<Seen>> {
        principal.require("keys")?;
        if self.may_act_for(principal, mid).await.is_err() {
            return Err(Error::NotFound);
        }
        let mut seen = Vec::new();
        for key in self.store.keys(mid).await? {
            if key.revoked_at.is_none() && key.environment == principal.environment {
                seen.push(self.key_seen(key).await?);
            }
        }
        Ok(seen)
    }

    pub(super) async fn visible_key(&self, principal: &Principal, id: KeyId) -> Result<Key> {
        let key = self.store.key(id).await?.filter(|key| key.revoked_at.is_none() && key.environment == principal.environment);
        let key = key.ok_or(Error::NotFound)?;
        let visible = match key.mid {
            Some(mid) => self.may_act_for(principal, mid).await.is_ok(),
            None => self.owns_client(principal, key.client).await?,
        };
        if visible { Ok(key) } else { Err(Error::NotFound) }
    }

    /// Keys of partners and of the operator belong to no merchant.
    async fn owns_client(&self, principal: &Principal, client: Option<ClientId>) -> Result<bool> {
        let Some(client) = client else { return Ok(false) };
        let client = self.store.client(client).await?;
        Ok(client.is_some_and(|client| match principal.role {
            Role::Operator => true,
            Role::Partner => client.role == Role::Partner && client.partner == principal.partner,
            Role::Merchant => false,
        }))
    }

    pub(super) async fn app_key_of(&self, client: ClientId, mid: Mid) -> Result<Option<String>> {
        let keys = self.store.keys(mid).await?.into_iter();
        let mut public = keys.filter(|key| key.client == Some(client) && key.kind == KeyKind::Public && key.revoked_at.is_none());
        Ok(public.next().map(|key| key.check))
    }

    async fn key_seen(&self, key: Key) -> Result<Seen> {
        let client = match key.client {
            Some(id) => self.store.client(id).await?,
            None => None,
        };
        let app_key = match (key.kind, key.client, key.mid) {
            (KeyKind::Secret, Some(client), Some(mid)) => self.app_key_of(client, mid).await?,
            _ => None,
        };
        Ok(Seen { last_used_at: self.store.key_use(key.id).await?, client, app_key, key })
    }
}
