//! The run as files: tables in JSON and CSV, charts, one page.

use std::{fmt::Write as _, path::Path};

use chart::{Axis, Bars, Block, Chart as _, Line, Lines, Page, Row, Rows, Section, Series, Table, Tile, Tone, Unit, Value};
use domain::time::DAY;
use serde_json::json;

use super::{
    breach::Breaches,
    figures::{Figure, Figures, Group, Terms},
    read::Fault,
    result::Outcome,
};
use crate::failure::Failure;

/// Bad lines that the summary names.
const FAULTS_SHOWN_MAX: usize = 1_000;
/// Groups of one property that a chart shows.
const ROWS_MAX: usize = 24;

/// Everything that is told of a run.
pub struct Report<'a> {
    /// What became of each case.
    pub outcomes: &'a [Outcome<'a>],
    /// Lines that could not be used.
    pub faults: &'a [Fault],
    /// Breaches of limits.
    pub breaches: &'a Breaches,
    /// What figures are reckoned with.
    pub terms: &'a Terms,
    /// Who planned.
    pub policy: &'a str,
    /// What was learnt before, in words; none: nothing.
    pub learnt: Option<String>,
    /// What was learnt on the way.
    pub lessons: &'a [super::run::Lesson],
    /// The seed.
    pub seed: u64,
    /// Attempts of one case, at most.
    pub attempts_max: u32,
    /// Why the run ended early.
    pub broken_off: Option<&'a str>,
}

/// The figures of a run, for whoever asked.
pub struct Told {
    /// Of all cases.
    pub overall: Figures,
    /// The summary as JSON.
    pub summary: serde_json::Value,
}

