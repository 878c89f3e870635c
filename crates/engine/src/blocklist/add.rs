//! Adding to the blocklist. The same value again is the same entry.

use domain::{
    block::{Block, Kind},
    bounds::{BLOCKS_PER_MERCHANT_MAX, CONFLICT_RETRIES_MAX},
    card::CardKey,
    change::{ChangeSet, Write},
    environment::Environment,
    fault::Faults,
    id::{BlockId, Mid, TokenId},
    time::Timestamp,
    timer::{self, Timer},
};

use crate::{Engine, Error, Principal, Result};

/// A crash between the commit and the stop is made good after this, seconds.
const STOP_AGAIN_SECS: u64 = 15;

/// `POST /v1/blocklist`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What is blocked.
    pub kind: Kind,
    /// As sent; a payment instrument by token or fingerprint.
    pub value: String,
    /// The merchant's note.
    pub reason: Option<String>,
    /// Until when, UTC; none: for good.
    pub expires_at: Option<Timestamp>,
}

/// An entry, and whether it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The entry as it stands.
    pub block: Block,
    /// It was not there before.
    pub is_new: bool,
}

/// A value in its normal form.
pub(super) struct Named {
    pub kind: Kind,
    pub value: String,
    pub card: Option<CardKey>,
}

impl Engine {
    /// Adds an entry; what is open of a blocked customer or instrument ends.
    pub async fn add_block(
        &self,
        principal: &Principal,
        mid: Option<Mid>,
        draft: Option<Draft>,
        mut faults: Faults,
    ) -> Result<Added> {
        principal.require("blocklist")?;
        self.admit()?;
        let mid = self.merchant_for(principal, mid, &mut faults).await?;
        let (Some(mid), Some(draft)) = (mid, draft) else { return Err(Error::Invalid(faults)) };
        let environment = principal.environment;
        if draft.expires_at.is_some_and(|end| end <= self.now_for(mid, environment)) {
            faults.invalid("ExpiresOn");
        }
        let named = self.named(mid, environment, &draft, &mut faults).await?;
        let Some(named) = named.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        self.keep_block(mid, environment, named, draft.reason, draft.expires_at).await
    }

    /// The normal form of a value. A token stands for its card number, whatever expiry date comes with it.
    async fn named(&self, mid: Mid, environment: Environment, draft: &Draft, faults: &mut Faults) -> Result<Option<Named>> {
        let token = TokenId::parse(&draft.value).filter(|_| draft.kind == Kind::PaymentInstrument);
        if let Some(token) = token {
            let card = self.card_of(mid, environment, token).await?;
            if card.is_none() {
                faults.add("Value", "The payment method token is unknown.");
            }
            return Ok(card.map(|card| Named { kind: draft.kind, value: card.fingerprint, card: Some(card.key) }));
        }
        let value = draft.kind.normal(&draft.value);
        if value.is_none() {
            faults.invalid("Value");
        }
        Ok(value.map(|value| Named { kind: draft.kind, value, card: None }))
    }

    pub(super) async fn keep_block(
        &self,
        mid: Mid,
        environment: Environment,
        named: Named,
        reason: Option<String>,
        expires_at: Option<Timestamp>,
    ) -> Result<Added> {
        let now = self.now_for(mid, environment);
        let fresh = Block {
            id: BlockId::at(self.clock.now(), self.random.bytes()),
            mid,
            environment,
            kind: named.kind,
            value: named.value,
            card: named.card,
            reason,
            expires_at,
            created_at: now,
        };
        for _ in 0..CONFLICT_RETRIES_MAX {
            let known = self.store.blocks_under(mid, environment, &[fresh.key()]).await?.pop();
            let is_new = known.is_none();
            let block = match known {
                Some(known) if known.reason == fresh.reason && known.expires_at == fresh.expires_at => {
                    return Ok(Added { block: known, is_new: false });
                }
                Some(known) => Block { id: known.id, created_at: known.created_at, ..fresh.clone() },
                None => fresh.clone(),
            };
            if is_new && self.store.blocks_count(mid, environment).await? >= BLOCKS_PER_MERCHANT_MAX {
                let message = format!("The blocklist holds at most {BLOCKS_PER_MERCHANT_MAX} entries.");
                return Err(Error::State { message, order: None });
            }
            let mut set = ChangeSet::new().with(Write::PutBlock(Box::new(block.clone())));
            if matches!(block.kind, Kind::Customer | Kind::PaymentInstrument) {
                set.push(Write::SetTimer(stop_timer(&block, now)));
            }
            if self.apply(set).await?.is_ok() {
                self.refresh_registry().await?;
                self.stop_blocked_soon(&block).await;
                return Ok(Added { block, is_new });
            }
        }
        Err(Error::InProgress)
    }
}

fn stop_timer(block: &Block, now: Timestamp) -> Timer {
    Timer {
        kind: timer::Kind::Block,
        subject: block.id.0,
        mid: block.mid,
        environment: block.environment,
        due: now + std::time::Duration::from_secs(STOP_AGAIN_SECS),
        tries: 0,
    }
}
