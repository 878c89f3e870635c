//! Who plans a run.

use std::sync::Arc;

use domain::rules::Rules;
use engine::Planner;
use recovery::Trial;
use simulate::policies::{self, ORACLE, RECOUP};

/// Reads the name of a policy that can plan a run; the oracle is none, it knows what only the bank knows.
pub fn name(text: &str) -> Result<String, String> {
    let names: Vec<&str> = policies::names().into_iter().filter(|name| *name != ORACLE).collect();
    if names.contains(&text) { Ok(text.to_owned()) } else { Err(format!("must be one of {}", names.join(", "))) }
}

/// The planner of a name, having learnt from trials if it learns; none: the engine's own policy with the model in use,
/// which has learnt nothing before the run.
pub fn named(name: &str, trials: &[Trial], rules: &Rules) -> Option<Planner> {
    let by_itself = name == RECOUP && trials.is_empty();
    let named = Some(name).filter(|_| !by_itself)?;
    policies::named(named, trials, rules).map(|policy| Planner(Arc::from(policy)))
}
