//! A curve with marks: the chance of success over time, what is planned on it, and where nothing is allowed.

use crate::{
    axis::{self, Axis, Plot},
    figure::{Chart, Drawing, Figure, Width},
    lines,
    number::finite,
    scale::Scale,
    style,
    svg::{Anchor, Canvas},
    table::Table,
    text,
};

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// What was chosen.
    #[default]
    Chosen,
    /// What may follow.
    Planned,
    /// What has been, without success.
    Past,
    /// What has been, with success.
    Success,
}

/// A moment on the curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marker {
    /// Where.
    pub x: f64,
    /// In few words.
    pub label: String,
    /// What it says.
    pub kind: Kind,
}

/// A stretch in which nothing is allowed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Closed {
    /// From.
    pub from: f64,
    /// To.
    pub to: f64,
    /// Why, in few words.
    pub label: String,
}

/// A curve with marks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// What is to be seen, in a few words.
    pub title: String,
    /// How to read it, in a sentence.
    pub description: String,
    /// The axis below, mostly time.
    pub x: Axis,
    /// The axis of values; it begins at zero unless it has a range.
    pub y: Axis,
    /// Points, ascending in x. One that is not finite breaks the curve.
    pub points: Vec<(f64, f64)>,
    /// Values hold until the next point, in place of straight lines between them.
    pub stepped: bool,
    /// Marks.
    pub markers: Vec<Marker>,
    /// Where nothing is allowed.
    pub closed: Vec<Closed>,
}

impl Chart for Curve {
    fn figure(&self) -> Figure {
        Figure::draw(&self.title, &self.description, self.table(), |width| self.draw(width))
    }
}

impl Curve {
    fn draw(&self, width: Width) -> Drawing {
        let known = || self.points.iter().filter(|(x, y)| x.is_finite() && y.is_finite());
        if known().next().is_none() {
            let (canvas, height) = axis::empty(width);
            return Drawing::new(width, height, canvas);
        }
        let mut canvas = Canvas::default();
        let y = self.y.rising(known().map(|(_, y)| *y), 4);
        let ticks = y.labels(&self.y.unit);
        let marks = self.markers.iter().any(|marker| !marker.label.is_empty());
        let mut plot = Plot::new(if marks { 18.0 } else { 0.0 }, &self.y.label, &ticks, width);
        if marks {
            // Labels of marks stand between the axis' own label and the plot.
            plot.top += 18.0;
            plot.bottom += 18.0;
        }
        let label = Plot { top: if marks { plot.top - 18.0 } else { plot.top }, ..plot };
        let extra = self.markers.iter().map(|marker| marker.x).chain(self.closed.iter().flat_map(|span| [span.from, span.to]));
        let x = self.x.tight(known().map(|(x, _)| *x).chain(extra), width.of(10.0, 5.0) as usize);
        let (x, y) = (x.across(plot.left, plot.right), y.across(plot.bottom, plot.top));
        self.closed.iter().for_each(|span| span.draw(&mut canvas, &plot, &x));
        label.values(&mut canvas, &y, &self.y.label, &ticks);
        let height = plot.below(&mut canvas, &lines::places(&self.x, &x), &self.x.label);
        canvas.group(&style::series(0), |canvas| self.line(canvas, &plot, &x, &y));
        let mut free = f64::NEG_INFINITY;
        for marker in self.markers.iter().filter(|marker| marker.x.is_finite()) {
            free = self.mark(&mut canvas, marker, &plot, (&x, &y), free);
        }
        Drawing::new(width, height, canvas)
    }

    fn line(&self, canvas: &mut Canvas, plot: &Plot, x: &Scale, y: &Scale) {
        for run in self.points.split(|(x, y)| !x.is_finite() || !y.is_finite()).filter(|run| !run.is_empty()) {
            let mut places: Vec<(f64, f64)> = Vec::with_capacity(run.len() * 2);
            for (at, value) in run {
                let here = (x.at(*at), y.at(*value));
                if let Some(before) = places.last().filter(|_| self.stepped) {
                    places.push((here.0, before.1));
                }
                places.push(here);
            }
            let ends =
                [places.last(), places.first()].map(|end| end.map_or((plot.left, plot.bottom), |end| (end.0, plot.bottom)));
            canvas.path("rc-band", places.iter().copied().chain(ends), true);
            canvas.path("rc-line", places, false);
        }
    }

