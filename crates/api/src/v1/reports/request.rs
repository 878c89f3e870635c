//! The query of a report, with all its faults at once.

use domain::{
    channel::Channel,
    fault::Faults,
    id::{Mid, SiteId},
    money::Currency,
    report::{Ask, Interval, Key, Name},
    time::Timestamp,
};
use http::{HeaderMap, header::ACCEPT};

use crate::extract::{Query, span};

domain::words! {
    /// How a report is answered.
    pub enum Form {
        /// JSON.
        Json = "json",
        /// RFC 4180.
        Csv = "csv",
    }
}

/// What a query asks for.
#[derive(Debug)]
pub struct Asked {
    /// One merchant only.
    pub mid: Option<Mid>,
    /// The report.
    pub ask: Ask,
    /// How it is answered.
    pub form: Form,
}

/// Reads it.
pub fn read(name: Name, query: &Query, headers: &HeaderMap) -> Result<Asked, Faults> {
    let mut faults = Faults::new();
    let (from, to) = span(query, &mut faults);
    for (path, end) in [("From", from), ("To", to)] {
        if end.is_none() && !faults.has(path) {
            faults.required(path);
        }
    }
    let mid = known(query, "mid", "Mid", Mid::parse, &mut faults);
    let site = known(query, "siteId", "SiteId", SiteId::parse, &mut faults);
    let channel = known(query, "channel", "Channel", Channel::parse, &mut faults);
    let currency = known(query, "currency", "Currency", Currency::parse, &mut faults);
    let interval = known(query, "interval", "Interval", Interval::parse, &mut faults);
    let form = known(query, "format", "Format", Form::parse, &mut faults);
    let include_test = query.flag("includeTest");
    if include_test.is_none() && query.get("includeTest").is_some() {
        faults.invalid("IncludeTest");
    }
    let keys = keys(query, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let ask = Ask {
        name,
        from: from.unwrap_or(Timestamp::EPOCH),
        to: to.unwrap_or(Timestamp::EPOCH),
        interval: interval.unwrap_or(Interval::None),
        keys,
        site,
        channel,
        currency,
        include_test: include_test.unwrap_or(false),
    };
    Ok(Asked { mid, ask, form: form.unwrap_or_else(|| accepted(headers)) })
}

fn known<T>(query: &Query, name: &str, path: &str, parse: impl Fn(&str) -> Option<T>, faults: &mut Faults) -> Option<T> {
    let text = query.get(name)?;
    let found = parse(text.trim());
    if found.is_none() {
        faults.invalid(path);
    }
    found
}

/// `groupBy`: repeated or comma separated.
fn keys(query: &Query, faults: &mut Faults) -> Vec<Key> {
    let parts = query.all("groupBy").flat_map(|value| value.split(',')).map(str::trim).filter(|part| !part.is_empty());
    let mut keys = vec![];
    for part in parts {
        match Key::parse(part) {
            Some(key) if keys.contains(&key) => {}
            Some(key) => keys.push(key),
            None => faults.invalid("GroupBy"),
        }
    }
    keys
}

fn accepted(headers: &HeaderMap) -> Form {
    let named = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).map(str::to_ascii_lowercase).unwrap_or_default();
    if named.contains("text/csv") { Form::Csv } else { Form::Json }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(pairs: &[(&str, &str)], accept: &'static str) -> Result<Asked, Faults> {
        let query = Query::from(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>());
        let headers = HeaderMap::from_iter([(ACCEPT, http::HeaderValue::from_static(accept))]);
        read(Name::Recovery, &query, &headers)
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let pairs = [
            ("to", "tomorrow"),
            ("mid", "x"),
            ("siteId", "x"),
            ("channel", "x"),
            ("currency", "XXL"),
            ("interval", "year"),
            ("groupBy", "site,colour"),
            ("includeTest", "perhaps"),
            ("format", "pdf"),
        ];
        let faults = reading(&pairs, "*/*").unwrap_err();
        let told: Vec<_> = faults.iter().map(|(path, message)| format!("{path}: {message}")).collect();
        assert_eq!(
            told,
            [
                "Channel: The field Channel is invalid.",
                "Currency: The field Currency is invalid.",
                "Format: The field Format is invalid.",
                "From: The From field is required.",
                "GroupBy: The field GroupBy is invalid.",
                "IncludeTest: The field IncludeTest is invalid.",
                "Interval: The field Interval is invalid.",
                "Mid: The field Mid is invalid.",
                "SiteId: The field SiteId is invalid.",
                "To: The field To is invalid.",
            ]
        );
    }

    #[test]
    fn defaults_and_words_in_any_case() {
        let span = [("from", "2026-11-01"), ("to", "2026-11-30")];
        let plain = reading(&span, "application/json").unwrap();
        assert_eq!((plain.ask.interval, plain.ask.include_test, plain.form), (Interval::None, false, Form::Json));
        let pairs =
            [span[0], span[1], ("groupBy", "Site,channel"), ("groupby", "site"), ("interval", "WEEK"), ("includeTest", "1")];
        let full = reading(&pairs, "text/csv, */*;q=0.1").unwrap();
        assert_eq!(full.ask.keys, [Key::Site, Key::Channel]);
        assert_eq!((full.ask.interval, full.ask.include_test, full.form), (Interval::Week, true, Form::Csv));
    }
}
