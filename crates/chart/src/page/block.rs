//! What a page is made of.

use crate::{
    figure::{Chart, Figure},
    table::Table,
    text::{escape, push},
};

/// How a tile's number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// Good news.
    Good,
    /// Look here.
    Warn,
}

/// One number that matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The number, written out.
    pub value: String,
    /// Its interval, or what it is compared with.
    pub note: String,
    /// How it is meant.
    pub tone: Tone,
}

impl Tile {
    /// A plain tile.
    pub fn new(label: impl Into<String>, value: impl Into<String>, note: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), note: note.into(), tone: Tone::Plain }
    }

    /// Another tone.
    #[must_use]
    pub const fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    pub(super) fn html(&self, out: &mut String) {
        let class = match self.tone {
            Tone::Plain => "",
            Tone::Good => " class=\"good\"",
            Tone::Warn => " class=\"warn\"",
        };
        push(out, format_args!("<div{class}><dt>{}</dt><dd>{}</dd>", escape(&self.label), escape(&self.value)));
        if !self.note.is_empty() {
            push(out, format_args!("<dd class=\"note\">{}</dd>", escape(&self.note)));
        }
        *out += "</div>";
    }
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Prose(String),
    /// A paragraph that must not be missed.
    Note(String),
    /// Points.
    List(Vec<String>),
    /// Text as typed: a command, a listing.
    Code(String),
    /// A table.
    Table(Table),
    /// A chart.
    Figure(Box<Figure>),
    /// Charts side by side where there is room.
    Figures(Vec<Figure>),
}

impl Block {
    /// A chart.
    pub fn chart(chart: &impl Chart) -> Self {
        Self::Figure(Box::new(chart.figure()))
    }

    pub(super) fn figures(&self) -> &[Figure] {
        match self {
            Self::Figure(one) => std::slice::from_ref(one),
            Self::Figures(many) => many,
            _ => &[],
        }
    }

    fn html(&self, out: &mut String, figures: &mut usize) {
        let mut figure = |figure: &Figure| {
            *figures += 1;
            figure.html(&format!("figure-{figures}"))
        };
        match self {
            Self::Prose(text) => push(out, format_args!("<p>{}</p>", escape(text))),
            Self::Note(text) => push(out, format_args!("<p class=\"notice\">{}</p>", escape(text))),
            Self::List(points) => {
                *out += "<ul>";
                for point in points {
                    push(out, format_args!("<li>{}</li>", escape(point)));
                }
                *out += "</ul>";
            }
            Self::Code(text) => {
                let lines: Vec<String> = text.lines().map(escape).collect();
                push(out, format_args!("<pre tabindex=\"0\"><code>{}</code></pre>", lines.join("\n")));
            }
            Self::Table(table) => *out += &table.html(),
            Self::Figure(one) => *out += &figure(one),
            Self::Figures(many) => {
                *out += "<div class=\"pair\">";
                for one in many {
                    *out += &figure(one);
                }
                *out += "</div>";
            }
        }
    }
}

/// A part of a page under a heading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

impl Section {
    /// A section of these blocks.
    pub fn new(title: impl Into<String>, blocks: impl IntoIterator<Item = Block>) -> Self {
        Self { title: title.into(), blocks: blocks.into_iter().collect() }
    }

    pub(super) fn html(&self, out: &mut String, figures: &mut usize) {
        push(out, format_args!("<section><h2>{}</h2>", escape(&self.title)));
        for block in &self.blocks {
            block.html(out, figures);
        }
        *out += "</section>";
    }
}
