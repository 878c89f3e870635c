//! Cells added up to rows. What is kept grows with the rows and with the values of their spreads, both limited.

use std::collections::BTreeMap;

use super::{
    Ask, MEASURES, Name, period,
    proportion::Cards,
    row::{Column, Row, Value},
    shape::{Dimension, columns, dimensions},
    spread::Spread,
    uplift,
};
use crate::{
    decision::Arm,
    id::{Mid, SiteId},
};

/// Rows of one report, at most.
const ROWS_MAX: usize = 20_000;
/// Different values of all spreads together, at most.
const SPREAD_VALUES_MAX: usize = 500_000;

/// One value that rows are told apart by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Not known.
    None,
    /// A number.
    Int(i64),
    /// A text, or an id as text.
    Text(String),
}

/// A group of orders, attempts or refunds that are equal in all that a report groups by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Days since the epoch, UTC.
    pub day: i64,
    /// Its values, in the order of [`dimensions`].
    pub parts: Vec<Part>,
    /// Its measures, in the order that each report states; the rest is zero.
    pub measures: [i64; MEASURES],
    /// A value to be counted in the row's spread, and how often.
    pub spread: Option<(i64, i64)>,
}

/// A report that would be too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The report would have more than {ROWS_MAX} rows or too many different values; narrow it.")]
pub struct TooLarge;

#[derive(Debug, Clone, Default)]
struct Totals {
    measures: [i64; MEASURES],
    spread: Spread,
    cards: Cards,
}

/// Period, merchant and parts of a row.
type Key = (i64, Mid, Vec<Part>);

/// The rows in the making.
#[derive(Debug, Clone)]
pub struct Sum {
    ask: Ask,
    rows: BTreeMap<Key, Totals>,
    spread_values: usize,
}

impl Sum {
    /// Nothing yet.
    pub fn new(ask: Ask) -> Self {
        Self { ask, rows: BTreeMap::new(), spread_values: 0 }
    }

    /// What was asked.
    pub fn ask(&self) -> &Ask {
        &self.ask
    }

    /// The merchants that have rows.
    pub fn mids(&self) -> std::collections::BTreeSet<Mid> {
        self.rows.keys().map(|(_, mid, _)| *mid).collect()
    }

    /// Adds a cell of a merchant.
    pub fn add(&mut self, mid: Mid, cell: Cell) -> Result<(), TooLarge> {
        let key = (period::index(self.ask.interval, cell.day), mid, cell.parts);
        self.add_to(key, cell.measures, cell.spread)
    }

    /// Adds all cells of one card of a merchant, for a report that tells cards apart.
    pub fn add_card(&mut self, mid: Mid, cells: Vec<Cell>) -> Result<(), TooLarge> {
        let mut rows: BTreeMap<_, [i64; MEASURES]> = BTreeMap::new();
        for cell in cells {
            let own = rows.entry((period::index(self.ask.interval, cell.day), mid, cell.parts)).or_default();
            own.iter_mut().zip(cell.measures).for_each(|(total, more)| *total = total.saturating_add(more));
        }
        for (key, measures) in rows {
            self.add_to(key.clone(), measures, None)?;
            let [orders, due, recovered, paid, ..] = measures;
            if let (Some(card), Some(totals)) = (uplift::card([orders, due, recovered, paid]), self.rows.get_mut(&key)) {
                totals.cards.add(card);
            }
        }
        Ok(())
    }

    fn add_to(&mut self, key: Key, measures: [i64; MEASURES], spread: Option<(i64, i64)>) -> Result<(), TooLarge> {
        let totals = self.rows.entry(key).or_default();
        for (total, more) in totals.measures.iter_mut().zip(measures) {
            *total = total.saturating_add(more);
        }
        if let Some((value, times)) = spread {
            self.spread_values += usize::from(totals.spread.add(value, times));
        }
        if self.rows.len() > ROWS_MAX || self.spread_values > SPREAD_VALUES_MAX { Err(TooLarge) } else { Ok(()) }
    }

