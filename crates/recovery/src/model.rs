//! The retry model: what the plan believes about issuers and cardholders, as numbers that can be learnt.

use std::sync::OnceLock;

use domain::time::Timestamp;

use crate::{
    retry::{belief::Belief, params::Params},
    view::View,
};

/// One version of the retry model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its version, kept with every decision.
    pub version: String,
    /// The structured part.
    pub params: Params,
}

impl Model {
    /// The model of a deployment that has learnt nothing yet: published priors.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Model> = OnceLock::new();
        BUILTIN.get_or_init(|| Self { version: crate::plan::MODEL_VERSION.to_owned(), params: Params::priors() })
    }

    /// Chance of approval at a moment under a belief.
    pub fn probability(&self, view: &View<'_>, belief: &Belief<'_>, at: Timestamp) -> f64 {
        crate::retry::choose::corrected(belief.probability(at), self.corrector(view, belief)(at))
    }

    /// What the trees add to the log-odds at a moment; nothing until something is learnt.
    pub fn corrector<'v>(&'v self, _view: &'v View<'v>, _belief: &'v Belief<'v>) -> impl Fn(Timestamp) -> f64 + 'v {
        |_| 0.0
    }
}
