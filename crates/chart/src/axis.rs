//! Axes, the plot between them, and the legend above.

use crate::{
    figure::Width,
    number::Unit,
    scale::Scale,
    style,
    svg::{Anchor, Canvas},
    text,
};

/// An axis.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    /// What it measures.
    pub label: String,
    /// In what.
    pub unit: Unit,
    /// From and to, when the values themselves should not decide.
    pub range: Option<(f64, f64)>,
    /// Ticks with names of their own (dates, months), in place of numbers.
    pub names: Vec<(f64, String)>,
}

impl Axis {
    /// An axis of numbers.
    pub fn new(label: impl Into<String>, unit: Unit) -> Self {
        Self { label: label.into(), unit, ..Self::default() }
    }

    /// An axis of names: the first stands at 0, the second at 1.
    pub fn named<S: Into<String>>(label: impl Into<String>, names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().enumerate().map(|(at, name)| (at as f64, name.into())).collect();
        Self { label: label.into(), names, ..Self::default() }
    }

    /// From and to.
    #[must_use]
    pub const fn within(mut self, from: f64, to: f64) -> Self {
        self.range = Some((from, to));
        self
    }

    /// The scale of an axis that begins at zero unless told otherwise.
    pub(crate) fn rising(&self, values: impl Iterator<Item = f64>, ticks: usize) -> Scale {
        match self.range {
            Some((from, to)) => Scale::exact(from, to, &self.unit, ticks),
            None => Scale::nice(values.chain([0.0]), &self.unit, ticks),
        }
    }

    /// The scale of an axis that covers just its values.
    pub(crate) fn tight(&self, values: impl Iterator<Item = f64>, ticks: usize) -> Scale {
        let range = self.range.unwrap_or_else(|| {
            let all: Vec<f64> = values.filter(|value| value.is_finite()).chain(self.names.iter().map(|(at, _)| *at)).collect();
            let low = all.iter().copied().fold(f64::INFINITY, f64::min);
            (low, all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        });
        Scale::exact(range.0, range.1, &self.unit, ticks)
    }

    /// A value as this axis names it.
    pub(crate) fn told(&self, value: f64) -> String {
        let named = self.names.iter().find(|(at, _)| (at - value).abs() < 1e-9);
        named.map_or_else(|| self.unit.full(value), |(_, name)| name.clone())
    }
}

/// Height of one row of the legend.
const LEGEND_ROW: f64 = 20.0;

/// How a series shows itself in the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Line,
    Block,
}

/// A legend that breaks into rows; nothing for a single series. Returns its height.
pub(crate) fn legend(canvas: &mut Canvas, names: &[&str], mark: Mark, width: Width) -> f64 {
    if names.len() < 2 {
        return 0.0;
    }
    let (mut x, mut y) = (0.0, 12.0);
    for (n, name) in names.iter().enumerate() {
        let name = text::fit(name, 12.0, width.px() - 40.0);
        let wide = 24.0 + text::width(&name, 12.0) + 18.0;
        if x > 0.0 && x + wide - 18.0 > width.px() {
            (x, y) = (0.0, y + LEGEND_ROW);
        }
        canvas.group(&style::series(n), |canvas| match mark {
            Mark::Line => {
                canvas.line(&format!("rc-line {}", dash(n)), (x, y - 4.0), (x + 18.0, y - 4.0));
                dot(canvas, n, (x + 9.0, y - 4.0));
            }
            Mark::Block => canvas.rect("rc-fill", (x + 3.0, y - 10.0), (x + 15.0, y + 2.0), 2.0),
        });
        canvas.text("", (x + 24.0, y), Anchor::Start, &name);
        x += wide;
    }
    y + 12.0
}

/// The dashes of the `n`-th line.
pub(crate) fn dash(n: usize) -> &'static str {
    ["", "rc-dash1", "rc-dash2", "rc-dash3"][n % 4]
}

