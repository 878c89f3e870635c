//! The charts of the report.

use chart::{Axis, Funnel, Heatmap, Line, Lines, Row, Rows, Step, Unit, Value};

use crate::{
    estimate::{Estimate, Forecast},
    group::{Group, Range},
};

fn value(main: &Estimate, range: Range) -> Value {
    Value::between(main.major(range.low), main.major(range.mid), main.major(range.high))
}

/// From the declined rebills to the recovered ones, by amount.
pub fn funnel(main: &Estimate) -> Funnel {
    let mit = &main.mit;
    let step = |name: &str, minor: i64, note: &str| Step {
        name: name.to_owned(),
        value: main.major(minor as f64),
        note: note.to_owned(),
    };
    let uncollected = mit.declined.amount_minor - mit.collected.amount_minor;
    let lawful = uncollected - mit.never.amount_minor;
    Funnel {
        title: "From declined to recovered".to_owned(),
        description: "Amount of declined rebills, and what is left of it at each step.".to_owned(),
        unit: main.unit(),
        steps: vec![
            step("Declined", mit.declined.amount_minor, ""),
            step("Not collected by yourself", uncollected, "your own retries subtracted"),
            step("May be tried again", lawful, "without hard declines and used-up limits"),
            step("Left to work", mit.open.amount_minor, "without those that need the customer"),
            step("Would be recovered", mit.recovered_minor.mid as i64, "the estimate"),
        ],
    }
}

/// What is recovered in each group.
pub fn rows(title: &str, names: &str, main: &Estimate, groups: &[Group]) -> Rows {
    let row = |group: &Group| {
        let share = group.share_of_open().mid;
        let note = if group.open.count > 0 { format!("{} of what is left", Unit::Percent.short(share)) } else { String::new() };
        Row { name: group.name.clone(), value: value(main, group.recovered_minor), note, marked: false }
    };
    Rows {
        title: title.to_owned(),
        description: "The estimate with its 90% interval.".to_owned(),
        names: names.to_owned(),
        label: "Would be recovered".to_owned(),
        unit: main.unit(),
        rows: groups.iter().map(row).collect(),
    }
}

/// Declined, collected and recovered by month.
pub fn months(main: &Estimate) -> Lines {
    let line = |name: &str, of: &dyn Fn(&Group) -> Value| Line {
        name: name.to_owned(),
        points: main.months.iter().enumerate().map(|(at, group)| (at as f64, of(group))).collect(),
    };
    let exact = |minor: i64| Value::exact(main.major(minor as f64));
    Lines {
        title: "By month of the decline".to_owned(),
        description:
            "What is left to work, what you collected yourself, and what would be recovered beyond it, with its 90% band."
                .to_owned(),
        x: Axis::named("", main.months.iter().map(|group| group.name.clone())),
        y: Axis::new("Amount", main.unit()),
        series: vec![
            line("Would be recovered", &|group| value(main, group.recovered_minor)),
            line("Left to work", &|group| exact(group.open.amount_minor)),
            line("Collected by yourself", &|group| exact(group.collected.amount_minor)),
        ],
    }
}

/// How fast.
pub fn days(main: &Estimate) -> Lines {
    let point = |(day, range): (usize, &Range)| (day as f64, Value::between(range.low, range.mid, range.high));
    Lines {
        title: "Recovered by day".to_owned(),
        description: "Share of the amount worked that is recovered by each day after your last try, with its 90% band."
            .to_owned(),
        x: Axis::new("Days after your last try", Unit::Days),
        y: Axis::new("Recovered share", Unit::Percent),
        series: vec![Line { name: "Recovered".to_owned(), points: main.days.iter().enumerate().map(point).collect() }],
    }
}

/// Whether enough attempts were made to speak of hours.
pub fn has_week(forecast: &Forecast) -> bool {
    forecast.week.shares().iter().flatten().filter(|share| share.is_finite()).count() >= 24
}

/// When rebills are approved today.
pub fn week(forecast: &Forecast) -> Heatmap {
    Heatmap::week(
        "When your rebills are approved",
        "Share of your own attempts approved, by weekday and hour: the cardholder's time where the file tells it, else UTC. \
         Hours with fewer than 20 attempts are left open.",
        Unit::Percent,
        &forecast.week.shares(),
    )
}
