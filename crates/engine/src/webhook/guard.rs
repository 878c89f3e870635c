//! Where webhooks may go: public addresses over https; checked when an endpoint is made and again at every connect, on
//! the address that is really used.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use domain::environment::Environment;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{Error, Result};

/// A block of addresses, CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Block {
    network: IpAddr,
    prefix: u8,
}

/// The rule of one process.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    allowed: Vec<Block>,
}

/// Why a URL is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a URL with a host.
    #[error("The field Url is invalid.")]
    Unreadable,
    /// Not https (http only to loopback in the sandbox).
    #[error("The field Url must be an https URL.")]
    NotHttps,
    /// Private, loopback, link-local, shared or metadata address.
    #[error("The field Url must not point to a private address.")]
    Private,
}

impl Guard {
    /// Reads the operator's list of private networks that are allowed all the same.
    pub fn new(allowed: &[String]) -> Result<Self> {
        let blocks =
            allowed.iter().map(|text| Block::parse(text).ok_or_else(|| Error::Internal(format!("not a network: {text}"))));
        Ok(Self { allowed: blocks.collect::<Result<_>>()? })
    }

    /// Whether an endpoint's URL may be registered: scheme, and the address when the host is one. Names are looked up
    /// at connect.
    pub fn check_url(&self, url: &str, environment: Environment) -> std::result::Result<(), Refused> {
        let url = reqwest::Url::parse(url).map_err(|_| Refused::Unreadable)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refused::Unreadable)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Unreadable);
        }
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let loopback = address.is_some_and(|ip| ip.is_loopback()) || host.eq_ignore_ascii_case("localhost");
        match url.scheme() {
            "https" => {}
            "http" if loopback && environment == Environment::Sandbox => {}
            "http" if address.is_some_and(|ip| self.is_allowed(ip)) => {}
            "http" => return Err(Refused::NotHttps),
            _ => return Err(Refused::Unreadable),
        }
        if loopback {
            let open = environment == Environment::Sandbox && url.scheme() == "http";
            let listed = self.is_allowed(address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)));
            return if open || listed { Ok(()) } else { Err(Refused::Private) };
        }
        match address {
            Some(ip) if !self.may_connect(ip) => Err(Refused::Private),
            _ => Ok(()),
        }
    }

    /// Whether a connection to this address may be made.
    pub fn may_connect(&self, address: IpAddr) -> bool {
        !is_private(address) || self.is_allowed(address)
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|block| block.holds(address))
    }
}

/// Looks names up and lets only lawful addresses through, so that a name that changes its address meanwhile does not
/// help.
pub struct GuardedResolver(pub Guard);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            // A name for loopback is let through here only when the sandbox rule let the URL through before.
            let local = name.as_str().eq_ignore_ascii_case("localhost");
            let lawful: Vec<SocketAddr> =
                found.filter(|address| guard.may_connect(address.ip()) || (local && address.ip().is_loopback())).collect();
            if lawful.is_empty() {
                return Err("the host has no public address".into());
            }
            Ok(Box::new(lawful.into_iter()) as Addrs)
        })
    }
}

impl Block {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.trim().split_once('/').map_or((text.trim(), None), |(a, p)| (a, Some(p)));
        let network: IpAddr = address.parse().ok()?;
        let whole = if network.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Some(whole), |prefix| prefix.parse().ok().filter(|bits| *bits <= whole))?;
        Some(Self { network, prefix })
    }

    fn holds(&self, address: IpAddr) -> bool {
        let shared = |own: u128, other: u128, width: u32| {
            let shift = width - u32::from(self.prefix);
            shift >= width || (own >> shift) == (other >> shift)
        };
        match (self.network, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => shared(u32::from(own).into(), u32::from(other).into(), 32),
            (IpAddr::V6(own), IpAddr::V6(other)) => self.prefix == 0 || shared(own.into(), other.into(), 128),
            _ => false,
        }
    }
}

/// Addresses that no webhook of the public internet has (IANA special-purpose registries).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private_v4(v4),
            None => is_private_v6(v6),
        },
    }
}

fn is_private_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
}

fn is_private_v6(v6: Ipv6Addr) -> bool {
    let head = v6.segments();
    let embedded = |hi: u16, lo: u16| is_private_v4(Ipv4Addr::from((u32::from(hi) << 16) | u32::from(lo)));
    v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || (head[0] & 0xfe00) == 0xfc00
        || (head[0] & 0xffc0) == 0xfe80
        || (head[0] == 0x2001 && head[1] == 0x0db8)
        || (head[0] == 0x64 && head[1] == 0xff9b && embedded(head[6], head[7]))
        || (head[0] == 0x2002 && embedded(head[1], head[2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_let_through_or_refused() {
        let guard = Guard::new(&["10.1.0.0/16".into()]).unwrap();
        let sandbox = Environment::Sandbox;
        let live = Environment::Production;
        for (url, environment, expected) in [
            ("https://hooks.example.com/x", live, Ok(())),
            ("http://hooks.example.com/x", live, Err(Refused::NotHttps)),
            ("http://127.0.0.1:9000/x", sandbox, Ok(())),
            ("http://localhost:9000/x", sandbox, Ok(())),
            ("http://127.0.0.1:9000/x", live, Err(Refused::NotHttps)),
            ("https://127.0.0.1/x", live, Err(Refused::Private)),
            ("https://[::1]/x", live, Err(Refused::Private)),
            ("https://169.254.169.254/latest", live, Err(Refused::Private)),
            ("https://[::ffff:10.0.0.1]/", live, Err(Refused::Private)),
            ("https://10.1.2.3/", live, Ok(())),
            ("http://10.1.2.3/", live, Ok(())),
            ("https://10.2.2.3/", live, Err(Refused::Private)),
            ("https://user:pw@hooks.example.com/", live, Err(Refused::Unreadable)),
            ("ftp://hooks.example.com/", live, Err(Refused::Unreadable)),
            ("not a url", live, Err(Refused::Unreadable)),
        ] {
            assert_eq!(guard.check_url(url, environment), expected, "{url}");
        }
    }

    #[test]
    fn private_ranges_are_known() {
        for private in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "fd00::1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "172.15.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::101:101"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_judged(url in "\\PC{0,60}", block in "\\PC{0,20}") {
            let _ = Guard::default().check_url(&url, Environment::Sandbox);
            let _ = Block::parse(&block);
        }
    }
}
