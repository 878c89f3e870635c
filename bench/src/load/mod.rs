//! Load: requests, connections, and the two ways of driving them.
//!
//! *Closed* loop: every connection sends as soon as it was answered; this finds the peak. *Open* loop: requests
//! arrive at a constant rate whatever the server does, and latency counts from the moment a request was meant to
//! be sent, so a stalled server cannot hide behind the requests it kept from being sent.

pub mod answer;
pub mod closed;
pub mod connection;
pub mod open;
pub mod pace;
pub mod record;
pub mod template;
pub mod work;

#[cfg(test)]
mod tests;
