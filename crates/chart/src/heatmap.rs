//! A heatmap: how much in each cell of two groupings, such as hour and weekday.

use crate::{
    axis,
    figure::{Chart, Drawing, Figure, Width},
    number::{Unit, finite},
    style,
    svg::{Anchor, Canvas},
    table::Table,
    text,
};

/// A heatmap.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heatmap {
    /// What is to be seen, in a few words.
    pub title: String,
    /// How to read it, in a sentence.
    pub description: String,
    /// In what.
    pub unit: Unit,
    /// Names above the columns.
    pub columns: Vec<String>,
    /// Names of the rows.
    pub rows: Vec<String>,
    /// Cells by row; one that is not finite is left open.
    pub cells: Vec<Vec<f64>>,
}

/// Days as rows of a week begin.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Heatmap {
    /// Weekdays (Monday first) by hours of the day.
    pub fn week(title: impl Into<String>, description: impl Into<String>, unit: Unit, cells: &[[f64; 24]; 7]) -> Self {
        Self {
            title: title.into(),
            description: description.into(),
            unit,
            columns: (0..24).map(|hour| format!("{hour:02}")).collect(),
            rows: WEEKDAYS.map(str::to_owned).to_vec(),
            cells: cells.iter().map(|row| row.to_vec()).collect(),
        }
    }

    fn draw(&self, width: Width) -> Drawing {
        let Some((low, high)) = self.range().filter(|_| !self.columns.is_empty()) else {
            let (canvas, height) = axis::empty(width);
            return Drawing::new(width, height, canvas);
        };
        let mut canvas = Canvas::default();
        let left = self.rows.iter().map(|name| text::width(name, 12.0)).fold(0.0, f64::max).min(width.px() / 4.0) + 8.0;
        let wide = ((width.px() - left) / self.columns.len() as f64).min(90.0);
        let high_px = width.of(26.0, 24.0);
        let share = |value: f64| if high > low { (value - low) / (high - low) } else { 1.0 };
        for (r, name) in self.rows.iter().enumerate() {
            let top = 20.0 + r as f64 * high_px;
            canvas.text("rc-soft", (left - 8.0, top + high_px / 2.0 + 4.0), Anchor::End, &text::fit(name, 12.0, left - 8.0));
            for (c, column) in self.columns.iter().enumerate() {
                let (x, value) = (left + c as f64 * wide, self.cell(r, c));
                let tip = format!("{name} {column}: {}", self.unit.full(value.unwrap_or(f64::NAN)));
                canvas.told(&style::series(0), &tip, |canvas| match value {
                    Some(value) => {
                        let share = 0.08 + 0.92 * share(value);
                        canvas.shade("rc-fill", (x + 1.0, top + 1.0), (x + wide - 1.0, top + high_px - 1.0), share);
                    }
                    None => canvas.rect("rc-empty", (x + 1.0, top + 1.0), (x + wide - 1.0, top + high_px - 1.0), 2.0),
                });
            }
        }
        self.heads(&mut canvas, left, wide);
        let bottom = 20.0 + self.rows.len() as f64 * high_px;
        let height = self.key(&mut canvas, left, bottom + 16.0, (low, high));
        Drawing::new(width, height, canvas)
    }

    /// Names above the columns, every second or third when they are too wide.
    fn heads(&self, canvas: &mut Canvas, left: f64, wide: f64) {
        let widest = self.columns.iter().map(|name| text::width(name, 12.0)).fold(0.0, f64::max).min(wide.max(80.0));
        let step = ((widest + 4.0) / wide).ceil().max(1.0) as usize;
        for (c, name) in self.columns.iter().enumerate().step_by(step) {
            let x = left + (c as f64 + 0.5) * wide;
            canvas.text("rc-soft", (x, 13.0), Anchor::Middle, &text::fit(name, 12.0, widest.max(wide)));
        }
    }

    /// What the shades mean.
    fn key(&self, canvas: &mut Canvas, left: f64, top: f64, (low, high): (f64, f64)) -> f64 {
        const STEPS: usize = 6;
        let low = self.unit.short(low);
        let from = left + text::width(&low, 12.0) + 8.0;
        canvas.text("rc-soft", (left, top + 10.0), Anchor::Start, &low);
        canvas.group(&style::series(0), |canvas| {
            for n in 0..STEPS {
                let x = from + n as f64 * 18.0;
                canvas.shade("rc-fill", (x, top), (x + 17.0, top + 12.0), 0.08 + 0.92 * n as f64 / (STEPS - 1) as f64);
            }
        });
        canvas.text("rc-soft", (from + STEPS as f64 * 18.0 + 7.0, top + 10.0), Anchor::Start, &self.unit.short(high));
        top + 18.0
    }

    fn cell(&self, row: usize, column: usize) -> Option<f64> {
        self.cells.get(row)?.get(column).copied().and_then(finite)
    }

    fn range(&self) -> Option<(f64, f64)> {
        let cells = (0..self.rows.len()).flat_map(|r| (0..self.columns.len()).filter_map(move |c| self.cell(r, c)));
        cells.fold(None, |range: Option<(f64, f64)>, value| match range {
            Some((low, high)) => Some((low.min(value), high.max(value))),
            None => Some((value, value)),
        })
    }

    fn table(&self) -> Table {
        let mut table = Table::numbers("", std::iter::once("").chain(self.columns.iter().map(String::as_str)));
        for (r, name) in self.rows.iter().enumerate() {
            let cells = (0..self.columns.len()).map(|c| self.unit.short(self.cell(r, c).unwrap_or(f64::NAN)));
            table.row(std::iter::once(name.clone()).chain(cells));
        }
        table
    }
}

impl Chart for Heatmap {
    fn figure(&self) -> Figure {
        Figure::draw(&self.title, &self.description, self.table(), |width| self.draw(width))
    }
}
