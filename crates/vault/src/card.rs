//! Cards: vaulted, opened for a charge, sealed under a new data key, updated.

use domain::{
    card::{Cvv, Funding, Pan},
    id::{DataKeyId, TokenId},
    time::Timestamp,
    token::{Card, DataKey, Sealed, SealedCvv},
};

use crate::{Error, Vault, seal};

/// A card to be vaulted, as it came in.
#[derive(Debug)]
pub struct NewCard<'a> {
    /// The token it will have.
    pub id: TokenId,
    /// The number.
    pub pan: &'a Pan,
    /// The verification value, when one was given.
    pub cvv: Option<&'a Cvv>,
    /// 1–12.
    pub exp_month: Option<u8>,
    /// Four digits.
    pub exp_year: Option<u16>,
    /// How it is funded, when the BIN tells.
    pub funding: Funding,
    /// The holder, as given.
    pub holder: Holder,
    /// Whether the account updater may ask for this card.
    pub updater_allowed: bool,
}

/// Who typed the card, as given. Prints nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Holder {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Full name, when not in two parts.
    pub full_name: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// The key of the sense session.
    pub sense_key: Option<String>,
}

/// The rows of a vaulted card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vaulted {
    /// Row of `cards`.
    pub card: Card,
    /// Row of `cvvs`, when a CVV was given.
    pub cvv: Option<SealedCvv>,
}

/// What the account updater found. `None` keeps what the card has.
#[derive(Debug, Clone, Default)]
pub struct Update<'a> {
    /// A new number.
    pub number: Option<&'a Pan>,
    /// A new expiry month.
    pub exp_month: Option<u8>,
    /// A new expiry year.
    pub exp_year: Option<u16>,
}

impl Vault {
    /// Seals a card under the merchant's data key and makes its rows. Row version and credential version are 1.
    pub fn tokenize(&self, key: &DataKey, new: NewCard<'_>, now: Timestamp) -> Result<Vaulted, Error> {
        let NewCard { id, pan, cvv, exp_month, exp_year, funding, holder, updater_allowed } = new;
        let hashes = self.hash_keys(key.mid, key.environment)?;
        let card = Card {
            id,
            mid: key.mid,
            environment: key.environment,
            version: 1,
            credential_version: 1,
            network: pan.network(),
            funding,
            bin: pan.bin().to_owned(),
            last4: pan.last4().to_owned(),
            exp_month,
            exp_year,
            first_name: holder.first_name,
            last_name: holder.last_name,
            full_name: holder.full_name,
            email: holder.email,
            sense_key: holder.sense_key,
            fingerprint: hashes.fingerprint(pan, exp_month, exp_year),
            key: hashes.card_key(pan),
            weak_key: hashes.weak_key(pan.bin(), pan.last4(), exp_month, exp_year),
            updater_allowed,
            is_reference: false,
            number: self.seal_number(key, id, pan)?,
            created_at: now,
            last_used_at: now,
        };
        let cvv = cvv.map(|cvv| self.seal_cvv(key, id, cvv, now)).transpose()?;
        Ok(Vaulted { card, cvv })
    }

    /// The number of a card, to be charged. `key` is the data key that `card.number.key` names.
    pub fn open_number(&self, key: &DataKey, card: &Card) -> Result<Pan, Error> {
        if card.is_reference {
            return Err(Error::NoNumber);
        }
        owns(key, card)?;
        same_key(key, card.number.key)?;
        let plain = seal::open(&self.subkeys(key)?.numbers, &bound(key, card.id), &card.number.bytes)?;
        str::from_utf8(&plain).ok().and_then(Pan::parse).ok_or(Error::Malformed)
    }

    /// The same card under another data key of its merchant and environment. Only `number` changes.
    pub fn reseal(&self, card: &Card, from: &DataKey, to: &DataKey) -> Result<Card, Error> {
        owns(to, card)?;
        if card.is_reference {
            return self.reseal_reference(card, from, to);
        }
        let pan = self.open_number(from, card)?;
        Ok(Card { number: self.seal_number(to, card.id, &pan)?, ..card.clone() })
    }

    /// The card after an account update: credential version one higher, hashes and shown digits anew. `from` is
    /// the data key of the card, `to` the merchant's active one; they may be the same. The row version is the
    /// caller's.
    pub fn updated(&self, card: &Card, from: &DataKey, to: &DataKey, update: &Update<'_>) -> Result<Card, Error> {
        owns(to, card)?;
        if card.is_reference {
            return self.updated_reference(card, from, to, update);
        }
        let pan = match update.number {
            Some(number) => number.clone(),
            None => self.open_number(from, card)?,
        };
        let (exp_month, exp_year) = (update.exp_month.or(card.exp_month), update.exp_year.or(card.exp_year));
        let hashes = self.hash_keys(card.mid, card.environment)?;
        Ok(Card {
            credential_version: card.credential_version.saturating_add(1),
            network: pan.network(),
            funding: if update.number.is_some() { Funding::Unknown } else { card.funding },
            bin: pan.bin().to_owned(),
            last4: pan.last4().to_owned(),
            exp_month,
            exp_year,
            fingerprint: hashes.fingerprint(&pan, exp_month, exp_year),
            key: hashes.card_key(&pan),
            weak_key: hashes.weak_key(pan.bin(), pan.last4(), exp_month, exp_year),
            number: self.seal_number(to, card.id, &pan)?,
            ..card.clone()
        })
    }

    fn seal_number(&self, key: &DataKey, id: TokenId, pan: &Pan) -> Result<Sealed, Error> {
        sealing(key)?;
        let subkeys = self.subkeys(key)?;
        let bytes = seal::seal(&subkeys.numbers, &bound(key, id), pan.reveal().as_bytes(), self.random.as_ref())?;
        Ok(Sealed { key: key.id, bytes })
    }
}

impl std::fmt::Debug for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Holder(…)")
    }
}

/// Whether new bytes may be sealed under the key.
pub fn sealing(key: &DataKey) -> Result<(), Error> {
    if key.retired { Err(Error::Retired(key.id)) } else { Ok(()) }
}

/// Whether the key is the one that the bytes name.
pub fn same_key(key: &DataKey, named: DataKeyId) -> Result<(), Error> {
    if key.id == named { Ok(()) } else { Err(Error::WrongDataKey(key.id)) }
}

pub(crate) fn owns(key: &DataKey, card: &Card) -> Result<(), Error> {
    let same = key.mid == card.mid && key.environment == card.environment;
    if same { Ok(()) } else { Err(Error::WrongDataKey(key.id)) }
}

fn bound(key: &DataKey, id: TokenId) -> Vec<u8> {
    let environment = key.environment.as_str().as_bytes();
    seal::bound(&[b"cards", &id.bytes(), b"number", &key.mid.bytes(), environment, &key.id.bytes()])
}

#[cfg(test)]
mod tests;
