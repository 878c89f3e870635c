//! The schema of a database file: read, copied, and its rows counted.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, OpenFlags};

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Part of the primary key.
    pub key: bool,
    /// Part of the primary key or of any index.
    pub indexed: bool,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Columns that are stored, in order.
    pub columns: Vec<Column>,
    /// Whether rows have a row id; else they lie in the order of the primary key.
    pub rowid: bool,
}

/// What a database file says about its durability.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Settings {
    /// `PRAGMA journal_mode`.
    pub journal_mode: String,
    /// `PRAGMA page_size`, bytes.
    pub page_bytes: u32,
}

/// Opens a database for reading, also while a server writes it.
pub fn open_read_only(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Reads the settings that the file itself keeps.
pub fn settings(database: &Connection) -> rusqlite::Result<Settings> {
    Ok(Settings {
        journal_mode: database.query_row("PRAGMA journal_mode", [], |row| row.get(0))?,
        page_bytes: database.query_row("PRAGMA page_size", [], |row| row.get(0))?,
    })
}

/// Names of all tables.
pub fn names(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql =
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    database.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// Rows in every table.
pub fn counts(database: &Connection) -> rusqlite::Result<BTreeMap<String, u64>> {
    let count = |name: String| {
        let rows: u32 = database.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
        Ok((name, u64::from(rows)))
    };
    names(database)?.into_iter().map(count).collect()
}

/// Reads one table.
pub fn table(database: &Connection, name: &str) -> rusqlite::Result<Table> {
    let without: bool =
        database.query_row("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = $1", [name], |row| row.get(0))?;
    let indexed = indexed(database, name)?;
    let mut columns = database.prepare("SELECT name, pk FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid")?;
    let columns = columns.query_map([name], |row| {
        let (name, pk): (String, u32) = (row.get(0)?, row.get(1)?);
        Ok(Column { indexed: pk > 0 || indexed.contains(&name), key: pk > 0, name })
    })?;
    Ok(Table { name: name.to_owned(), columns: columns.collect::<rusqlite::Result<_>>()?, rowid: !without })
}

/// Makes the same tables and indexes, empty, in another database.
pub fn copy(from: &Connection, to: &Connection) -> rusqlite::Result<()> {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', 'index') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC";
    let mut statements = from.prepare(sql)?;
    for sql in statements.query_map([], |row| row.get::<_, String>(0))? {
        to.execute_batch(&sql?)?;
    }
    Ok(())
}

fn indexed(database: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT DISTINCT c.name FROM pragma_index_list($1) i, pragma_index_xinfo(i.name) c WHERE c.key = 1 AND c.name IS NOT NULL";
    database.prepare(sql)?.query_map([table], |row| row.get(0))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "CREATE TABLE rows (mid BLOB, id BLOB, at INTEGER, body TEXT, PRIMARY KEY (mid, id)) WITHOUT ROWID;
        CREATE TABLE plain (id INTEGER PRIMARY KEY, name TEXT UNIQUE, note TEXT);
        CREATE INDEX rows_at ON rows (at) WHERE at IS NOT NULL;";

    #[test]
    fn tables_are_read_and_copied() {
        let (from, to) = (Connection::open_in_memory().unwrap(), Connection::open_in_memory().unwrap());
        from.execute_batch(SCHEMA).unwrap();
        from.execute("INSERT INTO plain (name) VALUES ('a')", []).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(names(&to).unwrap(), ["plain", "rows"]);
        assert_eq!(counts(&from).unwrap(), BTreeMap::from([("plain".to_owned(), 1), ("rows".to_owned(), 0)]));
        for name in ["plain", "rows"] {
            assert_eq!(table(&from, name).unwrap(), table(&to, name).unwrap());
        }
        let rows = table(&to, "rows").unwrap();
        let told: Vec<_> = rows.columns.iter().map(|c| (c.name.as_str(), c.key, c.indexed)).collect();
        assert_eq!(told, [("mid", true, true), ("id", true, true), ("at", false, true), ("body", false, false)]);
        assert!(!rows.rowid && table(&to, "plain").unwrap().columns[1].indexed);
    }
}
