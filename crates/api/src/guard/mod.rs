//! What keeps one caller from taking everything: rates (`wire-api` §1.8), seats for requests, room for large bodies.

mod bucket;
mod seats;

use std::{hash::RandomState, net::IpAddr, time::Duration};

pub use bucket::Rate;
pub use seats::Seat;

use self::{bucket::Buckets, seats::Seats};
use crate::{failure::Failure, operation::Budget};

/// The limits of an interface.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// `/oauth2/token`, per key.
    pub token: Rate,
    /// `/evaluate` and `/advice`, per client.
    pub evaluate: Rate,
    /// `/tokenize`, per client or tokenization key.
    pub tokenize: Rate,
    /// `/transmit`, per client.
    pub transmit: Rate,
    /// What only reads, per client.
    pub read: Rate,
    /// Management, per client.
    pub management: Rate,
    /// `/sense`, per address.
    pub sense: Rate,
    /// Failed logins and failed token requests, per address.
    pub failures: Rate,
    /// Requests worked on at once; 0 = unlimited.
    pub requests_max: u32,
    /// Bodies above 256 KiB read at once; 0 = unlimited.
    pub large_bodies_max: u32,
    /// A proxy of the operator stands in front and names the caller in the last entry of `X-Forwarded-For`.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            token: Rate::per_second(10, 60),
            evaluate: Rate::per_second(200, 400),
            tokenize: Rate::per_second(200, 400),
            transmit: Rate::per_second(500, 1_000),
            read: Rate::per_second(100, 200),
            management: Rate::per_second(20, 60),
            sense: Rate::per_second(50, 100),
            failures: Rate::per_minute(20),
            requests_max: 4_096,
            large_bodies_max: 8,
            behind_proxy: false,
        }
    }
}

/// The guard of one server; its listeners share it.
pub struct Guard {
    limits: Limits,
    buckets: Buckets,
    requests: Seats,
    large_bodies: Seats,
    hasher: [RandomState; 2],
}

/// Buckets of addresses; those of budgets are numbered by [`Guard::rate`].
const FAILURES: u8 = 100;
const SENSE: u8 = 101;
const PAGES: u8 = 102;
/// Prefix of an IPv6 network that one customer usually has, bytes.
const V6_NETWORK_BYTES: usize = 8;

impl Guard {
    /// A guard with these limits.
    pub fn new(limits: Limits) -> Self {
        Self {
            buckets: Buckets::default(),
            requests: Seats::new(limits.requests_max),
            large_bodies: Seats::new(limits.large_bodies_max),
            hasher: [RandomState::new(), RandomState::new()],
            limits,
        }
    }

    /// Whether a proxy names the callers.
    pub const fn behind_proxy(&self) -> bool {
        self.limits.behind_proxy
    }

    /// Takes one from the budget of a caller.
    pub fn spend(&self, budget: Budget, caller: [u8; 16]) -> Result<(), Failure> {
        let (number, name, rate) = self.rate(budget);
        self.buckets.take((number, caller), rate).map_err(|wait| throttled(name, wait))
    }

    /// Refuses an address that failed too often to prove who it is.
    pub fn admit_address(&self, address: IpAddr) -> Result<(), Failure> {
        self.buckets.peek((FAILURES, network(address)), self.limits.failures).map_err(|wait| throttled("failures", wait))
    }

    /// An address failed to prove who it is.
    pub fn note_failure(&self, address: IpAddr) {
        // What is over the limit already stays there.
        let _ = self.buckets.take((FAILURES, network(address)), self.limits.failures);
    }

    /// Takes one from what an address may send to `/sense`.
    pub fn spend_sense(&self, address: IpAddr) -> Result<(), Failure> {
        self.buckets.take((SENSE, network(address)), self.limits.sense).map_err(|wait| throttled("sense", wait))
    }

    /// Where a request comes from, by the rule of this server.
    pub fn address_of(&self, extensions: &http::Extensions, headers: &http::HeaderMap) -> IpAddr {
        crate::extract::address(extensions, headers, self.behind_proxy())
    }

    /// For pages: takes one from what an address may ask that has not shown who it is; an error is how long to wait.
    pub fn spend_stranger(&self, address: IpAddr) -> Result<(), Duration> {
        self.buckets.peek((FAILURES, network(address)), self.limits.failures)?;
        self.buckets.take((PAGES, network(address)), self.limits.token)
    }

