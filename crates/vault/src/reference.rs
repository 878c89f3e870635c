//! Cards that are vaulted elsewhere: what is sealed is the reference under which their processor knows them. Whoever
//! holds a reference can charge the card, so it is kept like a number.

use domain::{
    card::{Funding, Network},
    id::TokenId,
    time::Timestamp,
    token::{Card, DataKey, Sealed},
};
use zeroize::Zeroizing;

use crate::{
    Error, Update, Vault,
    card::{owns, same_key, sealing},
    seal,
};

/// A card known by a reference, as it came in. Prints nothing of it.
pub struct NewReference<'a> {
    /// The token it will have.
    pub id: TokenId,
    /// The reference.
    pub reference: &'a str,
    /// The network.
    pub network: Network,
    /// How it is funded.
    pub funding: Funding,
    /// The first digits, as told.
    pub bin: &'a str,
    /// The last four digits; empty: not told.
    pub last4: &'a str,
    /// 1–12.
    pub exp_month: Option<u8>,
    /// Four digits.
    pub exp_year: Option<u16>,
    /// Whether the account updater may ask for this card.
    pub updater_allowed: bool,
}

impl Vault {
    /// Seals a reference under the merchant's data key and makes the card's row. Both ledger keys are of the whole
    /// reference: digits that many cards share must not make two cards one.
    pub fn hold(&self, key: &DataKey, new: &NewReference<'_>, now: Timestamp) -> Result<Card, Error> {
        let hashes = self.hash_keys(key.mid, key.environment)?;
        let counted = hashes.reference_key(new.reference);
        Ok(Card {
            id: new.id,
            mid: key.mid,
            environment: key.environment,
            version: 1,
            credential_version: 1,
            network: new.network,
            funding: new.funding,
            bin: new.bin.to_owned(),
            last4: new.last4.to_owned(),
            exp_month: new.exp_month,
            exp_year: new.exp_year,
            first_name: None,
            last_name: None,
            full_name: None,
            email: None,
            sense_key: None,
            fingerprint: hashes.reference_fingerprint(new.reference, new.exp_month, new.exp_year),
            key: counted,
            weak_key: counted,
            updater_allowed: new.updater_allowed,
            is_reference: true,
            number: self.seal_reference(key, new.id, new.reference)?,
            created_at: now,
            last_used_at: now,
        })
    }

