//! What is measured, one part a file; [`bench::Bench`] is what they share.

pub mod bench;
pub mod body;
pub mod cards;
pub mod echo;
pub mod lone;
pub mod operation;
pub mod soak;
pub mod start;
pub mod store;
pub mod timers;
