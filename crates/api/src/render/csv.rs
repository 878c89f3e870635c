//! The flat members of objects as CSV (RFC 4180).

use std::borrow::Cow;

use serde::Serialize;

use crate::json::{Node, Read, parse, text_of};

/// An object that is a row.
pub trait Tabular: Serialize {
    /// Its flat members, in their order.
    const COLUMNS: &'static [&'static str];
}

/// Header row and one row for each object.
pub fn rows<T: Tabular>(objects: &[T]) -> String {
    let mut out = String::new();
    line(T::COLUMNS.iter().map(|name| Cow::Borrowed(*name)), &mut out);
    for text in objects.iter().filter_map(|object| serde_json::to_vec(object).ok()) {
        let Ok(node) = parse(&text) else { continue };
        let Some(object) = node.object() else { continue };
        line(T::COLUMNS.iter().map(|name| object.get(name).map_or(Cow::Borrowed(""), cell)), &mut out);
    }
    out
}

/// One record: cells quoted where needed, and the end of the line.
pub fn line<'c>(cells: impl Iterator<Item = Cow<'c, str>>, out: &mut String) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(&field(&cell));
    }
    out.push_str("\r\n");
}

fn cell<'n>(node: &'n Node<'_>) -> Cow<'n, str> {
    match text_of(Some(node)) {
        Read::Is(text) => text,
        Read::Absent | Read::Unreadable => Cow::Borrowed(""),
    }
}

/// Quotes where needed. A text that begins like a formula is guarded: spreadsheets would run it.
fn field(text: &str) -> Cow<'_, str> {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let guarded = if runs { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) };
    if guarded.contains([',', '"', '\r', '\n']) { format!("\"{}\"", guarded.replace('"', "\"\"")).into() } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::{Tabular, rows};

    #[derive(serde::Serialize)]
    struct Row {
        b: i32,
        a: Option<&'static str>,
        nested: Vec<u8>,
        c: bool,
    }

    impl Tabular for Row {
        const COLUMNS: &'static [&'static str] = &["b", "a", "c"];
    }

    #[test]
    fn flat_members_in_order_and_no_formulas() {
        let objects = [
            Row { b: -1, a: Some("x,\"y\""), nested: vec![1], c: true },
            Row { b: 2, a: Some("=1+1"), nested: vec![], c: false },
        ];
        assert_eq!(rows(&objects), "b,a,c\r\n-1,\"x,\"\"y\"\"\",true\r\n2,'=1+1,false\r\n");
        assert_eq!(rows(&[Row { b: 0, a: None, nested: vec![], c: true }]), "b,a,c\r\n0,,true\r\n");
        assert_eq!(rows::<Row>(&[]), "b,a,c\r\n");
    }
}
