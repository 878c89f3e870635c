use domain::{
    card::{Expiry, Network},
    environment::Environment,
};

use super::*;
use crate::support::*;

#[test]
fn a_vaulted_card_opens_and_shows_only_what_may_be_shown() {
    let vault = vault();
    let key = data_key(&vault, 1);
    let holder = Holder { first_name: Some("Zora".into()), email: Some("zora@example.com".into()), ..Holder::default() };
    let Vaulted { card, cvv } = vault.tokenize(&key, NewCard { holder, ..new_card(&visa()) }, NOW).unwrap();
    assert_eq!(vault.open_number(&key, &card).unwrap(), visa());
    assert_eq!((card.id, card.mid, card.environment), (token(1), key.mid, key.environment));
    assert_eq!((card.version, card.credential_version, card.network), (1, 1, Network::Visa));
    assert_eq!((card.bin.as_str(), card.last4.as_str()), ("41111111", "1111"));
    assert_eq!(card.expiry(), Some(Expiry { month: 12, year: 2030 }));
    assert_eq!((card.first_name.as_deref(), card.email.as_deref()), (Some("Zora"), Some("zora@example.com")));
    assert_eq!((card.created_at, card.last_used_at, card.number.key), (NOW, NOW, key.id));
    assert!(cvv.is_none());
    assert!(!serde_json::to_string(&card).unwrap().contains("4111111111111111"));
}

#[test]
fn the_same_card_twice_is_two_tokens_with_one_fingerprint() {
    let vault = vault();
    let key = data_key(&vault, 1);
    let first = vault.tokenize(&key, new_card(&visa()), NOW).unwrap().card;
    let second = vault.tokenize(&key, NewCard { id: token(2), ..new_card(&visa()) }, NOW).unwrap().card;
    assert_eq!((&first.fingerprint, first.key, first.weak_key), (&second.fingerprint, second.key, second.weak_key));
    assert_eq!(first.fingerprint, vault.fingerprint(key.mid, key.environment, &visa(), Some(12), Some(2030)).unwrap());
    assert_eq!(first.key, vault.card_key(key.mid, key.environment, &visa()).unwrap());
    assert_eq!(first.weak_key, vault.weak_key(key.mid, key.environment, "411111", "1111", Some(12), Some(2030)).unwrap());
    assert_ne!(first.number.bytes, second.number.bytes);
}

#[test]
fn a_number_opens_only_in_its_own_row_column_and_tenant() {
    let vault = vault();
    let (key, other) = (data_key(&vault, 1), data_key(&vault, 2));
    let card = vault.tokenize(&key, new_card(&visa()), NOW).unwrap().card;

    let moved = Card { id: token(2), ..card.clone() };
    assert!(matches!(vault.open_number(&key, &moved), Err(Error::NotAuthentic)), "another row");
    for (what, moved) in [
        ("another tenant's row", Card { mid: mid(2), ..card.clone() }),
        ("another environment's row", Card { environment: Environment::Production, ..card.clone() }),
        ("another key named", Card { number: Sealed { key: other.id, ..card.number.clone() }, ..card.clone() }),
    ] {
        assert!(matches!(vault.open_number(&key, &moved), Err(Error::WrongDataKey(_))), "{what}");
    }
    let renamed = DataKey { id: key.id, ..other.clone() };
    assert!(vault.open_number(&renamed, &Card { mid: other.mid, ..card.clone() }).is_err(), "another tenant's key renamed");

    let cvv = SealedCvv { token: card.id, mid: card.mid, sealed: card.number.clone(), expires_at: NOW + domain::time::DAY };
    assert!(matches!(vault.open_cvv(&key, &cvv, NOW), Err(Error::NotAuthentic)), "another column");

    let mut altered = card.clone();
    altered.number.bytes[15] ^= 1;
    assert!(matches!(vault.open_number(&key, &altered), Err(Error::NotAuthentic)), "altered");
    assert_eq!(vault.open_number(&key, &card).unwrap(), visa());
}

