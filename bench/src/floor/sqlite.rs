//! SQLite alone: one thread, group commit, every group synced to the disk before the next begins.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params_from_iter, types::Value};
use serde::{Deserialize, Serialize};

use super::{
    copier::Copier,
    plan::{Commit, Plan},
    sample,
    schema::{self, Settings},
};
use crate::load::record::Record;

/// Statements kept prepared.
const STATEMENTS: usize = 64;
/// As the server sets it by default (`database.checkpoint_pages`).
const CHECKPOINT_PAGES: u32 = 1_000;
/// As the server sets it by default (`database.cache_mib`), in the unit of `PRAGMA cache_size`: KiB, negative.
const CACHE_KIB: i32 = -8 * 1_024;

/// What SQLite reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// Operations a second.
    pub per_second: f64,
    /// Commits a second, each synced.
    pub commits_per_second: f64,
    /// Median commit with its rows, milliseconds.
    pub commit_p50_ms: f64,
    /// Operations in one group.
    pub group: usize,
    /// `PRAGMA synchronous` of the floor's own connection: 2 = FULL.
    pub synchronous: u32,
}

/// Writes an operation's rows, made after those in `source`, into a new database in `folder`, in groups, for so long.
pub fn measure(source: &Path, folder: &Path, plan: &Plan, group: usize, length: Duration) -> anyhow::Result<Reached> {
    let from = schema::open_read_only(source)?;
    let to = create(&folder.join("floor.db"), &schema::settings(&from)?)?;
    schema::copy(&from, &to)?;
    let mut writer = Writer::new(&from, &to, plan)?;
    let synchronous = to.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    let (mut operations, mut commits) = (0_u64, Record::new()?);
    let start = Instant::now();
    while start.elapsed() < length {
        for commit in &plan.commits {
            let begun = Instant::now();
            writer.commit(commit, group)?;
            commits.good(begun.elapsed());
        }
        operations += group as u64;
    }
    let seconds = start.elapsed().as_secs_f64();
    Ok(Reached {
        per_second: operations as f64 / seconds,
        commits_per_second: commits.answered() as f64 / seconds,
        commit_p50_ms: commits.latency().p50_ms,
        group,
        synchronous,
    })
}

/// A database file set as the server's is.
fn create(path: &Path, like: &Settings) -> rusqlite::Result<Connection> {
    let database = Connection::open(path)?;
    database.pragma_update(None, "page_size", like.page_bytes)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    database.pragma_update(None, "cache_size", CACHE_KIB)?;
    database.pragma_update(None, "foreign_keys", false)?;
    database.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(database)
}

struct Writer<'a> {
    to: &'a Connection,
    copiers: BTreeMap<String, Copier>,
    due: BTreeMap<String, f64>,
    last: BTreeMap<String, Vec<Vec<Value>>>,
}

impl<'a> Writer<'a> {
    fn new(from: &Connection, to: &'a Connection, plan: &Plan) -> anyhow::Result<Self> {
        let mut copiers = BTreeMap::new();
        for name in plan.commits.iter().flat_map(|commit| commit.insert.keys().chain(&commit.update)) {
            let table = schema::table(from, name)?;
            let samples = sample::rows(from, &table)?;
            copiers.insert(name.clone(), Copier::new(table, samples)?);
        }
        Ok(Self { to, copiers, due: BTreeMap::new(), last: BTreeMap::new() })
    }

    /// One group in one transaction.
    fn commit(&mut self, commit: &Commit, group: usize) -> anyhow::Result<()> {
        let transaction = self.to.unchecked_transaction()?;
        for table in commit.insert.keys() {
            self.last.insert(table.clone(), Vec::with_capacity(group));
        }
        for operation in 0..group {
            for (table, rows) in &commit.insert {
                self.insert(table, *rows)?;
            }
            for table in &commit.update {
                self.update(table, operation)?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// So many rows; fractions add up to whole rows over the operations.
    fn insert(&mut self, table: &str, rows: f64) -> anyhow::Result<()> {
        let (Some(copier), Some(last)) = (self.copiers.get_mut(table), self.last.get_mut(table)) else { return Ok(()) };
        let due = self.due.entry(table.to_owned()).or_default();
        *due += rows;
        while *due >= 0.999_9 {
            *due -= 1.0;
            let row = copier.row();
            self.to.prepare_cached(&copier.insert_sql())?.execute(params_from_iter(&row))?;
            last.push(row);
        }
        Ok(())
    }

    fn update(&self, table: &str, operation: usize) -> anyhow::Result<()> {
        let (Some(copier), Some(rows)) = (self.copiers.get(table), self.last.get(table)) else { return Ok(()) };
        if let Some(row) = rows.get(operation).filter(|_| copier.can_update()) {
            let values = copier.update_values(row);
            self.to.prepare_cached(&copier.update_sql())?.execute(params_from_iter(values))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "CREATE TABLE orders (id INTEGER PRIMARY KEY, body TEXT);
        CREATE TABLE events (id BLOB PRIMARY KEY, body TEXT) WITHOUT ROWID;
        INSERT INTO orders VALUES (1, 'a'), (2, 'b');
        INSERT INTO events VALUES (x'00112233445566778899aabbccddeeff', 'c');";

    #[test]
    fn rows_are_written_as_planned() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source.db");
        Connection::open(&source).unwrap().execute_batch(SCHEMA).unwrap();
        let first = Commit { insert: BTreeMap::from([("orders".to_owned(), 1.0)]), update: Vec::new() };
        let second = Commit { insert: BTreeMap::from([("events".to_owned(), 0.5)]), update: vec!["orders".to_owned()] };
        let plan = Plan { commits: vec![first, second] };
        let reached = measure(&source, folder.path(), &plan, 10, Duration::from_millis(50)).unwrap();
        assert_eq!((reached.group, reached.synchronous), (10, 2));
        assert!(reached.per_second > 0.0 && (reached.per_second / reached.commits_per_second - 5.0).abs() < 0.01);
        let counts = schema::counts(&Connection::open(folder.path().join("floor.db")).unwrap()).unwrap();
        assert!(counts["orders"] >= 10 && counts["orders"] == counts["events"] * 2, "{counts:?}");
    }

    #[test]
    fn unknown_tables_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source.db");
        Connection::open(&source).unwrap().execute_batch(SCHEMA).unwrap();
        let commit = Commit { insert: BTreeMap::from([("nothing".to_owned(), 1.0)]), update: Vec::new() };
        assert!(measure(&source, folder.path(), &Plan { commits: vec![commit] }, 1, Duration::ZERO).is_err());
    }
}
