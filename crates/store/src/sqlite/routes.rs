//! Routing tables: one row for each merchant and environment, the general table under the empty mid.

use domain::{environment::Environment, id::Mid, route::Route};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{env, many, one, run},
};

/// Replaces a table; an empty one is none.
pub fn put(db: &Connection, mid: Option<Mid>, environment: Environment, is_empty: bool, body: &str) -> Result<(), Fault> {
    let mid = mid.map_or(Vec::new(), |mid| mid.bytes().to_vec());
    if is_empty {
        run(db, "DELETE FROM routes WHERE mid = $1 AND environment = $2", params![mid, env(environment)])?;
        return Ok(());
    }
    run(
        db,
        "INSERT INTO routes (mid, environment, body) VALUES ($1, $2, $3)
         ON CONFLICT (mid, environment) DO UPDATE SET body = excluded.body",
        params![mid, env(environment), body],
    )?;
    Ok(())
}

/// The lines of one table.
pub fn of(db: &Connection, mid: Option<Mid>, environment: Environment) -> Result<Vec<Route>, Fault> {
    let mid = mid.map_or(Vec::new(), |mid| mid.bytes().to_vec());
    let table: Option<Vec<Route>> =
        one(db, "routes", "SELECT mid, body FROM routes WHERE mid = $1 AND environment = $2", params![mid, env(environment)])?;
    Ok(table.unwrap_or_default())
}

/// All routes, the general table first; within a table as they were put.
pub fn all(db: &Connection) -> Result<Vec<Route>, Fault> {
    let tables: Vec<Vec<Route>> = many(db, "routes", "SELECT mid, body FROM routes ORDER BY mid, environment", [])?;
    Ok(tables.into_iter().flatten().collect())
}
