//! Writing SVG: elements with classes, coordinates to a tenth of a pixel.

use crate::text::{escape, push};

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A growing piece of SVG.
#[derive(Debug, Default)]
pub(crate) struct Canvas(String);

/// A coordinate: one decimal at most, never `-0`, never anything that is not a number.
pub(crate) struct Px(pub f64);

impl std::fmt::Display for Px {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = if self.0.is_finite() { (self.0 * 10.0).round() } else { 0.0 };
        let whole = tenths as i64;
        if whole % 10 == 0 { write!(f, "{}", whole / 10) } else { write!(f, "{}", whole as f64 / 10.0) }
    }
}

impl Canvas {
    pub fn into_body(self) -> String {
        self.0
    }

    /// A group of a class; its shapes are drawn by `inside`.
    pub fn group(&mut self, class: &str, inside: impl FnOnce(&mut Self)) {
        self.put(format_args!("<g class=\"{class}\">"));
        inside(self);
        self.0.push_str("</g>");
    }

    /// A group that tells what it is when pointed at.
    pub fn told(&mut self, class: &str, tip: &str, inside: impl FnOnce(&mut Self)) {
        self.put(format_args!("<g class=\"{class}\"><title>{}</title>", escape(tip)));
        inside(self);
        self.0.push_str("</g>");
    }

    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.put(format_args!(
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            Px(from.0),
            Px(from.1),
            Px(to.0),
            Px(to.1)
        ));
    }

    /// A rectangle between two corners, in any order.
    pub fn rect(&mut self, class: &str, a: (f64, f64), b: (f64, f64), radius: f64) {
        let (left, top) = (a.0.min(b.0), a.1.min(b.1));
        let (wide, high) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            Px(left),
            Px(top),
            Px(wide),
            Px(high)
        ));
        let radius = radius.min(wide / 2.0).min(high / 2.0);
        if radius > 0.0 {
            self.put(format_args!(" rx=\"{}\"", Px(radius)));
        }
        self.0.push_str("/>");
    }

    /// A rectangle of which only a share of the colour shows, 0–1.
    pub fn shade(&mut self, class: &str, a: (f64, f64), b: (f64, f64), share: f64) {
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\" fill-opacity=\"{:.2}\"/>",
            Px(a.0),
            Px(a.1),
            Px(b.0 - a.0),
            Px(b.1 - a.1),
            share
        ));
    }

    pub fn circle(&mut self, class: &str, at: (f64, f64), radius: f64) {
        self.put(format_args!("<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>", Px(at.0), Px(at.1), Px(radius)));
    }

    /// A path through points; closed when asked. Nothing when there are none.
    pub fn path(&mut self, class: &str, points: impl IntoIterator<Item = (f64, f64)>, closed: bool) {
        let mut d = String::new();
        for (x, y) in points {
            let letter = if d.is_empty() { 'M' } else { 'L' };
            push(&mut d, format_args!("{letter}{} {}", Px(x), Px(y)));
        }
        if !d.is_empty() {
            self.put(format_args!("<path class=\"{class}\" d=\"{d}{}\"/>", if closed { "Z" } else { "" }));
        }
    }

    pub fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.put(format_args!("<text class=\"{class}\" x=\"{}\" y=\"{}\"{anchor}>{}</text>", Px(at.0), Px(at.1), escape(text)));
    }

    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        push(&mut self.0, what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_always_numbers() {
        for (value, text) in [(1.0, "1"), (1.25, "1.3"), (-0.01, "0"), (f64::NAN, "0"), (f64::INFINITY, "0"), (-3.44, "-3.4")] {
            assert_eq!(Px(value).to_string(), text);
        }
    }
}
