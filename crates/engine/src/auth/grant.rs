//! The vendor's token call: key pair or refresh token in, a new pair out.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    change::{ChangeSet, Write},
    client::{Client, KeyKind, Refresh},
    id::ClientId,
    time::{HOUR, MINUTE, Timestamp},
};
use serde::Serialize;
use uuid::Uuid;

use super::{ACCESS_MINUTES, AUDIENCE, ISSUER, REFRESH_HOURS};
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
    /// The API client.
    pub client: ClientId,
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
    env: &'a str,
    scope: String,
    role: &'a str,
}

impl Engine {
    /// Exchanges an AppKey and AppSecret for tokens; wrong, revoked and expired ones are told apart by nobody.
    pub async fn grant(&self, app_key: &str, app_secret: &str) -> Result<Grant> {
        let client = self.check_secret(app_key, app_secret).await?;
        self.issue(&client, Uuid::from_bytes(self.random.bytes())).await
    }

    /// Exchanges a refresh token for a new pair. Using a spent one revokes all that descend from the same login.
    pub async fn refresh(&self, token: &str) -> Result<Grant> {
        let hash = refresh_hash(token);
        let now = self.clock.now();
        let Some(known) = self.store.refresh(hash).await? else { return Err(Error::BadRefreshToken) };
        if known.spent {
            self.store.apply(ChangeSet::new().with(Write::RevokeFamily { family: known.family })).await?;
            return Err(Error::BadRefreshToken);
        }
        let client = self.tenants.client(known.client).await?.filter(|client| client.active);
        let Some(client) = client.filter(|_| now < known.expires_at) else { return Err(Error::BadRefreshToken) };
        match self.apply(ChangeSet::new().with(Write::SpendRefresh { hash })).await? {
            Ok(()) => self.issue(&client, known.family).await,
            Err(_) => {
                self.store.apply(ChangeSet::new().with(Write::RevokeFamily { family: known.family })).await?;
                Err(Error::BadRefreshToken)
            }
        }
    }

    pub(super) async fn check_secret(&self, app_key: &str, app_secret: &str) -> Result<Client> {
        let now = self.clock.now();
        let found = self.store.client_by_app_key(app_key).await?;
        let found = found.filter(|(client, keys)| {
            client.active && keys.iter().any(|key| key.kind == KeyKind::Public && key.check == app_key && key.is_live(now))
        });
        let Some((client, keys)) = found else {
            // The same work as for a known key, so that timing does not tell which keys exist.
            self.secret_matches(app_secret.to_owned(), vec![DECOY.to_owned()]).await?;
            return Err(Error::BadCredentials);
        };
        let hashes =
            keys.into_iter().filter(|key| key.kind == KeyKind::Secret && key.is_live(now)).map(|key| key.check).collect();
        if self.secret_matches(app_secret.to_owned(), hashes).await? { Ok(client) } else { Err(Error::BadCredentials) }
    }

    async fn issue(&self, client: &Client, family: Uuid) -> Result<Grant> {
        let now = self.clock.now();
        let refresh_token = URL_SAFE_NO_PAD.encode(self.random.bytes::<32>());
        let refresh = Refresh {
            hash: refresh_hash(&refresh_token),
            family,
            client: client.id,
            expires_at: now + HOUR * REFRESH_HOURS as u32,
            spent: false,
        };
        self.store.apply(ChangeSet::new().with(Write::InsertRefresh(refresh))).await?;
        let (access_token, expires_at) = self.sign(client, &client.scopes, now)?;
        Ok(Grant { access_token, refresh_token, expires_at, client: client.id })
    }

    /// A signed access token with these scopes, and when it ends.
    pub(super) fn sign(&self, client: &Client, scopes: &[String], now: Timestamp) -> Result<(String, Timestamp)> {
        let signer = self.tokens.signer().ok_or_else(|| Error::Internal("no signing key".into()))?;
        let expires_at = Timestamp::from_secs((now + MINUTE * ACCESS_MINUTES as u32).secs());
        let claims = Claims {
            sub: client.id.to_string(),
            unique_name: client.id.to_string(),
            jti: Uuid::from_bytes(self.random.bytes()).to_string(),
            iat: now.millis().to_string(),
            nbf: now.secs(),
            exp: expires_at.secs(),
            iss: ISSUER,
            aud: AUDIENCE,
            mid: client.mid.map(|mid| mid.to_string()),
            partner: client.partner.map(|partner| partner.to_string()),
            env: client.environment.as_str(),
            scope: scopes.join(" "),
            role: client.role.as_str(),
        };
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        header.kid = Some(signer.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &signer.key).map_err(|error| Error::Internal(error.to_string()))?;
        Ok((token, expires_at))
    }
}

/// The hash of a value nobody has.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn refresh_hash(token: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    hash
}
