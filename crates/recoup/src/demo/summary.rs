//! The figures at the end: what was rescued, by how many attempts, beside the fixed ladder. Counted, never made up.

use std::time::Duration;

use domain::{
    money::{Currency, Money},
    time::DAY,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::output::{Column, Paint, Table};

/// The ladder's last step is due on day 7; a wait of an advice code may move it.
const EARLY: Duration = DAY.saturating_mul(8);

/// What became of one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// What was due.
    pub amount: Money,
    /// Attempts made.
    pub attempts: u32,
    /// From the decline to the approval; `None` when it was not rescued.
    pub rescued_after: Option<Duration>,
}

/// The figures of one way of working the cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// Declined rebills.
    pub cases: u64,
    /// Cents due.
    pub due_minor: i64,
    /// Cases rescued.
    pub rescued: u64,
    /// Cents rescued.
    pub rescued_minor: i64,
    /// Cases rescued while the ladder runs.
    pub rescued_early: u64,
    /// Attempts on all cases.
    pub attempts: u64,
    /// Half of the rescues took no longer, days.
    pub median_days: Option<f64>,
}

/// What became of those who signed up and were declined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Present {
    /// Declined with a card of a simulated issuer.
    pub issuer_declines: u32,
    /// Of these, approved while the customer waited.
    pub issuer_approved: u32,
    /// Of these, challenged.
    pub issuer_challenged: u32,
    /// Declined with a card of the contract's tables.
    pub table_declines: u32,
    /// Of these, approved.
    pub table_approved: u32,
    /// Of these, challenged.
    pub table_challenged: u32,
}

/// All that is told at the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Seed of the business.
    pub seed: u64,
    /// Rescued by Recoup.
    pub recoup: Figures,
    /// The same cases by the fixed ladder.
    pub ladder: Figures,
    /// Cases whose final event was delivered.
    pub final_events: u64,
    /// Cases that were still open at the end.
    pub open: u64,
    /// Customers present.
    pub present: Present,
    /// Charges that the shop's own processor approved.
    pub approved: u32,
    /// Virtual days, and how long they took.
    pub virtual_days: u32,
    /// Real time.
    pub seconds: f64,
}

impl Figures {
    /// The figures of these outcomes.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let rescued: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.rescued_after.is_some()).collect();
        let days =
            rescued.iter().filter_map(|outcome| outcome.rescued_after).map(|after| after.as_secs_f64() / DAY.as_secs_f64());
        Self {
            cases: outcomes.len() as u64,
            due_minor: outcomes.iter().map(|outcome| outcome.amount.minor).sum(),
            rescued: rescued.len() as u64,
            rescued_early: rescued.iter().filter(|outcome| outcome.rescued_after.is_some_and(|after| after <= EARLY)).count()
                as u64,
            rescued_minor: rescued.iter().map(|outcome| outcome.amount.minor).sum(),
            attempts: outcomes.iter().map(|outcome| u64::from(outcome.attempts)).sum(),
            median_days: median(days.collect()),
        }
    }

    /// Attempts on all cases for each rescue; `None` without a rescue.
    pub fn attempts_per_rescue(&self) -> Option<f64> {
        (self.rescued > 0).then(|| self.attempts as f64 / self.rescued as f64)
    }
}

impl Summary {
    /// For programs.
    pub fn json(&self) -> Value {
        json!(self)
    }

    /// For people: the table, its caption, and the rest in a line or two.
    pub fn text(&self, paint: Paint) -> String {
        let mut table =
            Table::new(vec![Column::left("DECLINED REBILLS"), Column::right("RECOUP"), Column::right("FIXED LADDER")]);
        for (name, cell) in ROWS {
            table.row(vec![(*name).to_owned(), cell(&self.recoup), cell(&self.ladder)]);
        }
        table.row(vec!["final events delivered".to_owned(), format!("{} of {}", self.final_events, self.recoup.cases)]);
        format!("{}\n{}\n{}", table.render(paint), self.caption(), self.rest())
    }

    fn caption(&self) -> String {
        format!(
            "Both on the same cases, met by the same simulated issuers (seed {}); simulated, so no forecast for a real shop.\n\
             The ladder retries 1, 3, 5 and 7 days after the decline. It asks the account updater as Recoup does, keeps\n\
             never-retry codes and the waits of advice codes, and is replayed by itself. Recoup works until day 21.\n",
            self.seed
        )
    }

    fn rest(&self) -> String {
        let Present { issuer_declines, issuer_approved, issuer_challenged, table_declines, table_approved, table_challenged } =
            self.present;
        let lines = format!(
            "Customer present: {issuer_declines} declined sign-ups, {issuer_approved} approved at once, {issuer_challenged} challenged; \
             {table_declines} with cards of the test tables,\n{table_approved} approved, {table_challenged} challenged.\n\
             Beside them {} approved charges were transmitted; {} virtual days in {:.0} s.\n",
            self.approved, self.virtual_days, self.seconds,
        );
        let still_open = match self.open {
            0 => String::new(),
            open => format!("{open} cases were still open at the end.\n"),
        };
        lines + &still_open
    }
}

