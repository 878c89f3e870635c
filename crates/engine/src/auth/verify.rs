//! Access tokens in, principals out.

use std::sync::Arc;

use domain::{
    client::{Client, Role},
    environment::Environment,
    id::{ClientId, Mid, PartnerId},
};
use jsonwebtoken::{Algorithm, Validation, errors::ErrorKind};
use serde::Deserialize;

use super::{AUDIENCE, ISSUER, LEEWAY_SECS};
use crate::{AuthError, Engine, Error, Principal, Result};

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
    env: Environment,
    #[serde(default)]
    scope: String,
    role: Role,
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
        let id = ClientId::parse(&claims.sub).ok_or(AuthError::Invalid)?;
        let client = self.tenants.client(id).await?;
        let issued_ms = claims.iat.parse().unwrap_or(i64::MIN);
        let works = |client: &Client| {
            let revoked = client.tokens_from.is_some_and(|from| issued_ms < from.millis());
            client.active && client.environment == claims.env && !revoked
        };
        if !client.is_some_and(|client| works(&client)) {
            return Err(Error::Unauthorized(AuthError::Revoked));
        }
        Ok(Principal {
            client: id,
            environment: claims.env,
            role: claims.role,
            mid: claims.mid.as_deref().and_then(Mid::parse),
            partner: claims.partner.as_deref().and_then(PartnerId::parse),
            scopes: claims.scope.split_whitespace().map(str::to_owned).collect(),
            user: None,
        })
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
