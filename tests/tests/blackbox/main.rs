//! The real server, from outside, one topic per module. Every test has its own process, port and data folder.

mod cit;
mod crash;
mod errors;
mod faults;
mod idempotency;
mod keys;
mod leak;
mod limits;
mod mit;
mod money;
mod old_clients;
mod operations;
mod orders;
mod overload;
mod reports;
mod signatures;
mod sweep;
mod timeline;
mod token;
mod tokenize;
mod transmit;
mod webhooks;
