//! The terms of a filter, with ascending parameters.

use domain::id::Mid;
use rusqlite::{Connection, params_from_iter, types::Value};
use serde::de::DeserializeOwned;

use super::{
    fault::Fault,
    row::{body, mid_list},
};
use crate::{Page, PageAt, Sort};

/// Terms joined by `AND`.
#[derive(Default)]
pub struct Terms {
    texts: Vec<String>,
    values: Vec<Value>,
}

impl Terms {
    /// Adds a term; its question mark becomes the next parameter.
    pub fn add(&mut self, term: &str, value: Value) {
        self.values.push(value);
        self.texts.push(term.replace('?', &format!("${}", self.values.len())));
    }

    /// Adds a term about a number that may be absent.
    pub fn number(&mut self, term: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.add(term, Value::Integer(value));
        }
    }

    /// Adds the tenants that a list is limited to: none named, all of them.
    pub fn mids(&mut self, mids: Option<&[Mid]>) {
        match mids {
            None => {}
            Some([mid]) => self.add("mid = ?", Value::Blob(mid.bytes().to_vec())),
            Some(mids) => self.add("mid IN (SELECT unhex(value) FROM json_each(?))", Value::Text(mid_list(mids))),
        }
    }

    /// One page of the rows of a table that meet the terms, and the count of all; `keys` are the columns it is sorted
    /// by, first to last, all the same way.
    pub fn page<T: DeserializeOwned>(
        self,
        db: &Connection,
        table: &'static str,
        keys: [&str; 2],
        sort: Sort,
        at: PageAt,
    ) -> Result<Page<T>, Fault> {
        let (condition, values) = self.finish();
        let count = format!("SELECT count(*) FROM {table} WHERE {condition}");
        let total: i64 = db.prepare_cached(&count)?.query_row(params_from_iter(&values), |row| row.get(0))?;
        let way = if sort == Sort::Ascending { "ASC" } else { "DESC" };
        let ([first, second], limit, offset) = (keys, at.limit(), at.offset());
        let sql = format!(
            "SELECT id, body FROM {table} WHERE {condition} ORDER BY {first} {way}, {second} {way} LIMIT {limit} OFFSET {offset}"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(&values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(body(table, row)?);
        }
        Ok(Page { rows: found, total: total as u64 })
    }

    /// The condition and its parameters.
    pub fn finish(self) -> (String, Vec<Value>) {
        (self.texts.join(" AND "), self.values)
    }
}