    /// For pages: takes one from the budget of a user; an error is how long to wait.
    pub fn spend_user(&self, user: [u8; 16], writes: bool) -> Result<(), Duration> {
        let (number, _, rate) = self.rate(if writes { Budget::Management } else { Budget::Read });
        self.buckets.take((number, user), rate)
    }

    /// A seat for a request that has wholly arrived.
    pub fn seat(&self) -> Result<Seat, Failure> {
        self.requests.take().ok_or_else(|| overloaded("requests"))
    }

    /// Room for a body above the usual size.
    pub fn large_body(&self) -> Result<Seat, Failure> {
        self.large_bodies.take().ok_or_else(|| overloaded("large_bodies"))
    }

    /// Sixteen bytes for a caller known by a text, such as a key; another process gives others.
    pub fn caller_of(&self, text: &str) -> [u8; 16] {
        use std::hash::BuildHasher as _;
        let [high, low] = [0, 1].map(|place: usize| u128::from(self.hasher[place].hash_one(text)));
        (high << 64 | low).to_be_bytes()
    }

    const fn rate(&self, budget: Budget) -> (u8, &'static str, Rate) {
        match budget {
            Budget::Token => (1, "token", self.limits.token),
            Budget::Evaluate => (2, "evaluate", self.limits.evaluate),
            Budget::Tokenize => (3, "tokenize", self.limits.tokenize),
            Budget::Transmit => (4, "transmit", self.limits.transmit),
            Budget::Read => (5, "read", self.limits.read),
            Budget::Management => (6, "management", self.limits.management),
            Budget::Unlimited => (7, "unlimited", Rate::UNLIMITED),
        }
    }
}

/// The bytes of an address; of an IPv6 address those of its network.
pub fn network(address: IpAddr) -> [u8; 16] {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => {
            let mut bytes = v6.octets();
            bytes[V6_NETWORK_BYTES..].fill(0);
            bytes
        }
    }
}

fn throttled(class: &'static str, wait: Duration) -> Failure {
    metrics::counter!("recoup_throttled_total", "class" => class).increment(1);
    Failure::throttled(wait)
}

fn overloaded(what: &'static str) -> Failure {
    metrics::counter!("recoup_refused_total", "full" => what).increment(1);
    Failure::from(engine::Error::Overloaded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(failure: Failure) -> (u16, Option<u32>) {
        match failure {
            Failure::Coded(coded) => (coded.code, coded.retry_after()),
            _ => (0, None),
        }
    }

    #[test]
    fn each_budget_is_spent_apart_and_names_the_wait() {
        let guard = Guard::new(Limits { management: Rate::per_minute(2), read: Rate::UNLIMITED, ..Limits::default() });
        let (me, you) = (guard.caller_of("me"), guard.caller_of("you"));
        assert_ne!(me, you);
        assert!(guard.spend(Budget::Management, me).is_ok() && guard.spend(Budget::Management, me).is_ok());
        assert_eq!(code(guard.spend(Budget::Management, me).unwrap_err()), (42900, Some(30)));
        assert!(guard.spend(Budget::Management, you).is_ok());
        assert!((0..1_000).all(|_| guard.spend(Budget::Read, me).is_ok()));
    }

    #[test]
    fn failures_count_by_network() {
        let guard = Guard::new(Limits { failures: Rate::per_minute(3), ..Limits::default() });
        let of = |text: &str| text.parse::<IpAddr>().unwrap();
        for address in ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::"] {
            assert!(guard.admit_address(of(address)).is_ok());
            guard.note_failure(of(address));
        }
        assert_eq!(code(guard.admit_address(of("2001:db8::9")).unwrap_err()).0, 42900);
        for other in ["2001:db8:0:1::1", "192.0.2.1"] {
            assert!(guard.admit_address(of(other)).is_ok(), "{other}");
        }
        assert_eq!(network(of("192.0.2.1")), network(of("::ffff:192.0.2.1")));
    }

    #[test]
    fn a_full_house_refuses_at_once() {
        let guard = Guard::new(Limits { requests_max: 1, large_bodies_max: 1, ..Limits::default() });
        let (_seat, _body) = (guard.seat().unwrap(), guard.large_body().unwrap());
        assert_eq!(code(guard.seat().err().unwrap()).0, 50301);
        assert_eq!(code(guard.large_body().err().unwrap()).0, 50301);
    }
}
