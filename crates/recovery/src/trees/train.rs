//! Growing a forest. The one place that knows the library which does it.

use forust_ml::Matrix;
use forust_ml::constraints::{Constraint, ConstraintMap};
use forust_ml::gradientbooster::GradientBooster;
use forust_ml::sampler::SampleMethod;
use forust_ml::tree::Tree;

use super::forest::{Forest, LEAF, Node};
use super::options::{Direction, Options};

/// Columns at most.
pub const MAX_COLUMNS: usize = 4096;
/// Steps that a column's values are sorted into.
const BINS: u16 = 256;

/// Why no forest was grown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// Rows, columns, labels and weights do not fit each other.
    #[error("rows, columns, labels and weights do not fit each other")]
    Shape,
    /// A label is not between 0 and 1, or a weight is negative or not a number.
    #[error("labels are between 0 and 1, weights finite and not negative")]
    Values,
    /// An option is out of its range.
    #[error("option {0} is out of its range")]
    Option(&'static str),
    /// All rows have the same answer, or no column varies: there is nothing to learn.
    #[error("there is nothing to learn: all rows have the same answer or the same values")]
    NothingToLearn,
    /// The library refused.
    #[error("growing failed: {0}")]
    Failed(String),
}

/// Grows a forest for `labels` (0 to 1) from `rows` (row by row, `columns` each; missing is `NaN`).
///
/// Takes seconds for a hundred thousand rows, on one thread.
pub fn train(
    rows: &[f32],
    columns: usize,
    labels: &[f32],
    weights: Option<&[f32]>,
    options: &Options,
) -> Result<Forest, TrainError> {
    check(rows, columns, labels, weights)?;
    check_options(options, columns)?;
    let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
    let used: Vec<usize> = (0..labels.len()).filter(|&row| weight(row) > 0.0).collect();
    let judges = options.stopping.map_or(0, |stopping| (used.len() as f32 * stopping.share) as usize);
    let (teaching, judging) = used.split_at(used.len() - judges);
    let varied = varied(rows, columns, teaching);
    if varied.is_empty() || teaching.iter().all(|&row| labels[row].to_bits() == labels[teaching[0]].to_bits()) {
        return Err(TrainError::NothingToLearn);
    }
    let taught = Part::of(teaching, rows, columns, &varied, labels, weight);
    let judged = Part::of(judging, rows, columns, &varied, labels, weight);
    let mut booster = booster(options, &varied, judges > 0);
    let evaluation = (judges > 0).then(|| vec![(judged.matrix(), &judged.labels[..], &judged.weights[..])]);
    booster
        .fit(&taught.matrix(), &taught.labels, &taught.weights, evaluation)
        .map_err(|error| TrainError::Failed(error.to_string()))?;
    let mut forest = exported(&booster, columns, &varied);
    bind(&mut forest, &options.monotone);
    forest.checked().map_err(|broken| TrainError::Failed(broken.to_string()))
}

fn check(rows: &[f32], columns: usize, labels: &[f32], weights: Option<&[f32]>) -> Result<(), TrainError> {
    let fits = columns > 0
        && columns <= MAX_COLUMNS
        && labels.len().checked_mul(columns) == Some(rows.len())
        && weights.is_none_or(|weights| weights.len() == labels.len());
    if !fits {
        return Err(TrainError::Shape);
    }
    let sound = labels.iter().all(|label| (0.0..=1.0).contains(label))
        && weights.into_iter().flatten().all(|weight| weight.is_finite() && *weight >= 0.0);
    if sound { Ok(()) } else { Err(TrainError::Values) }
}

fn check_options(options: &Options, columns: usize) -> Result<(), TrainError> {
    let share = |value: f32| value > 0.0 && value <= 1.0;
    let positive = |value: f32| value.is_finite() && value >= 0.0;
    let checks = [
        ("trees", (1..=10_000).contains(&options.trees)),
        ("depth", (1..=16).contains(&options.depth)),
        ("rate", share(options.rate)),
        ("min_child", positive(options.min_child)),
        ("l2", positive(options.l2)),
        ("subsample", share(options.subsample)),
        ("columns", share(options.columns)),
        ("monotone", options.monotone.iter().all(|(column, _)| *column < columns)),
        ("stopping", options.stopping.is_none_or(|it| share(it.share) && it.share < 1.0 && it.patience > 0)),
    ];
    checks.into_iter().find(|(_, sound)| !sound).map_or(Ok(()), |(name, _)| Err(TrainError::Option(name)))
}

/// Columns with at least two different values; the library refuses the others.
fn varied(rows: &[f32], columns: usize, teaching: &[usize]) -> Vec<usize> {
    let varies = |&column: &usize| {
        let mut present = teaching.iter().map(|row| rows[row * columns + column]).filter(|value| !value.is_nan());
        present.next().is_some_and(|first| present.any(|value| value.partial_cmp(&first) != Some(std::cmp::Ordering::Equal)))
    };
    (0..columns).filter(varies).collect()
}

/// Rows as the library wants them: column by column.
struct Part {
    values: Vec<f64>,
    rows: usize,
    columns: usize,
    labels: Vec<f64>,
    weights: Vec<f64>,
}

impl Part {
    fn of(part: &[usize], rows: &[f32], columns: usize, varied: &[usize], labels: &[f32], weight: impl Fn(usize) -> f32) -> Self {
        let value = |row: usize, column: usize| f64::from(bounded(rows[row * columns + column]));
        Self {
            values: varied.iter().flat_map(|&column| part.iter().map(move |&row| value(row, column))).collect(),
            rows: part.len(),
            columns: varied.len(),
            labels: part.iter().map(|&row| f64::from(labels[row])).collect(),
            weights: part.iter().map(|&row| f64::from(weight(row))).collect(),
        }
    }

