//! What tests share: a manual clock, ids from a counter, builders of domain values.
//!
//! A builder gives a sound value with everything optional left out; a test changes the members it is about.

mod applications;
mod clock;
mod ids;
mod orders;
mod tenants;

pub use applications::{application, document};
pub use clock::ManualClock;
pub use ids::Ids;
pub use orders::{attempt, credential, entry, event, idempotency, order, payment, refund, timer, transmit};
pub use tenants::{account, card, client, data_key, delivery, endpoint, key, merchant, partner, site};
