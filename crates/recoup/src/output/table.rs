//! Aligned tables.

use super::Paint;

/// Space between two columns.
const GAP: &str = "  ";

/// A column's title and side.
#[derive(Debug, Clone)]
pub struct Column {
    title: &'static str,
    right: bool,
}

impl Column {
    /// Text, aligned left.
    pub fn left(title: &'static str) -> Self {
        Self { title, right: false }
    }

    /// Numbers, aligned right.
    pub fn right(title: &'static str) -> Self {
        Self { title, right: true }
    }
}

/// A table under construction.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; missing cells stay empty, cells too many are dropped. Control characters become spaces, so that
    /// what somebody named a merchant cannot move the cursor.
    pub fn row(&mut self, mut cells: Vec<String>) {
        cells.resize(self.columns.len(), String::new());
        let clean = |cell: String| cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.rows.push(cells.into_iter().map(clean).collect());
    }

    /// The text: a title line and one line a row, no trailing spaces.
    pub fn render(&self, paint: Paint) -> String {
        let widths: Vec<usize> = (0..self.columns.len()).map(|index| self.width(index)).collect();
        let titles: Vec<String> = self.columns.iter().map(|column| column.title.to_owned()).collect();
        let mut lines = vec![paint.bold(&self.line(&titles, &widths))];
        lines.extend(self.rows.iter().map(|row| self.line(row, &widths)));
        lines.join("\n") + "\n"
    }

    fn width(&self, index: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[index].chars().count());
        cells.chain([self.columns[index].title.chars().count()]).max().unwrap_or(0)
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let padded = self
            .columns
            .iter()
            .zip(cells)
            .zip(widths)
            .map(|((column, cell), width)| if column.right { format!("{cell:>width$}") } else { format!("{cell:<width$}") });
        padded.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(vec![Column::left("NAME"), Column::right("ORDERS"), Column::left("STATE")]);
        table.row(vec!["Café Zürich".into(), "7".into(), "on".into()]);
        table.row(vec!["a\nb\u{1b}[2J".into(), "1234567".into()]);
        table
    }

    #[test]
    fn columns_stand_under_their_titles() {
        let expected = "NAME          ORDERS  STATE\nCafé Zürich        7  on\na b [2J      1234567\n";
        assert_eq!(sample().render(Paint::OFF), expected);
    }

    #[test]
    fn only_the_titles_are_bold() {
        let text = sample().render(Paint::ON);
        assert_eq!(text.matches('\u{1b}').count(), 2);
        assert!(text.starts_with("\u{1b}[1mNAME"));
    }

    #[test]
    fn a_table_without_rows_has_its_titles() {
        assert_eq!(Table::new(vec![Column::left("ID"), Column::left("NAME")]).render(Paint::OFF), "ID  NAME\n");
    }

    proptest::proptest! {
        #[test]
        fn every_row_is_one_line(cells in proptest::collection::vec("\\PC{0,10}|\\s{0,3}", 0..5)) {
            let mut table = Table::new(vec![Column::left("A"), Column::right("B")]);
            table.row(cells);
            proptest::prop_assert_eq!(table.render(Paint::OFF).lines().count(), 2);
        }
    }
}
