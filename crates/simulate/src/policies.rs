//! Policies by their names, having learnt what they may learn.

use domain::rules::Rules;
use recovery::{LearnOptions, MODEL_VERSION, Model, Policy, Trial, baseline};

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
        RECOUP => Some(Box::new(learnt(trials, rules))),
        BUILTIN => Some(Box::new(Model::builtin().clone())),
        _ => baseline::named(name, trials, rules),
    }
}

/// The model that these trials teach; with too few of them, the published priors.
fn learnt(trials: &[Trial], rules: &Rules) -> Model {
    let options = LearnOptions { version: format!("{}+{}-trials", MODEL_VERSION, trials.len()), seed: 1 };
    recovery::learn(trials, rules, &options).unwrap_or_else(|_| Model::builtin().clone())
}

/// Every name, the oracle's last.
pub fn names() -> Vec<&'static str> {
    [RECOUP, BUILTIN].into_iter().chain(baseline::NAMES).chain([ORACLE]).collect()
}
