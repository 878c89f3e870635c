//! One table, aligned for a terminal or as Markdown.

/// A table: names of columns, rows of cells. The first column is text, the others figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&name| name.to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.into());
    }

    /// Whether there are rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For a terminal.
    pub fn aligned(&self) -> String {
        let widths = self.widths();
        let line = |row: &Vec<String>| {
            row.iter().zip(&widths).enumerate().map(|(n, (cell, width))| pad(cell, *width, n > 0)).collect::<Vec<_>>()
        };
        let rule = widths.iter().map(|width| "-".repeat(*width)).collect();
        let lines = [line(&self.head), rule].into_iter().chain(self.rows.iter().map(line));
        lines.map(|cells| cells.join("  ").trim_end().to_owned() + "\n").collect()
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let line = |row: &Vec<String>| format!("| {} |\n", row.join(" | "));
        let rule = (0..self.head.len()).map(|n| if n == 0 { "---" } else { "---:" }.to_owned()).collect();
        [line(&self.head), line(&rule)].into_iter().chain(self.rows.iter().map(line)).collect()
    }

    fn widths(&self) -> Vec<usize> {
        let lines = || self.rows.iter().chain([&self.head]);
        let width = |column: usize| lines().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        (0..self.head.len()).map(width).collect()
    }
}

/// A count with thousands apart.
pub fn count(value: f64) -> String {
    let digits = format!("{:.0}", value.max(0.0));
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Three significant digits, more or less.
pub fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => count(value),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A share in percent.
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Bytes in megabytes.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn pad(cell: &str, width: usize, right: bool) -> String {
    if right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&["name", "n"]);
        table.push(["a".into(), "1,000".into()]);
        table.push(["longer".into(), "é".into()]);
        assert_eq!(table.aligned(), "name        n\n------  -----\na       1,000\nlonger      é\n");
        assert_eq!(table.markdown(), "| name | n |\n| --- | ---: |\n| a | 1,000 |\n| longer | é |\n");
    }

    #[test]
    fn figures_are_short() {
        for (value, told) in [(0.0, "0"), (999.4, "999"), (1_000.0, "1,000"), (1_234_567.0, "1,234,567"), (-5.0, "0")] {
            assert_eq!(count(value), told);
        }
        for (value, told) in [(0.123, "0.12"), (12.34, "12.3"), (123.4, "123"), (12_345.6, "12,346")] {
            assert_eq!(short(value), told);
        }
        assert_eq!((percent(0.615), megabytes(60_000_000)), ("62 %".to_owned(), "60.0 MB".to_owned()));
    }
}
