//! Processes beside the generator: on which core they run, how they are started and ended, what they use.

pub mod child;
pub mod core;
pub mod server;
pub mod usage;
