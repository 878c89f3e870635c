//! The retry model: what the plan believes about issuers and cardholders, as numbers that can be learnt.

use std::sync::OnceLock;

use domain::time::Timestamp;

use crate::{
    retry::{belief::Belief, correct::Correction, params::Params},
    view::View,
};

/// One version of the retry model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its version, kept with every decision.
    pub version: String,
    /// The structured part.
    pub params: Params,
    /// What trees correct of it, once something is learnt.
    pub correction: Option<Correction>,
}

impl Model {
    /// The model of a deployment that has learnt nothing yet: published priors.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Model> = OnceLock::new();
        BUILTIN.get_or_init(|| Self {
            version: crate::plan::MODEL_VERSION.to_owned(),
            params: Params::priors(),
            correction: None,
        })
    }

    /// Chance of approval at a moment under a belief.
    pub fn probability(&self, view: &View<'_>, belief: &Belief<'_>, at: Timestamp) -> f64 {
        crate::retry::choose::corrected(belief.probability(at), self.corrector(view, belief)(at))
    }

    /// What the trees add to the log-odds at a moment; nothing until something is learnt.
    pub fn corrector<'v>(&'v self, view: &'v View<'v>, belief: &'v Belief<'v>) -> impl Fn(Timestamp) -> f64 + 'v {
        let known = self.correction.as_ref().map(|correction| (correction, correction.known(view, belief)));
        move |at| known.as_ref().map_or(0.0, |(correction, known)| correction.at(known, at))
    }

    /// Whether every number in it is one that a model may have.
    pub fn is_sound(&self) -> bool {
        self.params.is_sound() && self.correction.as_ref().is_none_or(Correction::is_sound)
    }
}
