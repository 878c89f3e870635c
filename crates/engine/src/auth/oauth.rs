//! The standard token call (RFC 6749 §4.4): client credentials, optional scope, no refresh token.

use domain::scope::Scope;

use super::ACCESS_MINUTES;
use crate::{Engine, Result};

/// What the standard call gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oauth {
    /// JWT, HS256.
    pub access_token: String,
    /// Life in seconds.
    pub expires_in_secs: u64,
    /// Scopes granted, space separated.
    pub scope: String,
}

impl Engine {
    /// Client credentials for an access token. `Ok(None)`: a scope was asked for that the client does not have.
    pub async fn oauth(&self, client_id: &str, client_secret: &str, scope: Option<&str>) -> Result<Option<Oauth>> {
        let client = self.check_secret(client_id, client_secret).await?;
        let wanted: Vec<String> = scope.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let held = |scope: &String| match client.scopes.is_empty() {
            true => Scope::parse(scope).is_some_and(|scope| client.role.holds(scope)),
            false => client.scopes.contains(scope),
        };
        if !wanted.iter().all(held) {
            return Ok(None);
        }
        let scopes = if wanted.is_empty() { client.scopes.clone() } else { wanted };
        let (access_token, _) = self.sign(&client, &scopes, self.clock.now())?;
        Ok(Some(Oauth { access_token, expires_in_secs: ACCESS_MINUTES * 60, scope: scopes.join(" ") }))
    }
}
