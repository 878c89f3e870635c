//! Draws the live picture in place.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

/// A block of lines at the end of the terminal's text. The terminal is left as it was after every draw: a process that
/// is killed spoils nothing.
#[derive(Default)]
pub struct Screen {
    height: usize,
}

impl Screen {
    /// Replaces what is shown, in one write. A terminal that is gone is no failure.
    pub fn draw(&mut self, lines: &[String]) {
        let text = over(self.height, lines);
        self.height = lines.len();
        let mut out = io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

/// The lines over those of the picture before. Meanwhile the terminal shows nothing half-done (mode 2026, where it is
/// known) and cuts long lines at its edge (mode 7 off).
fn over(height: usize, lines: &[String]) -> String {
    let mut text = String::from("\u{1b}[?2026h\u{1b}[?7l");
    if height > 0 {
        // Writing to a String cannot fail.
        let _ = write!(text, "\u{1b}[{height}A");
    }
    for line in lines {
        let _ = write!(text, "\r{line}\u{1b}[K\n");
    }
    text.push_str("\u{1b}[J\u{1b}[?7h\u{1b}[?2026l");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_drawn_over_the_one_before() {
        let lines = ["one".to_owned(), "two".to_owned()];
        let first = over(0, &lines);
        assert!(!first.contains('A') && first.contains("\rone\u{1b}[K\n\rtwo\u{1b}[K\n"));
        assert!(over(2, &lines).contains("\u{1b}[2A\rone"));
        for text in [first, over(2, &[])] {
            assert!(text.ends_with("\u{1b}[?7h\u{1b}[?2026l"), "{text:?}");
        }
    }
}
