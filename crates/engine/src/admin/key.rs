//! API clients and keys.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    audit::By,
    change::{ChangeSet, Write},
    client::{Client, Key, KeyKind, Role},
    environment::Environment,
    id::{ClientId, KeyId, Mid, PartnerId},
    time::Timestamp,
};
use zeroize::Zeroizing;

use crate::{Engine, Error, Result, auth::hash_secret, tenancy::shell, tokenize::tokenization_check};

/// A client with its first secret.
pub struct NewClient {
    /// The client.
    pub client: Client,
    /// AppKey.
    pub app_key: String,
    /// AppSecret; shown only now.
    pub app_secret: Zeroizing<String>,
}

/// A key with its value.
pub struct NewKey {
    /// The key.
    pub key: Key,
    /// Its value; a secret's is shown only now.
    pub value: Zeroizing<String>,
}

impl Engine {
    /// Makes a client with an AppKey and a secret.
    pub async fn create_client(
        &self,
        role: Role,
        environment: Environment,
        mid: Option<Mid>,
        partner: Option<PartnerId>,
        name: &str,
        scopes: Vec<String>,
    ) -> Result<NewClient> {
        if let Some(mid) = mid {
            self.merchant(mid).await?;
        }
        let now = self.clock.now();
        let client = Client {
            id: ClientId::at(now, self.random.bytes()),
            environment,
            role,
            mid,
            partner,
            name: name.to_owned(),
            scopes,
            active: true,
            tokens_from: None,
            created_at: now,
        };
        let app_key = format!("rk_{}_{}", if environment == Environment::Sandbox { "test" } else { "live" }, self.token::<18>());
        let public = self.key_row(&client, KeyKind::Public, "AppKey", app_key.clone(), None, now);
        let NewKey { key: secret, value } = self.secret_for(&client, name, None).await?;
        let mut set = ChangeSet::new().with(Write::PutClient(client.clone()));
        for key in [public, secret] {
            set.push(self.note_key(&shell(), Some(&client), &key, false));
            set.push(Write::PutKey(key));
        }
        self.store.apply(set).await?;
        self.refresh_registry().await?;
        Ok(NewClient { client, app_key, app_secret: value })
    }

    /// Gives a client one more secret: both work, so that a rotation needs no outage.
    pub async fn create_secret(&self, client: ClientId, name: &str, expires_at: Option<Timestamp>) -> Result<NewKey> {
        let client = self.store.client(client).await?.ok_or(Error::NotFound)?;
        let new = self.secret_for(&client, name, expires_at).await?;
        let entry = self.note_key(&shell(), Some(&client), &new.key, false);
        self.store.apply(ChangeSet::new().with(Write::PutKey(new.key.clone())).with(entry)).await?;
        self.refresh_registry().await?;
        Ok(new)
    }

    /// Makes a tokenization key.
    pub async fn create_tokenization_key(&self, mid: Mid, environment: Environment, name: &str) -> Result<NewKey> {
        self.merchant(mid).await?;
        let now = self.clock.now();
        let value = Zeroizing::new(format!("rt_{}", self.token::<18>()));
        let key = Key {
            id: KeyId::at(now, self.random.bytes()),
            client: None,
            mid: Some(mid),
            environment,
            kind: KeyKind::Tokenization,
            name: name.to_owned(),
            check: tokenization_check(&value),
            scopes: vec![],
            expires_at: None,
            revoked_at: None,
            created_at: now,
        };
        let entry = self.note_key(&shell(), None, &key, false);
        self.store.apply(ChangeSet::new().with(Write::PutKey(key.clone())).with(entry)).await?;
        self.refresh_registry().await?;
        Ok(NewKey { key, value })
    }

    /// Revokes a key. The tokens of a secret end with it, those of the client's other secrets stay; with an AppKey every
    /// token of its client ends.
    pub async fn revoke_key(&self, id: KeyId) -> Result<()> {
        self.end_key(&shell(), id).await
    }

    pub(crate) async fn end_key(&self, by: &By, id: KeyId) -> Result<()> {
        let mut key = self.store.key(id).await?.ok_or(Error::NotFound)?;
        let client = match key.client {
            Some(client) => self.store.client(client).await?,
            None => None,
        };
        let mut set = ChangeSet::new();
        if key.revoked_at.is_none() {
            set.push(self.note_key(by, client.as_ref(), &key, true));
        }
        key.revoked_at.get_or_insert(self.clock.now());
        set.push(Write::PutKey(key.clone()));
        set.push(Write::RevokeKey { key: id });
        if let Some(mut client) = client.filter(|_| key.kind == KeyKind::Public) {
            set.push(Write::RevokeClient { client: client.id });
            client.tokens_from = Some(self.clock.now());
            set.push(Write::PutClient(client));
        }
        self.store.apply(set).await?;
        self.refresh_registry().await
    }

    /// Keys of a merchant.
    pub async fn keys(&self, mid: Mid) -> Result<Vec<Key>> {
        Ok(self.store.keys(mid).await?)
    }

    /// Clients of a merchant or partner, or all.
    pub async fn clients(&self, mid: Option<Mid>, partner: Option<PartnerId>) -> Result<Vec<Client>> {
        Ok(self.store.clients(mid, partner).await?)
    }

    async fn secret_for(&self, client: &Client, name: &str, expires_at: Option<Timestamp>) -> Result<NewKey> {
        let now = self.clock.now();
        let value = Zeroizing::new(format!("rs_{}", self.token::<32>()));
        let (secret, salt) = (value.clone(), self.random.bytes());
        let hash = tokio::task::spawn_blocking(move || hash_secret(&secret, salt))
            .await
            .map_err(|error| Error::Internal(error.to_string()))??;
        let key = self.key_row(client, KeyKind::Secret, name, hash, expires_at, now);
        Ok(NewKey { key, value })
    }

    fn key_row(
        &self,
        client: &Client,
        kind: KeyKind,
        name: &str,
        check: String,
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Key {
        Key {
            id: KeyId::at(now, self.random.bytes()),
            client: Some(client.id),
            mid: client.mid,
            environment: client.environment,
            kind,
            name: name.to_owned(),
            check,
            scopes: vec![],
            expires_at,
            revoked_at: None,
            created_at: now,
        }
    }

    fn token<const N: usize>(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.random.bytes::<N>())
    }
}
