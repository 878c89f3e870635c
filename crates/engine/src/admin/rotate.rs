//! Rotation of the vault's keys while the servers run: a new key-encryption key, every data key wrapped anew, a fresh
//! data key for each merchant, every card and every sealed value under the new keys.

use domain::{
    change::{ChangeSet, Conflict, Write},
    environment::Environment,
    id::{DataKeyId, TokenId},
    owner::Owner,
    token::DataKey,
};

use crate::{
    Engine, Result,
    auth::signing_context,
    routing::{headers_context, notification_context},
    tenancy::bank_context,
    webhook::secret_context,
};

/// Rows read at once.
const BATCH: u32 = 200;

/// How far a rotation is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Id of the new key-encryption key.
    pub key: String,
    /// Data keys wrapped anew.
    pub data_keys: u64,
    /// Cards sealed anew.
    pub cards: u64,
    /// Values sealed anew (signing keys, webhook secrets, processor headers).
    pub values: u64,
}

impl Engine {
    /// Rotates the vault's keys; `tell` is called as it goes on. Safe to run again after an interruption: what is under
    /// the newest keys stays.
    pub async fn rotate_vault(&self, mut tell: impl FnMut(&Progress)) -> Result<Progress> {
        let key = self.vault.rotate(self.clock.now())?;
        let mut progress = Progress { key, ..Progress::default() };
        tell(&progress);
        let keys = self.rewrap_data_keys(&mut progress).await?;
        tell(&progress);
        for old in keys {
            self.reseal_cards(&old, &mut progress, &mut tell).await?;
        }
        self.reseal_values(&mut progress).await?;
        tell(&progress);
        Ok(progress)
    }

    /// Wraps every data key anew and gives each merchant and environment a fresh one; the old ones are retired.
    async fn rewrap_data_keys(&self, progress: &mut Progress) -> Result<Vec<DataKey>> {
        let mut old = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.data_keys(after, BATCH).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            old.extend(page);
        }
        for key in &old {
            let mut set = ChangeSet::new();
            let mut wrapped = if self.vault.is_current(key) { key.clone() } else { self.vault.rewrap(key)? };
            if !key.retired {
                let now = self.clock.now();
                let fresh = self.vault.new_data_key(key.mid, key.environment, DataKeyId::at(now, self.random.bytes()), now)?;
                wrapped.retired = true;
                set.push(Write::PutDataKey(fresh));
            }
            set.push(Write::PutDataKey(wrapped));
            self.store.apply(set).await?;
            progress.data_keys += 1;
        }
        Ok(old)
    }

    async fn reseal_cards(&self, from: &DataKey, progress: &mut Progress, tell: &mut impl FnMut(&Progress)) -> Result<()> {
        let to = self.store.active_data_key(from.mid, from.environment).await?;
        let to = to.ok_or_else(|| crate::Error::Internal("a merchant has no data key".into()))?;
        let mut after: Option<TokenId> = None;
        loop {
            let page = self.store.cards_under(from.id, after, BATCH).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for card in page {
                let mut sealed = self.vault.reseal(&card, from, &to)?;
                sealed.version = card.version + 1;
                match self.apply(ChangeSet::new().with(Write::UpdateCard(Box::new(sealed)))).await? {
                    Ok(()) => progress.cards += 1,
                    // Changed or deleted meanwhile by a running server: the next rotation finds it.
                    Err(Conflict::Version { .. }) => {}
                    Err(other) => return Err(crate::Error::Internal(other.to_string())),
                }
            }
            tell(progress);
        }
    }

    async fn reseal_values(&self, progress: &mut Progress) -> Result<()> {
        for mut key in self.store.signing_keys().await? {
            if let Some(sealed) = self.vault.reseal_value(signing_context(&key.kid), &key.sealed)? {
                key.sealed = sealed;
                self.store.apply(ChangeSet::new().with(Write::PutSigningKey(key))).await?;
                progress.values += 1;
            }
        }
        for mut account in self.store.accounts().await? {
            let row = account.id.bytes();
            let resealed = match &account.headers {
                Some(sealed) => self.vault.reseal_value(headers_context(&row), sealed)?,
                None => None,
            };
            let secret = match &account.webhook_secret {
                Some(sealed) => self.vault.reseal_value(notification_context(&row), sealed)?,
                None => None,
            };
            if resealed.is_some() || secret.is_some() {
                account.headers = resealed.or(account.headers);
                account.webhook_secret = secret.or(account.webhook_secret);
                account.version += 1;
                self.store.apply(ChangeSet::new().with(Write::PutAccount(Box::new(account)))).await?;
                progress.values += 1;
            }
        }
        progress.values += self.reseal_applications().await?;
        progress.values += self.reseal_second_factors(BATCH).await?;
        for merchant in self.store.merchants(None).await? {
            self.reseal_bank(merchant.id, progress).await?;
        }
        let merchants = self.store.merchants(None).await?.into_iter().map(|merchant| Owner::from(merchant.id));
        let partners = self.store.partners().await?.into_iter().map(|partner| Owner::from(partner.id));
        for owner in merchants.chain(partners) {
            for environment in Environment::ALL {
                self.reseal_webhooks(owner, *environment, progress).await?;
            }
        }
        Ok(())
    }

    async fn reseal_bank(&self, mid: domain::id::Mid, progress: &mut Progress) -> Result<()> {
        let Some(mut merchant) = self.store.merchant(mid).await? else { return Ok(()) };
        let Some(sealed) = merchant.profile.bank.as_ref().and_then(|bank| bank.sealed.as_deref()) else { return Ok(()) };
        let Some(fresh) = self.vault.reseal_value(bank_context(&mid.bytes()), sealed)? else { return Ok(()) };
        if let Some(bank) = &mut merchant.profile.bank {
            bank.sealed = Some(fresh);
        }
        merchant.version += 1;
        // A version conflict: somebody changed the merchant at this moment; the next rotation finds it.
        if self.apply(ChangeSet::new().with(Write::PutMerchant(Box::new(merchant)))).await?.is_ok() {
            progress.values += 1;
        }
        Ok(())
    }

    async fn reseal_webhooks(&self, owner: Owner, environment: Environment, progress: &mut Progress) -> Result<()> {
        for mut endpoint in self.store.endpoints(owner, environment).await? {
            let row = endpoint.id.bytes();
            let secret = self.vault.reseal_value(secret_context(&row), &endpoint.secret)?;
            let previous = match &endpoint.previous {
                Some((sealed, until)) => self.vault.reseal_value(secret_context(&row), sealed)?.map(|fresh| (fresh, *until)),
                None => None,
            };
            if secret.is_none() && previous.is_none() {
                continue;
            }
            endpoint.secret = secret.unwrap_or(endpoint.secret);
            endpoint.previous = previous.or(endpoint.previous);
            endpoint.version += 1;
            // A version conflict: a server noted the endpoint's health at this moment; the next rotation finds it.
            if self.apply(ChangeSet::new().with(Write::UpdateEndpoint(Box::new(endpoint)))).await?.is_ok() {
                progress.values += 1;
            }
        }
        Ok(())
    }
}
