//! Charts as SVG: bars and lines, nothing more.

use std::fmt::Write;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 130.0;
const RIGHT: f64 = 90.0;
const BAR: f64 = 22.0;
const GAP: f64 = 10.0;
const TOP: f64 = 44.0;
const LINES_HEIGHT: f64 = 260.0;
/// Told apart by colour-blind readers too.
const COLOURS: [&str; 3] = ["#1f6feb", "#d29922", "#8b949e"];

/// One bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Beside it.
    pub label: String,
    /// Its length.
    pub value: f64,
    /// Behind it, for readers.
    pub told: String,
    /// Series, for the colour.
    pub series: usize,
}

/// Points (x, y) joined by a line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name.
    pub label: String,
    /// Its points, by x.
    pub points: Vec<(f64, f64)>,
}

/// Horizontal bars with a legend of their series.
pub fn bars(title: &str, legend: &[&str], bars: &[Bar]) -> String {
    let height = TOP + bars.len() as f64 * (BAR + GAP) + GAP;
    let most = bars.iter().map(|bar| bar.value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let mut out = open(title, height);
    write_legend(&mut out, legend.iter().copied());
    for (n, bar) in bars.iter().enumerate() {
        let y = TOP + n as f64 * (BAR + GAP);
        let length = (finite(bar.value) / most * (WIDTH - LEFT - RIGHT)).max(0.0);
        let (middle, colour) = (y + BAR * 0.7, COLOURS[bar.series % COLOURS.len()]);
        text(&mut out, LEFT - 8.0, middle, "end", &bar.label);
        let _ = writeln!(out, r#"<rect x="{LEFT}" y="{y:.1}" width="{length:.1}" height="{BAR}" rx="2" fill="{colour}"/>"#);
        text(&mut out, LEFT + length + 6.0, middle, "start", &bar.told);
    }
    out + "</svg>\n"
}

/// Lines over a common axis that begins at nothing.
pub fn lines(title: &str, x_name: &str, y_name: &str, lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let most = |of: fn(&(f64, f64)) -> f64| points().map(of).map(finite).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let (x_most, y_most) = (most(|point| point.0), most(|point| point.1) * 1.1);
    let place = |point: &(f64, f64)| {
        let (x, y) = (finite(point.0) / x_most, finite(point.1) / y_most);
        (LEFT + x * (WIDTH - LEFT - RIGHT), TOP + (1.0 - y) * (LINES_HEIGHT - TOP - 40.0))
    };
    let mut out = open(title, LINES_HEIGHT);
    write_legend(&mut out, lines.iter().map(|line| line.label.as_str()));
    for step in 0..=4 {
        let value = y_most * f64::from(step) / 4.0;
        let (left, y) = place(&(0.0, value));
        let _ = writeln!(out, r##"<line x1="{left:.1}" y1="{y:.1}" x2="{:.1}" y2="{y:.1}" stroke="#d0d7de"/>"##, WIDTH - RIGHT);
        text(&mut out, left - 8.0, y + 4.0, "end", &super::table::short(value));
    }
    text(&mut out, LEFT - 8.0, TOP - 10.0, "end", y_name);
    text(&mut out, WIDTH - RIGHT, LINES_HEIGHT - 12.0, "end", &format!("{} {x_name}", super::table::short(x_most)));
    for (n, line) in lines.iter().enumerate() {
        let path: Vec<String> = line.points.iter().map(place).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let colour = COLOURS[n % COLOURS.len()];
        let _ = writeln!(out, r#"<polyline fill="none" stroke="{colour}" stroke-width="2" points="{}"/>"#, path.join(" "));
    }
    out + "</svg>\n"
}

fn open(title: &str, height: f64) -> String {
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0}" width="{WIDTH}" height="{height:.0}" role="img" font-family="sans-serif" font-size="13">
<title>{}</title>
<rect width="100%" height="100%" fill="white"/>
"#,
        escaped(title)
    );
    text(&mut out, 12.0, 18.0, "start", title);
    out
}

fn write_legend<'a>(out: &mut String, names: impl Iterator<Item = &'a str>) {
    for (n, name) in names.enumerate() {
        let (x, colour) = (LEFT + n as f64 * 190.0, COLOURS[n % COLOURS.len()]);
        let _ = writeln!(out, r#"<rect x="{x:.1}" y="27" width="10" height="10" fill="{colour}"/>"#);
        text(out, x + 15.0, 36.0, "start", name);
    }
}

fn text(out: &mut String, x: f64, y: f64, anchor: &str, what: &str) {
    let _ = writeln!(out, r##"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="#24292f">{}</text>"##, escaped(what));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Whether every element is closed in its order and no text holds a bare `<` or `&`.
    pub fn well_formed(svg: &str) -> bool {
        let mut open = Vec::new();
        let mut rest = svg;
        while let Some(at) = rest.find('<') {
            let Some((tag, behind)) = rest[at + 1..].split_once('>') else { return false };
            if !sound(&rest[..at]) || tag.matches('"').count() % 2 != 0 || tag.contains('<') {
                return false;
            }
            let name = tag.trim_matches('/').split_whitespace().next().unwrap_or("");
            match (tag.strip_prefix('/'), tag.ends_with('/')) {
                (Some(closed), _) if open.pop() != Some(closed) => return false,
                (None, false) => open.push(name),
                _ => {}
            }
            rest = behind;
        }
        open.is_empty() && sound(rest)
    }

    fn sound(text: &str) -> bool {
        text.split('&').skip(1).all(|piece| ["amp;", "lt;", "gt;", "quot;"].iter().any(|name| piece.starts_with(name)))
    }

    #[test]
    fn charts_are_well_formed() {
        let bar = |label: &str, value| Bar { label: label.to_owned(), value, told: "<told>".to_owned(), series: 1 };
        let line = |points: &[(f64, f64)]| Line { label: "a & \"b\"".to_owned(), points: points.to_vec() };
        for svg in [
            bars("Peak <of> & \"all\"", &["reached", "floor"], &[bar("a&b", 10.0), bar("c", 0.0), bar("d", f64::NAN)]),
            bars("", &[], &[]),
            lines("Memory", "s", "MB", &[line(&[(0.0, 1.0), (1.0, 5.0)]), line(&[(0.5, f64::INFINITY)])]),
            lines("", "", "", &[]),
        ] {
            assert!(well_formed(&svg), "{svg}");
            assert!(svg.starts_with("<svg ") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn the_longest_bar_fills_the_chart() {
        let bar = |value| Bar { label: "a".to_owned(), value, told: "a".to_owned(), series: 0 };
        let svg = bars("t", &[], &[bar(10.0), bar(5.0)]);
        assert!(svg.contains(r#"width="500.0""#) && svg.contains(r#"width="250.0""#), "{svg}");
    }

    #[test]
    fn the_checker_refuses_what_is_not_well_formed() {
        for wrong in ["<a><b></a></b>", "<a>", "<a>&</a>", "<a x=\"></a>", "</a>", "<a"] {
            assert!(!well_formed(wrong), "{wrong}");
        }
    }
}
