//! Fixed schedules: the n-th retry so many hours after the decline.

use domain::{rules::Rules, time::HOUR};

use super::step::step;
use crate::{case::Case, plan::Plan, policy::Policy};

/// A fixed schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    name: &'static str,
    every_hours: u32,
    retries_max: u32,
}

impl Schedule {
    /// Every eighth day, three times.
    pub const KILL_BILL: Self = Self { name: "kill-bill", every_hours: 8 * 24, retries_max: 3 };
    /// Eight times, evenly over two weeks.
    pub const TWO_WEEKS: Self = Self { name: "two-weeks", every_hours: 14 * 24 / 8, retries_max: 8 };
    /// Every day until the attempts or the days run out.
    pub const DAILY: Self = Self { name: "daily", every_hours: 24, retries_max: u32::MAX };
}

impl Policy for Schedule {
    fn name(&self) -> &str {
        self.name
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        step(case, rules, self.name, |view, _| {
            let retry = view.case.own_attempts.saturating_add(1);
            (retry <= self.retries_max).then(|| view.case.placed_at + HOUR * self.every_hours.saturating_mul(retry))
        })
    }
}