    /// One mark; its label is left out when it would cover the one before. Returns where the next may begin.
    fn mark(&self, canvas: &mut Canvas, marker: &Marker, plot: &Plot, (x, y): (&Scale, &Scale), free: f64) -> f64 {
        let at = (x.at(marker.x), y.at(self.value(marker.x)));
        let colour = match marker.kind {
            Kind::Chosen => 1,
            Kind::Planned => 4,
            Kind::Past => 6,
            Kind::Success => 2,
        };
        let half = text::width(&marker.label, 12.0) / 2.0;
        let middle = at.0.clamp(half.min(plot.right / 2.0), (plot.right + 8.0 - half).max(plot.right / 2.0));
        let shown = !marker.label.is_empty() && middle - half >= free;
        let tip = format!("{}: {}", marker.label, self.x.told(marker.x));
        canvas.told(&style::series(colour), &tip, |canvas| {
            canvas.line("rc-rule", (at.0, plot.bottom), (at.0, plot.top - 2.0));
            match marker.kind {
                Kind::Chosen => canvas.circle("rc-fill", at, 5.5),
                Kind::Planned => canvas.circle("rc-ring", at, 4.5),
                Kind::Success => axis::dot(canvas, 3, at),
                Kind::Past => {
                    canvas.line("rc-line", (at.0 - 4.0, at.1 - 4.0), (at.0 + 4.0, at.1 + 4.0));
                    canvas.line("rc-line", (at.0 - 4.0, at.1 + 4.0), (at.0 + 4.0, at.1 - 4.0));
                }
            }
            if shown {
                canvas.text("rc-strong", (middle, plot.top - 8.0), Anchor::Middle, &marker.label);
            }
        });
        if shown { middle + half + 8.0 } else { free }
    }

    /// The curve's value at a place.
    fn value(&self, x: f64) -> f64 {
        let known: Vec<(f64, f64)> = self.points.iter().copied().filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
        let after = known.iter().position(|(at, _)| *at > x);
        match (after, known.last()) {
            (Some(0), _) => known[0].1,
            (Some(n), _) if self.stepped => known[n - 1].1,
            (Some(n), _) => {
                let ((x0, y0), (x1, y1)) = (known[n - 1], known[n]);
                y0 + (y1 - y0) * ((x - x0) / (x1 - x0)).clamp(0.0, 1.0)
            }
            (None, Some(last)) => last.1,
            (None, None) => 0.0,
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::numbers("", [self.x.label.as_str(), self.y.label.as_str(), "Mark"]);
        let mut rows: Vec<(f64, f64, &str)> =
            self.markers.iter().map(|mark| (mark.x, self.value(mark.x), mark.label.as_str())).collect();
        let unmarked = self.points.iter().filter(|(x, y)| x.is_finite() && finite(*y).is_some());
        rows.extend(
            unmarked.filter(|(x, _)| !self.markers.iter().any(|mark| mark.x.total_cmp(x).is_eq())).map(|(x, y)| (*x, *y, "")),
        );
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (x, y, label) in rows.into_iter().filter(|row| row.0.is_finite()) {
            table.row([self.x.told(x), self.y.unit.full(y), label.to_owned()]);
        }
        table
    }
}

impl Closed {
    fn draw(&self, canvas: &mut Canvas, plot: &Plot, x: &Scale) {
        let (Some(from), Some(to)) = (finite(self.from), finite(self.to)) else { return };
        let (from, to) = (x.at(from.min(to)), x.at(from.max(to)));
        canvas.told("", &self.label, |canvas| {
            canvas.rect("rc-closed", (from, plot.top), (to, plot.bottom), 0.0);
            if text::width(&self.label, 12.0) + 8.0 <= to - from {
                canvas.text("rc-soft", (from + 4.0, plot.top + 14.0), Anchor::Start, &self.label);
            }
        });
    }
}
