//! Working an order: what is due, the attempt, its answer, and what follows.

mod attempt;
mod build;
mod end;
mod log;
mod next;
mod reconcile;
mod record;
mod reversal;
mod step;
mod updater;

pub(crate) use attempt::{Send, Sent, counted_rows};
pub(crate) use end::{finish, next_action, stop};
pub(crate) use log::kept;
pub(crate) use next::{Next, Step, follow, step_of, step_of_realtime};
