//! The uplift report for people: the arms beside each other, and a sentence for each comparison.

use domain::{
    decision::Arm,
    report::{CARDS_MIN, Row, Value},
};
use engine::Report;

use crate::output::{Column, Paint, Table};

/// Columns that belong to one row or are told in their own way; the others tell the groups apart.
const SHOWN: [&str; 16] = [
    "arm",
    "orders",
    "amount",
    "recoveredOrders",
    "recoveredAmount",
    "rate",
    "upliftAbsolute",
    "upliftRelative",
    "ciLow",
    "ciHigh",
    "pValue",
    "amountRate",
    "amountUplift",
    "amountCiLow",
    "amountCiHigh",
    "openOrders",
];

/// A row with its columns' names.
struct Named<'a> {
    report: &'a Report,
    row: &'a Row,
}

/// Table and sentences.
pub fn text(report: &Report, paint: Paint) -> String {
    let rows: Vec<Named<'_>> = report.rows.iter().map(|row| Named { report, row }).collect();
    if rows.is_empty() {
        return "No orders whose arm was drawn were placed in the span.\n".to_owned();
    }
    let mut table = Table::new(vec![
        Column::left("OF"),
        Column::left("ARM"),
        Column::right("ORDERS"),
        Column::right("RECOVERED"),
        Column::right("RATE"),
        Column::right("OF THE AMOUNT"),
        Column::right("UPLIFT"),
        Column::right("95 % INTERVAL"),
        Column::right("P"),
        Column::right("STILL OPEN"),
    ]);
    for row in &rows {
        table.row(row.cells());
    }
    let told: Vec<String> = rows.iter().filter(|row| row.arm() != Arm::Holdout.as_str()).map(Named::sentence).collect();
    let note = "Compared are orders whose rescue period is over; the hold-out is worked by a fixed ladder (days 1, 3, 5, 7).\n";
    format!("{}\n{}\n{note}", table.render(paint), told.join("\n"))
}

impl Named<'_> {
    fn get(&self, name: &str) -> &Value {
        let place = self.report.columns.iter().position(|column| column.name == name);
        place.and_then(|place| self.row.get(place)).unwrap_or(&Value::Null)
    }

    fn real(&self, name: &str) -> Option<f64> {
        if let Value::Real(number) = self.get(name) { Some(*number) } else { None }
    }

    fn arm(&self) -> &str {
        if let Value::Text(arm) = self.get("arm") { arm } else { "" }
    }

    /// What tells its group apart: period, merchant, keys, currency.
    fn group(&self) -> String {
        let names = self.report.columns.iter().zip(self.row);
        let parts =
            names.filter(|(column, value)| !SHOWN.contains(&column.name) && column.name != "siteId" && **value != Value::Null);
        parts.map(|(_, value)| super::cell(value)).collect::<Vec<_>>().join(" ")
    }

    fn cells(&self) -> Vec<String> {
        let percent = |name| self.real(name).map_or_else(|| "-".to_owned(), |part| format!("{:.1} %", part * 100.0));
        let interval =
            self.interval().map_or_else(|| "-".to_owned(), |(low, high)| format!("{} to {}", points(low), points(high)));
        vec![
            self.group(),
            self.arm().to_owned(),
            super::cell(self.get("orders")),
            super::cell(self.get("recoveredOrders")),
            percent("rate"),
            percent("amountRate"),
            self.real("upliftAbsolute").map_or_else(|| "-".to_owned(), points),
            interval,
            self.real("pValue").map_or_else(|| "-".to_owned(), chance),
            super::cell(self.get("openOrders")),
        ]
    }

    fn interval(&self) -> Option<(f64, f64)> {
        self.real("ciLow").zip(self.real("ciHigh"))
    }

    fn sentence(&self) -> String {
        let (who, group) = (if self.arm() == Arm::Explore.as_str() { "Exploring" } else { "Recoup" }, self.group());
        let Some(((uplift, rate), (low, high))) = self.real("upliftAbsolute").zip(self.real("rate")).zip(self.interval()) else {
            return format!(
                "{group}: not enough orders yet to compare {} with the hold-out; it takes {CARDS_MIN} cards in each whose rescue is over.",
                self.arm()
            );
        };
        let verdict = if low > 0.0 || high < 0.0 {
            let relative = self.real("upliftRelative").map_or_else(String::new, |part| format!(" ({:+.0} %)", part * 100.0));
            format!("{} of every hundred{relative}, almost surely between {} and {}", more(uplift), plain(low), plain(high))
        } else {
            format!(
                "{} of every hundred, which may be chance (between {} and {}): wait for more orders",
                more(uplift),
                plain(low),
                plain(high)
            )
        };
        format!(
            "{group}: {who} recovered {:.1} of every hundred orders, the hold-out {:.1}: {verdict}.",
            rate * 100.0,
            (rate - uplift) * 100.0
        )
    }
}

fn points(part: f64) -> String {
    format!("{:+.1} pp", part * 100.0)
}

fn plain(part: f64) -> String {
    format!("{:+.1}", part * 100.0)
}

fn more(part: f64) -> String {
    let word = if part < 0.0 { "fewer" } else { "more" };
    format!("{:.1} {word}", part.abs() * 100.0)
}

fn chance(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

#[cfg(test)]
mod tests {
    use domain::{
        report::{Ask, Cell, Interval, Name, Part, Sum},
        time::Timestamp,
    };

    use super::*;

    fn report(cards: i64, policy: i64, holdout: i64) -> Report {
        let ask = Ask {
            name: Name::Uplift,
            from: Timestamp::EPOCH,
            to: Timestamp::EPOCH,
            interval: Interval::None,
            keys: vec![],
            site: None,
            channel: None,
            currency: None,
            include_test: true,
        };
        let mut sum = Sum::new(ask.clone());
        for (arm, hits) in [("policy", policy), ("holdout", holdout)] {
            for n in 0..cards {
                let hit = i64::from(n < hits);
                let parts = vec![Part::Text("USD".into()), Part::Text(arm.into())];
                let cell = Cell { day: 0, parts, measures: [1, 1_000, hit, hit * 1_000, 0, 0], spread: None };
                sum.add_card(domain::id::Mid::from_bytes([1; 16]), vec![cell]).unwrap();
            }
        }
        let (columns, rows) = sum.finish(|_, _| None);
        Report { ask, generated_at: Timestamp::EPOCH, columns, rows }
    }

    #[test]
    fn a_finance_lead_reads_a_sentence() {
        let told = text(&report(1_000, 480, 400), Paint::OFF);
        assert!(
            told.contains("Recoup recovered 48.0 of every hundred orders, the hold-out 40.0: 8.0 more of every hundred (+20 %)"),
            "{told}"
        );
        assert!(told.contains("almost surely between +3.6 and +12.3"), "{told}");
        assert!(told.contains("< 0.001"), "{told}");
    }

    #[test]
    fn chance_and_too_few_orders_are_called_so() {
        let told = text(&report(100, 42, 40), Paint::OFF);
        assert!(told.contains("2.0 more of every hundred, which may be chance"), "{told}");
        let told = text(&report(10, 5, 3), Paint::OFF);
        assert!(told.contains("not enough orders yet to compare policy with the hold-out; it takes 30 cards in each"), "{told}");
        assert!(!told.contains("NaN"));
        assert!(text(&report(0, 0, 0), Paint::OFF).contains("No orders"));
    }
}
