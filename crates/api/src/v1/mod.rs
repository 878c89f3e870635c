//! One folder per resource, one file per verb.

pub mod capture;
pub mod evaluate;
pub mod events;
pub mod health;
pub mod orders;
pub mod outcome;
pub mod sandbox;
pub mod token;
pub mod tokenize;
pub mod transmit;
pub mod webhooks;