    /// Columns and rows, ordered by period, merchant and keys.
    pub fn finish(self, site_name: impl Fn(Mid, SiteId) -> Option<String>) -> (Vec<Column>, Vec<Row>) {
        let Self { ask, rows, .. } = self;
        let by = dimensions(ask.name, &ask.keys);
        let held = held_out(&rows, &by);
        let rows = rows.into_iter().map(|((period, mid, parts), totals)| {
            let key = (period, mid, others(&parts, &by));
            let holdout = held.get(&key).filter(|_| !is_held(&parts, &by));
            let mut row: Row = vec![period::name(ask.interval, period).into(), Value::Text(mid.to_string())];
            for (dimension, part) in by.iter().zip(parts) {
                let site = match (&part, dimension) {
                    (Part::Text(id), Dimension::Site) => SiteId::parse(id),
                    _ => None,
                };
                row.push(part.into());
                if *dimension == Dimension::Site {
                    row.push(site.and_then(|site| site_name(mid, site)).into());
                }
            }
            row.extend(measured(ask.name, &totals, holdout));
            row
        });
        (columns(ask.name, &ask.keys), rows.collect())
    }
}

impl From<Part> for Value {
    fn from(part: Part) -> Self {
        match part {
            Part::None => Self::Null,
            Part::Int(number) => Self::Int(number),
            Part::Text(text) => Self::Text(text),
        }
    }
}

/// The hold-out of each group of rows that has one.
fn held_out(rows: &BTreeMap<Key, Totals>, by: &[Dimension]) -> BTreeMap<Key, Cards> {
    let held = rows.iter().filter(|((_, _, parts), _)| is_held(parts, by));
    held.map(|((period, mid, parts), totals)| ((*period, *mid, others(parts, by)), totals.cards)).collect()
}

fn is_held(parts: &[Part], by: &[Dimension]) -> bool {
    let holdout = |part: &Part| matches!(part, Part::Text(arm) if arm == Arm::Holdout.as_str());
    parts.iter().zip(by).any(|(part, dimension)| *dimension == Dimension::Arm && holdout(part))
}

/// The parts of a row that those it is compared with share.
fn others(parts: &[Part], by: &[Dimension]) -> Vec<Part> {
    parts.iter().zip(by).filter(|(_, dimension)| **dimension != Dimension::Arm).map(|(part, _)| part.clone()).collect()
}

fn measured(name: Name, totals: &Totals, holdout: Option<&Cards>) -> Vec<Value> {
    use Value::Int;
    let ratio = Value::ratio;
    match (name, totals.measures) {
        (Name::Recovery, [orders, amount, recovered, recovered_amount, attempts, open]) => vec![
            Int(orders),
            Int(amount),
            Int(recovered),
            Int(recovered_amount),
            ratio(recovered, orders),
            ratio(recovered_amount, amount),
            Int(attempts),
            ratio(attempts, recovered),
            hours(&totals.spread),
            Int(open),
        ],
        (Name::Attempts, [attempts, approved, unknown, ..]) => vec![
            Int(attempts),
            Int(approved),
            ratio(approved, attempts),
            Int(unknown),
            totals.spread.percentile(50).into(),
            totals.spread.percentile(95).into(),
        ],
        // Transactions, approved, declined, amount, refunds, chargebacks.
        (Name::Descriptors, measures) => measures.map(Int).to_vec(),
        // Orders, amount, recovered orders and amount; or transactions, rescued, recovered amount, unresolved.
        (Name::Declines | Name::Sites, [measures @ .., _, _]) => measures.map(Int).to_vec(),
        (Name::Uplift, [orders, amount, recovered, recovered_amount, open, _]) => {
            let mut row = vec![Int(orders), Int(amount), Int(recovered), Int(recovered_amount)];
            row.extend(uplift::values(&totals.cards, holdout));
            row.push(Int(open));
            row
        }
        // What was predicted is what was incurred and what was avoided.
        (Name::Fees, [attempts, incurred, avoided, ..]) => {
            vec![Int(attempts), Int(incurred + avoided), Int(incurred), Int(avoided)]
        }
    }
}