#[test]
fn resealing_moves_to_a_new_data_key_and_keeps_the_rest() {
    let vault = vault();
    let old = data_key(&vault, 1);
    let new = vault.new_data_key(old.mid, old.environment, data_key_id(7), NOW).unwrap();
    let card = vault.tokenize(&old, new_card(&visa()), NOW).unwrap().card;
    let retired = DataKey { retired: true, ..old.clone() };
    let resealed = vault.reseal(&card, &retired, &new).unwrap();
    assert_eq!(vault.open_number(&new, &resealed).unwrap(), visa());
    assert!(matches!(vault.open_number(&old, &resealed), Err(Error::WrongDataKey(_))));
    assert_eq!(Card { number: card.number.clone(), ..resealed }, card);
    assert!(matches!(vault.reseal(&card, &old, &retired), Err(Error::Retired(_))));
    assert!(matches!(vault.reseal(&card, &old, &data_key(&vault, 2)), Err(Error::WrongDataKey(_))), "another tenant's key");
}

#[test]
fn retired_keys_open_and_seal_nothing() {
    let vault = vault();
    let key = data_key(&vault, 1);
    let card = vault.tokenize(&key, new_card(&visa()), NOW).unwrap().card;
    let retired = DataKey { retired: true, ..key };
    assert_eq!(vault.open_number(&retired, &card).unwrap(), visa());
    assert!(matches!(vault.tokenize(&retired, new_card(&visa()), NOW), Err(Error::Retired(_))));
    assert!(matches!(vault.seal_cvv(&retired, card.id, &cvv(), NOW), Err(Error::Retired(_))));
}

#[test]
fn account_updates() {
    let vault = vault();
    let key = data_key(&vault, 1);
    let card = vault.tokenize(&key, NewCard { funding: Funding::Debit, ..new_card(&visa()) }, NOW).unwrap().card;

    let renewed = vault.updated(&card, &key, &key, &Update { exp_year: Some(2034), ..Update::default() }).unwrap();
    assert_eq!((renewed.credential_version, renewed.version, renewed.funding), (2, 1, Funding::Debit));
    assert_eq!(renewed.expiry(), Some(Expiry { month: 12, year: 2034 }));
    assert_eq!((renewed.key, renewed.id), (card.key, card.id), "the ledger counts the same number on");
    assert_ne!((&renewed.fingerprint, renewed.weak_key), (&card.fingerprint, card.weak_key));
    assert_eq!(vault.open_number(&key, &renewed).unwrap(), visa());

    let number = mastercard();
    let replaced = vault.updated(&renewed, &key, &key, &Update { number: Some(&number), ..Update::default() }).unwrap();
    assert_eq!((replaced.credential_version, replaced.network, replaced.funding), (3, Network::Mastercard, Funding::Unknown));
    assert_eq!((replaced.bin.as_str(), replaced.last4.as_str()), ("55555555", "4444"));
    assert_ne!((&replaced.fingerprint, replaced.key), (&card.fingerprint, card.key));
    assert_eq!(vault.open_number(&key, &replaced).unwrap(), number);
}

proptest::proptest! {
    #[test]
    fn every_number_comes_back(payload in "[2-6][0-9]{10,17}", month: Option<u8>, year: Option<u16>) {
        let pan = (0..10).find_map(|check| Pan::parse(&format!("{payload}{check}"))).unwrap();
        let vault = vault();
        let key = data_key(&vault, 1);
        let card = vault.tokenize(&key, NewCard { exp_month: month, exp_year: year, ..new_card(&pan) }, NOW).unwrap().card;
        proptest::prop_assert_eq!(vault.open_number(&key, &card).unwrap(), pan.clone());
        let (debug, json) = (format!("{card:?}"), serde_json::to_string(&card).unwrap());
        proptest::prop_assert!(!debug.contains(pan.reveal()) && !json.contains(pan.reveal()));
    }

    #[test]
    fn opening_anything_never_panics(bytes: Vec<u8>) {
        let vault = vault();
        let key = data_key(&vault, 1);
        let mut card = vault.tokenize(&key, new_card(&visa()), NOW).unwrap().card;
        card.number.bytes = bytes;
        proptest::prop_assert!(vault.open_number(&key, &card).is_err());
    }
}
