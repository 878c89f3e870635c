//! Token signing keys: kept sealed in the store, one signs, the retired ones verify for a while.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{
    change::{ChangeSet, SigningKey, Write},
    time::{DAY, MINUTE, Timestamp},
};
use jsonwebtoken::{DecodingKey, EncodingKey};
use vault::Context;

use super::verify::Claims;
use crate::{Engine, Result};

/// Tokens whose signature was checked already, at most.
const CHECKED_MAX: usize = 20_000;

/// The keys in memory, and the tokens that they were found to have signed.
#[derive(Default)]
pub struct Tokens {
    ring: RwLock<Ring>,
    checked: RwLock<HashMap<Box<str>, Arc<Claims>>>,
}

#[derive(Default, Clone)]
struct Ring {
    signs: Option<Arc<Signer>>,
    verify: HashMap<String, Arc<Verifier>>,
}

/// The key that signs.
pub struct Signer {
    /// Key id.
    pub kid: String,
    /// Key.
    pub key: EncodingKey,
}

/// A key that verifies.
pub struct Verifier {
    /// Key.
    pub key: DecodingKey,
    retired_at: Option<Timestamp>,
}

impl Tokens {
    /// Whether there is a key to sign with.
    pub fn is_ready(&self) -> bool {
        self.ring().signs.is_some()
    }

    /// The key that signs.
    pub fn signer(&self) -> Option<Arc<Signer>> {
        self.ring().signs.clone()
    }

    /// A key that still verifies.
    pub fn verifier(&self, kid: &str, now: Timestamp) -> Option<Arc<Verifier>> {
        let verifier = self.ring().verify.get(kid).cloned()?;
        let over = verifier.retired_at.is_some_and(|at| now >= at + MINUTE * super::RETIRED_MINUTES as u32);
        (!over).then_some(verifier)
    }

    /// What a token says whose signature was checked before; its times are still the caller's to judge.
    pub fn checked(&self, token: &str) -> Option<Arc<Claims>> {
        self.checked.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    /// Remembers a token whose signature is right.
    pub fn remember(&self, token: &str, claims: Arc<Claims>) {
        let mut checked = self.checked.write().unwrap_or_else(PoisonError::into_inner);
        if checked.len() >= CHECKED_MAX {
            checked.clear();
        }
        checked.insert(token.into(), claims);
    }

    /// Takes over the keys as they now are; what the old ones signed is checked anew.
    fn replace(&self, ring: Ring) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        self.checked.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn ring(&self) -> std::sync::RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Reads the signing keys; makes the first one, and a new one when the newest has signed long enough.
    pub(crate) async fn load_signing_keys(&self) -> Result<()> {
        let now = self.clock.now();
        let mut keys = self.store.signing_keys().await?;
        keys.sort_by_key(|key| key.created_at);
        let life = DAY * self.options.signing_key_days;
        let current = keys.iter().rev().find(|key| key.retired_at.is_none());
        if current.is_none_or(|key| now >= key.created_at + life) {
            keys.push(self.rotate_signing_keys(&mut keys.clone(), now).await?);
        }
        let mut ring = Ring::default();
        for key in &keys {
            let secret = self.vault.open_value(context(&key.kid), &key.sealed)?;
            ring.verify.insert(
                key.kid.clone(),
                Arc::new(Verifier { key: DecodingKey::from_secret(&secret), retired_at: key.retired_at }),
            );
            if key.retired_at.is_none() {
                ring.signs = Some(Arc::new(Signer { kid: key.kid.clone(), key: EncodingKey::from_secret(&secret) }));
            }
        }
        self.tokens.replace(ring);
        Ok(())
    }

    async fn rotate_signing_keys(&self, keys: &mut [SigningKey], now: Timestamp) -> Result<SigningKey> {
        let today = now.civil_at(0);
        let kid = format!("{:04}-{:02}{}", today.year(), today.month(), self.random.word::<4>().to_lowercase());
        let secret = zeroize::Zeroizing::new(self.random.bytes::<32>());
        let sealed = self.vault.seal_value(context(&kid), secret.as_slice())?;
        let fresh = SigningKey { kid, sealed, created_at: now, retired_at: None };
        let mut set = ChangeSet::new().with(Write::PutSigningKey(fresh.clone()));
        for old in keys.iter_mut().filter(|key| key.retired_at.is_none()) {
            old.retired_at = Some(now);
            set.push(Write::PutSigningKey(old.clone()));
        }
        self.store.apply(set).await?;
        Ok(fresh)
    }
}

pub(crate) fn context(kid: &str) -> Context<'_> {
    Context { table: "signing_keys", row: kid.as_bytes(), column: "sealed" }
}
