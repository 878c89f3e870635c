//! The token in use: fetched once for all callers, renewed before it runs out.

use std::time::Duration;

use tokio::{sync::Mutex, time::Instant};

use crate::{Client, Credentials, Error, Secret, resource::token::Token};

/// A token is renewed so long before its end, or at half its life when that is less.
const MARGIN: Duration = Duration::from_secs(60);
/// The life of a token whose answer does not say what time it is at the server.
const LIFE_ASSUMED: Duration = Duration::from_secs(300);

/// What a client holds.
#[derive(Default)]
pub struct Session(Mutex<Option<Held>>);

struct Held {
    access: Secret,
    refresh: Secret,
    renew_at: Instant,
}

impl Session {
    /// A token that is good for a while.
    pub async fn bearer(&self, client: &Client, credentials: &Credentials) -> Result<Secret, Error> {
        let mut held = self.0.lock().await;
        if let Some(held) = held.as_ref().filter(|held| Instant::now() < held.renew_at) {
            return Ok(held.access.clone());
        }
        let (token, life) = match held.take() {
            // A refresh token lives a day and dies with its family; the keys still work.
            Some(spent) => match client.refreshed(&spent.refresh).await {
                Err(Error::Refused { .. }) => client.granted(credentials).await?,
                renewed => renewed?,
            },
            None => client.granted(credentials).await?,
        };
        let fresh = Held::of(token, life);
        Ok(held.insert(fresh).access.clone())
    }

    /// Drops a token that the server does not take; one that another caller has got meanwhile stays.
    pub async fn drop_if(&self, refused: &Secret) {
        self.0.lock().await.take_if(|held| held.access == *refused);
    }
}

impl Held {
    fn of(token: Token, life: Option<Duration>) -> Self {
        let renew_at = Instant::now() + use_of(life.unwrap_or(LIFE_ASSUMED));
        Self { access: token.access_token, refresh: token.refresh_token, renew_at }
    }
}

/// How long a token is used.
fn use_of(life: Duration) -> Duration {
    life.saturating_sub(MARGIN).max(life / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_its_end() {
        let secs = Duration::from_secs;
        assert_eq!(use_of(secs(600)), secs(540));
        assert_eq!(use_of(secs(80)), secs(40));
        assert_eq!(use_of(secs(0)), secs(0));
    }
}
