//! Reading rows and binding values.

use domain::{change::Conflict, environment::Environment, id::Mid, owner::Owner, time::Timestamp};
use rusqlite::{Connection, Params, Row, types::ValueRef};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::fault::Fault;
use crate::Error;

/// The first row's body, when there is a row; columns: id, body.
pub fn one<T: DeserializeOwned>(
    db: &Connection,
    table: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<Option<T>, Fault> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| body(table, row)).transpose()
}

/// Every row's body; columns: id, body.
pub fn many<T: DeserializeOwned>(db: &Connection, table: &'static str, sql: &str, params: impl Params) -> Result<Vec<T>, Fault> {
    collect(db, sql, params, |row| body(table, row))
}

/// Every row, read by `read`.
pub fn collect<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The first row, read by `read`.
pub fn first<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Runs a statement; how many rows it touched.
pub fn run(db: &Connection, sql: &str, params: impl Params) -> Result<usize, rusqlite::Error> {
    db.prepare_cached(sql)?.execute(params)
}

/// The body in column 1 of a row whose id is in column 0.
pub fn body<T: DeserializeOwned>(table: &'static str, row: &Row<'_>) -> Result<T, Fault> {
    let text = row.get_ref(1)?.as_str().ok();
    text.and_then(|text| serde_json::from_str(text).ok()).ok_or_else(|| corrupt(table, row))
}

/// A row that cannot be read back; its id is in column 0.
pub fn corrupt(table: &'static str, row: &Row<'_>) -> Fault {
    let id = match row.get_ref(0) {
        Ok(ValueRef::Blob(bytes)) => Uuid::from_slice(bytes).map_or_else(|_| "?".into(), |id| id.to_string()),
        Ok(ValueRef::Integer(number)) => number.to_string(),
        _ => "?".into(),
    };
    Fault::Store(Error::Corrupt { table, id })
}

/// A closed word in a column.
pub fn word<T>(table: &'static str, row: &Row<'_>, column: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
    let text = row.get_ref(column)?.as_str().ok();
    text.and_then(parse).ok_or_else(|| corrupt(table, row))
}

/// An environment in a column.
pub fn environment(table: &'static str, row: &Row<'_>, column: usize) -> Result<Environment, Fault> {
    match row.get::<_, i64>(column)? {
        0 => Ok(Environment::Sandbox),
        1 => Ok(Environment::Production),
        _ => Err(corrupt(table, row)),
    }
}

/// Sixteen bytes in a column, as an id.
pub fn id<T>(row: &Row<'_>, column: usize, build: impl Fn([u8; 16]) -> T) -> Result<T, Fault> {
    Ok(build(row.get(column)?))
}

/// Sixteen bytes or nothing in a column, as an id.
pub fn maybe_id<T>(row: &Row<'_>, column: usize, build: impl Fn([u8; 16]) -> T) -> Result<Option<T>, Fault> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(build))
}

/// An instant in a column.
pub fn time(row: &Row<'_>, column: usize) -> Result<Timestamp, Fault> {
    Ok(Timestamp::from_micros(row.get(column)?))
}

/// An environment as the store keeps it.
pub const fn env(environment: Environment) -> i64 {
    match environment {
        Environment::Sandbox => 0,
        Environment::Production => 1,
    }
}

/// A list of merchants as one bound value, for `mid IN (SELECT unhex(value) FROM json_each($n))`.
pub fn mid_list(mids: &[Mid]) -> String {
    let quoted: Vec<String> = mids.iter().map(|mid| format!("\"{}\"", mid.0.simple())).collect();
    format!("[{}]", quoted.join(","))
}

/// The same for owners of either kind.
pub fn owner_list(owners: &[Owner]) -> String {
    let quoted: Vec<String> = owners.iter().map(|owner| format!("\"{}\"", Uuid::from_bytes(owner.bytes()).simple())).collect();
    format!("[{}]", quoted.join(","))
}

/// An update that touched no row met another version.
pub fn versioned(touched: usize, what: &'static str, id: Uuid) -> Result<(), Fault> {
    if touched == 1 { Ok(()) } else { Err(Conflict::Version { what, id }.into()) }
}