    /// The reference of a card, for the processor. `key` is the data key that `card.number.key` names.
    pub fn open_reference(&self, key: &DataKey, card: &Card) -> Result<Zeroizing<String>, Error> {
        if !card.is_reference {
            return Err(Error::Malformed);
        }
        owns(key, card)?;
        same_key(key, card.number.key)?;
        let plain = seal::open(&self.subkeys(key)?.numbers, &bound(key, card.id), &card.number.bytes)?;
        let text = str::from_utf8(&plain).map_err(|_| Error::Malformed)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// The same card under another data key.
    pub(crate) fn reseal_reference(&self, card: &Card, from: &DataKey, to: &DataKey) -> Result<Card, Error> {
        let reference = self.open_reference(from, card)?;
        Ok(Card { number: self.seal_reference(to, card.id, &reference)?, ..card.clone() })
    }

    /// The card after an account update: a new expiry; the reference stays what the processor knows.
    pub(crate) fn updated_reference(
        &self,
        card: &Card,
        from: &DataKey,
        to: &DataKey,
        update: &Update<'_>,
    ) -> Result<Card, Error> {
        let reference = self.open_reference(from, card)?;
        let (exp_month, exp_year) = (update.exp_month.or(card.exp_month), update.exp_year.or(card.exp_year));
        let hashes = self.hash_keys(card.mid, card.environment)?;
        Ok(Card {
            credential_version: card.credential_version.saturating_add(1),
            exp_month,
            exp_year,
            fingerprint: hashes.reference_fingerprint(&reference, exp_month, exp_year),
            number: self.seal_reference(to, card.id, &reference)?,
            ..card.clone()
        })
    }

    fn seal_reference(&self, key: &DataKey, id: TokenId, reference: &str) -> Result<Sealed, Error> {
        sealing(key)?;
        let subkeys = self.subkeys(key)?;
        let bytes = seal::seal(&subkeys.numbers, &bound(key, id), reference.as_bytes(), self.random.as_ref())?;
        Ok(Sealed { key: key.id, bytes })
    }
}

/// Bound as a reference: sealed bytes never open as a number, nor a number as a reference.
fn bound(key: &DataKey, id: TokenId) -> Vec<u8> {
    let environment = key.environment.as_str().as_bytes();
    seal::bound(&[b"cards", &id.bytes(), b"reference", &key.mid.bytes(), environment, &key.id.bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::*;

    fn new(number: u8, reference: &str) -> NewReference<'_> {
        NewReference {
            id: token(number),
            reference,
            network: Network::Visa,
            funding: Funding::Debit,
            bin: "411111",
            last4: "",
            exp_month: None,
            exp_year: None,
            updater_allowed: true,
        }
    }

    #[test]
    fn a_reference_opens_for_its_own_card_only() {
        let vault = vault();
        let (one, other) = (data_key(&vault, 1), data_key(&vault, 2));
        let card = vault.hold(&one, &new(1, "tok_elsewhere"), NOW).unwrap();
        assert_eq!(vault.open_reference(&one, &card).unwrap().as_str(), "tok_elsewhere");
        assert!(!format!("{card:?}").contains("elsewhere"));
        assert!(vault.open_reference(&other, &card).is_err(), "another tenant's key");
        let moved = Card { id: token(9), ..card.clone() };
        assert!(vault.open_reference(&one, &moved).is_err(), "bytes of another row");
        assert!(matches!(vault.open_number(&one, &card), Err(Error::NoNumber)));
        let number = Card { is_reference: false, ..card };
        assert!(vault.open_number(&one, &number).is_err(), "a reference is no number");
        let vaulted = vault.tokenize(&one, new_card(&visa()), NOW).unwrap().card;
        assert!(vault.open_reference(&one, &vaulted).is_err());
        assert!(vault.open_reference(&one, &Card { is_reference: true, ..vaulted }).is_err(), "a number is no reference");
    }

    #[test]
    fn keys_follow_the_reference_and_the_tenant() {
        let vault = vault();
        let (one, other) = (data_key(&vault, 1), data_key(&vault, 2));
        let key = |data, reference| vault.hold(data, &new(1, reference), NOW).unwrap().key;
        assert_eq!(key(&one, "a"), key(&one, "a"));
        assert_ne!(key(&one, "a"), key(&one, "b"), "the same BIN and no last four digits");
        assert_ne!(key(&one, "a"), key(&other, "a"));
        let card = vault.hold(&one, &new(1, "4111111111111111"), NOW).unwrap();
        assert_eq!(card.key, card.weak_key);
        assert_ne!(card.key, vault.card_key(one.mid, one.environment, &visa()).unwrap(), "a reference that looks like a number");
    }

    #[test]
    fn rotation_and_updates_keep_the_reference() {
        let vault = vault();
        let (from, to) =
            (data_key(&vault, 1), vault.new_data_key(mid(1), data_key(&vault, 1).environment, data_key_id(7), NOW).unwrap());
        let card = vault.hold(&from, &new(1, "ref"), NOW).unwrap();
        let resealed = vault.reseal(&card, &from, &to).unwrap();
        assert_eq!((resealed.number.key, resealed.key), (to.id, card.key));
        let update = Update { exp_month: Some(4), exp_year: Some(2031), ..Update::default() };
        let updated = vault.updated(&resealed, &to, &to, &update).unwrap();
        assert_eq!((updated.credential_version, updated.exp_year, updated.key), (2, Some(2031), card.key));
        assert_eq!(vault.open_reference(&to, &updated).unwrap().as_str(), "ref");
    }
}
