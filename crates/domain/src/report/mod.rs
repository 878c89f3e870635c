//! Reports: what was asked, the facts that the store counts, and the rows they add up to (`wire-api` §13).
//!
//! The store hands over *cells*: groups of orders, attempts or refunds that are equal in everything a report groups
//! by. A [`Sum`] adds them up. Amounts of different currencies are never added: the currency is always a group key.

mod ask;
mod fee;
mod period;
mod proportion;
mod row;
mod shape;
mod spread;
mod sum;
mod uplift;

pub use ask::{Ask, Interval, Key, Name, SPAN_DAYS_MAX};
pub use fee::{FeeWalk, Made};
pub use row::{Column, Kind, Row, Value};
pub use shape::{Dimension, columns, dimensions};
pub use sum::{Cell, Part, Sum, TooLarge};
pub use uplift::CARDS_MIN;

/// Measures of one cell, at most.
pub const MEASURES: usize = 6;
