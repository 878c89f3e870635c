//! The token call: key pair or refresh token in, a new pair out.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    change::{ChangeSet, Write},
    client::{Client, Key, KeyKind, Refresh},
    environment::Environment,
    id::{ClientId, KeyId, Mid, PartnerId, UserId},
    mark::Mark,
    scope::Scope,
    time::{HOUR, MINUTE, Timestamp},
    user::User,
};
use serde::Serialize;
use uuid::Uuid;

use super::{ACCESS_MINUTES, AUDIENCE, ISSUER, KEY_USE_MINUTES, REFRESH_HOURS};
use crate::{Engine, Error, Result};

/// What a successful call gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// JWT, HS256.
    pub access_token: String,
    /// Opaque, single use.
    pub refresh_token: String,
    /// When the access token ends, UTC.
    pub expires_at: Timestamp,
    /// The API client; a user's own id for users.
    pub client: ClientId,
    /// What users are told beside.
    pub login: Option<Login>,
}

/// What a login tells beside the tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The session's id; told once.
    pub session: Option<String>,
    /// Days until the user must have a second factor; 0 when it has one or the time is over.
    pub days_to_second_factor: u32,
    /// Whether setting it up can still wait.
    pub may_wait: bool,
}

/// Who a token speaks for, and what it may do.
pub(super) struct Bearer {
    id: Uuid,
    environment: Environment,
    role: &'static str,
    mid: Option<Mid>,
    partner: Option<PartnerId>,
    scope: String,
    key: Option<KeyId>,
    session: Option<Uuid>,
}

impl Bearer {
    /// A client, by one of its secrets.
    pub fn client(client: &Client, scopes: &[String], key: Option<KeyId>) -> Self {
        Self {
            id: client.id.0,
            environment: client.environment,
            role: client.role.as_str(),
            mid: client.mid,
            partner: client.partner,
            scope: scopes.join(" "),
            key,
            session: None,
        }
    }

    /// A user, by one of its sessions.
    pub fn user(user: &User, environment: Environment, session: Uuid) -> Self {
        let held = Scope::ALL.iter().filter(|scope| user.house.role().holds(**scope) && user.role.holds(**scope, environment));
        Self {
            id: user.id.0,
            environment,
            role: super::USER_ROLE,
            mid: only(user.house.mids()),
            partner: user.house.partner(),
            scope: held.map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
            key: None,
            session: Some(session),
        }
    }
}

