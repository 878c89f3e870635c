//! Processor accounts: their notifications, and what they owe.

use domain::{
    attempt::{Progress, Reversal},
    change::{Conflict, Write},
    id::ProcessorId,
    notification::{Notification, Outcome},
    time::Timestamp,
};
use store::Store;
use testkit::Ids;

use crate::support::{NOW, conflict, put};

pub fn notification(processor: ProcessorId, id: &str, received_at: Timestamp) -> Notification {
    Notification {
        processor,
        id: id.to_owned(),
        kind: "attempt.result".to_owned(),
        subject: None,
        outcome: Outcome::Applied,
        detail: "approved".to_owned(),
        received_at,
    }
}

pub async fn a_notification_is_taken_once(store: &Store) {
    let ids = Ids::new();
    let (account, other) = (ids.processor(), ids.processor());
    let (first, second, foreign) =
        (notification(account, "n-1", NOW), notification(account, "n-2", NOW), notification(other, "n-1", NOW));
    for one in [&first, &second, &foreign] {
        put(store, [Write::InsertNotification(Box::new(one.clone()))]).await;
    }
    let again = conflict(store, [Write::InsertNotification(Box::new(first.clone()))]).await;
    assert_eq!(again, Conflict::Taken { what: "notification" });
    assert_eq!(store.notification(account, "n-1").await.unwrap(), Some(first.clone()));
    assert_eq!(store.notification(account, "n-3").await.unwrap(), None);
    assert_eq!(store.notifications(account, 10).await.unwrap(), [second.clone(), first]);
    assert_eq!(store.notifications(account, 1).await.unwrap(), [second]);
}

pub async fn an_account_owes_what_is_unsettled(store: &Store) {
    let ids = Ids::new();
    let order = testkit::order(&ids, ids.mid(), "o", NOW);
    let account = ids.processor();
    let mut attempt = testkit::attempt(&ids, &order, 1, NOW);
    put(store, [Write::InsertAttempt(Box::new(attempt.clone()))]).await;
    assert!(!store.account_owes(account).await.unwrap(), "the simulator's attempts are nobody's");
    attempt = testkit::attempt(&ids, &order, 2, NOW);
    attempt.processor = Some(account);
    put(store, [Write::InsertAttempt(Box::new(attempt.clone()))]).await;
    let steps = [
        (Progress::Unknown { detail: "timeout".to_owned(), answer: None }, None, true),
        (Progress::Released { detail: "never seen".to_owned() }, None, false),
        (Progress::Released { detail: "never seen".to_owned() }, Some(Reversal { asked_at: NOW, done_at: None }), true),
        (Progress::Released { detail: "never seen".to_owned() }, Some(Reversal { asked_at: NOW, done_at: Some(NOW) }), false),
    ];
    assert!(store.account_owes(account).await.unwrap() && !store.account_owes(ids.processor()).await.unwrap());
    for (progress, reversal, owes) in steps {
        attempt.version += 1;
        (attempt.progress, attempt.reversal) = (progress.clone(), reversal);
        put(store, [Write::UpdateAttempt(Box::new(attempt.clone()))]).await;
        assert_eq!(store.account_owes(account).await.unwrap(), owes, "{progress:?} {reversal:?}");
    }
}
