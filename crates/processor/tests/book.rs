//! The book as a witness: readable by others while it is written, complete after the process is gone.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::{order_id, request};
use recoup_processor::{
    Authorize, Processor as _,
    simulator::{Book, Error, Simulator},
};

async fn charge(simulator: &Simulator, n: u64) {
    assert!(simulator.authorize(&Authorize { order: order_id(n), ..request("4111111111111111", n) }).await.unwrap().approved);
}

#[tokio::test]
async fn every_answer_is_in_the_file_before_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    let simulator = Simulator::new(1, Book::open(&path).unwrap());
    for n in 1..=20 {
        charge(&simulator, n).await;
        // Another connection sees only what is committed, as after a kill.
        assert_eq!(Book::open(&path).unwrap().report().unwrap().approved, n);
    }
}

#[tokio::test]
async fn a_copy_taken_in_the_middle_of_writing_opens_complete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    let simulator = Simulator::new(1, Book::open(&path).unwrap());
    for n in 1..=50 {
        charge(&simulator, n).await;
    }
    // What a killed process leaves: the file and its log, never closed.
    let left = folder.path().join("left.db");
    std::fs::copy(&path, &left).unwrap();
    std::fs::copy(folder.path().join("book.db-wal"), folder.path().join("left.db-wal")).unwrap();
    let again = Simulator::new(1, Book::open(&left).unwrap());
    assert_eq!(again.report().unwrap(), simulator.report().unwrap());
    charge(&again, 50).await;
    assert_eq!(again.report().unwrap().approved, 50, "the repeat was recognised");
}

#[tokio::test]
async fn no_card_data_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    let simulator = Simulator::new(1, Book::open(&path).unwrap());
    for (n, card) in (1..).zip(["4000001000510008", "4111111111111111", "4000001091040006"]) {
        let _ = simulator.authorize(&Authorize { order: order_id(n), ..common::with(request(card, n), "cv") }).await.unwrap();
    }
    drop(simulator);
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    for secret in ["4000001000510008", "4111111111111111", "4000001091040006"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
}

#[test]
fn a_file_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version=9").unwrap();
    assert!(matches!(Book::open(&path), Err(Error::Schema { found: 9 })));
}