impl Report<'_> {
    /// Writes the files into a folder and gives the figures.
    pub fn write(&self, folder: &Path) -> Result<Told, Failure> {
        let overall = Figures::of(self.outcomes, self.terms);
        let groups = super::figures::groups(self.outcomes, self.terms);
        let summary = self.summary(&overall, &groups);
        let file = |name: &str, text: String| std::fs::write(folder.join(name), text).map_err(Failure::from);
        file("summary.json", format!("{summary:#}\n"))?;
        file("groups.csv", table_of(&overall, &groups))?;
        file("cases.csv", self.cases())?;
        let (by_day, by_attempt) = (self.by_day(), self.by_attempt());
        file("recovered-by-day.svg", by_day.figure().svg())?;
        file("answers-by-attempt.svg", by_attempt.figure().svg())?;
        for property in ["class", "country", "brand", "funding"] {
            file(&format!("recovered-by-{property}.svg"), by_property(property, &groups).figure().svg())?;
        }
        file("report.html", self.page(&overall, &groups, &by_day, &by_attempt).html())?;
        Ok(Told { overall, summary })
    }

    fn summary(&self, overall: &Figures, groups: &[Group]) -> serde_json::Value {
        json!({
            "policy": self.policy,
            "learnt": self.learnt,
            "lessons": self.lessons,
            "seed": self.seed,
            "maxAttempts": self.attempts_max,
            "attemptCostUsd": self.terms.attempt_usd,
            "overall": overall,
            "groups": groups,
            "breaches": self.breaches,
            "openOrders": self.outcomes.iter().filter(|outcome| !outcome.closed).count(),
            "brokenOff": self.broken_off,
            "badLines": self.faults.len(),
            "badLinesShown": &self.faults[..self.faults.len().min(FAULTS_SHOWN_MAX)],
        })
    }

    fn cases(&self) -> String {
        let mut out = String::from("case_id,class,country,brand,funding,amount,currency,attempts,recovered,days\n");
        for outcome in self.outcomes {
            let case = outcome.case;
            let days = outcome.recovered_at.map(|at| format!("{:.4}", days(at.since(case.failed_at)))).unwrap_or_default();
            let _ = writeln!(
                out,
                "{},{},{},{},{},{},{},{},{},{days}",
                quoted(&case.id),
                outcome.class,
                case.issuer_country.as_deref().unwrap_or_default(),
                case.network,
                case.funding,
                case.amount.major(),
                case.amount.currency,
                outcome.made.len(),
                outcome.recovered_at.is_some(),
            );
        }
        out
    }

    /// Recovered share by days since the failure.
    fn by_day(&self) -> Lines {
        let last = self.outcomes.iter().map(|outcome| outcome.case.ends_at.since(outcome.case.failed_at)).max();
        let last = last.map_or(0, |window| days(window).ceil() as u32);
        let usd = |outcome: &Outcome<'_>| self.terms.rates.usd(outcome.case.amount);
        let all: f64 = self.outcomes.iter().map(usd).sum();
        let share = |day: u32, weight: &dyn Fn(&Outcome<'_>) -> f64, of: f64| {
            let by = |outcome: &&Outcome<'_>| outcome.recovered_at.is_some_and(|at| at <= outcome.case.failed_at + DAY * day);
            let won: f64 = self.outcomes.iter().filter(by).map(weight).sum();
            Value::exact(if of > 0.0 { won / of } else { 0.0 })
        };
        let line = |name: &str, weight: &dyn Fn(&Outcome<'_>) -> f64, of: f64| Line {
            name: name.to_owned(),
            points: (0..=last).map(|day| (f64::from(day), share(day, weight, of))).collect(),
        };
        Lines {
            title: "Recovered, by days since the failure".into(),
            description: "Share of all cases, and of all that was due, that was recovered by then.".into(),
            x: Axis::new("Days since the failure", Unit::Number),
            y: Axis::new("Recovered", Unit::Percent),
            series: vec![line("by amount", &usd, all), line("by count", &|_| 1.0, self.outcomes.len() as f64)],
        }
    }

    /// Approved and declined attempts by their number.
    fn by_attempt(&self) -> Bars {
        let count = |number: u32, approved: bool| {
            let made = self.outcomes.iter().flat_map(|outcome| &outcome.made);
            Value::exact(made.filter(|made| made.attempt == number && made.approved == approved).count() as f64)
        };
        let last = self.outcomes.iter().map(|outcome| outcome.made.len()).max().unwrap_or(0) as u32;
        let series = |name: &str, approved| Series {
            name: name.to_owned(),
            values: (1..=last).map(|number| count(number, approved)).collect(),
        };
        Bars {
            title: "Attempts, by their number".into(),
            description: "How many first, second, … attempts there were, and how many of them were approved.".into(),
            categories: (1..=last).map(|number| number.to_string()).collect(),
            label: "Attempt".into(),
            y: Axis::new("Attempts", Unit::Count),
            series: vec![series("approved", true), series("declined", false)],
            stacked: true,
        }
    }

    fn page(&self, overall: &Figures, groups: &[Group], by_day: &Lines, by_attempt: &Bars) -> Page {
        let percent = |figure: Figure| (Unit::Percent.full(figure.value), interval(figure, &Unit::Percent));
        let (share, share_note) = percent(overall.share);
        let (amount, amount_note) = percent(overall.amount_share);
        let per = |figure: Option<Figure>, unit: &Unit| {
            figure.map_or(("–".to_owned(), String::new()), |figure| (unit.full(figure.value), interval(figure, unit)))
        };
        let (attempts, attempts_note) = per(overall.attempts_per_recovery, &Unit::Number);
        let (wait, wait_note) = per(overall.days, &Unit::Days);
        let breaches: usize = self.breaches.values().map(|breach| breach.count).sum();
        let money = Unit::Money("$".into());
        let tone = if breaches == 0 { Tone::Good } else { Tone::Warn };
        let tiles = vec![
            Tile::new("Recovered amount", amount, amount_note),
            Tile::new("Recovered cases", share, share_note),
            Tile::new("Attempts per recovery", attempts, attempts_note),
            Tile::new("Time to recovery", wait, wait_note),
            Tile::new("Net value", money.full(overall.net_usd.value), interval(overall.net_usd, &money)),
            Tile::new("Limit breaches", breaches.to_string(), "counted apart from the engine").toned(tone),
        ];
        let mut first = vec![Block::chart(by_day), Block::chart(by_attempt)];
        if let Some(why) = self.broken_off {
            first.insert(0, Block::Note(format!("The run ended early: {why}.")));
        }
        let mut sections = vec![Section::new("Over time", first)];
        for (property, title) in
            [("class", "By decline class"), ("country", "By issuer country"), ("brand", "By brand"), ("funding", "By funding")]
        {
            let blocks = [Block::chart(&by_property(property, groups)), Block::Table(table(property, groups))];
            sections.push(Section::new(title, blocks));
        }
        if breaches > 0 {
            let rows =
                self.breaches.iter().map(|(kind, breach)| format!("{kind}: {} ({})", breach.count, breach.cases.join(", ")));
            sections.push(Section::new("Limit breaches", [Block::List(rows.collect())]));
        }
        if !self.faults.is_empty() {
            let rows = self.faults.iter().take(50).map(|fault| format!("line {}: {}", fault.line, fault.fault));
            sections.push(Section::new("Lines that could not be used", [Block::List(rows.collect())]));
        }
        Page {
            title: "Failed rebills, rescued".into(),
            subtitle: format!("{} cases, policy {}, at most {} attempts each", overall.cases, self.policy, self.attempts_max),
            tiles,
            sections,
            made: self.made(),
        }
    }

    fn made(&self) -> Vec<String> {
        let learnt = self.learnt.clone().unwrap_or_else(|| "Nothing was learnt before the run.".into());
        vec![
            format!(
                "{} models were learnt on the way, {} of them came into use.",
                self.lessons.len(),
                self.lessons.iter().filter(|lesson| lesson.in_use).count()
            ),
            format!("The whole engine worked the cases in virtual time; seed {}. {learnt}", self.seed),
            "The store of the run was a temporary folder that keeps nothing over a crash; it is gone.".into(),
            format!(
                "Intervals are 95 %: Wilson's for shares of cases, linearised for quotients of sums. Net value is the recovered \
                 amount less {} US dollars for each attempt. Amounts of several currencies are compared in US dollars by the rate \
                 table of the run.",
                self.terms.attempt_usd
            ),
        ]
    }
}

