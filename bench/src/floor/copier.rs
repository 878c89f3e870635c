//! Makes new rows in the image of real ones: the same sizes, the same spread over every index, other identities.

use anyhow::ensure;
use rusqlite::types::Value;

use super::{
    sample::list,
    schema::{Column, Table},
};

/// Milliseconds a time-ordered id moves on after this many rows.
const ROWS_PER_MS: u64 = 32;

/// Makes rows of one table.
#[derive(Debug)]
pub struct Copier {
    table: Table,
    samples: Vec<Vec<Value>>,
    fresh: Vec<bool>,
    largest: Vec<i64>,
    made: u64,
    random: u64,
}

impl Copier {
    /// A copier after these rows. Columns of an index whose values all differ are identities and get new values of
    /// the same kind; everything else is copied as it is.
    pub fn new(table: Table, samples: Vec<Vec<Value>>) -> anyhow::Result<Self> {
        ensure!(!samples.is_empty(), "table {} has no rows to make others after", table.name);
        let column = |place: usize| samples.iter().map(move |row| &row[place]);
        let fresh = table.columns.iter().enumerate().map(|(place, it)| it.indexed && all_differ(column(place), samples.len()));
        let fresh: Vec<bool> = fresh.collect();
        let largest = (0..table.columns.len()).map(|place| column(place).filter_map(integer).max().unwrap_or(0)).collect();
        Ok(Self { table, samples, fresh, largest, made: 0, random: 0x9e37_79b9_7f4a_7c15 })
    }

    /// Adds this much to every integer of the columns whose names begin so.
    #[must_use]
    pub fn later(mut self, prefix: &str, by: i64) -> Self {
        for (place, column) in self.table.columns.iter().enumerate() {
            if column.name.starts_with(prefix) {
                self.largest[place] = self.largest[place].saturating_add(by);
                for value in self.samples.iter_mut().filter_map(|row| integer_mut(&mut row[place])) {
                    *value = value.saturating_add(by);
                }
            }
        }
        self
    }

    /// A row nobody has seen.
    pub fn row(&mut self) -> Vec<Value> {
        let n = self.made;
        self.made += 1;
        let mut row = self.samples[n as usize % self.samples.len()].clone();
        for (place, value) in row.iter_mut().enumerate().filter(|(place, _)| self.fresh[*place]) {
            renew(value, n, self.largest[place], &mut self.random);
        }
        row
    }

    /// The statement that inserts a row.
    pub fn insert_sql(&self) -> String {
        let places = (1..=self.table.columns.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let names = list(self.table.columns.iter().map(|column| column.name.as_str()));
        format!("INSERT INTO \"{}\" ({names}) VALUES ({places})", self.table.name)
    }

    /// The statement that rewrites a row, all but what is indexed, found by its key.
    pub fn update_sql(&self) -> String {
        let set = |columns: Vec<&Column>, from: usize, between: &str| {
            let pairs = columns.iter().enumerate().map(|(n, column)| format!("\"{}\" = ${}", column.name, from + n));
            pairs.collect::<Vec<_>>().join(between)
        };
        let (body, key) = (self.body(), self.key());
        let from = body.len() + 1;
        format!("UPDATE \"{}\" SET {} WHERE {}", self.table.name, set(body, 1, ", "), set(key, from, " AND "))
    }

    /// The values for [`Self::update_sql`]: another row's contents under this row's key.
    pub fn update_values(&self, row: &[Value]) -> Vec<Value> {
        let other = &self.samples[(self.made + 1) as usize % self.samples.len()];
        let places = |of: fn(&Column) -> bool| (0..self.table.columns.len()).filter(move |n| of(&self.table.columns[*n]));
        places(|column| !column.indexed)
            .map(|n| other[n].clone())
            .chain(places(|column| column.key).map(|n| row[n].clone()))
            .collect()
    }

    /// Whether there is anything to rewrite.
    pub fn can_update(&self) -> bool {
        !self.body().is_empty() && !self.key().is_empty()
    }

    fn body(&self) -> Vec<&Column> {
        self.table.columns.iter().filter(|column| !column.indexed).collect()
    }

    fn key(&self) -> Vec<&Column> {
        self.table.columns.iter().filter(|column| column.key).collect()
    }
}

fn renew(value: &mut Value, n: u64, largest: i64, random: &mut u64) {
    match value {
        Value::Blob(bytes) => renew_bytes(bytes, n, random),
        Value::Integer(integer) => *integer = largest.saturating_add(n as i64 + 1),
        Value::Text(text) => renew_text(text, n, random),
        Value::Null | Value::Real(_) => {}
    }
}

/// A time-ordered id stays one; any other is as random as it was.
fn renew_bytes(bytes: &mut [u8], n: u64, random: &mut u64) {
    let ordered = bytes.len() == 16 && bytes[6] >> 4 == 7;
    let ms = ordered.then(|| u64::from_be_bytes([0, 0, bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]]));
    for chunk in bytes.chunks_mut(8) {
        let word = next(random).to_be_bytes();
        chunk.copy_from_slice(&word[..chunk.len()]);
    }
    if let Some(ms) = ms {
        let moved = ms + 60_000 + n / ROWS_PER_MS;
        bytes[..6].copy_from_slice(&moved.to_be_bytes()[2..]);
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
    }
}

