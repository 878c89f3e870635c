//! Access tokens in, principals out.

use std::sync::Arc;

use domain::{
    client::{Client, Role},
    environment::Environment,
    id::{ClientId, KeyId, Mid, PartnerId, UserId},
    user::{Stage, Status, User},
};
use jsonwebtoken::{Algorithm, Validation, errors::ErrorKind};
use serde::Deserialize;
use uuid::Uuid;

use super::{AUDIENCE, ISSUER, LEEWAY_SECS, USER_ROLE, grant::only};
use crate::{AuthError, Engine, Error, Principal, Result, principal};

/// Longest token that is looked at.
const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// What a token says, as far as it is used.
#[derive(Deserialize)]
pub struct Claims {
    sub: String,
    /// Milliseconds, as text.
    iat: String,
    exp: i64,
    nbf: i64,
    #[serde(rename = "custom:mid")]
    mid: Option<String>,
    #[serde(rename = "custom:partner")]
    partner: Option<String>,
    #[serde(rename = "custom:key")]
    key: Option<KeyId>,
    #[serde(rename = "custom:session")]
    session: Option<Uuid>,
    env: Environment,
    #[serde(default)]
    scope: String,
    role: String,
}

impl Engine {
    /// The principal behind an access token. An unknown key id, another algorithm or `none` is invalid.
    pub async fn authenticate(&self, token: &str) -> Result<Principal> {
        let claims = self.claims(token).ok_or(AuthError::Invalid)?;
        let now_secs = self.clock.now().secs();
        if now_secs >= claims.exp + LEEWAY_SECS as i64 {
            return Err(AuthError::Expired.into());
        }
        if now_secs + (LEEWAY_SECS as i64) < claims.nbf {
            return Err(AuthError::Invalid.into());
        }
        match Role::parse(&claims.role) {
            Some(role) => self.client_behind(&claims, role).await,
            None if claims.role == USER_ROLE => self.user_behind(&claims).await,
            None => Err(AuthError::Invalid.into()),
        }
    }

    async fn client_behind(&self, claims: &Claims, role: Role) -> Result<Principal> {
        let id = ClientId::parse(&claims.sub).ok_or(AuthError::Invalid)?;
        let client = self.tenants.client(id).await?;
        let issued_ms = claims.iat.parse().unwrap_or(i64::MIN);
        let works = |client: &Client| {
            let revoked = client.tokens_from.is_some_and(|from| issued_ms < from.millis());
            client.active && client.environment == claims.env && !revoked
        };
        let key_lives = match claims.key {
            Some(id) => self.tenants.key(id).await?.is_some_and(|key| key.is_live(self.clock.now())),
            None => true,
        };
        let partner_works = match &client {
            Some(client) => self.tenants.is_active(client.partner).await?,
            None => false,
        };
        if !key_lives || !partner_works || !client.is_some_and(|client| works(&client)) {
            return Err(Error::Unauthorized(AuthError::Revoked));
        }
        Ok(Principal {
            client: id,
            environment: claims.env,
            role,
            mid: claims.mid.as_deref().and_then(Mid::parse),
            partner: claims.partner.as_deref().and_then(PartnerId::parse),
            scopes: claims.scope.split_whitespace().map(str::to_owned).collect(),
            user: None,
        })
    }

    /// What a user may do is read from its row, not from the token: a changed role counts at once.
    async fn user_behind(&self, claims: &Claims) -> Result<Principal> {
        let id = UserId::parse(&claims.sub).ok_or(AuthError::Invalid)?;
        let family = claims.session.ok_or(AuthError::Invalid)?;
        let session = self.tenants.session(family).await?;
        let open = session.is_some_and(|session| session.user == id && session.stage == Stage::Open);
        let user = self.tenants.user(id).await?.filter(|user| user.status() == Status::Active && user.reaches(claims.env));
        match user {
            Some(user) if open && self.tenants.is_active(user.house.partner()).await? => {
                Ok(self.principal_of(&user, claims.env, family))
            }
            _ => Err(Error::Unauthorized(AuthError::Revoked)),
        }
    }

    pub(super) fn principal_of(&self, user: &User, environment: Environment, session: Uuid) -> Principal {
        let days = user.days_to_second_factor(self.clock.now(), self.options.second_factor_days);
        let person = principal::User {
            id: user.id,
            staff: user.role,
            mask_pii: user.mask_pii,
            mids: user.house.mids().to_vec(),
            reach: user.reach,
            session,
            second_factor_due: days == 0 && !user.second_factor.is_on(),
        };
        Principal {
            client: ClientId(user.id.0),
            environment,
            role: user.house.role(),
            mid: only(user.house.mids()),
            partner: user.house.partner(),
            scopes: Vec::new(),
            user: Some(person),
        }
    }

    fn claims(&self, token: &str) -> Option<Arc<Claims>> {
        if let Some(known) = self.tokens.checked(token) {
            return Some(known);
        }
        let claims = Arc::new(self.check_signature(token)?);
        self.tokens.remember(token, claims.clone());
        Some(claims)
    }

    fn check_signature(&self, token: &str) -> Option<Claims> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        let verifier = self.tokens.verifier(header.kid.as_deref()?, self.clock.now())?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&AUDIENCE[..1]);
        // The engine's clock judges the times: it may be set by hand.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        match jsonwebtoken::decode::<Claims>(token, &verifier.key, &validation) {
            Ok(data) => Some(data.claims),
            Err(error) => {
                if !matches!(error.kind(), ErrorKind::InvalidSignature | ErrorKind::InvalidToken) {
                    tracing::debug!(error = %error, "access token refused");
                }
                None
            }
        }
    }
}