/// The mark of the `n`-th line: disc, ring, square, diamond.
pub(crate) fn dot(canvas: &mut Canvas, n: usize, (x, y): (f64, f64)) {
    match n % 4 {
        0 => canvas.circle("rc-fill", (x, y), 3.2),
        1 => canvas.circle("rc-ring", (x, y), 3.0),
        2 => canvas.rect("rc-fill", (x - 3.0, y - 3.0), (x + 3.0, y + 3.0), 0.0),
        _ => canvas.path("rc-fill", [(x, y - 4.4), (x + 4.4, y), (x, y + 4.4), (x - 4.4, y)], true),
    }
}

/// The rectangle that values are drawn in, pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plot {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Plot {
    /// Leaves room for the legend and label above, the ticks' texts at the left and below.
    pub fn new(top: f64, label: &str, ticks: &[(f64, String)], width: Width) -> Self {
        let widest = ticks.iter().map(|(_, text)| text::width(text, 12.0)).fold(0.0, f64::max);
        let top = top + if label.is_empty() { 8.0 } else { 30.0 };
        let high = width.of(240.0, 200.0);
        Self { left: (widest + 10.0).min(width.px() / 3.0), top, right: width.px() - 8.0, bottom: top + high }
    }

    /// The value axis: a line at each tick, its text at the left, the label above.
    pub fn values(&self, canvas: &mut Canvas, scale: &Scale, label: &str, ticks: &[(f64, String)]) {
        if !label.is_empty() {
            let most = self.right;
            canvas.text("rc-soft", (0.0, self.top - 18.0), Anchor::Start, &text::fit(label, 12.0, most));
        }
        for (tick, text) in ticks {
            let y = scale.at(*tick);
            canvas.line("rc-grid", (self.left, y), (self.right, y));
            canvas.text("rc-soft", (self.left - 8.0, y + 4.0), Anchor::End, text);
        }
    }

    /// Texts below the plot, as many as have room, and the label under them. Returns the height used so far.
    pub fn below(&self, canvas: &mut Canvas, places: &[(f64, String)], label: &str) -> f64 {
        canvas.line("rc-axis", (self.left, self.bottom), (self.right, self.bottom));
        let (mut free, mut step) = (f64::NEG_INFINITY, 1);
        // Every second, third … text when they are too close: regular gaps read better than a dense row.
        while step < places.len() && !are_clear(places, step) {
            step += 1;
        }
        for (n, (x, text)) in places.iter().enumerate() {
            let text = text::fit(text, 12.0, (self.right - self.left).max(40.0));
            let half = text::width(&text, 12.0) / 2.0;
            let x = x.clamp(half, (self.right + 8.0 - half).max(half));
            if n % step == 0 && x - half >= free {
                canvas.text("rc-soft", (x, self.bottom + 18.0), Anchor::Middle, &text);
                free = x + half + 6.0;
            }
        }
        if label.is_empty() {
            return self.bottom + 26.0;
        }
        let middle = f64::midpoint(self.left, self.right);
        canvas.text("rc-soft", (middle, self.bottom + 38.0), Anchor::Middle, &text::fit(label, 12.0, self.right - self.left));
        self.bottom + 46.0
    }
}

/// Whether no two of every `step`-th text touch.
fn are_clear(places: &[(f64, String)], step: usize) -> bool {
    let kept: Vec<(f64, f64)> = places.iter().step_by(step).map(|(x, text)| (*x, text::width(text, 12.0) / 2.0)).collect();
    kept.windows(2).all(|pair| pair[1].0 - pair[1].1 >= pair[0].0 + pair[0].1 + 6.0)
}

/// What stands in place of a chart without data.
pub(crate) fn empty(width: Width) -> (Canvas, f64) {
    let mut canvas = Canvas::default();
    canvas.rect("rc-empty", (1.0, 1.0), (width.px() - 1.0, 95.0), 6.0);
    canvas.text("rc-soft", (width.px() / 2.0, 52.0), Anchor::Middle, "Nothing to show");
    (canvas, 96.0)
}
