//! The terms of a filter, with ascending parameters.

use rusqlite::types::Value;

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

    /// The condition and its parameters.
    pub fn finish(self) -> (String, Vec<Value>) {
        (self.texts.join(" AND "), self.values)
    }
}