/// The one merchant of somebody who has exactly one.
pub(super) fn only(mids: &[Mid]) -> Option<Mid> {
    match mids {
        [mid] => Some(*mid),
        _ => None,
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    sub: String,
    unique_name: String,
    jti: String,
    iat: String,
    nbf: i64,
    exp: i64,
    iss: &'a str,
    aud: [&'a str; 6],
    #[serde(rename = "custom:mid", skip_serializing_if = "Option::is_none")]
    mid: Option<String>,
    #[serde(rename = "custom:partner", skip_serializing_if = "Option::is_none")]
    partner: Option<String>,
    /// Which secret it came from, so that a revoked one takes no other's tokens with it.
    #[serde(rename = "custom:key", skip_serializing_if = "Option::is_none")]
    key: Option<KeyId>,
    #[serde(rename = "custom:session", skip_serializing_if = "Option::is_none")]
    session: Option<Uuid>,
    env: &'a str,
    scope: &'a str,
    role: &'a str,
}

impl Engine {
    /// Exchanges an AppKey and AppSecret for tokens; wrong, revoked and expired ones are told apart by nobody.
    pub async fn grant(&self, app_key: &str, app_secret: &str) -> Result<Grant> {
        let Checked { client, public, secret } = self.check_secret(app_key, app_secret).await?;
        let (token, refresh) = self.new_refresh(client.id, Some(secret.id), Uuid::from_bytes(self.random.bytes()));
        let mut set = ChangeSet::new().with(Write::InsertRefresh(refresh));
        self.note_use(&[public.id, secret.id], &mut set).await?;
        self.store.apply(set).await?;
        self.client_grant(&client, &secret, token)
    }

    /// Exchanges a refresh token for a new pair. Using a spent one revokes all that descend from the same login. A user
    /// may change the environment with it.
    pub async fn refresh(&self, token: &str, environment: Option<Environment>) -> Result<Grant> {
        let hash = token_hash(token);
        let now = self.clock.now();
        let Some(known) = self.store.refresh(hash).await? else { return Err(Error::BadRefreshToken) };
        if known.spent {
            return self.end_family(&known).await;
        }
        if now >= known.expires_at {
            return Err(Error::BadRefreshToken);
        }
        let (token, refresh) = self.new_refresh(known.client, known.key, known.family);
        let mut set = ChangeSet::new().with(Write::SpendRefresh { hash }).with(Write::InsertRefresh(refresh));
        let grant = match self.tenants.client(known.client).await? {
            Some(client) => {
                let key = match known.key {
                    Some(id) => self.tenants.key(id).await?.filter(|key| key.is_live(now)).ok_or(Error::BadRefreshToken)?,
                    // A token from before tokens knew their key.
                    None => return self.end_family(&known).await,
                };
                if !client.active || !self.tenants.is_active(client.partner).await? {
                    return Err(Error::BadRefreshToken);
                }
                self.note_use(&[key.id], &mut set).await?;
                self.client_grant(&client, &key, token)?
            }
            None => self.refresh_session(UserId(known.client.0), known.family, environment, token, &mut set).await?,
        };
        match self.apply(set).await? {
            Ok(()) => Ok(grant),
            // Somebody else was faster with the same token.
            Err(_) => self.end_family(&known).await,
        }
    }

    async fn end_family(&self, known: &Refresh) -> Result<Grant> {
        self.store.apply(ChangeSet::new().with(Write::RevokeFamily { family: known.family })).await?;
        Err(Error::BadRefreshToken)
    }

    fn client_grant(&self, client: &Client, key: &Key, refresh_token: String) -> Result<Grant> {
        let scopes = if key.scopes.is_empty() { &client.scopes } else { &key.scopes };
        let (access_token, expires_at) = self.sign(&Bearer::client(client, scopes, Some(key.id)), self.clock.now())?;
        Ok(Grant { access_token, refresh_token, expires_at, client: client.id, login: None })
    }

    /// The client, its AppKey and the secret that matches.
    pub(super) async fn check_secret(&self, app_key: &str, app_secret: &str) -> Result<Checked> {
        let now = self.clock.now();
        let mut found = self.store.client_by_app_key(app_key).await?.filter(|(client, _)| client.active);
        if let Some((client, _)) = &found
            && !self.tenants.is_active(client.partner).await?
        {
            found = None;
        }
        let found = found.and_then(|(client, keys)| {
            let (mut secrets, mut public) = (Vec::new(), None);
            for key in keys.into_iter().filter(|key| key.is_live(now)) {
                match key.kind {
                    KeyKind::Public if key.check == app_key => public = Some(key),
                    KeyKind::Secret => secrets.push(key),
                    _ => {}
                }
            }
            Some((client, public?, secrets))
        });
        let Some((client, public, mut secrets)) = found else {
            // The same work as for a known key, so that timing does not tell which keys exist.
            self.secret_match(app_secret.to_owned(), vec![DECOY.to_owned()]).await?;
            return Err(Error::BadCredentials);
        };
        let hashes = secrets.iter().map(|key| key.check.clone()).collect();
        let place = self.secret_match(app_secret.to_owned(), hashes).await?.ok_or(Error::BadCredentials)?;
        if let Some(mid) = client.mid {
            self.note_mark(mid, public.environment, Mark::Token);
        }
        Ok(Checked { client, public, secret: secrets.swap_remove(place) })
    }

    /// Notes the use of keys, to the minute: it would else be a write of its own for every token.
    pub(crate) async fn note_use(&self, keys: &[KeyId], set: &mut ChangeSet) -> Result<()> {
        let now = self.clock.now();
        for key in keys {
            let last = self.store.key_use(*key).await?;
            if last.is_none_or(|last| now >= last + MINUTE * KEY_USE_MINUTES) {
                set.push(Write::TouchKey { key: *key, at: now });
            }
        }
        Ok(())
    }

    /// A fresh refresh token and its row.
    pub(super) fn new_refresh(&self, client: ClientId, key: Option<KeyId>, family: Uuid) -> (String, Refresh) {
        let token = self.secret_word();
        let expires_at = self.clock.now() + HOUR * REFRESH_HOURS as u32;
        let refresh = Refresh { hash: token_hash(&token), family, client, key, expires_at, spent: false };
        (token, refresh)
    }

    /// A random text of 256 bits.
    pub(crate) fn secret_word(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.random.bytes::<32>())
    }

    /// A signed access token, and when it ends.
    pub(super) fn sign(&self, bearer: &Bearer, now: Timestamp) -> Result<(String, Timestamp)> {
        let signer = self.tokens.signer().ok_or_else(|| Error::Internal("no signing key".into()))?;
        let expires_at = Timestamp::from_secs((now + MINUTE * ACCESS_MINUTES as u32).secs());
        let claims = Claims {
            sub: bearer.id.to_string(),
            unique_name: bearer.id.to_string(),
            jti: Uuid::from_bytes(self.random.bytes()).to_string(),
            iat: now.millis().to_string(),
            nbf: now.secs(),
            exp: expires_at.secs(),
            iss: ISSUER,
            aud: AUDIENCE,
            mid: bearer.mid.map(|mid| mid.to_string()),
            partner: bearer.partner.map(|partner| partner.to_string()),
            key: bearer.key,
            session: bearer.session,
            env: bearer.environment.as_str(),
            scope: &bearer.scope,
            role: bearer.role,
        };
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        header.kid = Some(signer.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &signer.key).map_err(|error| Error::Internal(error.to_string()))?;
        Ok((token, expires_at))
    }
}

/// A key pair that was right.
pub(super) struct Checked {
    /// The client.
    pub client: Client,
    /// Its AppKey.
    pub public: Key,
    /// The secret.
    pub secret: Key,
}

/// The hash of a value nobody has.
pub(super) const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// SHA-256 of a token that is random enough to need no slower hash.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}
