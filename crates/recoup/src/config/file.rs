//! The configuration file: TOML, each value with the line it stands on.

use std::{collections::BTreeMap, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Problem, field::Given, origin::Origin};

/// A value and where it stands.
#[derive(Debug)]
pub struct Entry<'a> {
    value: DeValue<'a>,
    /// Line, from 1.
    pub line: usize,
}

/// All values of the file by their dotted key.
pub type Entries<'a> = BTreeMap<String, Entry<'a>>;

impl Entry<'_> {
    /// The value as settings read it.
    pub fn given(&self) -> Given<'_> {
        given(&self.value)
    }
}

/// Reads the text of the file; everything that is wrong is added to the problems.
pub fn read<'a>(path: &Path, text: &'a str, problems: &mut Vec<Problem>) -> Entries<'a> {
    let mut entries = Entries::new();
    let (root, errors) = DeTable::parse_recoverable(text);
    if let Some(error) = errors.first() {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        let origin = Origin::File { path: path.to_owned(), line };
        problems.push(Problem { origin, message: format!("this is not TOML: {}", error.message().trim()) });
        return entries;
    }
    collect(text, "", root.into_inner(), &mut entries);
    entries
}

fn collect<'a>(text: &str, prefix: &str, table: DeTable<'a>, entries: &mut Entries<'a>) {
    for (key, value) in table {
        let line = line_of(text, key.span().start);
        let name = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        match Spanned::into_inner(value) {
            DeValue::Table(inner) if prefix.is_empty() => collect(text, &name, inner, entries),
            value => {
                entries.insert(name, Entry { value, line });
            }
        }
    }
}

fn given<'a>(value: &'a DeValue<'_>) -> Given<'a> {
    match value {
        DeValue::String(text) => Given::Text(text),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Given::Other("very large number"), Given::Integer)
        }
        DeValue::Boolean(flag) => Given::Boolean(*flag),
        DeValue::Array(items) => Given::List(items.iter().map(|item| given(item.get_ref())).collect()),
        DeValue::Float(number) => number.as_str().parse().map_or(Given::Other("unreadable number"), Given::Fraction),
        other => Given::Other(other.type_str()),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}
