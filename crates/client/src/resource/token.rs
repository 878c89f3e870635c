//! Tokens. Calls get theirs by themselves; this is for whoever hands one on.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{Client, Credentials, Error, Secret};

const PATH: &str = "/v1/oauth2/token";

/// How a token is asked for.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Grant {
    /// With the keys of an API client.
    Keys {
        /// `AppKey`.
        #[serde(rename = "AppKey")]
        app_key: String,
        /// `AppSecret`.
        #[serde(rename = "AppSecret")]
        app_secret: Secret,
    },
    /// With a refresh token: single use.
    Refresh {
        /// The refresh token.
        #[serde(rename = "refreshToken")]
        refresh_token: Secret,
    },
}

/// A pair of tokens.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// The bearer.
    pub access_token: Secret,
    /// For the next pair; single use, a day.
    pub refresh_token: Secret,
    /// End of the bearer, milliseconds since the epoch.
    pub expires: i64,
    /// Id of the API client.
    pub id: Option<String>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires", &self.expires).field("id", &self.id).finish_non_exhaustive()
    }
}

impl Client {
    /// `POST /v1/oauth2/token`.
    pub async fn token(&self, grant: &Grant) -> Result<Token, Error> {
        self.asked(grant).await.map(|(token, _)| token)
    }

    pub(crate) async fn granted(&self, credentials: &Credentials) -> Result<(Token, Option<Duration>), Error> {
        let Credentials { app_key, app_secret } = credentials.clone();
        self.asked(&Grant::Keys { app_key, app_secret }).await
    }

    pub(crate) async fn refreshed(&self, spent: &Secret) -> Result<(Token, Option<Duration>), Error> {
        self.asked(&Grant::Refresh { refresh_token: spent.clone() }).await
    }

    /// The pair, and how long its bearer lives by the server's own clock.
    async fn asked(&self, grant: &Grant) -> Result<(Token, Option<Duration>), Error> {
        let call = self.post(PATH).with(grant).open();
        let answer = call.once(None).await?;
        if !answer.status.is_success() {
            return Err(answer.failure(&call.name()));
        }
        let token: Token = answer.read(&call.name())?;
        let life = answer.date().map(|now| {
            let millis = token.expires.saturating_sub(now.as_millisecond());
            Duration::from_millis(u64::try_from(millis).unwrap_or_default())
        });
        Ok((token, life))
    }
}