type Cell = fn(&Figures) -> String;

const ROWS: &[(&str, Cell)] = &[
    ("cases", |figures| figures.cases.to_string()),
    ("rescued", |figures| format!("{} ({})", figures.rescued, percent(figures.rescued as f64, figures.cases as f64))),
    ("rescued within 8 days", |figures| {
        format!("{} ({})", figures.rescued_early, percent(figures.rescued_early as f64, figures.cases as f64))
    }),
    ("amount due", |figures| dollars(figures.due_minor)),
    ("amount rescued", |figures| {
        format!("{} ({})", dollars(figures.rescued_minor), percent(figures.rescued_minor as f64, figures.due_minor as f64))
    }),
    ("attempts", |figures| figures.attempts.to_string()),
    ("attempts per rescue", |figures| decimal(figures.attempts_per_rescue())),
    ("median days to the rescue", |figures| decimal(figures.median_days)),
];

/// Cents as `$1,234.50`.
pub fn dollars(minor: i64) -> String {
    let major = Money::new(minor, Currency::USD).major();
    let (whole, cents) = major.split_once('.').unwrap_or((&major, "00"));
    format!("${}.{cents}", grouped(whole))
}

/// A count with thousands set apart.
pub fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let head = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    if head > 0 {
        groups.push(&digits[..head]);
    }
    groups.extend((head..digits.len()).step_by(3).map(|from| &digits[from..from + 3]));
    format!("{sign}{}", groups.join(","))
}

/// A share of a whole, as people read it.
pub fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.1} %", part / whole * 100.0) } else { "-".to_owned() }
}

fn decimal(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"))
}

/// The middle; of an even number the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (below, above) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*below, *above))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(cents: i64, attempts: u32, days: Option<f64>) -> Outcome {
        Outcome { amount: Money::new(cents, Currency::USD), attempts, rescued_after: days.map(|days| DAY.mul_f64(days)) }
    }

    #[test]
    fn figures_count_everything_once() {
        let figures = Figures::of(&[
            outcome(1_000, 1, Some(1.0)),
            outcome(2_000, 3, None),
            outcome(4_000, 2, Some(9.0)),
            outcome(500, 0, None),
        ]);
        assert_eq!((figures.cases, figures.rescued, figures.rescued_early, figures.attempts), (4, 2, 1, 6));
        assert_eq!((figures.due_minor, figures.rescued_minor), (7_500, 5_000));
        assert_eq!((figures.median_days, figures.attempts_per_rescue()), (Some(5.0), Some(3.0)));
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        let figures = Figures::of(&[]);
        assert_eq!((figures.median_days, figures.attempts_per_rescue()), (None, None));
        assert_eq!(percent(0.0, 0.0), "-");
        assert!(ROWS.iter().all(|(_, cell)| !cell(&figures).contains("NaN")));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        for (values, expected) in
            [(vec![], None), (vec![3.0], Some(3.0)), (vec![9.0, 1.0], Some(5.0)), (vec![1.0, 9.0, 2.0], Some(2.0))]
        {
            assert_eq!(median(values), expected);
        }
    }

    #[test]
    fn money_is_grouped() {
        for (minor, text) in
            [(0, "$0.00"), (5, "$0.05"), (123_456, "$1,234.56"), (100_000_000, "$1,000,000.00"), (-199_999, "$-1,999.99")]
        {
            assert_eq!(dollars(minor), text);
        }
    }

    #[test]
    fn the_table_has_both_beside_each_other() {
        let recoup = Figures::of(&[outcome(1_999, 2, Some(2.0)), outcome(1_999, 4, None)]);
        let ladder = Figures::of(&[outcome(1_999, 4, None), outcome(1_999, 4, None)]);
        let summary = Summary {
            seed: 7,
            recoup,
            ladder,
            final_events: 2,
            open: 0,
            present: Present::default(),
            approved: 5,
            virtual_days: 56,
            seconds: 61.4,
        };
        let text = summary.text(Paint::OFF);
        let expected = "\
DECLINED REBILLS                    RECOUP  FIXED LADDER
cases                                    2             2
rescued                         1 (50.0 %)     0 (0.0 %)
amount due                          $39.98        $39.98
amount rescued             $19.99 (50.0 %)  $0.00 (0.0 %)
";
        for line in expected.lines() {
            let squeeze = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.lines().any(|shown| squeeze(shown) == squeeze(line)), "{line}\n{text}");
        }
        assert!(text.contains("(seed 7)") && text.contains("56 virtual days in 61 s") && !text.contains("still open"));
        assert_eq!(summary.json()["recoup"]["rescued"], 1);
    }

    proptest::proptest! {
        #[test]
        fn grouping_loses_no_digit(value in proptest::num::i64::ANY) {
            let text = value.to_string();
            proptest::prop_assert_eq!(grouped(&text).replace(',', ""), text);
        }
    }
}
