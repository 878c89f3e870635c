//! Which rows one operation writes, told by what it left behind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Fewer rows of a table in an operation than this are somebody else's.
const SHARE_MIN: f64 = 0.02;

/// One commit of an operation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Commit {
    /// Rows inserted in each table, by operation; may be fractions.
    pub insert: BTreeMap<String, f64>,
    /// Tables in which the row inserted last is rewritten.
    pub update: Vec<String>,
}

/// The commits of an operation, in order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The commits.
    pub commits: Vec<Commit>,
}

/// How an operation divides its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Everything in one commit.
    One,
    /// A charge: reserved in one commit; its result, with the events, in another that rewrites what was reserved.
    ReserveThenSettle,
}

/// Words in the names of tables whose rows a settled charge rewrites.
const SETTLED: [&str; 4] = ["order", "attempt", "ledger", "idempoten"];

/// The rows that so many operations left behind. Rows that came and went again are not counted, so the floor
/// they make is a hard one.
pub fn observed(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>, operations: u64, shape: Shape) -> Plan {
    let grown = after.iter().map(|(table, rows)| {
        let more = rows.saturating_sub(before.get(table).copied().unwrap_or(0));
        (table.clone(), more as f64 / operations.max(1) as f64)
    });
    let insert: BTreeMap<_, _> = grown.filter(|(_, rows)| *rows >= SHARE_MIN).collect();
    match shape {
        Shape::One => Plan { commits: vec![Commit { insert, update: Vec::new() }] },
        Shape::ReserveThenSettle => divided(insert),
    }
}

impl Plan {
    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.commits.iter().all(|commit| commit.insert.is_empty() && commit.update.is_empty())
    }

    /// For readers: `ledger 2, orders 1 | events 1, orders again`.
    pub fn told(&self) -> String {
        let commit = |commit: &Commit| {
            let inserted = commit.insert.iter().map(|(table, rows)| format!("{table} {}", round(*rows)));
            inserted.chain(commit.update.iter().map(|table| format!("{table} again"))).collect::<Vec<_>>().join(", ")
        };
        self.commits.iter().map(commit).collect::<Vec<_>>().join(" | ")
    }
}

fn divided(insert: BTreeMap<String, f64>) -> Plan {
    let settled = |table: &String| SETTLED.iter().any(|word| table.contains(word));
    let update = insert.iter().filter(|(table, rows)| settled(table) && **rows >= 0.5).map(|(table, _)| table.clone()).collect();
    let (events, reserved) = insert.into_iter().partition(|(table, _)| table.contains("event") || table.contains("deliver"));
    Plan { commits: vec![Commit { insert: reserved, update: Vec::new() }, Commit { insert: events, update }] }
}

fn round(rows: f64) -> f64 {
    (rows * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(told: &[(&str, u64)]) -> BTreeMap<String, u64> {
        told.iter().map(|(table, rows)| ((*table).to_owned(), *rows)).collect()
    }

    #[test]
    fn rows_are_told_by_what_was_left_behind() {
        let before = rows(&[("transmits", 10), ("ledger", 5), ("sites", 2)]);
        let after = rows(&[("transmits", 110), ("ledger", 205), ("sites", 2), ("events", 1), ("timers", 50)]);
        let plan = observed(&before, &after, 100, Shape::One);
        assert_eq!(plan.told(), "ledger 2, timers 0.5, transmits 1");
        assert!(!plan.is_empty() && observed(&after, &before, 0, Shape::One).is_empty());
    }

    #[test]
    fn a_charge_is_two_commits() {
        let after =
            rows(&[("orders", 10), ("attempts", 10), ("ledger", 20), ("transmits", 10), ("events", 10), ("idempotency", 10)]);
        let plan = observed(&rows(&[]), &after, 10, Shape::ReserveThenSettle);
        assert_eq!(
            plan.told(),
            "attempts 1, idempotency 1, ledger 2, orders 1, transmits 1 | \
             events 1, attempts again, idempotency again, ledger again, orders again"
        );
    }
}
