//! The charts of the first page.

use chart::{Axis, Bars, Row, Rows, Series, Unit, Value};
use domain::{decline::Class, report::Interval};

use super::{
    figures::{ATTEMPTS_MAX, Figures},
    wanted::Period,
};

/// Orders by how they stand.
pub fn states(figures: &Figures) -> Rows {
    let orders = figures.orders;
    let row = |name: &str, count: u64| Row { note: part(count, orders.placed), ..Row::new(name, count as f64) };
    Rows {
        title: "Orders by state".into(),
        description: "Orders placed in the period, as they stand now.".into(),
        names: "State".into(),
        label: "Orders".into(),
        unit: Unit::Count,
        rows: vec![
            Row { marked: true, ..row("Rescued", orders.rescued) },
            row("In progress", orders.open),
            row("Ended without rescue", orders.ended()),
        ],
    }
}

/// Orders by when they were placed.
pub fn over_time(figures: &Figures, period: Period) -> Bars {
    let (title, label, description) = match period.interval() {
        Interval::Week => {
            ("Rescued per week", "Week", "Orders by the week they were placed in (ISO 8601, UTC), as they stand now.")
        }
        _ => ("Rescued per day", "Day", "Orders by the day they were placed on (UTC), as they stand now."),
    };
    let series = |name: &str, pick: fn(super::figures::Orders) -> u64| Series {
        name: name.into(),
        values: figures.over_time.iter().map(|(_, orders)| Value::exact(pick(*orders) as f64)).collect(),
    };
    Bars {
        description: description.into(),
        categories: figures.over_time.iter().map(|(name, _)| name.clone()).collect(),
        label: label.into(),
        series: vec![
            series("Rescued", |orders| orders.rescued),
            series("In progress", |orders| orders.open),
            series("Ended without rescue", super::figures::Orders::ended),
        ],
        stacked: true,
        y: Axis::new("Orders", Unit::Count),
        title: title.into(),
    }
}

/// Why orders were declined, and how many of them were rescued.
pub fn declines(figures: &Figures) -> Rows {
    let rows = figures.declines.iter().map(|(class, found)| Row {
        note: format!("{} rescued", part(found.rescued, found.orders)),
        ..Row::new(class.map_or("Not known", words), found.orders as f64)
    });
    Rows {
        title: "Decline classes".into(),
        description: "The decline that each order of the period began with, and the share that was rescued.".into(),
        names: "Class".into(),
        label: "Orders".into(),
        unit: Unit::Count,
        rows: rows.collect(),
    }
}

/// Which attempt it was.
pub fn attempts(figures: &Figures) -> Bars {
    let name = |number: i64| if number < ATTEMPTS_MAX { number.to_string() } else { format!("{number} and later") };
    let series = |name: &str, pick: fn(super::figures::Tried) -> u64| Series {
        name: name.into(),
        values: figures.attempts.iter().map(|(_, tried)| Value::exact(pick(*tried) as f64)).collect(),
    };
    Bars {
        description: "Attempts made in the period, by their number within the order, and how many of them were approved.".into(),
        categories: figures.attempts.iter().map(|(number, _)| name(*number)).collect(),
        label: "Number of the attempt".into(),
        series: vec![series("Made", |tried| tried.made), series("Approved", |tried| tried.approved)],
        ..Bars::grouped("Attempts", "Attempts", Unit::Count)
    }
}

/// What the policy rescues beyond the hold-out.
pub fn uplift(figures: &Figures) -> Rows {
    let rows = figures.uplift.iter().map(|found| {
        let (low, high) = found.interval;
        let name = format!("Policy beyond hold-out, {}", found.currency);
        Row { marked: true, ..Row::new(name, Value::between(low, found.difference, high)) }
    });
    Rows {
        title: "Uplift against the hold-out".into(),
        description:
            "Difference of the shares of rescued orders, with its 95 % interval; only orders whose rescue period is over.".into(),
        names: "Compared".into(),
        label: "Share of orders".into(),
        unit: Unit::Percent,
        rows: rows.collect(),
    }
}

fn part(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { Unit::Percent.short(part as f64 / whole as f64) }
}

/// A class for people.
const fn words(class: Class) -> &'static str {
    match class {
        Class::Nsf => "Insufficient funds",
        Class::Limit => "Limit of the card",
        Class::Tech => "Technical trouble",
        Class::Fraud => "Suspected fraud",
        Class::Generic => "No reason given",
        Class::DataFix => "Wrong data",
        Class::Lifecycle => "Card replaced or closed",
        Class::Sca => "Authentication wanted",
        Class::Config => "Merchant's set-up",
        Class::StopCard => "Card must not be tried again",
        Class::StopMandate => "Mandate revoked",
    }
}

#[cfg(test)]
mod tests {
    use chart::Chart;

    use super::{super::figures::*, *};

    fn figures() -> Figures {
        Figures {
            orders: Orders { placed: 10, rescued: 4, open: 1 },
            over_time: vec![("14 Nov".into(), Orders { placed: 10, rescued: 4, open: 1 })],
            declines: vec![(Some(Class::Nsf), Declined { orders: 8, rescued: 4 }), (None, Declined { orders: 2, rescued: 0 })],
            attempts: vec![(1, Tried { made: 9, approved: 1 }), (ATTEMPTS_MAX, Tried { made: 2, approved: 2 })],
            uplift: vec![Uplift {
                currency: domain::money::Currency::USD,
                policy: 0.5,
                holdout: 0.4,
                difference: 0.1,
                interval: (0.05, 0.15),
            }],
            ..Figures::default()
        }
    }

    #[test]
    fn tables_beside_the_charts_hold_the_numbers() {
        let figures = figures();
        let told = |chart: &dyn Chart| chart.figure().table().rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>();
        assert_eq!(told(&states(&figures)), ["Rescued | 4 | 40%", "In progress | 1 | 10%", "Ended without rescue | 5 | 50%"]);
        assert_eq!(told(&over_time(&figures, Period::Week)), ["14 Nov | 4 | 1 | 5"]);
        assert_eq!(told(&declines(&figures)), ["Insufficient funds | 8 | 50% rescued", "Not known | 2 | 0.0% rescued"]);
        assert_eq!(told(&attempts(&figures)), ["1 | 9 | 1", "8 and later | 2 | 2"]);
        assert_eq!(told(&uplift(&figures)), ["Policy beyond hold-out, USD | 10.0% (5.0% to 15.0%)"]);
    }

    #[test]
    fn charts_keep_the_policy_of_pages() {
        let figures = figures();
        let charts: [&dyn Chart; 5] = [
            &states(&figures),
            &over_time(&figures, Period::Quarter),
            &declines(&figures),
            &attempts(&figures),
            &uplift(&figures),
        ];
        for chart in charts {
            let html = chart.figure().html("x");
            assert!(!html.contains("style=") && !html.contains("<style") && !html.contains("<script"), "{html}");
            assert!(html.contains("role=\"img\"") && html.contains("<desc id=") && html.contains("<details>"), "{html}");
        }
    }
}
