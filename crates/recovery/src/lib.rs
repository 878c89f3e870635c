//! The pure brain: when to retry a declined payment, and whether.
//!
//! [`plan()`] decides the next step of a rescue that works by itself, [`realtime()`] the answer while the customer
//! waits, [`ladder()`] is the fixed baseline beside them. All three are functions of a [`Case`] and the [`Rules`]:
//! no clock, no I/O, no global chance, so a stored case can be decided again, bit for bit.
//!
//! Hard bounds come first (floors of codes and advice, the networks' retry limits, the classes that forbid a
//! retry, the rescue period); a policy only chooses among what they leave. Version 1 of the policy is class by
//! class with pay calendars and the cardholder's local time: [`plan::MODEL_VERSION`]. How each class is worked,
//! with its sources, stands at the head of the modules `moments` (when) and `verdict` (whether).
//!
//! [`Rules`]: domain::rules::Rules

mod allowed;
pub mod baseline;
mod bounds;
mod calendar;
pub mod calibrate;
mod case;
pub mod evaluate;
mod explain;
mod explore;
mod inputs;
mod jitter;
pub mod ladder;
mod model;
mod moments;
mod now;
pub mod plan;
mod policy;
pub mod realtime;
mod retry;
pub mod risk;
mod slot;
mod snapshot;
pub mod trees;
mod trial;
mod verdict;
mod view;
mod zone;

pub use allowed::Allowed;
pub use case::{Case, Observed, Updater};
pub use explain::{Explanation, Lesson, explain};
pub use inputs::{Decided, Inputs, Overruled, Widget};
pub use ladder::ladder;
pub use model::Model;
pub use now::{Refused, may_attempt_now};
pub use plan::{Action, Candidate, MODEL_VERSION, Plan, plan};
pub use policy::{Ladder, Policy};
pub use realtime::{Assessed, Challenge, Realtime, realtime};
pub use retry::learn::{LearnError, Options as LearnOptions, learn};
pub use snapshot::{Past, Snapshot};
pub use trial::Trial;
