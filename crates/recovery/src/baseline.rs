//! What every figure of ours stands beside: the schedules and models that others use, as policies that keep the rules.
//!
//! | name | what it does | after |
//! |---|---|---|
//! | `ladder` | 1, 3, 5 and 7 days | the usual default |
//! | `kill-bill` | every eighth day, three times | Kill Bill's retry plug-in, 8-8-8 |
//! | `two-weeks` | eight times, evenly over two weeks | a common ceiling |
//! | `daily` | every 24 hours | – |
//! | `payday` | mornings of the country's usual pay days | pay-day heuristics |
//! | `payday-4` | the same, four times at most | – |
//! | `counters` | three success counters by decline class | the open "MathModel" (`recovery.md` §1) |
//! | `trees` | boosted trees over plain features | the plain hazard model |
//!
//! They keep what networks, codes and advice forbid and the number of attempts that the case allows; the waits and
//! counts by class that are only our own policy do not bind them. `counters` and `trees` learn from [`Trial`]s.

mod counters;
mod hazard;
mod payday;
mod schedule;
mod step;

use domain::rules::Rules;

use crate::{
    policy::{Ladder, Policy},
    trial::Trial,
};

pub use counters::Counters;
pub use hazard::Hazard;
pub use payday::Payday;
pub use schedule::Schedule;

/// The names of all baselines.
pub const NAMES: [&str; 8] = ["ladder", "kill-bill", "two-weeks", "daily", "payday", "payday-4", "counters", "trees"];

/// A baseline by its name, having learnt from trials if it learns; `None` for a name that is none of [`NAMES`].
///
/// Without enough trials `trees` follows `payday`: there is nothing to learn from.
pub fn named(name: &str, trials: &[Trial], rules: &Rules) -> Option<Box<dyn Policy>> {
    Some(match name {
        "ladder" => Box::new(Ladder),
        "kill-bill" => Box::new(Schedule::KILL_BILL),
        "two-weeks" => Box::new(Schedule::TWO_WEEKS),
        "daily" => Box::new(Schedule::DAILY),
        "payday" => Box::new(Payday::EIGHT),
        "payday-4" => Box::new(Payday::FOUR),
        "counters" => Box::new(Counters::learnt(trials, rules)),
        "trees" => Box::new(Hazard::learnt(trials)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
