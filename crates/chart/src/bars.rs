//! Upright bars: grouped side by side with error bars, or stacked.

use crate::{
    axis::{self, Axis, Mark, Plot},
    figure::{Chart, Drawing, Figure, Width},
    number::Unit,
    scale::Scale,
    style,
    svg::Canvas,
    table::Table,
    value::Value,
};

/// One colour of bars: a value for each category.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What it is.
    pub name: String,
    /// A value for each category; missing ones are gaps.
    pub values: Vec<Value>,
}

/// Upright bars.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bars {
    /// What is to be seen, in a few words.
    pub title: String,
    /// How to read it, in a sentence.
    pub description: String,
    /// Names below the bars.
    pub categories: Vec<String>,
    /// What the categories are.
    pub label: String,
    /// The axis of values.
    pub y: Axis,
    /// The colours.
    pub series: Vec<Series>,
    /// On top of each other, in place of side by side.
    pub stacked: bool,
}

impl Chart for Bars {
    fn figure(&self) -> Figure {
        Figure::draw(&self.title, &self.description, self.table(), |width| self.draw(width))
    }
}

impl Bars {
    fn draw(&self, width: Width) -> Drawing {
        if self.categories.is_empty() || self.series.iter().all(|series| series.values.iter().all(|v| v.known().is_none())) {
            let (canvas, height) = axis::empty(width);
            return Drawing::new(width, height, canvas);
        }
        let mut canvas = Canvas::default();
        let names: Vec<&str> = self.series.iter().map(|series| series.name.as_str()).collect();
        let top = axis::legend(&mut canvas, &names, Mark::Block, width);
        let y = self.y.rising(self.extent(), 5);
        let ticks = y.labels(&self.y.unit);
        let plot = Plot::new(top, &self.y.label, &ticks, width);
        let y = y.across(plot.bottom, plot.top);
        plot.values(&mut canvas, &y, &self.y.label, &ticks);
        let slot = (plot.right - plot.left) / self.categories.len() as f64;
        let middle = |n: usize| plot.left + slot * (n as f64 + 0.5);
        let places: Vec<(f64, String)> = self.categories.iter().enumerate().map(|(n, name)| (middle(n), name.clone())).collect();
        let height = plot.below(&mut canvas, &places, &self.label);
        for n in 0..self.categories.len() {
            if self.stacked {
                self.stack(&mut canvas, n, middle(n), slot, &y);
            } else {
                self.group(&mut canvas, n, middle(n), slot, &y);
            }
        }
        Drawing::new(width, height, canvas)
    }

    fn group(&self, canvas: &mut Canvas, category: usize, middle: f64, slot: f64, y: &Scale) {
        const WIDEST: f64 = 46.0;
        let count = self.series.len().max(1) as f64;
        let wide = (slot * 0.78 / count).min(WIDEST);
        for (n, value) in self.of(category) {
            let Some(known) = value.known() else { continue };
            let left = middle - wide * count / 2.0 + wide * n as f64;
            canvas.told(&style::series(n), &self.tip(category, n, value), |canvas| {
                canvas.rect("rc-fill", (left + wide * 0.06, y.base()), (left + wide * 0.94, y.at(known)), 2.0);
                error(canvas, value, left + wide / 2.0, wide, y);
            });
        }
    }

    fn stack(&self, canvas: &mut Canvas, category: usize, middle: f64, slot: f64, y: &Scale) {
        const WIDEST: f64 = 64.0;
        let half = (slot * 0.72).min(WIDEST) / 2.0;
        let (mut above, mut below) = (0.0, 0.0);
        for (n, value) in self.of(category) {
            let Some(known) = value.known() else { continue };
            let from = if known < 0.0 { &mut below } else { &mut above };
            let to = *from + known;
            canvas.told(&style::series(n), &self.tip(category, n, value), |canvas| {
                canvas.rect("rc-fill", (middle - half, y.at(*from)), (middle + half, y.at(to)), 0.0);
            });
            *from = to;
        }
    }

    fn of(&self, category: usize) -> impl Iterator<Item = (usize, Value)> {
        self.series.iter().enumerate().map(move |(n, series)| (n, series.values.get(category).copied().unwrap_or(Value::GAP)))
    }

    fn tip(&self, category: usize, series: usize, value: Value) -> String {
        format!("{}, {}: {}", self.categories[category], self.series[series].name, value.told(&self.y.unit))
    }

    fn extent(&self) -> impl Iterator<Item = f64> {
        let sum = |category: usize, sign: f64| {
            self.of(category).filter_map(|(_, value)| value.known()).filter(|v| v * sign > 0.0).sum::<f64>()
        };
        let all = (0..self.categories.len()).flat_map(move |category| {
            let stacked = [sum(category, 1.0), sum(category, -1.0)];
            let single = self.of(category).flat_map(|(_, value)| value.extent());
            let single = (!self.stacked).then_some(single).into_iter().flatten();
            single.chain(self.stacked.then_some(stacked).into_iter().flatten())
        });
        all.collect::<Vec<_>>().into_iter()
    }

    fn table(&self) -> Table {
        let label = if self.label.is_empty() { "Category" } else { &self.label };
        let names = self.series.iter().map(|series| series.name.as_str());
        let mut table = Table::numbers("", std::iter::once(label).chain(names));
        for (category, name) in self.categories.iter().enumerate() {
            let cells = self.of(category).map(|(_, value)| value.told(&self.y.unit));
            table.row(std::iter::once(name.clone()).chain(cells));
        }
        table
    }
}

/// An error bar with caps.
fn error(canvas: &mut Canvas, value: Value, x: f64, wide: f64, y: &Scale) {
    let Some((low, high)) = value.ends() else { return };
    let cap = (wide * 0.22).min(6.0);
    let (low, high) = (y.at(low), y.at(high));
    canvas.line("rc-error", (x, low), (x, high));
    canvas.line("rc-error", (x - cap, low), (x + cap, low));
    canvas.line("rc-error", (x - cap, high), (x + cap, high));
}

impl Bars {
    /// Side by side, with values in this unit.
    pub fn grouped(title: impl Into<String>, label: impl Into<String>, unit: Unit) -> Self {
        Self { title: title.into(), y: Axis::new(label, unit), ..Self::default() }
    }
}
