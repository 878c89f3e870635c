//! Tables: the text alternative of every chart, and a block of a page.

use crate::text::{escape, push};

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Names of the columns, with how they stand.
    pub columns: Vec<(String, Align)>,
    /// Rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// A last row that sums up.
    pub total: Option<Vec<String>>,
}

impl Table {
    /// A table whose first column holds names and whose others hold numbers.
    pub fn numbers<S: Into<String>>(caption: impl Into<String>, columns: impl IntoIterator<Item = S>) -> Self {
        let align = |at: usize| if at == 0 { Align::Left } else { Align::Right };
        let columns = columns.into_iter().enumerate().map(|(at, name)| (name.into(), align(at))).collect();
        Self { caption: caption.into(), columns, rows: Vec::new(), total: None }
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub(crate) fn html(&self) -> String {
        let mut out = String::from("<div class=\"scroll\" tabindex=\"0\"><table>");
        if !self.caption.is_empty() {
            push(&mut out, format_args!("<caption>{}</caption>", escape(&self.caption)));
        }
        out += "<thead><tr>";
        for (name, align) in &self.columns {
            push(&mut out, format_args!("<th scope=\"col\"{}>{}</th>", class(*align), escape(name)));
        }
        out += "</tr></thead><tbody>";
        for row in &self.rows {
            self.row_html(&mut out, row);
        }
        out += "</tbody>";
        if let Some(total) = &self.total {
            out += "<tfoot>";
            self.row_html(&mut out, total);
            out += "</tfoot>";
        }
        out + "</table></div>"
    }

    fn row_html(&self, out: &mut String, row: &[String]) {
        *out += "<tr>";
        for (at, (cell, (_, align))) in row.iter().zip(&self.columns).enumerate() {
            let (open, close) = if at == 0 { ("th scope=\"row\"", "th") } else { ("td", "td") };
            push(out, format_args!("<{open}{}>{}</{close}>", class(*align), escape(cell)));
        }
        *out += "</tr>";
    }
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " class=\"n\"",
    }
}
