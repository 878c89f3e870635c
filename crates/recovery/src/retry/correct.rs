//! What boosted trees add to the structured model's log-odds.

use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    belief::Belief,
    features::{COLUMNS, Column, Known, Rates},
};
use crate::{trees::Forest, view::View};

/// The trees may not move the log-odds further than this: outside of what they saw, the structure decides.
const CORRECTION_MAX: f64 = 2.5;

/// What was learnt beyond the structure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The trees, over [`super::features::Column`].
    pub forest: Forest,
    /// Rates that some of the columns are read from.
    pub rates: Rates,
    /// How far the trees are followed, 0–1: the more they have seen, the further.
    pub trust: f64,
}

impl Correction {
    /// What is added to the log-odds at a moment.
    pub fn at(&self, known: &Known<'_>, at: Timestamp) -> f64 {
        let row = known.at(at);
        let structured = f64::from(row[Column::StructuredLogOdds as usize]);
        (self.trust * (self.forest.predict(&row) - structured)).clamp(-CORRECTION_MAX, CORRECTION_MAX)
    }

    /// Whether the trees are over the columns of this program.
    pub fn is_sound(&self) -> bool {
        self.forest.columns() == COLUMNS && (0.0..=1.0).contains(&self.trust)
    }

    /// Everything that is the same for the moments of one decision.
    pub fn known<'a>(&'a self, view: &'a View<'a>, belief: &'a Belief<'a>) -> Known<'a> {
        Known::new(view, belief, &self.rates)
    }
}
