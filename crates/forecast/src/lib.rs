//! What would have been recovered: an honest estimate from a merchant's past transactions.
//!
//! 1. [`read`] takes the file in: one pass, a compact row for each line, every line accounted for.
//! 2. [`forecast`] puts attempts together to payments, subtracts what the merchant collected by itself, lets the
//!    engine's own plan work what was left open, and draws intervals.
//! 3. [`page`] shows it.
//!
//! No clock, no network, chance by seed: the same file and options give the same report. Nothing of a row but its
//! site, country, code and month can reach an output; rows that hold something like a card number are refused.

mod account;
mod calibration;
mod cell;
mod columns;
mod draw;
mod episode;
mod estimate;
mod gauss;
mod group;
mod history;
mod names;
mod outlook;
mod reader;
mod report;
mod row;
mod shape;

pub use account::{Bad, Skip, Tally};
pub use cell::amount::Written;
pub use columns::Missing;
pub use estimate::{Calibrated, Estimate, Forecast, Options, Reading, forecast};
pub use group::{Group, Range, Sum};
pub use history::History;
pub use reader::{Assume, Error, ROWS_MAX, read};
pub use report::page;
