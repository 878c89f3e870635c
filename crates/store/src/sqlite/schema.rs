//! The schema: forward-only numbered migrations, and the gate that refuses any other schema.

use std::{fs::OpenOptions, path::Path};

use rusqlite::{Connection, OpenFlags, params};

use super::fault::Fault;
use crate::Error;

/// What a migration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// Schema before; 0 = none.
    pub from: u32,
    /// Schema now.
    pub to: u32,
}

struct Migration {
    number: u32,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "initial", sql: include_str!("migrations/0001_initial.sql") },
    Migration { number: 2, name: "tenancy", sql: include_str!("migrations/0002_tenancy.sql") },
    Migration { number: 3, name: "users", sql: include_str!("migrations/0003_users.sql") },
    Migration { number: 4, name: "disputes", sql: include_str!("migrations/0004_disputes.sql") },
    Migration { number: 5, name: "onboarding", sql: include_str!("migrations/0005_onboarding.sql") },
    Migration { number: 6, name: "processors", sql: include_str!("migrations/0006_processors.sql") },
    Migration { number: 7, name: "reports", sql: include_str!("migrations/0007_reports.sql") },
    Migration { number: 8, name: "decisions", sql: include_str!("migrations/0008_decisions.sql") },
    Migration { number: 9, name: "advice", sql: include_str!("migrations/0009_advice.sql") },
    Migration { number: 10, name: "risk", sql: include_str!("migrations/0010_risk.sql") },
    Migration { number: 11, name: "uplift", sql: include_str!("migrations/0011_uplift.sql") },
    Migration { number: 12, name: "portal", sql: include_str!("migrations/0012_portal.sql") },
    Migration { number: 13, name: "settlements", sql: include_str!("migrations/0013_settlements.sql") },
    Migration { number: 14, name: "marks", sql: include_str!("migrations/0014_marks.sql") },
    Migration { number: 15, name: "sense", sql: include_str!("migrations/0015_sense.sql") },
];

/// The schema this binary knows.
pub const KNOWN: u32 = MIGRATIONS[MIGRATIONS.len() - 1].number;

/// Brings a database to the schema of this binary, making the file (mode 0600) when there is none. All pending
/// migrations are applied or none.
pub fn migrate(path: &Path) -> Result<Migrated, Error> {
    create_private(path)?;
    let mut db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(Fault::from)?;
    Ok(migrate_open(&mut db)?)
}

/// Refuses a database whose schema is not exactly ours.
pub fn gate(db: &Connection) -> Result<(), Fault> {
    let found = found(db)?;
    if found != KNOWN {
        return Err(Fault::Store(Error::Schema { found, known: KNOWN }));
    }
    check_applied(db, found)
}

fn migrate_open(db: &mut Connection) -> Result<Migrated, Fault> {
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)",
    )?;
    let from = found(&transaction)?;
    if from > KNOWN {
        return Err(Fault::Store(Error::Schema { found: from, known: KNOWN }));
    }
    check_applied(&transaction, from)?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > from) {
        transaction.execute_batch(migration.sql)?;
        transaction.execute(
            "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
            params![migration.number, migration.name, checksum(migration.sql)],
        )?;
    }
    transaction.commit()?;
    Ok(Migrated { from, to: KNOWN })
}

fn found(db: &Connection) -> Result<u32, Fault> {
    let tables: u32 =
        db.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'", [], |row| {
            row.get(0)
        })?;
    if tables == 0 {
        return Ok(0);
    }
    Ok(db.query_row("SELECT coalesce(max(number), 0) FROM schema_migrations", [], |row| row.get(0))?)
}

fn check_applied(db: &Connection, upto: u32) -> Result<(), Fault> {
    for migration in MIGRATIONS.iter().filter(|migration| migration.number <= upto) {
        let kept: Option<String> = super::row::first(
            db,
            "SELECT checksum FROM schema_migrations WHERE number = $1",
            params![migration.number],
            |row| Ok(row.get(0)?),
        )?;
        if kept.as_deref() != Some(checksum(migration.sql).as_str()) {
            return Err(Fault::Store(Error::Checksum { number: migration.number }));
        }
    }
    Ok(())
}

/// FNV-1a, 64 bits: it finds an edited migration, it does not keep out an adversary.
fn checksum(sql: &str) -> String {
    let hash = sql.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// SQLite gives its log and its index file the mode of the database file.
fn create_private(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| Error::File { detail: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_from_one_without_gaps() {
        for (place, migration) in MIGRATIONS.iter().enumerate() {
            assert_eq!(migration.number as usize, place + 1, "{}", migration.name);
        }
    }

    #[test]
    fn a_changed_text_changes_the_checksum() {
        assert_eq!(checksum(""), "cbf29ce484222325");
        assert_ne!(checksum("CREATE TABLE a (b)"), checksum("CREATE TABLE a (c)"));
    }
}
