//! Entity tags (RFC 9110 §8.8.3, §13.1): the version of an object as a strong tag, and the conditions that callers set on it.

use axum::{extract::FromRequestParts, http::request::Parts};
use engine::{Precondition, Versions};
use http::{
    HeaderMap,
    header::{HeaderName, IF_MATCH, IF_NONE_MATCH},
};

use crate::{failure::Failure, render::Reply};

/// Tags of one header that are looked at.
const TAGS_MAX: usize = 100;

/// `If-Match` and `If-None-Match` of a request. A change hands [`Conditions::write`] to its use case; a read ends with
/// [`Conditions::read`].
#[derive(Debug, Clone, Default)]
pub struct Conditions(Precondition);

impl Conditions {
    /// The condition of a change, for the use case that makes it.
    pub const fn write(&self) -> &Precondition {
        &self.0
    }

    /// The reply of a `GET` with its tag; 304 when the caller has this version already, 412 when it insists on another.
    pub fn read(&self, version: impl Into<u64>, reply: Reply) -> Result<Reply, Failure> {
        let version = version.into();
        let insisted = Precondition { never: None, ..self.0.clone() };
        insisted.check(version)?;
        let known = self.0.never.as_ref().is_some_and(|never| never.name(version));
        Ok(if known { Reply::not_modified() } else { reply }.etag(version))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        // Strong comparison for If-Match: a weak tag is no promise that nothing changed.
        let only = versions(&parts.headers, &IF_MATCH, |_| None);
        let never = versions(&parts.headers, &IF_NONE_MATCH, |tag| tag.strip_prefix("W/"));
        Ok(Self(Precondition { only, never }))
    }
}

/// The versions of a header, which may come in several lines; `None` when it did not come at all.
fn versions(headers: &HeaderMap, name: &HeaderName, weak: impl Fn(&str) -> Option<&str>) -> Option<Versions> {
    let lines: Vec<&str> = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    if lines.is_empty() {
        return None;
    }
    if lines.iter().any(|line| line.trim() == "*") {
        return Some(Versions::Any);
    }
    let tags = lines.iter().flat_map(|line| line.split(',')).map(str::trim).take(TAGS_MAX);
    let tag = |text: &str| version(weak(text).unwrap_or(text));
    Some(Versions::These(tags.filter_map(tag).collect()))
}

/// The version in a strong tag of ours. Only the form that we send is known: `"07"` is another tag than `"7"`.
fn version(tag: &str) -> Option<u64> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    digits.parse().ok().filter(|version: &u64| version.to_string() == digits)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(lines: &[&'static str]) -> [Option<Versions>; 2] {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_static(line));
        }
        [versions(&headers, &IF_MATCH, |_| None), versions(&headers, &IF_MATCH, |tag| tag.strip_prefix("W/"))]
    }

    #[test]
    fn tags_are_read_strongly_and_weakly() {
        let these = |versions: &[u64]| Some(Versions::These(versions.to_vec()));
        for (lines, strong, weak) in [
            (&[][..], None, None),
            (&["*"][..], Some(Versions::Any), Some(Versions::Any)),
            (&["\"7\""][..], these(&[7]), these(&[7])),
            (&["\"7\", \"8\"", "\"9\""][..], these(&[7, 8, 9]), these(&[7, 8, 9])),
            (&["W/\"7\""][..], these(&[]), these(&[7])),
            (&["7", "\"x\"", "\"07\"", "\"-1\"", "\"+1\"", "\"99999999999999999999\""][..], these(&[]), these(&[])),
            (&[""][..], these(&[]), these(&[])),
        ] {
            assert_eq!(read(lines), [strong, weak], "{lines:?}");
        }
    }

    #[test]
    fn reads_are_answered_only_when_they_are_news() {
        let reading = |only: Option<Versions>, never: Option<Versions>| {
            Conditions(Precondition { only, never }).read(3_u32, Reply::ok(&"body")).map(|reply| !reply.body().is_empty()).ok()
        };
        let these = |version| Some(Versions::These(vec![version]));
        assert_eq!(reading(None, None), Some(true));
        assert_eq!(reading(None, these(2)), Some(true));
        assert_eq!(reading(None, these(3)), Some(false));
        assert_eq!(reading(None, Some(Versions::Any)), Some(false));
        assert_eq!(reading(these(2), None), None);
        assert_eq!(reading(these(3), these(3)), Some(false));
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_it_panic(text in "[\"W/*,0-9 x]{0,40}") {
            let mut headers = HeaderMap::new();
            headers.insert(IF_MATCH, HeaderValue::from_str(&text).unwrap());
            let _ = versions(&headers, &IF_MATCH, |tag| tag.strip_prefix("W/"));
        }
    }
}
