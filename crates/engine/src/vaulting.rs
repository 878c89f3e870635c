//! The engine's use of the vault: a merchant's data key, cards in, cards out at the last moment.

use domain::{
    card::{CardKey, Cvv, Funding, Pan},
    change::{ChangeSet, Write},
    environment::Environment,
    id::{DataKeyId, Mid, OrderId, TokenId},
    order::Credential,
    time::Timestamp,
    token::{Card, DataKey},
};
use vault::{Holder, NewCard};

use crate::{Engine, Error, Result};

/// A card that was opened for a charge or a check.
pub struct Opened {
    /// Its row.
    pub card: Card,
    /// Its number.
    pub number: Pan,
    /// Its CVV, while it is kept.
    pub cvv: Option<Cvv>,
}

impl Engine {
    /// The merchant's active data key, made when there is none.
    pub(crate) async fn data_key(&self, mid: Mid, environment: Environment) -> Result<DataKey> {
        let now = self.clock.now();
        if let Some(key) = self.data_keys.active(mid, environment, now) {
            return Ok(key);
        }
        if let Some(key) = self.store.active_data_key(mid, environment).await? {
            self.data_keys.keep_active(&key, now);
            return Ok(key);
        }
        let key = self.vault.new_data_key(mid, environment, DataKeyId::at(now, self.random.bytes()), now)?;
        // Two requests may make one each: both stay readable, the newer one seals.
        self.store.apply(ChangeSet::new().with(Write::PutDataKey(key.clone()))).await?;
        Ok(key)
    }

    /// Seals a card number into rows to be inserted.
    pub(crate) async fn seal_card(&self, mid: Mid, environment: Environment, new: Sealing<'_>) -> Result<vault::Vaulted> {
        let key = self.data_key(mid, environment).await?;
        let now = self.clock.now();
        let card = NewCard {
            id: TokenId::at(now, self.random.bytes()),
            pan: new.number,
            cvv: new.cvv,
            exp_month: new.exp_month,
            exp_year: new.exp_year,
            funding: funding(new.number),
            holder: new.holder,
            updater_allowed: new.updater_allowed,
        };
        Ok(self.vault.tokenize(&key, card, now)?)
    }

    /// A card of this merchant and environment; anything else is unknown.
    pub(crate) async fn card_of(&self, mid: Mid, environment: Environment, token: TokenId) -> Result<Option<Card>> {
        let card = self.store.card(token).await?;
        Ok(card.filter(|card| card.mid == mid && card.environment == environment))
    }

    /// Opens a card for a charge.
    pub(crate) async fn open_card(&self, token: TokenId) -> Result<Option<Opened>> {
        let Some(card) = self.store.card(token).await? else { return Ok(None) };
        let number = self.open_number(&card).await?;
        let cvv = match self.store.cvv(token).await? {
            Some(row) => {
                let key = self.key_of(row.sealed.key).await?;
                self.vault.open_cvv(&key, &row, self.clock.now())?
            }
            None => None,
        };
        Ok(Some(Opened { card, number, cvv }))
    }

    /// The number of a card.
    pub(crate) async fn open_number(&self, card: &Card) -> Result<Pan> {
        let key = self.key_of(card.number.key).await?;
        Ok(self.vault.open_number(&key, card)?)
    }

    pub(crate) async fn key_of(&self, id: DataKeyId) -> Result<DataKey> {
        if let Some(key) = self.data_keys.get(id) {
            return Ok(key);
        }
        let key = self.store.data_key(id).await?.ok_or_else(|| Error::Internal("a data key is missing".into()))?;
        self.data_keys.keep(&key);
        Ok(key)
    }
}

/// A card number on its way into the vault.
pub struct Sealing<'a> {
    /// The number.
    pub number: &'a Pan,
    /// CVV, kept apart for minutes.
    pub cvv: Option<&'a Cvv>,
    /// 1–12.
    pub exp_month: Option<u8>,
    /// Four digits.
    pub exp_year: Option<u16>,
    /// Who typed it.
    pub holder: Holder,
    /// Whether the account updater may be asked.
    pub updater_allowed: bool,
}

/// What the order keeps of a card.
pub fn credential(card: &Card, issuer_country: Option<String>, since: Timestamp) -> Credential {
    Credential {
        token: card.id,
        is_reference: card.is_reference,
        version: card.credential_version,
        key: card.key,
        weak_key: card.weak_key,
        network: card.network,
        funding: card.funding,
        bin: card.bin.clone(),
        last4: card.last4.clone(),
        exp_month: card.exp_month,
        exp_year: card.exp_year,
        fingerprint: card.fingerprint.clone(),
        issuer_country,
        since,
    }
}

/// Funding of the sandbox's test BINs (`wire-api` §14.2); a number alone tells no more.
fn funding(number: &Pan) -> Funding {
    match &number.reveal()[..6] {
        "400005" | "222300" => Funding::Debit,
        "400000" | "555555" | "601100" => Funding::Credit,
        _ => Funding::Unknown,
    }
}

/// The same card counted for one order only: a card of the sandbox's tables stands for another customer in every order.
/// Attempts are booked under the order; what the merchant transmitted on the card itself still counts beside them.
pub fn counted_per_order(card: Credential, order: OrderId) -> Credential {
    Credential { weak_key: card.key, key: CardKey(order.bytes()), ..card }
}

/// A new order's public names: `RC-` + 10 characters, and eight hexadecimal characters.
pub fn names(engine: &Engine, id: OrderId) -> (String, String) {
    let confirmation = crate::hash::hex(&id.bytes()[12..]).to_ascii_uppercase();
    (format!("RC-{}", engine.random.word::<10>()), confirmation)
}
