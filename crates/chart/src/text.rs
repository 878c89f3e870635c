//! Text: escaped, measured, shortened and broken into lines.

use std::fmt::Write as _;

/// Appends formatted text.
pub(crate) fn push(out: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(what);
}

/// Text that may stand in XML and HTML, in elements and in quoted attributes. Control characters are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Width at a font size, in pixels: an estimate for the sans-serif fonts of today's systems, rather too wide.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(share).sum::<f64>() * size
}

fn share(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '\u{a0}' | 'f' | 't' | '(' | ')' => 0.33,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.9,
        'A'..='Z' | '&' | '#' | '$' | '–' | '−' => 0.69,
        c if c.is_ascii() => 0.57,
        c if (c as u32) < 0x1100 => 0.62,
        _ => 1.05,
    }
}

/// The text, or as much of it as fits with an ellipsis behind.
pub(crate) fn fit(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let room = most - width("…", size);
    let mut used = 0.0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += share(*c) * size;
            used <= room
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// The text in at most `lines` lines, broken between words; what does not fit ends in an ellipsis.
pub(crate) fn wrap(text: &str, size: f64, most: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let joined = out.last().map(|line| format!("{line} {word}"));
        let full = out.len() >= lines;
        match joined {
            Some(joined) if full || width(&joined, size) <= most => {
                if let Some(last) = out.last_mut() {
                    *last = joined;
                }
            }
            _ => out.push(word.to_owned()),
        }
    }
    out.iter().map(|line| fit(line, size, most)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(escape("<b a=\"1\" c='2'>&\u{0}\n"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; ");
    }

    #[test]
    fn long_text_is_shortened_and_broken() {
        assert_eq!(fit("short", 12.0, 100.0), "short");
        let cut = fit("a text that is much too long for this", 12.0, 80.0);
        assert!(cut.ends_with('…') && width(&cut, 12.0) <= 80.0, "{cut}");
        assert_eq!(wrap("one two three", 12.0, 60.0, 3), ["one two", "three"]);
        assert_eq!(wrap("one two three four five six", 12.0, 60.0, 2).len(), 2);
        assert!(wrap("", 12.0, 60.0, 2).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in "\\PC{0,60}", most in 20.0f64..300.0) {
            proptest::prop_assert!(width(&fit(&text, 12.0, most), 12.0) <= most + 1e-9);
            for line in wrap(&text, 12.0, most, 2) {
                proptest::prop_assert!(width(&line, 12.0) <= most + 1e-9);
            }
        }
    }
}
