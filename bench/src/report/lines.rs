//! The report for a terminal.

use std::fmt::Write;

use super::section::Section;

/// All sections, aligned.
pub fn lines(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        let _ = writeln!(out, "\n{}", section.heading.to_uppercase());
        for sentence in &section.text {
            let _ = write!(out, "\n{sentence}");
        }
        if !section.text.is_empty() {
            out.push('\n');
        }
        if !section.table.is_empty() {
            let _ = write!(out, "\n{}", section.table.aligned());
        }
    }
    out
}
