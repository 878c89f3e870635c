//! The number that moves with every administrative write.

use rusqlite::Connection;

use super::{
    fault::Fault,
    row::{first, run},
};

/// The number now.
pub fn version(db: &Connection) -> Result<u64, Fault> {
    Ok(first(db, "SELECT version FROM registry WHERE one = 1", [], |row| Ok(row.get::<_, i64>(0)?))?.unwrap_or(0) as u64)
}

/// Moves it on.
pub fn bump(db: &Connection) -> Result<(), Fault> {
    run(db, "UPDATE registry SET version = version + 1 WHERE one = 1", [])?;
    Ok(())
}
