//! The real server, from outside, one topic per module. Every test has its own process, port and data folder.

mod token;
mod tokenize;
mod transmit;
