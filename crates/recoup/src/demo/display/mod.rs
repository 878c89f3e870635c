//! What is shown while the business runs: a live picture on terminals, a line a week elsewhere.

mod frame;
mod screen;
mod watch;

pub use self::watch::{Kind, Watch};
