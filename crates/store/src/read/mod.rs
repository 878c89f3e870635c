//! Reads, by noun. A read sees everything that was applied before it began.

mod advices;
pub(crate) mod applications;
mod decisions;
mod deliveries;
mod disputes;
mod events;
pub(crate) mod operations;
mod orders;
mod processors;
mod registry;
pub mod report;
pub mod risk;
mod sandbox;
mod sense;
pub mod settlements;
mod system;
pub(crate) mod tenancy;
mod timers;
pub mod users;
mod vault;
