//! Lying bars: one row for each thing, names of any length.

use crate::{
    axis,
    figure::{Chart, Drawing, Figure, Width},
    number::Unit,
    scale::Scale,
    style,
    svg::{Anchor, Canvas},
    table::Table,
    text,
    value::Value,
};

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// How much.
    pub value: Value,
    /// What stands behind the value, in few words.
    pub note: String,
    /// Drawn in the second colour: the one that is talked about.
    pub marked: bool,
}

impl Row {
    /// A row without a note.
    pub fn new(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { name: name.into(), value: value.into(), note: String::new(), marked: false }
    }
}

/// Lying bars with error bars, in the order given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// What is to be seen, in a few words.
    pub title: String,
    /// How to read it, in a sentence.
    pub description: String,
    /// What the names are.
    pub names: String,
    /// What the values are.
    pub label: String,
    /// In what.
    pub unit: Unit,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Chart for Rows {
    fn figure(&self) -> Figure {
        Figure::draw(&self.title, &self.description, self.table(), |width| self.draw(width))
    }
}

/// Where the pieces of all rows stand, pixels.
struct Columns {
    name: f64,
    bar: f64,
    end: f64,
    row: f64,
}

impl Rows {
    fn draw(&self, width: Width) -> Drawing {
        if self.rows.is_empty() {
            let (canvas, height) = axis::empty(width);
            return Drawing::new(width, height, canvas);
        }
        let mut canvas = Canvas::default();
        let values: Vec<String> = self.rows.iter().map(|row| self.written(row)).collect();
        let columns = self.columns(&values, width);
        let scale = Scale::nice(self.rows.iter().flat_map(|row| row.value.extent()).chain([0.0]), &self.unit, 5);
        let scale = scale.across(columns.bar, columns.end);
        let top = if self.label.is_empty() { 0.0 } else { 22.0 };
        canvas.text("rc-soft", (columns.bar, 12.0), Anchor::Start, &text::fit(&self.label, 12.0, width.px() - columns.bar));
        for (n, (row, written)) in self.rows.iter().zip(&values).enumerate() {
            row.draw(&mut canvas, written, &columns, top + columns.row * n as f64, &scale, width, &self.unit);
        }
        let bottom = top + columns.row * self.rows.len() as f64;
        canvas.line("rc-axis", (scale.base(), top), (scale.base(), bottom));
        Drawing::new(width, bottom + 4.0, canvas)
    }

    fn columns(&self, values: &[String], width: Width) -> Columns {
        let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text::width(text, 12.0)).fold(0.0, f64::max);
        let tail = widest(&mut values.iter().map(String::as_str)).min(width.px() * 0.4) + 10.0;
        if width.is_narrow() {
            return Columns { name: width.px(), bar: 0.0, end: width.px() - tail, row: 42.0 };
        }
        let name = widest(&mut self.rows.iter().map(|row| row.name.as_str())).min(230.0);
        Columns { name, bar: name + 12.0, end: width.px() - tail, row: 28.0 }
    }

    fn written(&self, row: &Row) -> String {
        let value = self.unit.short(row.value.value);
        if row.note.is_empty() { value } else { format!("{value} · {}", row.note) }
    }

    fn table(&self) -> Table {
        let label = if self.label.is_empty() { "Value" } else { self.label.as_str() };
        let names = if self.names.is_empty() { "Name" } else { self.names.as_str() };
        let noted = self.rows.iter().any(|row| !row.note.is_empty());
        let columns = [names, label].into_iter().chain(noted.then_some("Note"));
        let mut table = Table::numbers("", columns);
        for row in &self.rows {
            let cells = [row.name.clone(), row.value.told(&self.unit)];
            table.row(cells.into_iter().chain(noted.then(|| row.note.clone())));
        }
        table
    }
}

impl Row {
    #[expect(clippy::too_many_arguments, reason = "the one drawing of a row, shared by nothing")]
    fn draw(&self, canvas: &mut Canvas, written: &str, columns: &Columns, top: f64, scale: &Scale, width: Width, unit: &Unit) {
        let (name_y, bar) =
            if width.is_narrow() { (top + 14.0, (top + 20.0, top + 34.0)) } else { (top + 18.0, (top + 6.0, top + 22.0)) };
        let tip = format!("{}: {}", self.name, self.value.told(unit));
        canvas.told(&style::series(usize::from(self.marked)), &tip, |canvas| {
            let (x, anchor) = if width.is_narrow() { (0.0, Anchor::Start) } else { (columns.name, Anchor::End) };
            canvas.text("", (x, name_y), anchor, &text::fit(&self.name, 12.0, columns.name));
            let Some(known) = self.value.known() else { return };
            canvas.rect("rc-fill", (scale.base(), bar.0), (scale.at(known), bar.1), 2.0);
            let mut end = scale.at(known).max(scale.base());
            if let Some((low, high)) = self.value.ends() {
                end = end.max(scale.at(high));
                self::error(canvas, (scale.at(low), scale.at(high)), f64::midpoint(bar.0, bar.1));
            }
            canvas.text("rc-soft", (end + 6.0, bar.1 - 4.0), Anchor::Start, &text::fit(written, 12.0, width.px() - end - 6.0));
        });
    }
}

fn error(canvas: &mut Canvas, (low, high): (f64, f64), y: f64) {
    const CAP: f64 = 4.0;
    canvas.line("rc-error", (low, y), (high, y));
    canvas.line("rc-error", (low, y - CAP), (low, y + CAP));
    canvas.line("rc-error", (high, y - CAP), (high, y + CAP));
}
