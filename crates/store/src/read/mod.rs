//! Reads, by noun. A read sees everything that was applied before it began.

mod deliveries;
mod events;
mod orders;
mod registry;
mod system;
mod timers;
pub mod users;
mod vault;