/// The same length where that is long enough to tell rows apart.
fn renew_text(text: &mut String, n: u64, random: &mut u64) {
    let tail = if text.len() >= 32 { format!("~{n:011}{:08x}", next(random) as u32) } else { format!("~{n:011}") };
    let keep = text.len().saturating_sub(tail.len());
    let keep = (0..=keep).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(keep);
    text.push_str(&tail);
}

/// splitmix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut word = *state;
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

fn all_differ<'a>(values: impl Iterator<Item = &'a Value>, rows: usize) -> bool {
    let mut told: Vec<String> = values.filter(|value| **value != Value::Null).map(|value| format!("{value:?}")).collect();
    let count = told.len();
    told.sort_unstable();
    told.dedup();
    count > 0 && told.len() == count && (rows > 1 || count == 1)
}

const fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(integer) => Some(*integer),
        _ => None,
    }
}

const fn integer_mut(value: &mut Value) -> Option<&mut i64> {
    match value {
        Value::Integer(integer) => Some(integer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rusqlite::{Connection, params_from_iter};

    use super::*;
    use crate::floor::{sample, schema};

    const SCHEMA: &str =
        "CREATE TABLE t (mid BLOB, id BLOB, hash BLOB UNIQUE, name TEXT UNIQUE, due_us INTEGER, lane INTEGER, body TEXT,
        PRIMARY KEY (mid, id)); CREATE INDEX t_due ON t (lane, due_us);";

    fn database(rows: u64) -> Connection {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(SCHEMA).unwrap();
        for n in 0..rows {
            let mut id = [0x70_u8; 16];
            id[4..6].copy_from_slice(&(n as u16).to_be_bytes());
            let values = (
                vec![1_u8; 16],
                id.to_vec(),
                [n as u8; 32].to_vec(),
                format!("name-{n:012}"),
                1_000 + n as i64,
                3,
                format!("body {n}"),
            );
            database.execute("INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7)", values).unwrap();
        }
        database
    }

    fn copier(database: &Connection) -> Copier {
        let table = schema::table(database, "t").unwrap();
        let samples = sample::rows(database, &table).unwrap();
        Copier::new(table, samples).unwrap()
    }

    #[test]
    fn new_rows_fit_beside_the_old_ones() {
        for rows in [1_u32, 7, 200] {
            let database = database(u64::from(rows));
            let mut copier = copier(&database);
            let sql = copier.insert_sql();
            for _ in 0..2_000 {
                database.execute(&sql, params_from_iter(copier.row())).unwrap();
            }
            let told: (u32, u32, u32) = database
                .query_row("SELECT count(*), count(DISTINCT length(hash)), sum(mid = zeroblob(16)) FROM t", [], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .unwrap();
            assert_eq!(told, (2_000 + rows, 1, 0));
        }
    }

    #[test]
    fn time_ordered_ids_stay_ordered_and_sizes_stay() {
        let database = database(50);
        let mut copier = copier(&database);
        let rows: Vec<_> = (0..200).map(|_| copier.row()).collect();
        let ids: HashSet<_> = rows.iter().map(|row| format!("{:?}", row[1])).collect();
        assert_eq!(ids.len(), 200);
        for row in &rows {
            let Value::Blob(id) = &row[1] else { panic!("{row:?}") };
            assert_eq!((id.len(), id[6] >> 4, id[8] >> 6), (16, 7, 2));
            assert!(matches!(&row[3], Value::Text(name) if name.len() == 17), "{row:?}");
            assert_eq!((&row[0], &row[5]), (&Value::Blob(vec![1; 16]), &Value::Integer(3)));
        }
    }

    #[test]
    fn named_columns_move_later() {
        let database = database(10);
        let mut copier = copier(&database).later("due", 1_000_000);
        assert!((0..100).all(|_| matches!(copier.row()[4], Value::Integer(due) if due > 1_000_000)));
    }

    #[test]
    fn rows_are_rewritten_by_key() {
        let database = database(10);
        let mut copier = copier(&database);
        let row = copier.row();
        database.execute(&copier.insert_sql(), params_from_iter(&row)).unwrap();
        assert!(copier.can_update());
        let changed = database.execute(&copier.update_sql(), params_from_iter(copier.update_values(&row))).unwrap();
        assert_eq!(changed, 1);
    }

    #[test]
    fn an_empty_table_is_no_example() {
        let database = database(0);
        let table = schema::table(&database, "t").unwrap();
        assert!(Copier::new(table, Vec::new()).is_err());
    }
}