fn hours(minutes: &Spread) -> Value {
    minutes.median().map_or(Value::Null, |minutes| Value::Real(minutes / 60.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::Interval, time::Timestamp};

    fn ask(name: Name, interval: Interval) -> Ask {
        Ask {
            name,
            from: Timestamp::EPOCH,
            to: Timestamp::EPOCH,
            interval,
            keys: vec![],
            site: None,
            channel: None,
            currency: None,
            include_test: true,
        }
    }

    fn cell(day: i64, currency: &str, measures: [i64; MEASURES], spread: Option<(i64, i64)>) -> Cell {
        Cell { day, parts: vec![Part::Text(currency.into())], measures, spread }
    }

    #[test]
    fn cells_of_one_row_add_up_and_currencies_stay_apart() {
        let mid = Mid::from_bytes([1; 16]);
        let mut sum = Sum::new(ask(Name::Recovery, Interval::Week));
        for cell in [
            cell(20_413, "USD", [1, 1_000, 1, 1_000, 2, 0], Some((60, 1))),
            cell(20_414, "USD", [3, 3_000, 1, 500, 3, 1], Some((180, 1))),
            cell(20_414, "EUR", [1, 700, 0, 0, 0, 1], None),
        ] {
            sum.add(mid, cell).unwrap();
        }
        let (columns, rows) = sum.finish(|_, _| None);
        assert!(rows.iter().all(|row| row.len() == columns.len()));
        let text = serde_json::to_string(&rows).unwrap();
        let mid = mid.to_string();
        assert_eq!(
            text,
            format!(
                "[[\"2025-W47\",\"{mid}\",\"EUR\",1,700,0,0,0.0,0.0,0,null,null,1],\
                 [\"2025-W47\",\"{mid}\",\"USD\",4,4000,2,1500,0.5,0.375,5,2.5,2.0,1]]"
            )
        );
    }

    #[test]
    fn arms_are_compared_within_their_group_and_cards_counted_once() {
        let mid = Mid::from_bytes([1; 16]);
        let mut sum = Sum::new(ask(Name::Uplift, Interval::Month));
        let cell = |day, arm: &str, currency: &str, hit| Cell {
            day,
            parts: vec![Part::Text(currency.into()), Part::Text(arm.into())],
            measures: [1, 1_000, hit, hit * 1_000, 0, 0],
            spread: None,
        };
        for n in 0..40 {
            // Two orders of one card, a day apart.
            sum.add_card(mid, vec![cell(20_413, "policy", "USD", 1), cell(20_414, "policy", "USD", i64::from(n % 2 == 0))])
                .unwrap();
            sum.add_card(mid, vec![cell(20_413, "holdout", "USD", i64::from(n % 4 == 0))]).unwrap();
            sum.add_card(mid, vec![cell(20_413, "policy", "EUR", 1)]).unwrap();
        }
        let (columns, rows) = sum.finish(|_, _| None);
        let at = |name: &str| columns.iter().position(|column| column.name == name).unwrap();
        let of = |row: &Row, name: &str| row[at(name)].clone();
        let [euro, held, policy] = &rows[..] else { panic!("three rows") };
        assert_eq!(
            (of(policy, "arm"), of(policy, "orders"), of(policy, "recoveredOrders")),
            (Value::Text("policy".into()), Value::Int(80), Value::Int(60))
        );
        assert_eq!(
            (of(policy, "rate"), of(policy, "upliftAbsolute"), of(policy, "upliftRelative")),
            (Value::Real(0.75), Value::Real(0.5), Value::Real(2.0))
        );
        assert_eq!(
            (of(held, "rate"), of(held, "upliftAbsolute")),
            (Value::Real(0.25), Value::Null),
            "the hold-out is compared with nothing"
        );
        assert_eq!(of(euro, "upliftAbsolute"), Value::Null, "dollars held out say nothing of euros");
    }

    #[test]
    fn a_report_without_end_is_refused() {
        let mut sum = Sum::new(ask(Name::Sites, Interval::Day));
        let refused =
            (0..=ROWS_MAX as i64).find(|day| sum.add(Mid::from_bytes([1; 16]), cell(*day, "USD", [1; MEASURES], None)).is_err());
        assert_eq!(refused, Some(ROWS_MAX as i64));
    }
}
