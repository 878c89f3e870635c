//! The figures of the first page, added up from the engine's reports. Amounts of different currencies are never added.

use std::collections::BTreeMap;

use domain::{
    decision::Arm,
    decline::Class,
    money::{Currency, Money},
    report::{Interval, Value},
    time::{DAY, Timestamp},
};
use engine::Report;

/// Numbers of attempts that are told apart; later ones are shown together.
pub const ATTEMPTS_MAX: i64 = 8;

/// How orders stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Orders {
    /// All that were placed.
    pub placed: u64,
    /// Money was captured.
    pub rescued: u64,
    /// Still worked on, nothing captured yet.
    pub open: u64,
}

impl Orders {
    /// Ended without a rescue.
    pub const fn ended(self) -> u64 {
        self.placed.saturating_sub(self.rescued).saturating_sub(self.open)
    }

    fn add(&mut self, placed: u64, rescued: u64, open: u64) {
        self.placed += placed;
        self.rescued += rescued;
        // A part of an open order may be captured already: it counts as rescued.
        self.open += open.min(placed.saturating_sub(rescued));
    }
}

/// What was rescued in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// Of all orders.
    pub placed: Money,
    /// Captured.
    pub rescued: Money,
    /// How the orders stand.
    pub orders: Orders,
}

/// Orders that began with one class of decline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Declined {
    /// All.
    pub orders: u64,
    /// Of them rescued.
    pub rescued: u64,
}

/// Attempts of one number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tried {
    /// Made.
    pub made: u64,
    /// Of them approved.
    pub approved: u64,
}

/// The policy beside the hold-out, in one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uplift {
    /// Currency of the orders.
    pub currency: Currency,
    /// Share of the policy's orders that were rescued.
    pub policy: f64,
    /// Share of the hold-out's orders that were rescued.
    pub holdout: f64,
    /// Their difference.
    pub difference: f64,
    /// Its interval, 95 %.
    pub interval: (f64, f64),
}

/// All of a page's figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// How orders stand, over all currencies.
    pub orders: Orders,
    /// By currency, that of most orders first.
    pub amounts: Vec<Amount>,
    /// By day or week, each of the period, in the order of time.
    pub over_time: Vec<(String, Orders)>,
    /// By class, most orders first; none: the class is not known.
    pub declines: Vec<(Option<Class>, Declined)>,
    /// By the number of the attempt; that of [`ATTEMPTS_MAX`] stands for all that follow, too.
    pub attempts: Vec<(i64, Tried)>,
    /// Attempts made for orders of the period, for each that was rescued.
    pub attempts_per_rescue: Option<f64>,
    /// Where it can be told, that of most orders first.
    pub uplift: Vec<Uplift>,
}

/// The reports that figures are made of.
#[derive(Debug)]
pub struct Reports {
    /// `recovery`, by day or week.
    pub recovery: Report,
    /// `declines`.
    pub declines: Report,
    /// `attempts`.
    pub attempts: Report,
    /// `uplift`; only of one merchant, for policies of different merchants cannot be compared with one hold-out.
    pub uplift: Option<Report>,
}

impl Figures {
    /// Adds up.
    pub fn of(reports: &Reports) -> Self {
        let mut figures = Self::default();
        figures.recovered(&reports.recovery);
        figures.declined(&reports.declines);
        figures.tried(&reports.attempts);
        if let Some(report) = &reports.uplift {
            figures.uplift = figures.compared(report);
        }
        figures
    }

    fn recovered(&mut self, report: &Report) {
        let mut periods: BTreeMap<String, Orders> = BTreeMap::new();
        let mut amounts: BTreeMap<Currency, Amount> = BTreeMap::new();
        let mut attempts = 0;
        for row in rows(report) {
            let (placed, rescued, open) = (row.count("orders"), row.count("recoveredOrders"), row.count("openOrders"));
            attempts += row.count("attempts");
            self.orders.add(placed, rescued, open);
            periods.entry(row.text("period").unwrap_or_default().to_owned()).or_default().add(placed, rescued, open);
            let Some(currency) = row.currency() else { continue };
            let nothing = Amount { placed: Money::new(0, currency), rescued: Money::new(0, currency), orders: Orders::default() };
            let amount = amounts.entry(currency).or_insert(nothing);
            amount.placed.minor = amount.placed.minor.saturating_add(row.int("amount"));
            amount.rescued.minor = amount.rescued.minor.saturating_add(row.int("recoveredAmount"));
            amount.orders.add(placed, rescued, open);
        }
        self.attempts_per_rescue = (self.orders.rescued > 0).then(|| attempts as f64 / self.orders.rescued as f64);
        self.amounts = amounts.into_values().collect();
        self.amounts.sort_by_key(|amount| std::cmp::Reverse(amount.orders.placed));
        let ask = &report.ask;
        let names = periods_of(ask.interval, ask.from, ask.to);
        self.over_time = names.into_iter().map(|(key, name)| (name, periods.get(&key).copied().unwrap_or_default())).collect();
    }

