//! Where the customer goes in the end: only to hosts of the site.

use domain::{bounds::TEXT_CHARS_MAX, fault::Faults, site::Site};
use engine::challenge::Look;

/// The address that was asked for, else the site's own. One of another host is a fault.
pub fn target(look: &Look, asked: Option<&str>, own: Option<String>, path: &str, faults: &mut Faults) -> Option<String> {
    let Some(asked) = asked else { return own };
    if look.site().is_some_and(|site| is_of(site, asked)) {
        return Some(asked.to_owned());
    }
    faults.invalid(path);
    None
}

fn is_of(site: &Site, url: &str) -> bool {
    let named = site.urls.iter().chain(&site.allowed_origins).filter_map(|known| host(known.trim()));
    url.chars().count() <= TEXT_CHARS_MAX
        && host(url).is_some_and(|wanted| is_absolute(url) && named.into_iter().any(|own| own == wanted))
}

fn is_absolute(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The host without case, `www.` and port. Browsers read some characters in ways of their own; addresses with these are
/// none: what is judged here must be what is gone to.
fn host(url: &str) -> Option<String> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return None;
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if authority.contains('@') || authority.contains('%') {
        return None;
    }
    let name = match authority.strip_prefix('[') {
        Some(_) => authority.split_once(']').map(|(name, _)| name)?,
        None => authority.split(':').next().unwrap_or(authority),
    };
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("www.").unwrap_or(&name);
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn hosts_are_read_as_browsers_do_or_not_at_all() {
        for (url, expected) in [
            ("https://WWW.Shop.example:8443/a?b#c", Some("shop.example")),
            ("https://shop.example", Some("shop.example")),
            ("shop.example/eu", Some("shop.example")),
            ("https://shop.example@evil.example/", None),
            ("https://evil.example\\.shop.example/", None),
            ("https://shop.example%2eevil.example", None),
            ("https://shop.example\t.evil.example", None),
            ("https://shop.example#@evil.example", Some("shop.example")),
            ("https:///shop.example", None),
            ("http://[::1]:8080/x", Some("[::1")),
            ("", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
        for script in ["javascript:alert(1)//shop.example", "data:text/html,x"] {
            assert!(!super::is_absolute(script), "{script}");
        }
    }
}
