//! The report as Markdown.

use std::fmt::Write;

use super::section::Section;

const HEAD: &str = "# Benchmarks

Written by `make bench`, which measures the release binary on the machine it runs on and writes this file and its
charts anew. Figures of other machines differ; ratios to the floor less so.
";

/// All sections with the charts that exist, by the names of their files.
pub fn markdown(sections: &[Section], charts: &[(String, String)]) -> String {
    let mut out = HEAD.to_owned();
    for section in sections {
        let _ = writeln!(out, "\n## {}\n", section.heading);
        for sentence in &section.text {
            let _ = writeln!(out, "{sentence}\n");
        }
        out.push_str(&section.table_markdown());
        for (file, title) in charts.iter().filter(|(file, _)| chart_belongs(file, section.heading)) {
            let _ = writeln!(out, "\n![{title}](bench/{file})");
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

impl Section {
    fn table_markdown(&self) -> String {
        if self.table.is_empty() { String::new() } else { self.table.markdown() }
    }
}

fn chart_belongs(file: &str, heading: &str) -> bool {
    matches!(
        (file, heading),
        ("peak.svg" | "throughput.svg", "Peak") | ("latency.svg", "Latency at half of the peak") | ("memory.svg", "Long run")
    )
}

#[cfg(test)]
mod tests {
    use crate::report::{example::figures, lines::lines, section, target};

    use super::*;

    #[test]
    fn both_reports_tell_the_same() {
        let measured = figures();
        let sections = section::all(&measured, &target::judge(&measured));
        let charts = [("peak.svg".to_owned(), "Peak".to_owned())];
        let (page, told) = (markdown(&sections, &charts), lines(&sections));
        for figure in ["12,000", "60 %", "5.00", "40.0 MB", "1,000,000 pending", "journal_mode=wal", "synchronous=FULL"] {
            assert!(page.contains(figure) && told.contains(figure), "{figure}\n{told}");
        }
        assert_eq!(page.matches("![").count(), 1);
        assert!(page.lines().filter(|line| line.starts_with('|')).all(|line| line.ends_with('|')));
    }
}
