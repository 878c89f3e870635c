//! What only the file-based engine must do: the schema gate, file modes, reopening, surviving a kill.

extern crate recoup_store as store;

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::{
    change::{ChangeSet, Write},
    time::Timestamp,
};
use store::{Error, Options, Store};
use testkit::Ids;

const NOW: Timestamp = Timestamp::from_secs(1_795_132_800);

fn home() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recoup.db");
    (home, path)
}

fn open(path: &Path) -> Store {
    Store::open(path, &Options::default()).unwrap()
}

fn insert(transmit: &domain::transmit::Transmit) -> ChangeSet {
    ChangeSet::new().with(Write::InsertTransmit(Box::new(transmit.clone())))
}

#[test]
fn only_our_schema_is_opened() {
    let (_home, path) = home();
    let refused = |path: &Path| Store::open(path, &Options::default()).unwrap_err();
    let missing = refused(&path);
    assert!(matches!(missing, Error::Schema { found: 0, known: 1.. }));
    assert!(missing.to_string().contains("has no schema"), "{missing}");
    assert!(!path.exists(), "a refused database is not made");
    fs::write(&path, b"").unwrap();
    assert!(matches!(refused(&path), Error::Schema { found: 0, .. }));
    fs::write(&path, b"this is no database, only text that is long enough to be read as a header").unwrap();
    assert!(matches!(refused(&path), Error::Database { .. }));
    fs::remove_file(&path).unwrap();

    let migrated = store::migrate(&path).unwrap();
    assert_eq!((migrated.from, migrated.to), (0, migrated.to));
    assert_eq!(store::migrate(&path).unwrap(), store::Migrated { from: migrated.to, to: migrated.to });
    drop(Store::open(&path, &Options::default()).unwrap());

    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute("UPDATE schema_migrations SET checksum = 'edited' WHERE number = 1", []).unwrap();
    assert_eq!(refused(&path), Error::Checksum { number: 1 });
    assert_eq!(store::migrate(&path).unwrap_err(), Error::Checksum { number: 1 });
    raw.execute("INSERT INTO schema_migrations (number, name, checksum) VALUES (99, 'future', '')", []).unwrap();
    let newer = refused(&path);
    assert_eq!(newer, Error::Schema { found: 99, known: migrated.to });
    assert!(newer.to_string().contains("newer"), "{newer}");
    assert_eq!(store::migrate(&path).unwrap_err(), newer);
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let (home, path) = home();
    store::migrate(&path).unwrap();
    let store = open(&path);
    let ids = Ids::new();
    store.apply(insert(&testkit::transmit(&ids, ids.mid(), "t", NOW))).await.unwrap();
    let mut seen = 0;
    for file in fs::read_dir(home.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
        seen += 1;
    }
    assert_eq!(seen, 3, "database, log and index");
}

#[tokio::test]
async fn a_database_reopens_with_everything() {
    let (_home, path) = home();
    store::migrate(&path).unwrap();
    let ids = Ids::new();
    let mid = ids.mid();
    let transmits: Vec<_> = (0..20).map(|n| testkit::transmit(&ids, mid, &format!("t-{n}"), NOW)).collect();
    // Dropped without closing, then closed, then opened again.
    for (n, half) in transmits.chunks(10).enumerate() {
        let store = open(&path);
        for transmit in half {
            store.apply(insert(transmit)).await.unwrap();
        }
        if n == 1 {
            store.close().await.unwrap();
        }
    }
    let store = open(&path);
    for transmit in &transmits {
        assert_eq!(store.transmit(transmit.id).await.unwrap().as_ref(), Some(transmit));
    }
}

