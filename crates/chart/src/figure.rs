//! A chart that is drawn: for wide and narrow places, with its words and its table.

use crate::{
    style,
    svg::{Anchor, Canvas, Px},
    table::Table,
    text::{escape, push, wrap},
};

/// Everything that can be drawn.
pub trait Chart {
    /// Draws it.
    fn figure(&self) -> Figure;
}

/// The room a chart has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// A page, a file.
    Wide,
    /// A telephone, a column.
    Narrow,
}

impl Width {
    pub const fn px(self) -> f64 {
        match self {
            Self::Wide => 720.0,
            Self::Narrow => 360.0,
        }
    }

    pub const fn is_narrow(self) -> bool {
        matches!(self, Self::Narrow)
    }

    /// Of two lengths the one for this width.
    pub const fn of(self, wide: f64, narrow: f64) -> f64 {
        match self {
            Self::Wide => wide,
            Self::Narrow => narrow,
        }
    }
}

/// The shapes of a chart at one width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    pub width: f64,
    pub height: f64,
    pub body: String,
}

impl Drawing {
    pub fn new(width: Width, height: f64, canvas: Canvas) -> Self {
        Self { width: width.px(), height, body: canvas.into_body() }
    }
}

/// A chart that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) table: Table,
    pub(crate) wide: Drawing,
    pub(crate) narrow: Drawing,
}

/// Rows of the table that a file's description repeats.
const TOLD_ROWS_MAX: usize = 40;

impl Figure {
    /// Draws at both widths.
    pub(crate) fn draw(title: &str, description: &str, table: Table, at: impl Fn(Width) -> Drawing) -> Self {
        Self {
            title: title.to_owned(),
            description: description.to_owned(),
            table,
            wide: at(Width::Wide),
            narrow: at(Width::Narrow),
        }
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its numbers.
    pub const fn table(&self) -> &Table {
        &self.table
    }

    /// A file of its own: title above, colours inside, numbers in the description.
    pub fn svg(&self) -> String {
        const MARGIN: f64 = 16.0;
        let lines = wrap(&self.title, 15.0, self.wide.width, 2);
        let head = MARGIN + lines.len() as f64 * 20.0 + 8.0;
        let (wide, high) = (self.wide.width + 2.0 * MARGIN, self.wide.height + head + MARGIN);
        let mut title = Canvas::default();
        title.rect("rc-paper", (0.0, 0.0), (wide, high), 0.0);
        for (n, line) in lines.iter().enumerate() {
            title.text("rc-title", (MARGIN, MARGIN + 14.0 + n as f64 * 20.0), Anchor::Start, line);
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rc-chart\" role=\"img\" aria-labelledby=\"title desc\" \
             width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\"><title id=\"title\">{}</title><desc id=\"desc\">{}</desc>\
             <style>{}{}</style>{}<g transform=\"translate({MARGIN} {})\">{}</g></svg>\n",
            escape(&self.title),
            escape(&self.told()),
            style::properties("svg"),
            style::CHART,
            title.into_body(),
            Px(head),
            self.wide.body,
            w = Px(wide),
            h = Px(high),
        )
    }

    /// For a page that has the style already; `id` is unique in it.
    pub fn html(&self, id: &str) -> String {
        let mut out = format!("<figure><figcaption><h3>{}</h3>", escape(&self.title));
        if !self.description.is_empty() {
            push(&mut out, format_args!("<p>{}</p>", escape(&self.description)));
        }
        out += "</figcaption>";
        for (drawing, kind) in [(&self.wide, "wide"), (&self.narrow, "narrow")] {
            out += &self.inline(drawing, id, kind);
        }
        if !self.table.rows.is_empty() {
            push(&mut out, format_args!("<details><summary>The numbers</summary>{}</details>", self.table.html()));
        }
        out + "</figure>"
    }

    fn inline(&self, drawing: &Drawing, id: &str, kind: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rc-chart {kind}\" role=\"img\" \
             aria-labelledby=\"{id}-{kind}-t {id}-{kind}-d\" viewBox=\"0 0 {} {}\"><title id=\"{id}-{kind}-t\">{}</title>\
             <desc id=\"{id}-{kind}-d\">{}</desc>{}</svg>",
            Px(drawing.width),
            Px(drawing.height),
            escape(&self.title),
            escape(&self.description),
            drawing.body
        )
    }

    /// The description, and the numbers as a sentence for each row.
    fn told(&self) -> String {
        let names: Vec<&str> = self.table.columns.iter().map(|(name, _)| name.as_str()).collect();
        let rows = self.table.rows.iter().take(TOLD_ROWS_MAX).map(|row| {
            let mut cells = row.iter();
            let first = cells.next().map(String::as_str).unwrap_or_default();
            let rest: Vec<String> = cells.zip(names.iter().skip(1)).map(|(cell, name)| format!("{name} {cell}")).collect();
            format!("{first}: {}.", rest.join(", "))
        });
        let described = (!self.description.is_empty()).then(|| self.description.clone());
        described.into_iter().chain(rows).collect::<Vec<_>>().join(" ")
    }
}
