//! One chart of each kind, with everything that can go wrong in it.

use recoup_chart::{
    Axis, Bars, Block, Chart, Closed, Curve, Figure, Funnel, Heatmap, Kind, Line, Lines, Marker, Page, Row, Rows, Section,
    Series, Step, Table, Tile, Tone, Unit, Value,
};

pub fn lines() -> Lines {
    let line = |name: &str, top: f64| Line {
        name: name.into(),
        points: (0..=21).map(|day| (f64::from(day), share(f64::from(day), top))).collect(),
    };
    Lines {
        title: "Recovered by day".into(),
        description: "Share of declined rebills that are paid by a day after the decline, with 90% bands.".into(),
        x: Axis::new("Days since the decline", Unit::Days),
        y: Axis::new("Recovered share", Unit::Percent),
        series: vec![line("recoup", 0.58), line("payday heuristic, eight tries", 0.47), line("ladder", 0.38)],
    }
}

fn share(day: f64, top: f64) -> Value {
    let value = top * (1.0 - (-day / 5.0).exp());
    Value::between(value * 0.93, value, value * 1.07)
}

pub fn months() -> Lines {
    Lines {
        title: "By month".into(),
        description: String::new(),
        x: Axis::named("", ["Jun 2026", "Jul 2026", "Aug 2026", "Sep 2026", "Oct 2026"]),
        y: Axis::new("Would have been recovered", Unit::Money("$".into())),
        series: vec![Line {
            name: "recoup".into(),
            points: [1200.0, 3400.0, f64::NAN, 2800.0, 4100.0]
                .iter()
                .enumerate()
                .map(|(n, v)| (n as f64, Value::exact(*v)))
                .collect(),
        }],
    }
}

pub fn bars(stacked: bool) -> Bars {
    let series = |name: &str, values: [f64; 4]| Series {
        name: name.into(),
        values: values.iter().map(|v| if stacked { Value::exact(*v) } else { Value::between(v * 0.8, *v, v * 1.15) }).collect(),
    };
    Bars {
        title: if stacked { "Declines by class and month" } else { "Recovered share by class" }.into(),
        description: "What is told in a sentence.".into(),
        categories: ["NSF", "GENERIC", "LIMIT", "FRAUD"].map(str::to_owned).to_vec(),
        label: "Class".into(),
        y: Axis::new("Share", Unit::Percent),
        series: vec![series("recoup", [0.61, 0.34, 0.55, 0.08]), series("ladder", [0.44, 0.22, 0.51, 0.05])],
        stacked,
    }
}

pub fn rows() -> Rows {
    let mut rows = vec![
        Row::new("recoup", Value::between(0.521, 0.552, 0.579)),
        Row::new(
            "A policy whose name is far too long for the place that a chart can give to names",
            Value::between(0.4, 0.44, 0.47),
        ),
        Row::new("ladder <1-3-5-7> & more", 0.41),
        Row::new("nothing known", Value::GAP),
    ];
    rows[0].marked = true;
    rows[0].note = "3.1 tries each".into();
    Rows {
        title: "Policies".into(),
        label: "Recovered share".into(),
        names: "Policy".into(),
        unit: Unit::Percent,
        rows,
        ..Rows::default()
    }
}

pub fn funnel() -> Funnel {
    let step = |name: &str, value: f64, note: &str| Step { name: name.into(), value, note: note.into() };
    Funnel {
        title: "From declines to recovered payments".into(),
        description: "Count of payments.".into(),
        unit: Unit::Count,
        steps: vec![
            step("Declined", 12_840.0, ""),
            step("May be retried", 9_120.0, "without hard declines"),
            step("Not paid by themselves", 7_310.0, "without later successes"),
            step("Would be recovered", 490.0, ""),
        ],
    }
}

pub fn heatmap() -> Heatmap {
    let mut cells = [[0.0; 24]; 7];
    for (day, row) in cells.iter_mut().enumerate() {
        for (hour, cell) in row.iter_mut().enumerate() {
            *cell = ((hour * 7 + day * 13) % 29) as f64 / 100.0;
        }
    }
    cells[6][3] = f64::NAN;
    Heatmap::week("Approval by local hour", "Share of attempts approved.", Unit::Percent, &cells)
}

pub fn curve(stepped: bool) -> Curve {
    let mark = |x: f64, label: &str, kind: Kind| Marker { x, label: label.into(), kind };
    Curve {
        title: "Chance of success over time".into(),
        description: "The chance of the next attempt by moment.".into(),
        x: Axis::new("Days from now", Unit::Days),
        y: Axis::new("Chance", Unit::Percent),
        points: (0..=84)
            .map(|n| (f64::from(n) / 4.0, 0.12 + 0.25 * (-((f64::from(n) / 4.0 - 11.0) / 2.0).powi(2)).exp()))
            .collect(),
        stepped,
        markers: vec![mark(1.5, "51", Kind::Past), mark(11.0, "next", Kind::Chosen), mark(14.0, "then", Kind::Planned)],
        closed: vec![Closed { from: 0.0, to: 4.0, label: "advice 02".into() }],
    }
}

/// Every chart of this file.
pub fn all() -> Vec<(&'static str, Figure)> {
    vec![
        ("lines", lines().figure()),
        ("months", months().figure()),
        ("bars", bars(false).figure()),
        ("stacked", bars(true).figure()),
        ("rows", rows().figure()),
        ("funnel", funnel().figure()),
        ("heatmap", heatmap().figure()),
        ("curve", curve(false).figure()),
        ("steps", curve(true).figure()),
        ("empty", Rows::default().figure()),
    ]
}

pub fn page() -> Page {
    let mut table = Table::numbers("Policies", ["Policy", "Recovered", "Attempts"]);
    table.row(["recoup", "55.2%", "3.1"]);
    table.row(["ladder <x>", "41.0%", "3.9"]);
    table.total = Some(["Both", "48.1%", "3.5"].map(str::to_owned).to_vec());
    let figures = all().into_iter().map(|(_, figure)| figure).collect();
    Page {
        title: "A report & its title".into(),
        subtitle: "World 7, 20,000 cases of 21 days.".into(),
        tiles: vec![
            Tile::new("Recovered", "$1,204,332", "90% interval $1,150,000 to $1,260,000").toned(Tone::Good),
            Tile::new("Attempts per recovery", "3.1", "ladder 3.9"),
            Tile::new("Breaches of limits", "0", "").toned(Tone::Warn),
        ],
        sections: vec![
            Section::new(
                "What is here",
                [
                    Block::Prose("A paragraph.".into()),
                    Block::Note("A notice that must not be missed.".into()),
                    Block::List(vec!["one".into(), "two".into()]),
                    Block::Code("recoup simulate --seed 7\n  --cases <FILE>".into()),
                    Block::Table(table),
                ],
            ),
            Section::new(
                "All charts",
                [Block::Figures(figures), Block::chart(&heatmap()), Block::chart(&rows()), Block::chart(&funnel())],
            ),
        ],
        made: vec!["Seed 7, rules 2026-10-25.".into()],
    }
}
