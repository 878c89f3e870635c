//! Rows of comma-separated values (RFC 4180) that no spreadsheet runs.

use std::borrow::Cow;

/// Adds one record.
pub fn line<'c>(cells: impl IntoIterator<Item = Cow<'c, str>>, out: &mut String) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(&field(&cell));
    }
    out.push_str("\r\n");
}

/// Quotes where needed. What begins like a formula is guarded, numbers are not.
fn field(text: &str) -> Cow<'_, str> {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && text.parse::<f64>().is_err();
    let guarded = if runs { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) };
    if guarded.contains([',', '"', '\r', '\n']) { format!("\"{}\"", guarded.replace('"', "\"\"")).into() } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_harmless() {
        for (text, cell) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("+cmd|x", "'+cmd|x"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("=A1,B1", "\"'=A1,B1\""),
            ("-12.50", "-12.50"),
        ] {
            assert_eq!(field(text), cell, "{text:?}");
        }
        let mut out = String::new();
        line(["a", "", "c"].map(Cow::Borrowed), &mut out);
        assert_eq!(out, "a,,c\r\n");
    }
}
