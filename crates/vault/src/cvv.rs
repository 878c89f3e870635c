//! Card verification values: sealed apart from the card, for minutes.
//!
//! The expiry is sealed with the value: whoever can write the row cannot make the value live longer.

use std::time::Duration;

use domain::{
    bounds::CVV_LIFE_MINUTES,
    card::Cvv,
    id::TokenId,
    time::{MINUTE, Timestamp},
    token::{DataKey, Sealed, SealedCvv},
};
use zeroize::Zeroizing;

use crate::{
    Error, Vault,
    card::{same_key, sealing},
    seal,
};

/// How long a CVV may be opened.
const LIFE: Duration = MINUTE.saturating_mul(CVV_LIFE_MINUTES as u32);

impl Vault {
    /// Seals the CVV of a vaulted card, for [`CVV_LIFE_MINUTES`].
    pub fn seal_cvv(&self, key: &DataKey, token: TokenId, cvv: &Cvv, now: Timestamp) -> Result<SealedCvv, Error> {
        sealing(key)?;
        let expires_at = now + LIFE;
        let mut plain = Zeroizing::new(Vec::with_capacity(16));
        plain.extend_from_slice(&expires_at.micros().to_be_bytes());
        plain.extend_from_slice(cvv.reveal().as_bytes());
        let bytes = seal::seal(&self.subkeys(key)?.cvvs, &bound(key, token), &plain, self.random.as_ref())?;
        Ok(SealedCvv { token, mid: key.mid, sealed: Sealed { key: key.id, bytes }, expires_at })
    }

    /// The CVV, or `None` when its time has passed. `key` is the data key that `row.sealed.key` names.
    pub fn open_cvv(&self, key: &DataKey, row: &SealedCvv, now: Timestamp) -> Result<Option<Cvv>, Error> {
        if key.mid != row.mid {
            return Err(Error::WrongDataKey(key.id));
        }
        same_key(key, row.sealed.key)?;
        let plain = seal::open(&self.subkeys(key)?.cvvs, &bound(key, row.token), &row.sealed.bytes)?;
        let (micros, digits) = plain.split_first_chunk().ok_or(Error::Malformed)?;
        let cvv = str::from_utf8(digits).ok().and_then(Cvv::parse).ok_or(Error::Malformed)?;
        let expires_at = row.expires_at.min(Timestamp::from_micros(i64::from_be_bytes(*micros)));
        Ok((now < expires_at).then_some(cvv))
    }
}

fn bound(key: &DataKey, token: TokenId) -> Vec<u8> {
    let environment = key.environment.as_str().as_bytes();
    seal::bound(&[b"cvvs", &token.bytes(), b"cvv", &key.mid.bytes(), environment, &key.id.bytes()])
}

#[cfg(test)]
mod tests {
    use domain::{environment::Environment, time::DAY};

    use super::*;
    use crate::{NewCard, support::*};

    #[test]
    fn a_cvv_lives_fifteen_minutes_whatever_the_row_says() {
        let vault = vault();
        let key = data_key(&vault, 1);
        let row = vault.tokenize(&key, NewCard { cvv: Some(&cvv()), ..new_card(&visa()) }, NOW).unwrap().cvv.unwrap();
        let last = NOW + LIFE - Duration::from_micros(1);
        assert_eq!((row.token, row.mid, row.expires_at), (token(1), key.mid, NOW + 15 * MINUTE));
        assert_eq!(vault.open_cvv(&key, &row, NOW).unwrap(), Some(cvv()));
        assert_eq!(vault.open_cvv(&key, &row, last).unwrap(), Some(cvv()));
        assert_eq!(vault.open_cvv(&key, &row, row.expires_at).unwrap(), None);
        let prolonged = SealedCvv { expires_at: NOW + DAY, ..row.clone() };
        assert_eq!(vault.open_cvv(&key, &prolonged, NOW + LIFE).unwrap(), None);
        let shortened = SealedCvv { expires_at: NOW + MINUTE, ..row };
        assert_eq!(vault.open_cvv(&key, &shortened, NOW + MINUTE).unwrap(), None);
    }

    #[test]
    fn a_cvv_opens_only_in_its_own_row_column_and_tenant() {
        let vault = vault();
        let (key, other) = (data_key(&vault, 1), data_key(&vault, 2));
        let card = vault.tokenize(&key, new_card(&visa()), NOW).unwrap().card;
        let row = vault.seal_cvv(&key, card.id, &cvv(), NOW).unwrap();
        let moved = SealedCvv { token: token(2), ..row.clone() };
        assert!(matches!(vault.open_cvv(&key, &moved, NOW), Err(Error::NotAuthentic)), "another row");
        let moved = SealedCvv { mid: other.mid, ..row.clone() };
        assert!(matches!(vault.open_cvv(&key, &moved, NOW), Err(Error::WrongDataKey(_))), "another tenant's row");
        assert!(matches!(vault.open_cvv(&other, &row, NOW), Err(Error::WrongDataKey(_))), "another tenant's key");
        let live = DataKey { environment: Environment::Production, ..key.clone() };
        assert!(matches!(vault.open_cvv(&live, &row, NOW), Err(Error::NotAuthentic)), "another environment");
        let as_number = domain::token::Card { number: row.sealed.clone(), ..card };
        assert!(matches!(vault.open_number(&key, &as_number), Err(Error::NotAuthentic)), "another column");
    }

    proptest::proptest! {
        #[test]
        fn every_cvv_comes_back(digits in "[0-9]{3,4}") {
            let vault = vault();
            let key = data_key(&vault, 1);
            let cvv = Cvv::parse(&digits).unwrap();
            let row = vault.seal_cvv(&key, token(1), &cvv, NOW).unwrap();
            proptest::prop_assert_eq!(vault.open_cvv(&key, &row, NOW).unwrap(), Some(cvv));
        }

        #[test]
        fn opening_anything_never_panics(bytes: Vec<u8>) {
            let vault = vault();
            let key = data_key(&vault, 1);
            let row = SealedCvv { token: token(1), mid: key.mid, sealed: Sealed { key: key.id, bytes }, expires_at: NOW + DAY };
            proptest::prop_assert!(vault.open_cvv(&key, &row, NOW).is_err());
        }
    }
}
