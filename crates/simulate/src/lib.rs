//! Seeded worlds × policies: failed rebills of simulated cardholders, played to their end in virtual time.
//!
//! [`Population`] makes failed rebills with the card's transmitted past, [`play`] lets a policy work one of them and
//! holds its own check of the networks' rules over every attempt, [`oracle`] knows what only the bank knows, [`informed`]
//! every habit but no event,
//! [`explore`] logs attempts at random lawful moments for models to learn from, and [`Tally`] says what came of it.
//! Everything is a function of the world and a seed: no clock, no I/O, the same figures on any machine.

mod bench;
mod check;
mod draw;
mod explore;
pub mod informed;
pub mod oracle;
mod past;
mod play;
pub mod policies;
mod population;
mod rebill;
mod share;
mod tally;

pub use bench::{Bench, Setting};
pub use check::{Breach, Kind as BreachKind, check};
pub use explore::{Explorer, explore};
pub use play::{Attempted, Played, play};
pub use population::Population;
pub use processor::simulator::issuer::{Cause, WORLDS, World, usd_per_unit};
pub use rebill::Rebill;
pub use share::in_parallel;
pub use tally::{Comparison, Figure, Outcome, Tally, Worth, compare};
