//! Rows of a real run: what the floor's rows are made after.

use rusqlite::{Connection, types::Value};

use super::schema::Table;

/// Rows that are looked at.
pub const SAMPLE_ROWS: u32 = 512;

/// Reads rows of a table: the newest, oldest first; where rows lie in the order of their key, any.
pub fn rows(database: &Connection, table: &Table) -> rusqlite::Result<Vec<Vec<Value>>> {
    let columns = list(table.columns.iter().map(|column| column.name.as_str()));
    let order = if table.rowid { "rowid DESC" } else { "random()" };
    let sql = format!("SELECT {columns} FROM \"{}\" ORDER BY {order} LIMIT {SAMPLE_ROWS}", table.name);
    let width = table.columns.len();
    let mut statement = database.prepare(&sql)?;
    let rows = statement.query_map([], |row| (0..width).map(|column| row.get(column)).collect())?;
    let mut rows: Vec<Vec<Value>> = rows.collect::<rusqlite::Result<_>>()?;
    rows.reverse();
    Ok(rows)
}

/// Names, quoted, with commas between.
pub fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::floor::schema;

    fn database(suffix: &str) -> (Connection, Table) {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(&format!("CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT){suffix}")).unwrap();
        for id in 0..600 {
            database.execute("INSERT INTO t VALUES ($1, 'n')", [id]).unwrap();
        }
        let table = schema::table(&database, "t").unwrap();
        (database, table)
    }

    #[test]
    fn the_newest_rows_are_read() {
        let (database, table) = database("");
        let rows = rows(&database, &table).unwrap();
        assert_eq!(rows.len(), 512);
        assert_eq!((&rows[0][0], &rows[511][0]), (&Value::Integer(88), &Value::Integer(599)));
    }

    #[test]
    fn rows_in_the_order_of_their_key_are_read_from_everywhere() {
        let (database, table) = database(" WITHOUT ROWID");
        let mut ids: Vec<_> = rows(&database, &table).unwrap().into_iter().map(|row| format!("{:?}", row[0])).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 512);
    }
}