    fn declined(&mut self, report: &Report) {
        let mut classes: BTreeMap<Option<String>, Declined> = BTreeMap::new();
        for row in rows(report) {
            let class = classes.entry(row.text("declineClass").map(str::to_owned)).or_default();
            class.orders += row.count("orders");
            class.rescued += row.count("recoveredOrders");
        }
        self.declines = classes.into_iter().map(|(class, found)| (class.as_deref().and_then(Class::parse), found)).collect();
        self.declines.sort_by_key(|(_, found)| std::cmp::Reverse(found.orders));
    }

    fn tried(&mut self, report: &Report) {
        let mut numbers: BTreeMap<i64, Tried> = BTreeMap::new();
        for row in rows(report) {
            let number = numbers.entry(row.int("attemptNumber").clamp(1, ATTEMPTS_MAX)).or_default();
            number.made += row.count("attempts");
            number.approved += row.count("approved");
        }
        self.attempts = numbers.into_iter().collect();
    }

    fn compared(&self, report: &Report) -> Vec<Uplift> {
        let arm = |row: &Read<'_>, arm: Arm| row.text("arm") == Some(arm.as_str());
        let held = |currency| {
            let row = rows(report).find(|row| arm(row, Arm::Holdout) && row.currency() == Some(currency))?;
            row.real("rate")
        };
        let mut found: Vec<Uplift> = rows(report)
            .filter(|row| arm(row, Arm::Policy))
            .filter_map(|row| {
                let currency = row.currency()?;
                Some(Uplift {
                    currency,
                    policy: row.real("rate")?,
                    holdout: held(currency)?,
                    difference: row.real("upliftAbsolute")?,
                    interval: row.real("ciLow").zip(row.real("ciHigh"))?,
                })
            })
            .collect();
        let place = |currency| self.amounts.iter().position(|amount| amount.placed.currency == currency);
        found.sort_by_key(|uplift| place(uplift.currency).unwrap_or(usize::MAX));
        found
    }
}

/// Every period of a span: as reports name it, and as people do.
fn periods_of(interval: Interval, from: Timestamp, to: Timestamp) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = vec![];
    let mut at = from;
    while at <= to {
        let date = at.jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let named = match interval {
            Interval::Week => {
                let week = date.iso_week_date();
                (format!("{:04}-W{:02}", week.year(), week.week()), format!("W{:02}", week.week()))
            }
            _ => (date.to_string(), date.strftime("%-d %b").to_string()),
        };
        if all.last() != Some(&named) {
            all.push(named);
        }
        at = at + DAY;
    }
    all
}

/// A row whose values are found by the names of their columns.
struct Read<'a> {
    report: &'a Report,
    row: &'a [Value],
}

fn rows(report: &Report) -> impl Iterator<Item = Read<'_>> {
    report.rows.iter().map(move |row| Read { report, row })
}

impl<'a> Read<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        let place = self.report.columns.iter().position(|column| column.name == name)?;
        self.row.get(place)
    }

    fn int(&self, name: &str) -> i64 {
        if let Some(Value::Int(number)) = self.value(name) { *number } else { 0 }
    }

    fn count(&self, name: &str) -> u64 {
        u64::try_from(self.int(name)).unwrap_or(0)
    }

    fn real(&self, name: &str) -> Option<f64> {
        if let Some(Value::Real(number)) = self.value(name) { Some(*number) } else { None }
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        if let Some(Value::Text(text)) = self.value(name) { Some(text) } else { None }
    }

    fn currency(&self) -> Option<Currency> {
        self.text("currency").and_then(Currency::parse)
    }
}

#[cfg(test)]
mod tests {
    use domain::report::{Ask, Name, columns};

    use super::*;