fn by_property(property: &str, groups: &[Group]) -> Rows {
    let rows = groups.iter().filter(|group| group.by == property).take(ROWS_MAX).map(|group| {
        let share = group.figures.amount_share;
        let value = Value::between(share.low.max(0.0), share.value, share.high.min(1.0));
        Row { note: format!("{} cases", group.figures.cases), ..Row::new(group.name.clone(), value) }
    });
    Rows {
        title: format!("Recovered amount by {property}"),
        description: "Recovered share of what was due, with 95 % intervals.".into(),
        names: property.to_owned(),
        label: "Recovered".into(),
        unit: Unit::Percent,
        rows: rows.collect(),
    }
}

fn table(property: &str, groups: &[Group]) -> Table {
    let columns = [property, "Cases", "Recovered", "Amount", "Attempts per recovery", "Days", "Net value"];
    let mut table = Table::numbers(format!("Figures by {property}"), columns);
    let or_dash = |figure: Option<Figure>, unit: &Unit| figure.map_or("–".to_owned(), |figure| unit.full(figure.value));
    for Group { name, figures, .. } in groups.iter().filter(|group| group.by == property) {
        table.row([
            name.clone(),
            figures.cases.to_string(),
            Unit::Percent.full(figures.share.value),
            Unit::Percent.full(figures.amount_share.value),
            or_dash(figures.attempts_per_recovery, &Unit::Number),
            or_dash(figures.days, &Unit::Number),
            Unit::Money("$".into()).full(figures.net_usd.value),
        ]);
    }
    table
}

fn table_of(overall: &Figures, groups: &[Group]) -> String {
    let mut out = String::from(
        "by,name,cases,recovered,attempts,due_usd,recovered_usd,share,share_low,share_high,amount_share,amount_share_low,\
         amount_share_high,attempts_per_recovery,days,net_usd,net_usd_low,net_usd_high\n",
    );
    let mut row = |by: &str, name: &str, figures: &Figures| {
        let or_empty = |figure: Option<Figure>| figure.map(|figure| format!("{:.4}", figure.value)).unwrap_or_default();
        let Figure { value, low, high } = figures.share;
        let amount = figures.amount_share;
        let net = figures.net_usd;
        let _ = writeln!(
            out,
            "{by},{},{},{},{},{:.2},{:.2},{value:.6},{low:.6},{high:.6},{:.6},{:.6},{:.6},{},{},{:.2},{:.2},{:.2}",
            quoted(name),
            figures.cases,
            figures.recovered,
            figures.attempts,
            figures.due_usd,
            figures.recovered_usd,
            amount.value,
            amount.low,
            amount.high,
            or_empty(figures.attempts_per_recovery),
            or_empty(figures.days),
            net.value,
            net.low,
            net.high,
        );
    };
    row("all", "all", overall);
    for group in groups {
        row(group.by, &group.name, &group.figures);
    }
    out
}

fn interval(figure: Figure, unit: &Unit) -> String {
    format!("{} to {}", unit.full(figure.low), unit.full(figure.high))
}

fn days(span: std::time::Duration) -> f64 {
    span.as_secs_f64() / DAY.as_secs_f64()
}

/// A CSV field; one that a spreadsheet would take for a formula is quoted too.
fn quoted(text: &str) -> String {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:/ ".contains(&b)) && !text.starts_with('-');
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
