//! A grown forest: flat arrays that are walked without allocating.

use serde::{Deserialize, Serialize};

use super::bytes::BrokenForest;

/// Marks a leaf where the column would stand.
pub(super) const LEAF: u16 = u16::MAX;

/// One node. The right child stands beside the left one, and children always behind their parent, so a walk ends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Node {
    /// Column that is compared, or [`LEAF`].
    pub(super) column: u16,
    /// Whether a missing value goes right.
    pub(super) missing_right: bool,
    /// Values below it go left.
    pub(super) threshold: f32,
    /// Place of the left child.
    pub(super) left: u32,
    /// What the node says: a leaf's part of the score, an inner node's mean of what is below it.
    pub(super) value: f32,
}

impl Node {
    /// The child that a row goes to.
    pub(super) fn child(&self, row: &[f32]) -> u32 {
        let value = row.get(usize::from(self.column)).copied().unwrap_or(f32::NAN);
        let right = if value.is_nan() { self.missing_right } else { value >= self.threshold };
        self.left + u32::from(right)
    }
}

/// Boosted trees over a fixed number of columns; missing values are `NaN`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Forest {
    pub(super) columns: u16,
    pub(super) base: f64,
    pub(super) roots: Vec<u32>,
    pub(super) nodes: Vec<Node>,
}

impl Forest {
    /// Columns of a row.
    pub fn columns(&self) -> usize {
        self.columns.into()
    }

    /// Trees in it.
    pub fn trees(&self) -> usize {
        self.roots.len()
    }

    /// The row's raw log-odds. A column that the row does not have is missing.
    pub fn predict(&self, row: &[f32]) -> f64 {
        self.roots.iter().fold(self.base, |sum, &root| sum + f64::from(self.leaf(row, root).value))
    }

    /// The leaf that a row falls into.
    fn leaf(&self, row: &[f32], root: u32) -> &Node {
        let mut node = &self.nodes[root as usize];
        while node.column != LEAF {
            node = &self.nodes[node.child(row) as usize];
        }
        node
    }

    /// The mean of several forests over the same columns: their log-odds averaged. `None` of none, or of forests
    /// that differ in columns.
    pub fn mean(forests: &[Self]) -> Option<Self> {
        let first = forests.first()?;
        if forests.iter().any(|forest| forest.columns != first.columns) {
            return None;
        }
        let share = 1.0 / forests.len() as f64;
        let mut mean = Self { columns: first.columns, base: 0.0, roots: Vec::new(), nodes: Vec::new() };
        for forest in forests {
            let offset = mean.nodes.len() as u32;
            mean.base += forest.base * share;
            mean.roots.extend(forest.roots.iter().map(|root| root + offset));
            mean.nodes.extend(forest.nodes.iter().map(|node| Node {
                left: if node.column == LEAF { 0 } else { node.left + offset },
                value: (f64::from(node.value) * share) as f32,
                ..*node
            }));
        }
        Some(mean)
    }

    /// Whether every walk stays inside and ends: what a forest from outside must prove.
    pub(super) fn checked(self) -> Result<Self, BrokenForest> {
        let places = self.nodes.len();
        let sound = |(place, node): (usize, &Node)| {
            let inner = node.column < self.columns
                && node.threshold.is_finite()
                && node.left as usize > place
                && (node.left as usize).checked_add(1).is_some_and(|right| right < places);
            node.value.is_finite() && (node.column == LEAF || inner)
        };
        let rooted = self.roots.iter().all(|&root| (root as usize) < places);
        if self.base.is_finite() && rooted && self.nodes.iter().enumerate().all(sound) {
            Ok(self)
        } else {
            Err(BrokenForest::Inconsistent)
        }
    }
}

/// A forest as serde sees it, before it is checked.
#[derive(Serialize, Deserialize)]
struct Parts {
    columns: u16,
    base: f64,
    roots: Vec<u32>,
    nodes: Vec<Node>,
}

impl TryFrom<Parts> for Forest {
    type Error = BrokenForest;

    fn try_from(Parts { columns, base, roots, nodes }: Parts) -> Result<Self, BrokenForest> {
        Self { columns, base, roots, nodes }.checked()
    }
}

impl From<Forest> for Parts {
    fn from(Forest { columns, base, roots, nodes }: Forest) -> Self {
        Self { columns, base, roots, nodes }
    }
}