    /// A report whose rows are told by name; what is not named is null.
    fn report(name: Name, interval: Interval, rows: &[&[(&str, Value)]]) -> Report {
        let ask = Ask {
            name,
            from: Timestamp::parse("2026-11-14").unwrap(),
            to: Timestamp::parse("2026-11-16T10:00:00Z").unwrap(),
            interval,
            keys: vec![],
            site: None,
            channel: None,
            currency: None,
            include_test: true,
        };
        let columns = columns(name, &[]);
        let value = |row: &[(&str, Value)], name| {
            row.iter().find(|(known, _)| *known == name).map_or(Value::Null, |(_, value)| value.clone())
        };
        let rows = rows.iter().map(|row| columns.iter().map(|column| value(row, column.name)).collect()).collect();
        Report { ask, generated_at: Timestamp::EPOCH, columns, rows }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn empty() -> Reports {
        Reports {
            recovery: report(Name::Recovery, Interval::Day, &[]),
            declines: report(Name::Declines, Interval::None, &[]),
            attempts: report(Name::Attempts, Interval::None, &[]),
            uplift: None,
        }
    }

    fn placed(
        period: &str,
        currency: &str,
        [orders, amount, rescued, paid, attempts, open]: [i64; 6],
    ) -> Vec<(&'static str, Value)> {
        let numbers = [
            ("orders", orders),
            ("amount", amount),
            ("recoveredOrders", rescued),
            ("recoveredAmount", paid),
            ("attempts", attempts),
            ("openOrders", open),
        ];
        let mut row = vec![("period", text(period)), ("currency", text(currency))];
        row.extend(numbers.map(|(name, number)| (name, Value::Int(number))));
        row
    }

    #[test]
    fn currencies_are_kept_apart_and_days_without_orders_are_shown() {
        let rows = [
            placed("2026-11-14", "EUR", [2, 900, 1, 400, 3, 1]),
            placed("2026-11-14", "USD", [5, 5_000, 2, 2_000, 9, 1]),
            // Another merchant's row of the same day and currency.
            placed("2026-11-16", "USD", [1, 100, 1, 50, 1, 1]),
        ];
        let rows: Vec<&[_]> = rows.iter().map(Vec::as_slice).collect();
        let figures = Figures::of(&Reports { recovery: report(Name::Recovery, Interval::Day, &rows), ..empty() });
        assert_eq!(figures.orders, Orders { placed: 8, rescued: 4, open: 2 });
        assert_eq!(figures.orders.ended(), 2, "an open order of which a part is captured is counted once");
        let amounts: Vec<_> =
            figures.amounts.iter().map(|a| (a.placed.currency.to_string(), a.placed.minor, a.rescued.minor)).collect();
        assert_eq!(amounts, [("USD".to_owned(), 5_100, 2_050), ("EUR".to_owned(), 900, 400)]);
        let days: Vec<_> = figures.over_time.iter().map(|(day, orders)| (day.as_str(), orders.placed, orders.rescued)).collect();
        assert_eq!(days, [("14 Nov", 7, 3), ("15 Nov", 0, 0), ("16 Nov", 1, 1)]);
        assert_eq!(figures.attempts_per_rescue, Some(13.0 / 4.0));
    }

    #[test]
    fn weeks_are_named_once() {
        let rows = [placed("2026-W47", "USD", [3, 300, 1, 100, 1, 0])];
        let report = report(Name::Recovery, Interval::Week, &[&rows[0]]);
        let figures = Figures::of(&Reports { recovery: report, ..empty() });
        let weeks: Vec<_> = figures.over_time.iter().map(|(week, orders)| (week.as_str(), orders.placed)).collect();
        assert_eq!(weeks, [("W46", 0), ("W47", 3)]);
    }

    #[test]
    fn classes_and_numbers_are_added_up() {
        let decline = |class, orders, rescued| {
            [("declineClass", class), ("orders", Value::Int(orders)), ("recoveredOrders", Value::Int(rescued))]
        };
        let tried = |number, made, approved| {
            [("attemptNumber", Value::Int(number)), ("attempts", Value::Int(made)), ("approved", Value::Int(approved))]
        };
        let declines =
            [decline(text("FRAUD"), 2, 0), decline(text("NSF"), 3, 1), decline(Value::Null, 1, 1), decline(text("NSF"), 4, 3)];
        let attempts = [tried(1, 10, 2), tried(1, 5, 1), tried(8, 2, 1), tried(14, 1, 1)];
        let figures = Figures::of(&Reports {
            declines: report(Name::Declines, Interval::None, &declines.each_ref().map(<[_; 3]>::as_slice)),
            attempts: report(Name::Attempts, Interval::None, &attempts.each_ref().map(<[_; 3]>::as_slice)),
            ..empty()
        });
        assert_eq!(
            figures.declines,
            [
                (Some(Class::Nsf), Declined { orders: 7, rescued: 4 }),
                (Some(Class::Fraud), Declined { orders: 2, rescued: 0 }),
                (None, Declined { orders: 1, rescued: 1 }),
            ]
        );
        assert_eq!(figures.attempts, [(1, Tried { made: 15, approved: 3 }), (8, Tried { made: 3, approved: 2 })]);
        assert_eq!(figures.attempts_per_rescue, None, "nothing was rescued");
    }

    #[test]
    fn uplift_is_told_only_where_it_was_measured() {
        let arm = |arm, currency, rate, uplift: Value| {
            let end = |by: f64| if let Value::Real(uplift) = uplift { Value::Real(uplift + by) } else { Value::Null };
            [
                ("arm", text(arm)),
                ("currency", text(currency)),
                ("rate", Value::Real(rate)),
                ("ciLow", end(-0.03)),
                ("ciHigh", end(0.03)),
                ("upliftAbsolute", uplift),
            ]
        };
        let rows = [
            arm("holdout", "EUR", 0.2, Value::Null),
            arm("policy", "EUR", 0.9, Value::Null),
            arm("explore", "USD", 0.7, Value::Real(0.3)),
            arm("holdout", "USD", 0.4, Value::Null),
            arm("policy", "USD", 0.5, Value::Real(0.1)),
        ];
        let uplift = report(Name::Uplift, Interval::None, &rows.each_ref().map(<[_; 6]>::as_slice));
        let figures = Figures::of(&Reports { uplift: Some(uplift), ..empty() });
        let expected =
            Uplift { currency: Currency::USD, policy: 0.5, holdout: 0.4, difference: 0.1, interval: (0.1 - 0.03, 0.1 + 0.03) };
        assert_eq!(figures.uplift, [expected]);
    }
}
