//! Gradient-boosted trees: [`train`] grows a [`Forest`], which then scores rows without allocating.
//!
//! Growing is left to a library and happens in the background; a forest is our own flat, versioned format, so a
//! stored model outlives the library that grew it. Everything is deterministic: the same rows, options and seed give
//! the same forest, bit for bit.

mod bytes;
mod contributions;
mod forest;
mod options;
mod train;

#[cfg(test)]
mod tests;

pub use bytes::BrokenForest;
pub use forest::Forest;
pub use options::{Direction, Options, Stopping};
pub use train::{MAX_COLUMNS, TrainError, train};
