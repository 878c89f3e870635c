//! Chargebacks (`wire-api` §12): taken in from the operator, from processors, from merchants' transmit outcomes and from
//! the sandbox's card, all on one road. A chargeback marks its order, tells an event, and stops what is open on the card.

mod find;
mod simulate;
mod stop;
mod take;
mod transmitted;
mod view;

pub use find::{About, Source};
pub use take::{Notice, Reported};
