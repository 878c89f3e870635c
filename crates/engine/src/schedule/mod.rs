//! Time at work: timers claimed and worked, the sandbox's test clock, and housekeeping.

mod lane;
mod line;
pub(crate) mod test_clock;
mod timer;
mod workers;

pub use line::Line;
pub use test_clock::{Command as ClockCommand, State as ClockState};
pub use workers::Workers;
