//! Cookies: never readable by script, never sent along with another site's requests other than links.

use http::{HeaderMap, HeaderValue, header::COOKIE};

use crate::Portal;

/// Longest value that is looked at, bytes.
const VALUE_BYTES_MAX: usize = 4_096;
/// A year, seconds.
pub const YEAR_SECS: u32 = 365 * 24 * 60 * 60;

/// What the cookies are called. Over TLS their names bind them to this host.
#[derive(Debug)]
pub struct Names {
    /// The session's id.
    pub session: &'static str,
    /// The secret of a browser that is not signed in.
    pub visit: &'static str,
    /// A sign-in that waits for its second factor.
    pub pending: &'static str,
    /// What is said once.
    pub flash: &'static str,
    /// The merchant that was chosen.
    pub merchant: &'static str,
    /// Light, dark, or as the system has it.
    pub theme: &'static str,
}

const PLAIN: Names = Names {
    session: "recoup-session",
    visit: "recoup-visit",
    pending: "recoup-pending",
    flash: "recoup-flash",
    merchant: "recoup-merchant",
    theme: "recoup-theme",
};

const SECURE: Names = Names {
    session: "__Host-recoup-session",
    visit: "__Host-recoup-visit",
    pending: "__Host-recoup-pending",
    flash: "__Host-recoup-flash",
    merchant: "__Host-recoup-merchant",
    theme: "__Host-recoup-theme",
};

impl Names {
    /// The names over TLS or without it.
    pub const fn of(secure: bool) -> &'static Self {
        if secure { &SECURE } else { &PLAIN }
    }
}

/// The value of a cookie.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value).filter(|value| {
        !value.is_empty() && value.len() <= VALUE_BYTES_MAX
    })
}

/// A cookie that lives as long as the browser's window, or for some seconds; 0 forgets it. Its value is URL-safe text.
pub fn set(portal: &Portal, name: &str, value: &str, max_age_secs: Option<u32>) -> HeaderValue {
    let secure = if portal.is_secure() { "; Secure" } else { "" };
    let age = max_age_secs.map_or_else(String::new, |secs| format!("; Max-Age={secs}"));
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Forgets a cookie.
pub fn forget(portal: &Portal, name: &str) -> HeaderValue {
    set(portal, name, "", Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; recoup-session=xyz; b=recoup-session=no"));
        headers.append(COOKIE, HeaderValue::from_static("recoup-theme=dark; empty="));
        for (name, value) in
            [("a", Some("1")), ("recoup-session", Some("xyz")), ("recoup-theme", Some("dark")), ("empty", None), ("c", None)]
        {
            assert_eq!(get(&headers, name), value, "{name}");
        }
    }
}
