//! A funnel: what is left after each step.

use crate::{
    axis,
    figure::{Chart, Drawing, Figure, Width},
    number::{Unit, finite},
    style,
    svg::{Anchor, Canvas},
    table::Table,
    text,
};

/// One step.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Step {
    /// What is left.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Why the rest is gone, in few words.
    pub note: String,
}

/// A funnel of steps, each a part of the one before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Funnel {
    /// What is to be seen, in a few words.
    pub title: String,
    /// How to read it, in a sentence.
    pub description: String,
    /// In what.
    pub unit: Unit,
    /// The steps.
    pub steps: Vec<Step>,
}

impl Chart for Funnel {
    fn figure(&self) -> Figure {
        Figure::draw(&self.title, &self.description, self.table(), |width| self.draw(width))
    }
}

const BAR: f64 = 40.0;
const GAP: f64 = 20.0;

impl Funnel {
    fn draw(&self, width: Width) -> Drawing {
        let first = self.first();
        if first <= 0.0 {
            let (canvas, height) = axis::empty(width);
            return Drawing::new(width, height, canvas);
        }
        let mut canvas = Canvas::default();
        let left = if width.is_narrow() { 0.0 } else { self.names_width() + 14.0 };
        let head = width.of(0.0, 18.0);
        let (middle, most) = (f64::midpoint(left, width.px()), width.px() - left);
        let half = |step: &Step| (of(step) / first).clamp(0.0, 1.0) * most / 2.0;
        for (n, step) in self.steps.iter().enumerate() {
            let top = n as f64 * (BAR + GAP + head) + head;
            let tip = format!("{}: {}, {} of the first", step.name, self.unit.full(step.value), share(of(step), first));
            canvas.told(&style::series(0), &tip, |canvas| {
                let half = half(step).max(1.0);
                canvas.rect("rc-fill", (middle - half, top), (middle + half, top + BAR), 3.0);
                self.labels(canvas, n, middle, half, top, width);
            });
            if let Some(next) = self.steps.get(n + 1) {
                let (above, below, foot) = (half(step), half(next), top + BAR);
                let corners =
                    [(middle - above, foot), (middle + above, foot), (middle + below, foot + GAP), (middle - below, foot + GAP)];
                if head == 0.0 {
                    canvas.group(&style::series(0), |canvas| canvas.path("rc-band", corners, true));
                }
            }
        }
        let height = self.steps.len() as f64 * (BAR + GAP + head) - GAP;
        Drawing::new(width, height, canvas)
    }

    fn labels(&self, canvas: &mut Canvas, n: usize, middle: f64, half: f64, top: f64, width: Width) {
        let step = &self.steps[n];
        let value = format!("{} · {}", self.unit.short(step.value), share(of(step), self.first()));
        let room = text::width(&value, 12.0) + 12.0;
        if half * 2.0 >= room {
            canvas.text("rc-on rc-strong", (middle, top + BAR / 2.0 + 4.0), Anchor::Middle, &value);
        } else {
            canvas.text("rc-strong", (middle + half + 8.0, top + BAR / 2.0 + 4.0), Anchor::Start, &value);
        }
        if width.is_narrow() {
            let name = if step.note.is_empty() { step.name.clone() } else { format!("{} ({})", step.name, step.note) };
            canvas.text("", (middle, top - 6.0), Anchor::Middle, &text::fit(&name, 12.0, width.px()));
            return;
        }
        let right = self.names_width();
        let name_y = if step.note.is_empty() { top + BAR / 2.0 + 4.0 } else { top + BAR / 2.0 - 3.0 };
        canvas.text("rc-strong", (right, name_y), Anchor::End, &text::fit(&step.name, 12.5, right));
        canvas.text("rc-soft", (right, name_y + 16.0), Anchor::End, &text::fit(&step.note, 12.0, right));
    }

    fn names_width(&self) -> f64 {
        let texts = self.steps.iter().flat_map(|step| [step.name.as_str(), step.note.as_str()]);
        texts.map(|name| text::width(name, 12.5)).fold(0.0, f64::max).min(260.0)
    }

    fn first(&self) -> f64 {
        self.steps.first().map_or(0.0, of)
    }

    fn table(&self) -> Table {
        let mut table = Table::numbers("", ["Step", "Value", "Of the first", "Note"]);
        for step in &self.steps {
            table.row([step.name.clone(), self.unit.full(step.value), share(of(step), self.first()), step.note.clone()]);
        }
        table
    }
}

fn of(step: &Step) -> f64 {
    finite(step.value).unwrap_or_default().max(0.0)
}

fn share(part: f64, whole: f64) -> String {
    Unit::Percent.full(if whole > 0.0 { part / whole } else { f64::NAN })
}