/// A copy of the files of an open database is what a power cut leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    let (home, path) = home();
    store::migrate(&path).unwrap();
    let store = open(&path);
    let ids = Ids::new();
    let mid = ids.mid();
    for round in 0..5 {
        let transmits: Vec<_> = (0..50).map(|n| testkit::transmit(&ids, mid, &format!("t-{round}-{n}"), NOW)).collect();
        let tasks: Vec<_> = transmits
            .iter()
            .map(|transmit| {
                let (store, set) = (store.clone(), insert(transmit));
                tokio::spawn(async move { store.apply(set).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let copy = home.path().join(format!("copy-{round}.db"));
        fs::copy(&path, &copy).unwrap();
        fs::copy(path.with_extension("db-wal"), copy.with_extension("db-wal")).unwrap();
        let survivor = open(&copy);
        for transmit in &transmits {
            assert_eq!(survivor.transmit(transmit.id).await.unwrap().as_ref(), Some(transmit), "{round}");
        }
    }
}

#[tokio::test]
async fn another_process_is_seen() {
    let (_home, path) = home();
    store::migrate(&path).unwrap();
    let (server, tool) = (open(&path), open(&path));
    let ids = Ids::new();
    let merchant = testkit::merchant(&ids, NOW);
    let before = server.registry_version().await.unwrap();
    let clock = domain::change::Clock { mid: merchant.id, lane: 0, offset_us: 0, frozen_at: None };
    let set = ChangeSet::new().with(Write::PutMerchant(Box::new(merchant.clone()))).with(Write::PutClock(clock));
    tool.apply(set).await.unwrap();
    assert_ne!(server.registry_version().await.unwrap(), before);
    assert_eq!(server.merchant(merchant.id).await.unwrap(), Some(merchant.clone()));
    // The lane that the other one assigned is used here too.
    let timer = testkit::timer(merchant.id, ids.order(), NOW);
    server.apply(ChangeSet::new().with(Write::SetTimer(timer))).await.unwrap();
    assert_eq!((tool.next_timer(0).await.unwrap(), tool.next_timer(1).await.unwrap()), (None, Some(NOW)));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error() {
    let (_home, path) = home();
    store::migrate(&path).unwrap();
    let store = open(&path);
    let ids = Ids::new();
    let order = testkit::order(&ids, ids.mid(), "o", NOW);
    let entry = testkit::entry(order.mid, domain::card::CardKey([1; 16]), ids.uuid(), NOW);
    let set = ChangeSet::new().with(Write::InsertOrder(Box::new(order.clone()))).with(Write::InsertLedger(entry.clone()));
    store.apply(set).await.unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    let corrupt = Error::Corrupt { table: "orders", id: order.id.to_string() };
    for body in ["'{'", "''", "'{\"id\":1}'", "x'ff00'", "7"] {
        raw.execute(&format!("UPDATE orders SET body = {body}"), []).unwrap();
        assert_eq!(store.order(order.id).await.unwrap_err(), corrupt, "{body}");
        assert_eq!(store.orders(&store::OrderFilter::default()).await.unwrap_err(), corrupt, "{body}");
    }
    raw.execute("UPDATE ledger SET outcome = 'perhaps'", []).unwrap();
    let error = store.ledger(entry.mid, entry.environment, [entry.card; 2], NOW).await.unwrap_err();
    assert_eq!(error, Error::Corrupt { table: "ledger", id: entry.id.to_string() });
}

#[tokio::test]
async fn a_failed_commit_is_told_to_everyone_and_the_next_one_works() {
    let (_home, path) = home();
    store::migrate(&path).unwrap();
    let store = Store::open(&path, &Options { busy_timeout_ms: 50, ..Options::default() }).unwrap();
    let ids = Ids::new();
    let transmit = testkit::transmit(&ids, ids.mid(), "t", NOW);
    let rival = rusqlite::Connection::open(&path).unwrap();
    rival.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.apply(insert(&transmit)).await.unwrap_err();
    assert!(matches!(refused, store::ApplyError::Failed(Error::Database { code: 5, .. })), "{refused}");
    rival.execute_batch("ROLLBACK").unwrap();
    store.apply(insert(&transmit)).await.unwrap();
    assert_eq!(store.transmit(transmit.id).await.unwrap(), Some(transmit));
}

#[tokio::test]
async fn merchants_and_sites_of_the_first_schema_come_over() {
    let (_fresh_home, fresh) = home();
    store::migrate(&fresh).unwrap();
    let fresh = rusqlite::Connection::open(&fresh).unwrap();
    let checksum: String =
        fresh.query_row("SELECT checksum FROM schema_migrations WHERE number = 1", [], |row| row.get(0)).unwrap();
    let (_home, path) = home();
    let ids = Ids::new();
    let (merchant, site) = {
        let merchant = testkit::merchant(&ids, NOW);
        let site = testkit::site(&ids, merchant.id, NOW);
        (merchant, site)
    };
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../src/sqlite/migrations/0001_initial.sql")).unwrap();
    old.execute_batch("CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)")
        .unwrap();
    old.execute("INSERT INTO schema_migrations (number, name, checksum) VALUES (1, 'initial', $1)", [checksum]).unwrap();
    // As the first schema wrote them: without versions, profile and look.
    let body = |value: serde_json::Value, left_out: &[&str]| {
        let serde_json::Value::Object(mut members) = value else { panic!("an object") };
        members.retain(|name, _| !left_out.contains(&name.as_str()));
        serde_json::Value::Object(members).to_string()
    };
    let text = body(serde_json::to_value(&merchant).unwrap(), &["version", "profile"]);
    old.execute("INSERT INTO merchants (id, partner, body) VALUES ($1, NULL, $2)", rusqlite::params![merchant.id.bytes(), text])
        .unwrap();
    let text = body(serde_json::to_value(&site).unwrap(), &["version", "ui"]);
    let params = rusqlite::params![site.id.bytes(), site.mid.bytes(), text];
    old.execute("INSERT INTO sites (id, mid, body) VALUES ($1, $2, $3)", params).unwrap();
    drop(old);

    assert_eq!(store::migrate(&path).unwrap().from, 1);
    let store = open(&path);
    assert_eq!(store.merchant(merchant.id).await.unwrap(), Some(merchant.clone()));
    assert_eq!(store.site(site.id).await.unwrap(), Some(site.clone()));
    let filter = store::MerchantFilter {
        mids: None,
        query: Some("MERCH".into()),
        active: Some(true),
        created_from: Some(NOW),
        created_to: Some(NOW),
        order_by: store::MerchantBy::Name,
        sort: store::Sort::Ascending,
        page: store::PageAt::default(),
    };
    assert_eq!(store.merchant_list(filter).await.unwrap().rows, vec![merchant.clone()]);
    let next = domain::merchant::Merchant { version: 2, ..merchant };
    store.apply(ChangeSet::new().with(Write::PutMerchant(Box::new(next)))).await.unwrap();
}

#[tokio::test]
async fn the_audit_trail_cannot_be_rewritten() {
    use domain::{
        audit::{By, Entry, What},
        client::Role,
        id::AuditId,
    };
    let (_home, path) = home();
    store::migrate(&path).unwrap();
    let store = open(&path);
    let ids = Ids::new();
    let entry = Entry {
        id: AuditId(ids.uuid()),
        at: NOW,
        mid: Some(ids.mid()),
        by: By { role: Role::Operator, client: None, user: None, name: "shell".into() },
        what: What::Grant { partner: testkit::partner(&ids, NOW).id, given: true },
    };
    store.apply(ChangeSet::new().with(Write::InsertAudit(Box::new(entry)))).await.unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    for sql in ["UPDATE audit SET at = 0", "DELETE FROM audit", "INSERT OR REPLACE INTO audit SELECT * FROM audit"] {
        let refused = raw.execute(sql, []);
        let kept: i64 = raw.query_row("SELECT count(*) FROM audit WHERE at > 0", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 1, "{sql}: {refused:?}");
    }
    assert!(raw.execute("DELETE FROM audit", []).unwrap_err().to_string().contains("only ever added to"));
}
