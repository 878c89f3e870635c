//! Risk profiles of every tenant, folded from what is stored, in the order in which it was committed, and the score of a
//! payment beside them.
//!
//! Folding is no part of any request: a worker follows the store with a cursor, and profiles and cursor are written in
//! one change set. So nothing is counted twice or lost by a crash, and transmitting costs nothing more.

mod fold;
mod score;
mod subjects;

pub(crate) use fold::run;
