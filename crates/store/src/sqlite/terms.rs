//! The terms of a filter, with ascending parameters.

use domain::id::Mid;
use rusqlite::{Connection, params_from_iter, types::Value};
use serde::de::DeserializeOwned;

use super::{
    fault::Fault,
    row::{many, mid_list},
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

    /// Adds a term with two question marks.
    pub fn add_both(&mut self, term: &str, values: [Value; 2]) {
        let mut term = term.to_owned();
        for value in values {
            self.values.push(value);
            term = term.replacen('?', &format!("${}", self.values.len()), 1);
        }
        self.texts.push(term);
    }

    /// Adds a term about a number that may be absent.
    pub fn number(&mut self, term: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.add(term, Value::Integer(value));
        }
    }

    /// Adds a term without parameter.
    pub fn text(&mut self, term: &str) {
        self.texts.push(term.to_owned());
    }

    /// Adds that a column's word is one of these; none of them: any.
    pub fn words(&mut self, column: &str, words: &[impl std::fmt::Display]) {
        if !words.is_empty() {
            let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            let list = format!("[{}]", quoted.join(","));
            self.add(&format!("{column} IN (SELECT value FROM json_each(?))"), Value::Text(list));
        }
    }

    /// Adds the tenants, named by a column, that a list is limited to; none given: all of them.
    pub fn mids(&mut self, column: &str, mids: Option<&[Mid]>) {
        match mids {
            None => {}
            Some([mid]) => self.add(&format!("{column} = ?"), Value::Blob(mid.bytes().to_vec())),
            Some(mids) => {
                self.add(&format!("{column} IN (SELECT unhex(value) FROM json_each(?))"), Value::Text(mid_list(mids)));
            }
        }
    }

    /// One page of the rows of a table that meet the terms, and the count of all; `keys` are what it is sorted by,
    /// first to last, all the same way.
    pub fn page<T: DeserializeOwned>(
        self,
        db: &Connection,
        table: &'static str,
        keys: [&str; 2],
        sort: Sort,
        at: PageAt,
    ) -> Result<Page<T>, Fault> {
        let ([first, second], way) = (keys, way(sort));
        let (limit, offset) = (at.limit(), at.offset());
        self.page_by(db, table, |condition| {
            format!(
                "SELECT id, body FROM {table} WHERE {condition} ORDER BY {first} {way}, {second} {way} LIMIT {limit} OFFSET {offset}"
            )
        })
    }

    /// The same, with a statement of its own for the page.
    pub fn page_by<T: DeserializeOwned>(
        self,
        db: &Connection,
        table: &'static str,
        sql: impl FnOnce(&str) -> String,
    ) -> Result<Page<T>, Fault> {
        let (condition, values) = self.finish();
        let count = format!("SELECT count(*) FROM {table} WHERE {condition}");
        let total: i64 = db.prepare_cached(&count)?.query_row(params_from_iter(&values), |row| row.get(0))?;
        Ok(Page { rows: many(db, table, &sql(&condition), params_from_iter(&values))?, total: total as u64 })
    }

    /// The condition and its parameters; without terms, one that everything meets.
    pub fn finish(self) -> (String, Vec<Value>) {
        let condition = if self.texts.is_empty() { "1 = 1".to_owned() } else { self.texts.join(" AND ") };
        (condition, self.values)
    }
}

/// SQL's word for a direction.
pub const fn way(sort: Sort) -> &'static str {
    match sort {
        Sort::Ascending => "ASC",
        Sort::Descending => "DESC",
    }
}
