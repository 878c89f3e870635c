//! Writes the report: JSON to a file, Markdown and charts to a folder.

use std::path::Path;

use anyhow::Context;

use super::{
    chart::{Bar, Line, bars, lines},
    figures::Figures,
    markdown::markdown,
    section::Section,
    table::{count, short},
    target::Verdict,
};

/// Everything as JSON.
pub fn json(path: &Path, figures: &Figures, verdicts: &[Verdict]) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(&serde_json::json!({ "figures": figures, "targets": verdicts }))?;
    write(path, &(text + "\n"))
}

/// `BENCHMARKS.md`, and its charts in `bench/` beside it.
pub fn docs(folder: &Path, figures: &Figures, sections: &[Section]) -> anyhow::Result<()> {
    let charts = charts(figures);
    for (name, _, svg) in &charts {
        write(&folder.join("bench").join(name), svg)?;
    }
    let named: Vec<_> = charts.iter().map(|(name, title, _)| ((*name).to_owned(), (*title).to_owned())).collect();
    write(&folder.join("BENCHMARKS.md"), &markdown(sections, &named))
}

fn charts(figures: &Figures) -> Vec<(&'static str, &'static str, String)> {
    let mut charts = Vec::new();
    if !figures.operations.is_empty() {
        let (peak, latency) = ("Peak and floor, per second", "Latency at half of the peak, milliseconds");
        charts.push(("peak.svg", peak, bars(peak, &["reached", "floor"], &peak_bars(figures))));
        charts.push(("latency.svg", latency, bars(latency, &["p50", "p99", "p99.9"], &latency_bars(figures))));
    }
    if let Some(soak) = &figures.soak {
        let title = "Memory over the long run, MB";
        let line = |label: &str, of: fn(&(f64, u64, u64)) -> u64| Line {
            label: label.to_owned(),
            points: soak.memory.iter().map(|sample| (sample.0 / 60.0, of(sample) as f64 / 1e6)).collect(),
        };
        let told = [line("resident", |sample| sample.1), line("its own", |sample| sample.2)];
        charts.push(("memory.svg", title, lines(title, "minutes", "MB", &told)));
    }
    charts
}

fn peak_bars(figures: &Figures) -> Vec<Bar> {
    let bar = |label: &str, value: f64, series| Bar { label: label.to_owned(), value, told: count(value), series };
    let both = figures.operations.iter().flat_map(|operation| {
        let reached = bar(operation.name, operation.peak.per_second, 0);
        let floor = operation.floor.as_ref().map(|floor| bar("", floor.per_second, 1));
        std::iter::once(reached).chain(floor)
    });
    both.collect()
}

/// Without what has latencies of another order by design: a login hashes its secret slowly on purpose.
fn latency_bars(figures: &Figures) -> Vec<Bar> {
    let halves = figures.operations.iter().filter(|it| it.name != "token").filter_map(|it| Some((it.name, it.half.as_ref()?)));
    let bars = halves.flat_map(|(name, half)| {
        let latency = half.latency;
        [(name, latency.p50_ms), ("", latency.p99_ms), ("", latency.p999_ms)].into_iter().enumerate()
    });
    bars.map(|(series, (label, value))| Bar { label: label.to_owned(), value, told: format!("{} ms", short(value)), series })
        .collect()
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or(Ok(()), std::fs::create_dir_all).with_context(|| format!("cannot make the folder of {}", path.display()))?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{chart::tests::well_formed, example::figures, section, target};

    #[test]
    fn page_charts_and_json_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let measured = figures();
        let verdicts = target::judge(&measured);
        docs(&folder.path().join("docs"), &measured, &section::all(&measured, &verdicts)).unwrap();
        let page = std::fs::read_to_string(folder.path().join("docs/BENCHMARKS.md")).unwrap();
        for chart in ["peak.svg", "latency.svg", "memory.svg"] {
            let svg = std::fs::read_to_string(folder.path().join("docs/bench").join(chart)).unwrap();
            assert!(well_formed(&svg) && page.contains(&format!("(bench/{chart})")), "{chart}");
        }
        json(&folder.path().join("out.json"), &measured, &verdicts).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path().join("out.json")).unwrap()).unwrap();
        assert_eq!(read.pointer("/figures/operations/0/name").unwrap(), "transmit");
        assert_eq!(read.pointer("/targets").unwrap().as_array().unwrap().len(), verdicts.len());
    }
}
