//! Addresses of calls.

use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

/// Reads a base address: http or https, without query.
pub fn base(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("the base address is unreadable: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() || url.query().is_some() {
        return Err("the base address must be one of http or https, without a query".to_owned());
    }
    Ok(url)
}

/// Whether a server of this address runs on this machine.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The address of a path template with its `{…}` filled in order.
pub fn of(base: &Url, path: &str, ids: &[String]) -> Result<Url, String> {
    let mut url = base.clone();
    let mut ids = ids.iter();
    let mut segments = url.path_segments_mut().map_err(|()| "the base address cannot be extended".to_owned())?;
    segments.pop_if_empty();
    for part in path.trim_start_matches('/').split('/') {
        let filled = if part.starts_with('{') { ids.next().map(String::as_str).unwrap_or_default() } else { part };
        // Such segments vanish from an address, and the call would be another one.
        if matches!(filled, "" | "." | "..") {
            return Err(format!("the id {filled:?} cannot stand in a path"));
        }
        segments.push(filled);
    }
    drop(segments);
    Ok(url)
}

/// Members of a struct as a query; lists are comma separated.
pub fn pairs(query: &impl Serialize) -> Vec<(String, String)> {
    let Ok(Value::Object(members)) = serde_json::to_value(query) else { return vec![] };
    members.into_iter().filter_map(|(name, value)| text(&value).map(|text| (name, text))).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(",")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(base_url: &str, path: &str, id: &str) -> Result<String, String> {
        of(&base(base_url)?, path, &[id.to_owned()]).map(String::from)
    }

    #[test]
    fn ids_stay_within_their_segment() {
        let path = "/v1/orders/{id}/external-cancel";
        assert_eq!(
            filled("https://h", path, "INV 1/2?x#é").unwrap(),
            "https://h/v1/orders/INV%201%2F2%3Fx%23%C3%A9/external-cancel"
        );
        assert_eq!(filled("https://h/under/", "/v1/orders/{id}", "7").unwrap(), "https://h/under/v1/orders/7");
        for id in ["", ".", ".."] {
            assert!(filled("https://h", path, id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn only_web_addresses_are_bases() {
        assert!(base("http://127.0.0.1:8080").is_ok());
        for text in ["", "recoup.example", "ftp://h", "mailto:a@b", "https://h?x=1"] {
            assert!(base(text).is_err(), "{text}");
        }
    }

    #[test]
    fn loopback_is_known() {
        for (text, known) in
            [("http://127.0.0.1:1", true), ("http://localhost", true), ("http://[::1]:2", true), ("http://10.0.0.1", false)]
        {
            assert_eq!(is_loopback(&base(text).unwrap()), known, "{text}");
        }
    }
}
