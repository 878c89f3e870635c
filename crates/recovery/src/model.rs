//! The retry model: what the plan believes about issuers and cardholders, as numbers that can be learnt.

use std::sync::OnceLock;

/// One version of the retry model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its version, kept with every decision.
    pub version: String,
}

impl Model {
    /// The model of a deployment that has learnt nothing yet: published priors.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Model> = OnceLock::new();
        BUILTIN.get_or_init(|| Self { version: crate::plan::MODEL_VERSION.to_owned() })
    }
}
