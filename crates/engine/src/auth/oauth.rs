//! The standard token call (RFC 6749 §4.4): client credentials, optional scope, no refresh token.

use domain::{change::ChangeSet, scope::Scope};

use super::{
    ACCESS_MINUTES,
    grant::{Bearer, Checked},
};
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
        let Checked { client, public, secret } = self.check_secret(client_id, client_secret).await?;
        let own = if secret.scopes.is_empty() { &client.scopes } else { &secret.scopes };
        let wanted: Vec<String> = scope.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let held = |scope: &String| match own.is_empty() {
            true => Scope::parse(scope).is_some_and(|scope| client.role.holds(scope)),
            false => own.contains(scope),
        };
        if !wanted.iter().all(held) {
            return Ok(None);
        }
        let scopes = if wanted.is_empty() { own.clone() } else { wanted };
        let mut set = ChangeSet::new();
        self.note_use(&[public.id, secret.id], &mut set).await?;
        if !set.writes.is_empty() {
            self.store.apply(set).await?;
        }
        let (access_token, _) = self.sign(&Bearer::client(&client, &scopes, Some(secret.id)), self.clock.now())?;
        Ok(Some(Oauth { access_token, expires_in_secs: ACCESS_MINUTES * 60, scope: scopes.join(" ") }))
    }
}
