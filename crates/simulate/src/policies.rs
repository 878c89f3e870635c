//! Policies by their names, having learnt what they may learn.

use domain::rules::Rules;
use recovery::{Model, Policy, Trial, baseline};

/// The name of the oracle, which is no policy: it knows what only the bank knows.
pub const ORACLE: &str = "oracle";
/// One who knows every habit and no event: slow, so only when it is asked for.
pub const INFORMED: &str = "informed";
/// The policy of this engine, having learnt.
pub const RECOUP: &str = "recoup";
/// The same with published priors alone.
pub const BUILTIN: &str = "recoup-builtin";

/// A policy by its name, having learnt from trials if it learns; `None` for the oracle and for unknown names.
pub fn named(name: &str, trials: &[Trial], rules: &Rules) -> Option<Box<dyn Policy>> {
    match name {
        RECOUP | BUILTIN => Some(Box::new(Model::builtin().clone())),
        _ => baseline::named(name, trials, rules),
    }
}

/// Every name, the oracle's last.
pub fn names() -> Vec<&'static str> {
    [RECOUP, BUILTIN].into_iter().chain(baseline::NAMES).chain([ORACLE]).collect()
}
