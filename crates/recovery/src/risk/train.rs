//! Learning a risk model: several forests, each without one part of the cards, averaged; what each says of the part
//! that it did not see calibrates the probability.

use super::{
    features::{Features, names},
    model::Model,
};
use crate::{
    calibrate::{Calibration, Platt},
    trees::{self, Forest},
};

/// Frauds below which nothing is learnt: fewer would be learnt by heart.
pub const MIN_FRAUDS: usize = 50;

/// One payment that is known to be fraud or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// As it looked when it was made.
    pub features: Features,
    /// Whether it was fraud.
    pub fraud: bool,
    /// What belongs together (the card): never on both sides of a check.
    pub group: u64,
}

/// How a risk model is learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The version of what is learnt.
    pub version: String,
    /// What chance is drawn from.
    pub seed: u64,
    /// Parts that the cards are split into; each forest is grown without one of them.
    pub parts: u32,
    /// How each forest is grown.
    pub forest: trees::Options,
}

impl Options {
    /// The options that the backtest was best with, for a version and a seed.
    pub fn new(version: impl Into<String>, seed: u64) -> Self {
        let forest = trees::Options {
            trees: 300,
            depth: 6,
            rate: 0.04,
            min_child: 1.0,
            l2: 2.0,
            subsample: 0.8,
            columns: 0.5,
            ..trees::Options::default()
        };
        Self { version: version.into(), seed, parts: 5, forest }
    }
}

/// Why no model was learnt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// Too few frauds are known.
    #[error("{known} frauds are known; learning begins with {MIN_FRAUDS}")]
    TooFewFrauds {
        /// How many.
        known: usize,
    },
    /// The cards cannot be split into parts with frauds in each.
    #[error("the frauds are on too few cards to be checked")]
    TooFewCards,
    /// No forest was grown.
    #[error(transparent)]
    Trees(#[from] trees::TrainError),
}

/// Learns a model. The same rows, options and seed give the same model, bit for bit.
pub fn train(rows: &[Labelled], options: &Options) -> Result<Model, TrainError> {
    let frauds = rows.iter().filter(|row| row.fraud).count();
    if frauds < MIN_FRAUDS {
        return Err(TrainError::TooFewFrauds { known: frauds });
    }
    let mut forests = Vec::new();
    let mut checked = Vec::with_capacity(rows.len());
    for part in 0..options.parts.max(2) {
        let forest = without(rows, part, options)?;
        let held = rows.iter().filter(|row| part_of(row, options) == part);
        checked.extend(held.map(|row| (forest.predict(row.features.values()), row.fraud)));
        forests.push(forest);
    }
    let calibration = Platt::fit(&checked).map(Calibration::Platt).ok_or(TrainError::TooFewCards)?;
    let forest = Forest::mean(&forests).ok_or(TrainError::TooFewCards)?;
    Ok(Model { version: options.version.clone(), rows: rows.len(), frauds, calibration, forest })
}

/// The part that a row's card is in.
fn part_of(row: &Labelled, options: &Options) -> u32 {
    // A multiplication spreads keys that differ in few bits.
    let spread = (row.group ^ options.seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((spread >> 32) % u64::from(options.parts.max(2))) as u32
}

/// A forest grown without one part.
fn without(rows: &[Labelled], part: u32, options: &Options) -> Result<Forest, TrainError> {
    let taught: Vec<&Labelled> = rows.iter().filter(|row| part_of(row, options) != part).collect();
    let values: Vec<f32> = taught.iter().flat_map(|row| row.features.values()).copied().collect();
    let labels: Vec<f32> = taught.iter().map(|row| f32::from(u8::from(row.fraud))).collect();
    let seeded = trees::Options { seed: options.seed.wrapping_add(part.into()), ..options.forest.clone() };
    Ok(trees::train(&values, names().len(), &labels, None, &seeded)?)
}
