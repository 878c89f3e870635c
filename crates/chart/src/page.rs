//! A report as one HTML file: it loads nothing, needs no script, prints, and reads on any screen, light or dark.

mod block;
mod style;

pub use block::{Block, Section, Tile, Tone};

use crate::{
    figure::Figure,
    style as chart_style,
    text::{escape, push},
};

/// A report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// A sentence under the title.
    pub subtitle: String,
    /// The numbers that matter most.
    pub tiles: Vec<Tile>,
    /// What follows.
    pub sections: Vec<Section>,
    /// How this was made: what it is based on, what it leaves out, versions and seeds. A paragraph each.
    pub made: Vec<String>,
}

impl Page {
    /// The document.
    pub fn html(&self) -> String {
        let mut out = String::with_capacity(64 * 1024);
        push(
            &mut out,
            format_args!(
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\
             <meta name=\"color-scheme\" content=\"light dark\"/>\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\
             <title>{title}</title><style>{}</style></head><body><main><header><h1>{title}</h1>",
                css(),
                title = escape(&self.title)
            ),
        );
        if !self.subtitle.is_empty() {
            push(&mut out, format_args!("<p class=\"lead\">{}</p>", escape(&self.subtitle)));
        }
        out += "</header>";
        self.tiles(&mut out);
        let mut figures = 0;
        for section in &self.sections {
            section.html(&mut out, &mut figures);
        }
        self.footer(&mut out);
        out + "</main></body></html>\n"
    }

    /// All charts, in their order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.sections.iter().flat_map(|section| section.blocks.iter().flat_map(Block::figures))
    }

    fn tiles(&self, out: &mut String) {
        if self.tiles.is_empty() {
            return;
        }
        *out += "<dl class=\"tiles\">";
        for tile in &self.tiles {
            tile.html(out);
        }
        *out += "</dl>";
    }

    fn footer(&self, out: &mut String) {
        if self.made.is_empty() {
            return;
        }
        *out += "<footer><h2>How this was made</h2>";
        for paragraph in &self.made {
            push(out, format_args!("<p>{}</p>", escape(paragraph)));
        }
        *out += "</footer>";
    }
}

/// All of a page's style, charts included: also for servers that send pages of their own.
pub fn css() -> String {
    chart_style::properties(":root") + style::PAGE + chart_style::CHART
}
