//! Who is at the other end of the connection.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};

/// The address of the caller. Behind the operator's proxy it is what the proxy added last to `X-Forwarded-For`; what
/// stands before that came from the caller and may be made up.
pub fn address(extensions: &Extensions, headers: &HeaderMap, behind_proxy: bool) -> IpAddr {
    let peer =
        extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    if behind_proxy { forwarded(headers).unwrap_or(peer) } else { peer }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let entry = last.rsplit(',').next()?.trim();
    let bare = entry.parse::<IpAddr>().ok();
    bare.or_else(|| entry.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| entry.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_proxys_own_word_counts() {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo("127.0.0.1:5000".parse::<SocketAddr>().unwrap()));
        for (lines, behind_proxy, expected) in [
            (vec![], true, "127.0.0.1"),
            (vec!["192.0.2.1"], false, "127.0.0.1"),
            (vec!["192.0.2.1"], true, "192.0.2.1"),
            (vec!["10.9.9.9, 192.0.2.1"], true, "192.0.2.1"),
            (vec!["10.9.9.9", "192.0.2.1:4711"], true, "192.0.2.1"),
            (vec!["[2001:db8::1]:443"], true, "2001:db8::1"),
            (vec!["[2001:db8::1]"], true, "2001:db8::1"),
            (vec!["unknown"], true, "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append("x-forwarded-for", HeaderValue::from_static(line));
            }
            assert_eq!(address(&extensions, &headers, behind_proxy).to_string(), expected, "{lines:?}");
        }
    }
}
