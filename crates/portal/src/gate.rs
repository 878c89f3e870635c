//! What the server decides about a request before a page is made: where it comes from, and whether it may come so often.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use http::{Extensions, HeaderMap};

/// The server's limits, as far as pages have to keep them. An error is how long to wait.
pub trait Gate: Send + Sync {
    /// Where a request comes from.
    fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr;
    /// Takes one from what an address may ask without having shown who it is; refuses those that failed too often.
    fn stranger(&self, address: IpAddr) -> Result<(), Duration>;
    /// An address failed to show who it is.
    fn failed(&self, address: IpAddr);
    /// Takes one from what a user may ask.
    fn user(&self, user: [u8; 16], writes: bool) -> Result<(), Duration>;
}

/// No limits, for tests.
#[derive(Debug, Clone, Copy)]
pub struct Open;

impl Gate for Open {
    fn address(&self, _: &Extensions, _: &HeaderMap) -> IpAddr {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    }

    fn stranger(&self, _: IpAddr) -> Result<(), Duration> {
        Ok(())
    }

    fn failed(&self, _: IpAddr) {}

    fn user(&self, _: [u8; 16], _: bool) -> Result<(), Duration> {
        Ok(())
    }
}
