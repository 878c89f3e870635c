//! How a forest is grown.

/// Which way a column may move the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A larger value never lowers the score.
    Rising,
    /// A larger value never raises the score.
    Falling,
}

/// When growing ends before all trees are there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stopping {
    /// Share of the rows that judge instead of teach: the last ones, so give rows in order of time.
    pub share: f32,
    /// Trees without an improvement of the log loss after which growing ends.
    pub patience: usize,
}

/// How a forest is grown.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Trees at most.
    pub trees: usize,
    /// Splits from root to leaf at most.
    pub depth: usize,
    /// Share of each tree's answer that is kept.
    pub rate: f32,
    /// Weight (sum of `p × (1 − p)`) below which a node is not split off.
    pub min_child: f32,
    /// Penalty on the squares of leaf values.
    pub l2: f32,
    /// Share of the rows that each tree sees.
    pub subsample: f32,
    /// Share of the columns that each tree sees.
    pub columns: f32,
    /// Columns whose effect has one direction.
    pub monotone: Vec<(usize, Direction)>,
    /// What chance is drawn from.
    pub seed: u64,
    /// When growing ends early; `None`: never.
    pub stopping: Option<Stopping>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trees: 200,
            depth: 5,
            rate: 0.05,
            min_child: 5.0,
            l2: 5.0,
            subsample: 0.8,
            columns: 1.0,
            monotone: Vec::new(),
            seed: 1,
            stopping: None,
        }
    }
}
