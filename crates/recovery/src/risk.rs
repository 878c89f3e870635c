//! How likely a payment ends as a chargeback: streaming profiles, features, and a score with reasons.
//!
//! Every transaction updates a [`Profile`] of each [`Subject`] it touches (card, payer, device, site, BIN, terminal).
//! Updates of one kind commute: events may arrive in any order and the profiles are the same, bit for bit. A fraud is
//! booked when it becomes known, never earlier, and a payment counts as good only when it is older than the delay
//! with which frauds become known. [`features()`] looks at a transaction beside the profiles as they are before it;
//! [`Scorer`] says what that means, by rules and priors until a [`Model`] was learnt by [`train()`].
//!
//! [`backtest()`] runs the same code over a file of the past.

mod backtest;
mod book;
mod days;
mod encode;
mod features;
mod habit;
mod metrics;
mod model;
mod profile;
mod reason;
mod recent;
mod rules;
mod score;
mod series;
mod signals;
mod subject;
mod train;
mod transaction;
mod weighed;
mod world;

#[cfg(test)]
mod tests;

pub use backtest::{Backtest, Outcome, Split, backtest};
pub use book::Book;
pub use encode::BrokenProfile;
pub use features::{Features, Seen, features, names};
pub use metrics::{Metrics, Scored, metrics};
pub use model::{BrokenModel, Model};
pub use profile::Profile;
pub use reason::Reason;
pub use score::{RULES_VERSION, Score, Scorer};
pub use signals::Signals;
pub use subject::{Kind, Subject};
pub use train::{Labelled, MIN_FRAUDS, Options, TrainError, train};
pub use transaction::Transaction;
pub use weighed::{Unscored, Weighed};
pub use world::{Made, World};
