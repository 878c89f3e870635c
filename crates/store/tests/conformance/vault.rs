use domain::{
    change::Write,
    environment::Environment,
    time::{HOUR, MINUTE},
    token::{DataKey, Sealed, SealedCvv},
};
use store::Store;
use testkit::Ids;

use crate::support::{NOW, put};

pub async fn cards_round_trip(store: &Store) {
    let ids = Ids::new();
    let (mid, key) = (ids.mid(), ids.data_key());
    let mut card = testkit::card(&ids, mid, key, NOW);
    let cvv = SealedCvv { token: card.id, mid, sealed: Sealed { key, bytes: vec![1, 2] }, expires_at: NOW + MINUTE };
    put(store, [Write::InsertCard(Box::new(card.clone())), Write::PutCvv(cvv.clone())]).await;
    card.version = 2;
    card.last_used_at = NOW + HOUR;
    let newer = SealedCvv { expires_at: NOW + HOUR, ..cvv };
    put(store, [Write::UpdateCard(Box::new(card.clone())), Write::PutCvv(newer.clone())]).await;
    assert_eq!(store.card(card.id).await.unwrap(), Some(card.clone()));
    assert_eq!(store.cvv(card.id).await.unwrap(), Some(newer.clone()));
    put(store, [Write::WipeCvv { token: card.id }]).await;
    assert_eq!(store.cvv(card.id).await.unwrap(), None);
    put(store, [Write::PutCvv(newer.clone()), Write::DeleteCard { mid: ids.mid(), id: card.id }]).await;
    assert_eq!(store.card(card.id).await.unwrap(), Some(card.clone()), "another tenant deletes nothing");
    assert_eq!(store.cvv(card.id).await.unwrap(), Some(newer));
    put(store, [Write::DeleteCard { mid, id: card.id }]).await;
    assert_eq!(store.card(card.id).await.unwrap(), None);
    assert_eq!(store.cvv(card.id).await.unwrap(), None);
}

pub async fn cards_are_listed_under_their_key(store: &Store) {
    let ids = Ids::new();
    let (mid, old, new) = (ids.mid(), ids.data_key(), ids.data_key());
    let mut cards: Vec<_> = (0..5).map(|_| testkit::card(&ids, mid, old, NOW)).collect();
    put(store, cards.iter().map(|card| Write::InsertCard(Box::new(card.clone())))).await;
    assert_eq!(store.cards_under(old, None, 2).await.unwrap(), cards[..2]);
    assert_eq!(store.cards_under(old, Some(cards[1].id), 9).await.unwrap(), cards[2..]);
    cards[0].number.key = new;
    cards[0].version = 2;
    put(store, [Write::UpdateCard(Box::new(cards[0].clone()))]).await;
    assert_eq!(store.cards_under(old, None, 9).await.unwrap(), cards[1..]);
    assert_eq!(store.cards_under(new, None, 9).await.unwrap(), cards[..1]);
}

pub async fn data_keys_round_trip(store: &Store) {
    let ids = Ids::new();
    let mid = ids.mid();
    let mut keys: Vec<DataKey> = (0..3).map(|_| testkit::data_key(&ids, mid, NOW)).collect();
    put(store, keys.iter().cloned().map(Write::PutDataKey)).await;
    let active = async |environment| store.active_data_key(mid, environment).await.unwrap().map(|key| key.id);
    assert_eq!(active(Environment::Sandbox).await, Some(keys[2].id));
    assert_eq!(active(Environment::Production).await, None);
    keys[2].retired = true;
    keys[2].wrapped_by = "kek-2".into();
    put(store, [Write::PutDataKey(keys[2].clone())]).await;
    assert_eq!(store.data_key(keys[2].id).await.unwrap(), Some(keys[2].clone()));
    assert_eq!(active(Environment::Sandbox).await, Some(keys[1].id));
    assert_eq!(store.data_keys(None, 2).await.unwrap(), keys[..2]);
    assert_eq!(store.data_keys(Some(keys[1].id), 9).await.unwrap(), keys[2..]);
}
