//! The live picture, as lines of text.

use domain::{order::Code, time::Timestamp};
use store::Stats;

use crate::{
    demo::{
        progress::{Phase, Standing},
        summary::{dollars, grouped, percent},
    },
    output::Paint,
};

/// Width of the bar, cells.
const BAR_CELLS: u32 = 28;

/// Everything that a picture shows.
pub struct Frame {
    /// Where the business stands.
    pub standing: Standing,
    /// Counts of the shop's orders.
    pub stats: Stats,
    /// The next planned attempts.
    pub next: Vec<(Timestamp, String)>,
    /// Deliveries taken.
    pub deliveries: u64,
    /// Orders whose final event came.
    pub ended: usize,
}

/// Planned attempts that are shown.
pub const NEXT_SHOWN: usize = 3;

impl Frame {
    /// The lines of the live picture; their number is always the same.
    pub fn lines(&self, paint: Paint) -> Vec<String> {
        let title = |name: &str| paint.bold(&format!("{name:<10}"));
        vec![
            String::new(),
            format!("{}{}  {}", title("time"), self.clock(), self.bar(paint)),
            format!("{}{}", title("shop"), self.shop()),
            format!("{}{}", title("orders"), self.states()),
            format!("{}{}", title("rescued"), paint.green(&self.rescued())),
            format!("{}{}", title("attempts"), self.attempts()),
            format!("{}{}", title("next"), self.plans()),
            format!("{}{}", title("webhooks"), self.webhooks()),
        ]
    }

    /// One line for where there is no terminal.
    pub fn line(&self) -> String {
        format!(
            "{}  day {:>2}: {}; {}; {}; {}",
            date(self.standing.now),
            self.standing.day,
            self.shop(),
            self.rescued(),
            self.attempts(),
            self.webhooks()
        )
    }

    fn clock(&self) -> String {
        let Standing { day, days, phase, .. } = self.standing;
        // Before the shop's clock has been read there is no time to show.
        let now = if self.standing.now == Timestamp::EPOCH { "-".to_owned() } else { minute(self.standing.now) };
        format!("{now}  day {day} of {days}, {phase}")
    }

    fn bar(&self, paint: Paint) -> String {
        let Standing { day, days, .. } = self.standing;
        let full = (day * BAR_CELLS).checked_div(days).unwrap_or(0).min(BAR_CELLS) as usize;
        let (done, left) = ("━".repeat(full), "─".repeat(BAR_CELLS as usize - full));
        format!("{}{left}", paint.green(&done))
    }

    fn shop(&self) -> String {
        let Standing { approved, declined, present, vaulted, phase, .. } = self.standing;
        if phase == Phase::Vaulting {
            return format!("{} cards in the vault", count(vaulted.into()));
        }
        format!("{} charges approved, {} rebills and {present} sign-ups declined", count(approved.into()), count(declined.into()))
    }

    fn states(&self) -> String {
        let states = Code::ALL.iter().map(|code| (code, self.sum(|row| if row.code == *code { row.count } else { 0 })));
        let shown: Vec<String> =
            states.filter(|(_, number)| *number > 0).map(|(code, number)| format!("{code} {}", count(number))).collect();
        if shown.is_empty() { "none yet".to_owned() } else { shown.join("  ") }
    }

    fn rescued(&self) -> String {
        let captured: i64 = self.stats.orders.iter().map(|row| row.captured_minor).sum();
        let due: i64 = self.stats.orders.iter().map(|row| row.amount_minor).sum();
        let orders = self.sum(|row| if row.captured_minor > 0 { row.count } else { 0 });
        format!(
            "{} of {} declined ({}), {} orders",
            dollars(captured),
            dollars(due),
            percent(captured as f64, due as f64),
            count(orders)
        )
    }

    fn attempts(&self) -> String {
        let (attempts, rescued) = (self.stats.attempts(), self.sum(|row| if row.captured_minor > 0 { row.count } else { 0 }));
        let each = if rescued > 0 { format!("{:.1}", attempts as f64 / rescued as f64) } else { "-".to_owned() };
        format!("{} attempts, {each} per rescue", count(attempts))
    }

    fn plans(&self) -> String {
        let plans: Vec<String> = self.next.iter().map(|(at, order)| format!("{} {order}", minute(*at))).collect();
        let plans = if plans.is_empty() { "nothing planned".to_owned() } else { plans.join("  ") };
        format!("{plans}  ({} timers)", count(self.stats.timers))
    }

    fn webhooks(&self) -> String {
        let (taken, waiting) = (count(self.deliveries), count(self.stats.deliveries_pending));
        format!("{taken} events delivered, {waiting} on their way; {} orders ended", count(self.ended as u64))
    }

    fn sum(&self, of: impl Fn(&store::OrderCount) -> u64) -> u64 {
        self.stats.orders.iter().map(of).sum()
    }
}

fn count(number: u64) -> String {
    grouped(&number.to_string())
}

fn date(at: Timestamp) -> String {
    at.iso6()[..10].to_owned()
}

/// `Thu 26 Nov 03:00`, UTC.
fn minute(at: Timestamp) -> String {
    let rfc = at.rfc1123();
    format!("{} {} {}", &rfc[..3], &rfc[5..11], &rfc[17..22])
}

#[cfg(test)]
mod tests {
    use domain::{environment::Environment, money::Currency};
    use store::OrderCount;

    use super::*;

    fn row(code: Code, count: u64, captured_minor: i64) -> OrderCount {
        let amount_minor = 1_000 * count as i64;
        OrderCount {
            environment: Environment::Sandbox,
            code,
            currency: Currency::USD,
            count,
            amount_minor,
            captured_minor,
            attempts: count * 2,
        }
    }

    fn frame(orders: Vec<OrderCount>) -> Frame {
        let standing = Standing {
            phase: Phase::Billing,
            now: Timestamp::parse("2026-11-26T03:00:00Z").unwrap(),
            day: 14,
            days: 57,
            vaulted: 1_200,
            approved: 1_234,
            declined: 80,
            present: 9,
        };
        let next = vec![(Timestamp::parse("2026-11-27T05:02:00Z").unwrap(), "20261123-C000007-1".to_owned())];
        Frame { standing, stats: Stats { orders, timers: 1_111, deliveries_pending: 3 }, next, deliveries: 2_468, ended: 21 }
    }

    #[test]
    fn a_picture_tells_all_that_is_asked_for() {
        let text = frame(vec![row(Code::Scheduled, 59, 0), row(Code::Recovered, 30, 30_000)]).lines(Paint::OFF).join("\n");
        for part in [
            "Thu 26 Nov 03:00  day 14 of 57, business",
            "1,234 charges approved, 80 rebills and 9 sign-ups declined",
            "SCHEDULED 59  RECOVERED 30",
            "$300.00 of $890.00 declined (33.7 %), 30 orders",
            "178 attempts, 5.9 per rescue",
            "Fri 27 Nov 05:02 20261123-C000007-1  (1,111 timers)",
            "2,468 events delivered, 3 on their way; 21 orders ended",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains('\u{1b}'), "no colours where none are wanted");
    }

    #[test]
    fn every_picture_has_the_same_height() {
        let first = Frame { next: Vec::new(), ..frame(Vec::new()) };
        assert_eq!(first.lines(Paint::OFF).len(), frame(vec![row(Code::Expired, 1, 0)]).lines(Paint::ON).len());
        assert!(first.lines(Paint::OFF).iter().all(|line| !line.contains('\n')));
        assert!(first.line().contains("- per rescue"));
    }
}
