//! The report of a simulation: charts, one HTML page, and the results as JSON.

use std::{collections::BTreeMap, fs, path::Path};

use chart::{Axis, Block, Chart, Figure, Heatmap, Line, Lines, Page, Row, Rows, Section, Tile, Tone, Unit};
use serde_json::{Value, json};
use simulate::{BreachKind, Cause, Comparison, Rebill, Tally};

use super::{Args, world::Found};
use crate::failure::Failure;

/// The policy that figures are about.
const OURS: &str = "recoup";

/// Recovered cases by hidden cause, for each policy.
#[derive(Debug, Default)]
pub struct Causes {
    policies: Vec<String>,
    counts: BTreeMap<(Cause, usize), (u32, u32)>,
}

impl Causes {
    /// Counts a policy's outcomes.
    pub fn add(&mut self, policy: &str, rebills: &[Rebill], tally: &Tally) {
        let index = self.policies.iter().position(|known| known == policy).unwrap_or_else(|| {
            self.policies.push(policy.to_owned());
            self.policies.len() - 1
        });
        for (rebill, outcome) in rebills.iter().zip(&tally.outcomes) {
            let (cases, recovered) = self.counts.entry((rebill.cause, index)).or_default();
            *cases += 1;
            *recovered += u32::from(outcome.recovered);
        }
    }

    /// Shares by cause and policy.
    pub fn json(&self) -> Value {
        let mut causes = serde_json::Map::new();
        for ((cause, index), (cases, recovered)) in &self.counts {
            let entry = causes.entry(name(*cause)).or_insert_with(|| json!({ "cases": cases }));
            entry[&self.policies[*index]] = json!(share(*recovered, *cases));
        }
        Value::Object(causes)
    }

    fn chart(&self) -> Heatmap {
        let mut causes: Vec<Cause> = self.counts.keys().map(|(cause, _)| *cause).collect();
        causes.dedup();
        let cell = |cause: Cause, index| self.counts.get(&(cause, index)).map_or(f64::NAN, |(n, paid)| share(*paid, *n));
        let cases = |cause: Cause| self.counts.get(&(cause, 0)).map_or(0, |(cases, _)| *cases);
        Heatmap {
            title: "Recovered share by hidden cause".into(),
            description: "What the decline really was, which only the bank knows; the number of cases stands behind it.".into(),
            unit: Unit::Percent,
            columns: causes.iter().map(|cause| format!("{} ({})", name(*cause), cases(*cause))).collect(),
            rows: self.policies.clone(),
            cells: (0..self.policies.len()).map(|index| causes.iter().map(|cause| cell(*cause, index)).collect()).collect(),
        }
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

const fn name(cause: Cause) -> &'static str {
    match cause {
        Cause::Dead => "dead",
        Cause::Data => "data",
        Cause::Outage => "outage",
        Cause::Hold => "hold",
        Cause::Limit => "limit",
        Cause::Funds => "funds",
        Cause::Chance => "chance",
    }
}

/// Writes everything into a folder, which is made if it is not there.
pub fn write(dir: &Path, args: &Args, cases: usize, found: &[Found], results: &Value) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    fs::create_dir_all(dir).map_err(|error| failed(dir, error))?;
    let put = |name: &str, text: &str| {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, error))
    };
    put("results.json", &format!("{results:#}\n"))?;
    let mut sections = Vec::new();
    for found in found {
        let charts = charts(found);
        for (chart, figure) in &charts {
            put(&format!("{}-{chart}.svg", found.world.name), &figure.svg())?;
        }
        sections.push(section(found, charts.into_iter().map(|(_, figure)| figure).collect()));
    }
    put("report.html", &page(args, cases, found, sections).html())
}

fn page(args: &Args, cases: usize, found: &[Found], sections: Vec<Section>) -> Page {
    Page {
        title: "Simulated recovery".into(),
        subtitle: format!(
            "{} failed rebills for each world and seed, {} days, {} attempts at most",
            cases, args.days, args.attempts_max
        ),
        tiles: found.first().map(tiles).unwrap_or_default(),
        sections,
        made: vec![
            "Every policy worked the same failed rebills in virtual time, in worlds of simulated issuers and cardholders. Differences \
             between policies are paired by case; intervals are 95 % (bootstrap over cases, 1,000 draws). Amounts are in US dollars."
                .into(),
            format!(
                "Policies that learn saw {} attempts at random lawful moments on other customers of the same world first. The best \
                 baseline is the one that recovered the largest amount. The oracle attempts at the first lawful hour at which the issuer \
                 would approve; it knows what no merchant knows.",
                args.explore_trials
            ),
            "Network limits, advice waits and answers that forbid a retry were checked by a witness that shares no code with the planner: \
             every breach is counted."
                .into(),
            format!(
                "recoup {}, model {}, rules {}, seeds {} to {}. A simulation shows the order of policies, not what they would earn.",
                env!("CARGO_PKG_VERSION"),
                recovery::MODEL_VERSION,
                domain::rules::Rules::builtin().version(),
                args.seed,
                args.seed + args.seeds - 1
            ),
        ],
    }
}

