//! Which columns made a score what it is.

use super::forest::{Forest, LEAF};

impl Forest {
    /// What each column added to the row's log-odds, along the paths that it took. The base and the columns together
    /// are [`Forest::predict`].
    pub fn contributions(&self, row: &[f32]) -> Vec<f64> {
        let mut parts = vec![0.0; self.columns()];
        for &root in &self.roots {
            let mut node = &self.nodes[root as usize];
            while node.column != LEAF {
                let child = &self.nodes[node.child(row) as usize];
                parts[usize::from(node.column)] += f64::from(child.value) - f64::from(node.value);
                node = child;
            }
        }
        parts
    }

    /// The log-odds before any column is looked at.
    pub fn expected(&self) -> f64 {
        self.roots.iter().fold(self.base, |sum, &root| sum + f64::from(self.nodes[root as usize].value))
    }
}
