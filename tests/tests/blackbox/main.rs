//! The real server, from outside, one topic per module. Every test has its own process, port and data folder.

mod cit;
mod faults;
mod idempotency;
mod mit;
mod money;
mod orders;
mod token;
mod tokenize;
mod transmit;
