//! Secrets at rest: Argon2id, with OWASP's recommended cost (19 MiB, two passes).

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

use crate::{Engine, Error, Result};

/// Checks that run or wait, at most; more answers 503.
pub(crate) const CHECKS_WAITING_MAX: usize = 512;

/// The PHC string of a secret under a fresh salt.
pub fn hash_secret(secret: &str, salt: [u8; 16]) -> Result<String> {
    let hash = Argon2::default().hash_password_with_salt(secret.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| Error::Internal(format!("argon2: {error}")))
}

impl Engine {
    /// Which of the hashes a secret is behind. Costs tens of milliseconds each; a limited number runs at
    /// once, on threads of their own, and a limited number waits.
    pub(crate) async fn secret_match(&self, secret: String, hashes: Vec<String>) -> Result<Option<usize>> {
        let _place = self.hashing_queue.try_acquire().map_err(|_| Error::Overloaded)?;
        let _permit = self.hashing.acquire().await.map_err(|_| Error::Draining)?;
        tokio::task::spawn_blocking(move || hashes.iter().position(|hash| matches(&secret, hash)))
            .await
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

fn matches(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_matches_its_hash() {
        let hash = hash_secret("s3cret", [7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(matches("s3cret", &hash) && !matches("S3cret", &hash) && !matches("s3cret", "nonsense"));
    }
}
