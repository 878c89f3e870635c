use std::time::Duration;

use domain::{
    change::{Conflict, Expectation, Write},
    client::{KeyKind, Refresh},
    environment::Environment,
    id::{ClientId, Mid, PartnerId},
    mail::{Kind, Mail},
    scope::Staff,
    time::{DAY, HOUR, MINUTE},
    user::{House, Purpose, SecondFactor, Session, Stage, Ticket, User, Visitor},
};
use store::{Store, UserFilter};
use testkit::Ids;

use crate::support::{NOW, conflict, conflict_of, lease, put};

fn user(ids: &Ids, email: &str, role: Staff, house: House) -> User {
    User {
        id: ids.user(),
        version: 1,
        email: email.to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Byron".to_owned(),
        phone: "1".to_owned(),
        mask_pii: false,
        role,
        house,
        reach: Environment::Sandbox,
        password: Some("$argon2id$x".to_owned()),
        blocked_at: None,
        joined_at: Some(NOW),
        second_factor: SecondFactor::Off,
        language: None,
        timezone: None,
        created_at: NOW,
    }
}

fn insert(user: &User) -> Write {
    Write::InsertUser(Box::new(user.clone()))
}

fn next(user: &mut User) -> Write {
    user.version += 1;
    Write::UpdateUser(Box::new(user.clone()))
}

fn session(ids: &Ids, n: u8, user: &User, stage: Stage) -> Session {
    Session {
        hash: [n; 32],
        family: ids.uuid(),
        user: user.id,
        environment: Environment::Production,
        stage,
        created_at: NOW,
        expires_at: NOW + HOUR,
        used_at: NOW,
        visitor: Visitor::new("Firefox", "192.0.2.1"),
    }
}

