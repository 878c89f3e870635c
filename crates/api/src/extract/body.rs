//! Reading a body: content type, size, and the bytes without a copy where they came in one piece.

use axum::{
    body::Body,
    extract::{FromRequest as _, RawForm, Request},
};
use bytes::{Bytes, BytesMut};
use domain::bounds::{BATCH_BODY_BYTES_MAX, BODY_BYTES_MAX};
use http::{
    HeaderMap,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body_util::BodyExt as _;

use super::Query;
use crate::{failure::Failure, guard::Guard};

/// What is read and dropped of a body that is too large.
const DISCARDED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How large a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// 256 KiB.
    One,
    /// 64 MiB when it is an array, else 256 KiB.
    OneOrMany,
}

/// Reads a JSON body. An empty one is fine whatever it calls itself.
pub async fn read_body(headers: &HeaderMap, body: Body, limits: Limits, guard: &Guard) -> Result<Bytes, Failure> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let most = if limits == Limits::One { BODY_BYTES_MAX } else { BATCH_BODY_BYTES_MAX };
    if announced.is_some_and(|length| length > most as u64) {
        discard(body).await;
        return Err(Failure::too_large());
    }
    let bytes = collect(body, limits, guard).await?;
    if bytes.is_empty() || (is_json(headers) && is_plain(headers)) { Ok(bytes) } else { Err(Failure::unsupported()) }
}

/// Reads a body that a page sent: JSON, also under the type that beacons have, of at most a size.
pub async fn read_browser_body(headers: &HeaderMap, body: Body, bytes_max: usize, guard: &Guard) -> Result<Bytes, Failure> {
    let bytes = collect(body, Limits::One, guard).await?;
    if bytes.len() > bytes_max {
        return Err(Failure::too_large());
    }
    let is_text = essence(headers).is_some_and(|essence| essence == "text/plain");
    if bytes.is_empty() || ((is_json(headers) || is_text) && is_plain(headers)) { Ok(bytes) } else { Err(Failure::unsupported()) }
}

/// The fields of a form body; `None` when the body is no form.
pub async fn read_form(headers: &HeaderMap, bytes: &Bytes) -> Option<Query> {
    if essence(headers).is_none_or(|essence| essence != "application/x-www-form-urlencoded") {
        return None;
    }
    let request =
        Request::post("/").header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(bytes.clone())).ok()?;
    let RawForm(form) = RawForm::from_request(request, &()).await.ok()?;
    let uri = format!("/?{}", std::str::from_utf8(&form).ok()?).parse().ok()?;
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok()?;
    Some(Query::from(pairs.0))
}

/// Collects the bytes of any body, whatever its type. Few large ones are read at once: they lie in memory.
pub async fn collect(mut body: Body, limits: Limits, guard: &Guard) -> Result<Bytes, Failure> {
    let mut room = None;
    let mut first = Bytes::new();
    let mut rest: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Failure::coded(40000, "The request body could not be read."))?;
        let Ok(data) = frame.into_data() else { continue };
        match &mut rest {
            None if first.is_empty() => first = data,
            None => {
                let mut joined = BytesMut::with_capacity(first.len() + data.len());
                joined.extend_from_slice(&first);
                joined.extend_from_slice(&data);
                rest = Some(joined);
            }
            Some(joined) => joined.extend_from_slice(&data),
        }
        let size = rest.as_ref().map_or(first.len(), BytesMut::len);
        if size > allowed(limits, rest.as_deref().unwrap_or(&first)) {
            discard(body).await;
            return Err(Failure::too_large());
        }
        if size > BODY_BYTES_MAX && room.is_none() {
            room = Some(guard.large_body()?);
        }
    }
    Ok(rest.map_or(first, BytesMut::freeze))
}

/// Reads on for a while: a client that is still sending when the connection closes never sees its answer.
async fn discard(mut body: Body) {
    let mut bytes = 0;
    while let Some(Ok(frame)) = body.frame().await {
        bytes += frame.data_ref().map_or(0, Bytes::len);
        if bytes > DISCARDED_BYTES_MAX {
            return;
        }
    }
}

