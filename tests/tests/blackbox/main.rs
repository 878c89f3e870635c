//! The real server, from outside, one topic per module. Every test has its own process, port and data folder.

mod cit;
mod crash;
mod errors;
mod faults;
mod idempotency;
mod leak;
mod overload;
mod old_clients;
mod limits;
mod keys;
mod mit;
mod money;
mod operations;
mod orders;
mod token;
mod tokenize;
mod transmit;
mod webhooks;
