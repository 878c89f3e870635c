//! Lines over a numeric or named axis, with bands of confidence.

use crate::{
    axis::{self, Axis, Mark, Plot},
    figure::{Chart, Drawing, Figure, Width},
    scale::Scale,
    style,
    svg::Canvas,
    table::Table,
    value::Value,
};

/// One line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// Its points, ascending in x. A gap breaks the line.
    pub points: Vec<(f64, Value)>,
}

/// Lines with bands of confidence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    /// What is to be seen, in a few words.
    pub title: String,
    /// How to read it, in a sentence.
    pub description: String,
    /// The axis below.
    pub x: Axis,
    /// The axis of values; it begins at zero unless it has a range.
    pub y: Axis,
    /// The lines.
    pub series: Vec<Line>,
}

/// Points of a line that get a mark each; more would only make it thick.
const DOTS_MAX: usize = 40;

impl Chart for Lines {
    fn figure(&self) -> Figure {
        Figure::draw(&self.title, &self.description, self.table(), |width| self.draw(width))
    }
}

impl Lines {
    fn draw(&self, width: Width) -> Drawing {
        let xs = || self.series.iter().flat_map(|line| line.points.iter()).filter(|(x, y)| x.is_finite() && y.known().is_some());
        if xs().next().is_none() {
            let (canvas, height) = axis::empty(width);
            return Drawing::new(width, height, canvas);
        }
        let mut canvas = Canvas::default();
        let names: Vec<&str> = self.series.iter().map(|line| line.name.as_str()).collect();
        let top = axis::legend(&mut canvas, &names, Mark::Line, width);
        let y = self.y.rising(xs().flat_map(|(_, value)| value.extent()), 5);
        let ticks = y.labels(&self.y.unit);
        let plot = Plot::new(top, &self.y.label, &ticks, width);
        let (y, x) = (y.across(plot.bottom, plot.top), self.x.tight(xs().map(|(x, _)| *x), width.of(10.0, 5.0) as usize));
        let x = x.across(plot.left + 10.0, plot.right - 10.0);
        plot.values(&mut canvas, &y, &self.y.label, &ticks);
        let height = plot.below(&mut canvas, &places(&self.x, &x), &self.x.label);
        for (n, line) in self.series.iter().enumerate() {
            canvas.group(&style::series(n), |canvas| runs(line).for_each(|run| band(canvas, run, &x, &y)));
        }
        for (n, line) in self.series.iter().enumerate() {
            canvas.group(&style::series(n), |canvas| {
                runs(line).for_each(|run| self.line(canvas, n, line, run, &x, &y));
            });
        }
        Drawing::new(width, height, canvas)
    }

    fn line(&self, canvas: &mut Canvas, n: usize, line: &Line, run: &[(f64, Value)], x: &Scale, y: &Scale) {
        let place = |(at, value): &(f64, Value)| (x.at(*at), y.at(value.known().unwrap_or_default()));
        canvas.path(&format!("rc-line {}", axis::dash(n)), run.iter().map(place), false);
        if line.points.len() > DOTS_MAX {
            return;
        }
        for point in run {
            let tip = format!("{}, {}: {}", line.name, self.x.told(point.0), point.1.told(&self.y.unit));
            canvas.told("", &tip, |canvas| axis::dot(canvas, n, place(point)));
        }
    }

    fn table(&self) -> Table {
        let mut xs: Vec<f64> = self.series.iter().flat_map(|line| line.points.iter().map(|(x, _)| *x)).collect();
        xs.retain(|x| x.is_finite());
        xs.sort_by(f64::total_cmp);
        xs.dedup();
        let first = std::iter::once(self.x.label.as_str());
        let mut table = Table::numbers("", first.chain(self.series.iter().map(|line| line.name.as_str())));
        for x in xs {
            let cell = |line: &Line| {
                let found = line.points.iter().find(|(at, _)| at.total_cmp(&x).is_eq());
                found.map_or_else(|| "–".to_owned(), |(_, value)| value.told(&self.y.unit))
            };
            table.row(std::iter::once(self.x.told(x)).chain(self.series.iter().map(cell)));
        }
        table
    }
}

/// The pieces of a line between its gaps.
fn runs(line: &Line) -> impl Iterator<Item = &[(f64, Value)]> {
    line.points.split(|(x, value)| !x.is_finite() || value.known().is_none()).filter(|run| !run.is_empty())
}

fn band(canvas: &mut Canvas, run: &[(f64, Value)], x: &Scale, y: &Scale) {
    let ends: Vec<(f64, f64, f64)> =
        run.iter().filter_map(|(at, value)| value.ends().map(|(low, high)| (*at, low, high))).collect();
    let upper = ends.iter().map(|(at, _, high)| (x.at(*at), y.at(*high)));
    let lower = ends.iter().rev().map(|(at, low, _)| (x.at(*at), y.at(*low)));
    canvas.path("rc-band", upper.chain(lower), true);
}

/// Places of the ticks below: named ones where there are names.
pub(crate) fn places(axis: &Axis, scale: &Scale) -> Vec<(f64, String)> {
    let labels = if axis.names.is_empty() { scale.labels(&axis.unit) } else { axis.names.clone() };
    labels.into_iter().filter(|(at, _)| scale.covers(*at)).map(|(at, text)| (scale.at(at), text)).collect()
}