fn tiles(found: &Found) -> Vec<Tile> {
    let Some(ours) = found.figures.iter().find(|figures| figures.policy == OURS) else { return Vec::new() };
    let percent = |value: f64| format!("{:.1} %", value * 100.0);
    let over = ours.amount_over_reference;
    let tone = if over.low > 0.0 { Tone::Good } else { Tone::Plain };
    vec![
        Tile::new(
            "Recovered amount",
            percent(ours.recovered_amount_share.value),
            format!("{} to {}", percent(ours.recovered_amount_share.low), percent(ours.recovered_amount_share.high)),
        ),
        Tile::new(
            format!("Over the best baseline, {}", found.reference),
            format!("{:+.1} %", over.value * 100.0),
            format!("{:+.1} % to {:+.1} %", over.low * 100.0, over.high * 100.0),
        )
        .toned(tone),
        Tile::new(
            "Attempts for one recovery",
            format!("{:.2}", ours.attempts_per_recovery.value),
            format!("{:.2} to {:.2}", ours.attempts_per_recovery.low, ours.attempts_per_recovery.high),
        ),
        Tile::new("Breaches of rules", ours.breaches.to_string(), "network limits, advice, stops").toned(if ours.breaches == 0 {
            Tone::Good
        } else {
            Tone::Warn
        }),
    ]
}

fn section(found: &Found, charts: Vec<Figure>) -> Section {
    let mut blocks = vec![
        Block::Prose(format!("{}. Differences are to {}, the best baseline here.", sentence(found.world.about), found.reference)),
        Block::Table(table(found)),
    ];
    blocks.push(Block::Figures(charts));
    if let Some(broken) = breaches(found) {
        blocks.push(Block::Note(broken));
    }
    Section::new(format!("World: {}", found.world.name), blocks)
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn breaches(found: &Found) -> Option<String> {
    let broken = found.figures.iter().filter(|figures| figures.breaches > 0);
    let names: Vec<String> = broken.map(|figures| format!("{} ({})", figures.policy, figures.breaches)).collect();
    let kinds = BreachKind::ALL.len();
    (!names.is_empty()).then(|| format!("Rules were broken by {}; {kinds} kinds of rules are watched.", names.join(", ")))
}

fn table(found: &Found) -> chart::Table {
    let mut table = chart::Table::numbers(
        "Figures of all policies",
        [
            "policy",
            "recovered",
            "of the amount",
            "over the best baseline",
            "attempts per recovery",
            "median days",
            "breaches",
            "net value of a case",
        ],
    );
    for figures in &found.figures {
        let between = |figure: simulate::Figure, scale: f64, decimals: usize| {
            let number = |value: f64| format!("{:.decimals$}", value * scale);
            format!("{} ({} to {})", number(figure.value), number(figure.low), number(figure.high))
        };
        table.row([
            figures.policy.clone(),
            between(figures.recovered_share, 100.0, 1),
            between(figures.recovered_amount_share, 100.0, 1),
            between(figures.amount_over_reference, 100.0, 1),
            between(figures.attempts_per_recovery, 1.0, 2),
            format!("{:.1}", figures.median_days),
            figures.breaches.to_string(),
            between(figures.net_value_usd, 1.0, 2),
        ]);
    }
    table
}

fn charts(found: &Found) -> Vec<(&'static str, Figure)> {
    vec![
        (
            "amount",
            rows(found, "Recovered share of the amount", Unit::Percent, |figures| figures.recovered_amount_share).figure(),
        ),
        ("share", rows(found, "Recovered share of cases", Unit::Percent, |figures| figures.recovered_share).figure()),
        (
            "difference",
            rows(found, "Recovered amount over the best baseline", Unit::Percent, |figures| figures.amount_over_reference)
                .figure(),
        ),
        ("attempts", rows(found, "Attempts for one recovery", Unit::Number, |figures| figures.attempts_per_recovery).figure()),
        ("net", rows(found, "Net value of a case", Unit::Money("$".into()), |figures| figures.net_value_usd).figure()),
        ("days", curve(found).figure()),
        ("causes", found.causes.chart().figure()),
    ]
}

fn rows(found: &Found, title: &str, unit: Unit, of: impl Fn(&Comparison) -> simulate::Figure) -> Rows {
    let row = |figures: &Comparison| {
        let figure = of(figures);
        let value = chart::Value::between(figure.low, figure.value, figure.high);
        Row { marked: figures.policy == OURS, ..Row::new(figures.policy.clone(), value) }
    };
    Rows {
        title: title.into(),
        description: format!("World {}; lines are 95 % intervals.", found.world.name),
        unit,
        rows: found.figures.iter().map(row).collect(),
        ..Rows::default()
    }
}

/// How the recovered amount grows from day to day.
fn curve(found: &Found) -> Lines {
    let line = |tally: &Tally| {
        let due: f64 = tally.outcomes.iter().map(|outcome| outcome.due_usd).sum();
        let last = tally.outcomes.iter().map(|outcome| outcome.days).fold(0.0, f64::max).ceil() as u32;
        let by = |day: u32| -> f64 {
            let paid = tally.outcomes.iter().filter(|outcome| outcome.recovered && outcome.days <= f64::from(day));
            paid.map(|outcome| outcome.due_usd).sum()
        };
        let points = (0..=last).map(|day| (f64::from(day), chart::Value::exact(by(day) / due.max(f64::MIN_POSITIVE))));
        Line { name: tally.policy.clone(), points: points.collect() }
    };
    let shown = |tally: &&Tally| {
        let name = tally.policy.as_str();
        matches!(name, OURS | "ladder" | "trees" | "oracle") || name == found.reference
    };
    Lines {
        title: "Recovered amount by day".into(),
        description: "Share of the amount that is recovered so many days after the decline.".into(),
        x: Axis::new("days after the decline", Unit::Number),
        y: Axis::new("recovered", Unit::Percent),
        series: found.tallies.iter().filter(shown).map(line).collect(),
    }
}
