//! The harness of the black-box tests: the real binary in a process of its own, and everybody around it: the cast of
//! merchants, an HTTP client, a webhook receiver that checks signatures with its own code, a processor with its own book.

pub mod body;
pub mod book;
pub mod card;
mod cast;
mod client;
pub mod contract;
pub mod gateway;
mod outbox;
mod program;
mod raw;
mod receiver;
mod server;
mod signature;
mod simulator;
mod wait;

pub use cast::{Cast, Keys, Shop, cast};
pub use client::{Client, Download, Reply, Transcript, member_names};
pub use outbox::Outbox;
pub use program::{Shell, program};
pub use raw::{Raw, exchange};
pub use receiver::{Answering, Hit, Receiver};
pub use server::{Rig, Server};
pub use signature::{Secret, verify};
pub use simulator::Simulator;
pub use wait::{PATIENCE, now, until};

/// A GUID nobody has seen before.
pub fn guid() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system gives random bytes");
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