fn allowed(limits: Limits, so_far: &[u8]) -> usize {
    let is_list = limits == Limits::OneOrMany && so_far.trim_ascii_start().first() == Some(&b'[');
    if is_list { BATCH_BODY_BYTES_MAX } else { BODY_BYTES_MAX }
}

fn is_json(headers: &HeaderMap) -> bool {
    essence(headers).is_none_or(|essence| {
        essence.is_empty() || essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
    })
}

fn is_plain(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_none_or(|coding| coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity"))
}

/// The content type without parameters, lower case; unreadable ones match nothing.
fn essence(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?;
    let text = value.to_str().unwrap_or("?");
    Some(text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of_type(content_type: &str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap())])
    }

    fn code(failure: Failure) -> u16 {
        match failure {
            Failure::Coded(coded) => coded.code,
            _ => 0,
        }
    }

    #[tokio::test]
    async fn only_json_is_read() {
        let guard = Guard::new(crate::guard::Limits::default());
        for (content_type, read) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/problem+json", true),
            ("application/*+json", true),
            ("", true),
            ("text/json", false),
            ("text/plain", false),
            ("application/xml", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            let result = read_body(&of_type(content_type), Body::from("{}"), Limits::One, &guard).await;
            assert_eq!(result.map_err(code), if read { Ok(Bytes::from("{}")) } else { Err(41500) }, "{content_type}");
        }
        assert!(read_body(&HeaderMap::new(), Body::from("{}"), Limits::One, &guard).await.is_ok());
        assert!(read_body(&of_type("text/plain"), Body::empty(), Limits::One, &guard).await.unwrap().is_empty());
        let mut zipped = of_type("application/json");
        zipped.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(read_body(&zipped, Body::from("{}"), Limits::One, &guard).await.map_err(code), Err(41500));
    }

    #[tokio::test]
    async fn sizes_are_bounded_also_when_they_come_in_pieces() {
        let guard = Guard::new(crate::guard::Limits::default());
        let pieces = |first: &'static str, total: usize| {
            let chunks = std::iter::once(Bytes::from(first)).chain((0..total / 1024).map(|_| Bytes::from(vec![b' '; 1024])));
            Body::from_stream(futures_util::stream::iter(chunks.map(Ok::<_, std::io::Error>)))
        };
        for (first, total, limits, fits) in [
            ("{", BODY_BYTES_MAX - 1024, Limits::One, true),
            ("{", BODY_BYTES_MAX, Limits::One, false),
            ("[", BODY_BYTES_MAX, Limits::One, false),
            ("{", BODY_BYTES_MAX, Limits::OneOrMany, false),
            (" [", 4 * BODY_BYTES_MAX, Limits::OneOrMany, true),
        ] {
            let result = read_body(&HeaderMap::new(), pieces(first, total), limits, &guard).await;
            assert_eq!(result.map(|bytes| bytes.len()).map_err(code).is_ok(), fits, "{first} {total}");
        }
        let mut announced = HeaderMap::new();
        announced.insert(CONTENT_LENGTH, HeaderValue::from(BATCH_BODY_BYTES_MAX as u64 + 1));
        assert_eq!(read_body(&announced, Body::from("["), Limits::OneOrMany, &guard).await.map_err(code), Err(41300));
    }

    #[tokio::test]
    async fn forms_are_decoded() {
        let bytes = Bytes::from("grant_type=client_credentials&scope=a+b&client_secret=%2B");
        let form = read_form(&of_type("application/x-www-form-urlencoded; charset=utf-8"), &bytes).await.unwrap();
        assert_eq!(
            (form.get("grant_type"), form.get("scope"), form.get("client_secret")),
            (Some("client_credentials"), Some("a b"), Some("+"))
        );
        assert!(read_form(&of_type("application/json"), &bytes).await.is_none());
    }
}