pub async fn users_round_trip(store: &Store) {
    let ids = Ids::new();
    let (a, b) = (ids.mid(), ids.mid());
    let mut ada = user(&ids, "Ada@Example.com", Staff::Owner, House::Merchants(vec![a, b]));
    put(store, [insert(&ada)]).await;
    assert_eq!(store.user(ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.user_by_email("ada@example.com").await.unwrap(), Some(ada.clone()));
    assert_eq!(store.user_by_email("Ada@Example.com").await.unwrap(), None, "addresses are looked for in canonical form");
    let twin = user(&ids, "ada@EXAMPLE.com", Staff::Viewer, House::Operator);
    assert_eq!(conflict(store, [insert(&twin)]).await, Conflict::Taken { what: "e-mail address" });
    ada.second_factor = SecondFactor::On { sealed: vec![1], recovery: vec![[7; 32]] };
    ada.house = House::Merchants(vec![b]);
    put(store, [next(&mut ada)]).await;
    assert_eq!(store.user(ada.id).await.unwrap(), Some(ada.clone()));
    let of = |mid: Mid| UserFilter { mids: Some(vec![mid]), ..UserFilter::default() };
    assert_eq!(store.users(&of(a)).await.unwrap().total, 0, "it left the merchant");
    assert_eq!(store.users(&of(b)).await.unwrap().rows, vec![ada.clone()]);
    let stale = Write::UpdateUser(Box::new(ada.clone()));
    assert!(matches!(conflict(store, [stale]).await, Conflict::Version { what: "user", .. }));
    assert_eq!(store.users_after(None, 10).await.unwrap(), vec![ada.clone()]);

    assert_eq!(store.last_login(ada.id).await.unwrap(), None);
    put(store, [Write::MarkLogin { user: ada.id, at: NOW }, Write::SpendCode { user: ada.id, step: 7 }]).await;
    assert_eq!(store.last_login(ada.id).await.unwrap(), Some(NOW));
    for step in [7, 6] {
        let used = conflict(store, [Write::SpendCode { user: ada.id, step }]).await;
        assert_eq!(used, Conflict::Taken { what: "code" }, "{step}");
    }
    put(store, [Write::SpendCode { user: ada.id, step: 8 }, Write::MarkLogin { user: ada.id, at: NOW + HOUR }]).await;
    assert_eq!(store.last_login(ada.id).await.unwrap(), Some(NOW + HOUR));
}

pub async fn lists_of_users_are_scoped(store: &Store) {
    let ids = Ids::new();
    let (a, b, partner) = (ids.mid(), ids.mid(), PartnerId(ids.uuid()));
    let people = [
        user(&ids, "1@x.de", Staff::Owner, House::Merchants(vec![a])),
        user(&ids, "2@x.de", Staff::Viewer, House::Merchants(vec![a, b])),
        user(&ids, "3@x.de", Staff::Viewer, House::Partner(partner)),
        user(&ids, "4@x.de", Staff::Viewer, House::Operator),
    ];
    put(store, people.iter().map(insert)).await;
    let find = async |filter: UserFilter| {
        let page = store.users(&filter).await.unwrap();
        let found: String = page.rows.iter().map(|user| &user.email[..1]).collect();
        (found, page.total)
    };
    let all = UserFilter::default();
    assert_eq!(find(all.clone()).await, ("1234".into(), 4));
    assert_eq!(find(UserFilter { mids: Some(vec![a, b]), ..all.clone() }).await, ("12".into(), 2), "each once");
    assert_eq!(find(UserFilter { mids: Some(vec![b]), partner: Some(partner), ..all.clone() }).await, ("23".into(), 2));
    assert_eq!(find(UserFilter { mids: Some(vec![]), ..all.clone() }).await, (String::new(), 0), "no merchant is not every one");
    assert_eq!(find(UserFilter { mids: Some(vec![a]), role: Some(Staff::Viewer), ..all.clone() }).await, ("2".into(), 1));
    let second = store::PageAt { number: 2, size: 3 };
    assert_eq!(find(UserFilter { page: second, ..all }).await, ("4".into(), 4));
}

pub async fn the_last_owner_is_found(store: &Store) {
    let ids = Ids::new();
    let (a, b, partner) = (ids.mid(), ids.mid(), PartnerId(ids.uuid()));
    let both = user(&ids, "1@x.de", Staff::Owner, House::Merchants(vec![a, b]));
    let mut one = user(&ids, "2@x.de", Staff::Owner, House::Merchants(vec![a]));
    let admin = user(&ids, "3@x.de", Staff::Admin, House::Merchants(vec![b]));
    let platform = user(&ids, "4@x.de", Staff::Owner, House::Partner(partner));
    let operator = user(&ids, "5@x.de", Staff::Owner, House::Operator);
    put(store, [&both, &one, &admin, &platform, &operator].map(insert)).await;
    let without = |user: &User, house: House| vec![Expectation::AnotherOwner { user: user.id, house }];
    let touch = || [Write::MarkLogin { user: operator.id, at: NOW }];
    for (user, house) in [
        (&both, both.house.clone()),
        (&platform, platform.house.clone()),
        (&operator, House::Operator),
        (&both, House::Merchants(vec![b])),
    ] {
        assert_eq!(conflict_of(store, without(user, house.clone()), touch()).await, Conflict::LastOwner, "{house:?}");
    }
    let left = domain::change::ChangeSet { expect: without(&both, House::Merchants(vec![a])), writes: touch().to_vec() };
    store.apply(left.clone()).await.unwrap();
    one.blocked_at = Some(NOW);
    put(store, [next(&mut one)]).await;
    assert!(store.apply(left).await.is_err(), "a blocked owner owns nothing");
}

pub async fn sessions_end_with_their_tokens(store: &Store) {
    let ids = Ids::new();
    let ada = user(&ids, "1@x.de", Staff::Owner, House::Operator);
    let (one, two) = (session(&ids, 1, &ada, Stage::Open), session(&ids, 2, &ada, Stage::SecondFactor));
    let refresh = |n: u8, session: &Session| Refresh {
        hash: [n; 32],
        family: session.family,
        client: ClientId(ada.id.0),
        key: None,
        expires_at: NOW + HOUR,
        spent: false,
    };
    put(store, [insert(&ada), Write::PutSession(one.clone()), Write::PutSession(two.clone())]).await;
    put(store, [Write::InsertRefresh(refresh(1, &one)), Write::InsertRefresh(refresh(2, &two))]).await;
    assert_eq!(store.session([1; 32]).await.unwrap(), Some(one.clone()));
    assert_eq!(store.session_of(two.family).await.unwrap(), Some(two.clone()));
    let longer = Session { expires_at: NOW + DAY, ..one.clone() };
    put(store, [Write::PutSession(longer.clone())]).await;
    assert_eq!(store.session_of(one.family).await.unwrap(), Some(longer));
    let before = store.registry_version().await.unwrap();
    put(store, [Write::EndSession { family: one.family }]).await;
    assert!(store.registry_version().await.unwrap() > before, "other processes hear of it");
    assert_eq!((store.session([1; 32]).await.unwrap(), store.refresh([1; 32]).await.unwrap()), (None, None));
    assert_eq!(conflict(store, [Write::EndSession { family: one.family }]).await, Conflict::Taken { what: "session" });
    assert!(store.refresh([2; 32]).await.unwrap().is_some());
    let ticket = Ticket { hash: [9; 32], user: ada.id, purpose: Purpose::Reset, expires_at: NOW + HOUR };
    put(store, [Write::PutTicket(ticket.clone())]).await;
    assert_eq!(store.ticket([9; 32]).await.unwrap(), Some(ticket));
    put(store, [Write::DeleteUser { id: ada.id }]).await;
    assert_eq!((store.user(ada.id).await.unwrap(), store.session([2; 32]).await.unwrap()), (None, None));
    assert_eq!((store.refresh([2; 32]).await.unwrap(), store.ticket([9; 32]).await.unwrap()), (None, None));
}

pub async fn tickets_work_once_and_failures_count(store: &Store) {
    let ids = Ids::new();
    let ticket = |n: u8| Ticket { hash: [n; 32], user: ids.user(), purpose: Purpose::Invitation, expires_at: NOW + HOUR };
    let (one, two) = (ticket(1), ticket(2));
    put(store, [Write::PutTicket(one.clone()), Write::PutTicket(two.clone()), Write::SpendTicket { hash: one.hash }]).await;
    assert_eq!(conflict(store, [Write::SpendTicket { hash: one.hash }]).await, Conflict::Taken { what: "ticket" });
    put(store, [Write::DropTickets { user: two.user }]).await;
    assert_eq!(store.ticket(two.hash).await.unwrap(), None);

    let subject = [3; 32];
    let count = || Write::CountFailure { subject, at: NOW };
    assert_eq!(store.failures(subject).await.unwrap(), 0);
    put(store, [count(), count(), count(), Write::ForgiveFailure { subject }]).await;
    assert_eq!((store.failures(subject).await.unwrap(), store.failures([4; 32]).await.unwrap()), (2, 0));
    put(store, [Write::ClearFailures { subject }, Write::ForgiveFailure { subject }]).await;
    assert_eq!(store.failures(subject).await.unwrap(), 0);
}

pub async fn mails_are_claimed_in_order(store: &Store) {
    let ids = Ids::new();
    let mail =
        |due| Mail { id: ids.mail(), user: ids.user(), kind: Kind::Reset, sealed: vec![1], tries: 0, due, created_at: NOW };
    let (late, mut early, future) = (mail(NOW), mail(NOW - MINUTE), mail(NOW + HOUR));
    put(store, [&late, &early, &future].map(|mail| Write::QueueMail(Box::new(mail.clone())))).await;
    let claim = async |at, n| store.claim_mails(at, Duration::from_secs(60), 10, lease(n)).await.unwrap();
    assert_eq!(claim(NOW, 1).await, vec![early.clone(), late.clone()]);
    assert!(claim(NOW, 2).await.is_empty(), "they are held");
    early.tries = 1;
    early.due = NOW + MINUTE;
    put(store, [Write::UpdateMail(Box::new(early.clone())), Write::DeleteMail { id: late.id }]).await;
    assert_eq!(claim(NOW + MINUTE, 3).await, vec![early.clone()]);
    assert_eq!(claim(NOW + MINUTE * 2, 4).await, vec![early.clone()], "the lease ran out");
    assert_eq!((store.mail(late.id).await.unwrap(), store.pending_mails().await.unwrap()), (None, 2));
}

pub async fn keys_take_their_tokens_with_them(store: &Store) {
    let ids = Ids::new();
    let client = testkit::client(&ids, Some(ids.mid()), NOW);
    let (one, two) = (testkit::key(&ids, &client, KeyKind::Secret, "$1"), testkit::key(&ids, &client, KeyKind::Secret, "$2"));
    let refresh = |n: u8, key| Refresh {
        hash: [n; 32],
        family: ids.uuid(),
        client: client.id,
        key: Some(key),
        expires_at: NOW + HOUR,
        spent: false,
    };
    let (first, second) = (refresh(1, one.id), refresh(2, two.id));
    put(store, [Write::InsertRefresh(first.clone()), Write::InsertRefresh(second.clone())]).await;
    assert_eq!(store.refresh([1; 32]).await.unwrap(), Some(first));
    put(store, [Write::RevokeKey { key: one.id }]).await;
    assert_eq!((store.refresh([1; 32]).await.unwrap(), store.refresh([2; 32]).await.unwrap()), (None, Some(second)));
    assert_eq!(store.key_use(one.id).await.unwrap(), None);
    put(store, [Write::TouchKey { key: one.id, at: NOW }, Write::TouchKey { key: one.id, at: NOW - HOUR }]).await;
    assert_eq!(store.key_use(one.id).await.unwrap(), Some(NOW));
}

pub async fn what_is_over_is_purged(store: &Store) {
    let ids = Ids::new();
    let ada = user(&ids, "1@x.de", Staff::Owner, House::Operator);
    let over = Session { expires_at: NOW, ..session(&ids, 1, &ada, Stage::Open) };
    let ticket = Ticket { hash: [1; 32], user: ada.id, purpose: Purpose::Reset, expires_at: NOW };
    let writes = [
        Write::PutSession(over),
        Write::PutSession(session(&ids, 2, &ada, Stage::Open)),
        Write::PutTicket(ticket),
        Write::CountFailure { subject: [1; 32], at: NOW - DAY * 31 },
        Write::CountFailure { subject: [2; 32], at: NOW },
    ];
    put(store, writes).await;
    let purged = store.purge(NOW, &store::Retention::default()).await.unwrap();
    assert_eq!((purged.sessions, purged.tickets, purged.failures), (1, 1, 1));
    assert!(store.session([2; 32]).await.unwrap().is_some() && store.failures([2; 32]).await.unwrap() == 1);
}