    fn matrix(&self) -> Matrix<'_, f64> {
        Matrix::new(&self.values, self.rows, self.columns)
    }
}

/// Infinity is as far as a value goes; only missing stays missing.
fn bounded(value: f32) -> f32 {
    if value.is_nan() { value } else { value.clamp(f32::MIN, f32::MAX) }
}

fn booster(options: &Options, varied: &[usize], judged: bool) -> GradientBooster {
    let constraints: ConstraintMap = options
        .monotone
        .iter()
        .filter_map(|(column, direction)| {
            let constraint = match direction {
                Direction::Rising => Constraint::Positive,
                Direction::Falling => Constraint::Negative,
            };
            varied.binary_search(column).ok().map(|place| (place, constraint))
        })
        .collect();
    let sampled = options.subsample < 1.0;
    // At least one column must stay, or a tree has nothing to split on.
    let columns = f64::from(options.columns).max(1.0 / varied.len() as f64 + 1e-9).min(1.0);
    let mut booster = GradientBooster::default();
    booster.iterations = options.trees;
    booster.learning_rate = options.rate;
    booster.max_depth = options.depth;
    booster.l2 = options.l2;
    booster.min_leaf_weight = options.min_child;
    booster.nbins = BINS;
    booster.parallel = false;
    booster.initialize_base_score = true;
    booster.monotone_constraints = (!constraints.is_empty()).then_some(constraints);
    booster.subsample = options.subsample;
    booster.sample_method = if sampled { SampleMethod::Random } else { SampleMethod::None };
    booster.colsample_bytree = columns;
    booster.seed = options.seed;
    booster.early_stopping_rounds = options.stopping.filter(|_| judged).map(|stopping| stopping.patience);
    booster
}

/// The library's trees in our own format.
fn exported(booster: &GradientBooster, columns: usize, varied: &[usize]) -> Forest {
    let kept = booster.prediction_iteration.unwrap_or(booster.trees.len()).min(booster.trees.len());
    let mut forest = Forest { columns: columns as u16, base: booster.base_score, roots: Vec::new(), nodes: Vec::new() };
    booster.trees[..kept].iter().for_each(|tree| export(tree, varied, &mut forest));
    forest
}

/// Holds everything below a split of a column with one direction to its side of the middle. The library does so for
/// the split itself, not for what free columns split off further down.
fn bind(forest: &mut Forest, monotone: &[(usize, Direction)]) {
    if monotone.is_empty() {
        return;
    }
    let mut bounds = vec![(f32::MIN, f32::MAX); forest.nodes.len()];
    for place in 0..forest.nodes.len() {
        let (low, high) = bounds[place];
        let node = &mut forest.nodes[place];
        node.value = node.value.clamp(low, high);
        if node.column == LEAF {
            continue;
        }
        let (column, left, right) = (usize::from(node.column), node.left as usize, node.left as usize + 1);
        let bounded = |child: usize| forest.nodes[child].value.clamp(low, high);
        let middle = f32::midpoint(bounded(left), bounded(right));
        (bounds[left], bounds[right]) = match monotone.iter().find(|(bound, _)| *bound == column) {
            None => ((low, high), (low, high)),
            Some((_, Direction::Rising)) => ((low, middle), (middle, high)),
            Some((_, Direction::Falling)) => ((middle, high), (low, middle)),
        };
    }
}

/// Appends a tree, level by level: so children stand beside each other, behind their parent.
fn export(tree: &Tree, varied: &[usize], forest: &mut Forest) {
    let root = forest.nodes.len();
    forest.roots.push(root as u32);
    let mut order = vec![0];
    let mut next = 0;
    while let Some(&from) = order.get(next) {
        let node = &tree.nodes[from];
        forest.nodes.push(if node.is_leaf {
            Node { column: LEAF, missing_right: false, threshold: 0.0, left: 0, value: node.weight_value }
        } else {
            let left = (root + order.len()) as u32;
            order.extend([node.left_child, node.right_child]);
            Node {
                column: varied[node.split_feature] as u16,
                missing_right: node.missing_node == node.right_child,
                threshold: rounded_up(node.split_value),
                left,
                value: node.weight_value,
            }
        });
        next += 1;
    }
}

/// The smallest `f32` not below a split: rows are `f32`, so the comparison comes out the same.
fn rounded_up(split: f64) -> f32 {
    let near = split as f32;
    let up = if f64::from(near) < split { near.next_up() } else { near };
    up.clamp(f32::MIN, f32::MAX)
}

#[cfg(test)]
pub(super) mod inside {
    //! The library's own view of the same training, to hold ours against.

    use super::{Options, Part, TrainError, booster, varied};

    /// The library's raw predictions of the rows that it was taught.
    pub(in super::super) fn own_predictions(
        rows: &[f32],
        columns: usize,
        labels: &[f32],
        options: &Options,
    ) -> Result<Vec<f64>, TrainError> {
        let all: Vec<usize> = (0..labels.len()).collect();
        let varied = varied(rows, columns, &all);
        let part = Part::of(&all, rows, columns, &varied, labels, |_| 1.0);
        let mut booster = booster(options, &varied, false);
        booster.fit(&part.matrix(), &part.labels, &part.weights, None).map_err(|error| TrainError::Failed(error.to_string()))?;
        Ok(booster.predict(&part.matrix(), false))
    }
}
