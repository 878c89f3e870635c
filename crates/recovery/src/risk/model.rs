//! A learnt risk model: trees, calibration, and the names of the features that they know.

use serde::{Deserialize, Serialize};

use super::{
    features::{Features, names},
    reason::Reason,
    score::Score,
};
use crate::{
    calibrate::Calibration,
    trees::{BrokenForest, Forest},
};

/// What a file begins with, and the format's version.
const MAGIC: [u8; 5] = *b"RCRM\x01";

/// A learnt risk model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its version.
    pub version: String,
    /// Rows that it learnt from.
    pub rows: usize,
    /// Frauds among them.
    pub frauds: usize,
    pub(super) calibration: Calibration,
    pub(super) forest: Forest,
}

/// What stands before the trees.
#[derive(Serialize, Deserialize)]
struct Head {
    version: String,
    rows: usize,
    frauds: usize,
    calibration: Calibration,
    features: Vec<String>,
}

/// Why bytes are no risk model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokenModel {
    /// It is something else, or cut off.
    #[error("this is not a whole risk model")]
    Broken,
    /// It was learnt from other features than this version of the program computes.
    #[error("the risk model knows other features: learn again")]
    OtherFeatures,
    /// Its trees are broken.
    #[error(transparent)]
    Forest(#[from] BrokenForest),
}

impl Model {
    /// The probability of a chargeback.
    pub fn probability(&self, features: &Features) -> f64 {
        self.calibration.probability(self.forest.predict(features.values()))
    }

    /// The probability and its reasons.
    pub fn score(&self, features: &Features) -> Score {
        let parts = self.forest.contributions(features.values());
        let named = names().iter().zip(features.values()).zip(parts);
        Score {
            probability: self.probability(features),
            reasons: Reason::strongest(named.map(|((name, value), part)| Reason::of(name, *value, part)).collect()),
            model_version: self.version.clone(),
            learnt: true,
        }
    }

    /// The model as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = Head {
            version: self.version.clone(),
            rows: self.rows,
            frauds: self.frauds,
            calibration: self.calibration.clone(),
            features: names().to_vec(),
        };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend((head.len() as u32).to_le_bytes());
        bytes.extend(head);
        bytes.extend(self.forest.to_bytes());
        bytes
    }

    /// Reads what [`Model::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenModel> {
        let rest = bytes.strip_prefix(&MAGIC[..]).ok_or(BrokenModel::Broken)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(BrokenModel::Broken)?;
        let (head, forest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or(BrokenModel::Broken)?;
        let head: Head = serde_json::from_slice(head).map_err(|_| BrokenModel::Broken)?;
        let forest = Forest::from_bytes(forest)?;
        if head.features != names() || forest.columns() != names().len() {
            return Err(BrokenModel::OtherFeatures);
        }
        let Head { version, rows, frauds, calibration, .. } = head;
        Ok(Self { version, rows, frauds, calibration, forest })
    }
}
