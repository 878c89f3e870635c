//! `GET` and `DELETE` of an application's documents.

use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use engine::onboarding::Download;
use futures_util::stream;
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::page,
    render::{List, Reply, application::document},
    state::AppState,
};

/// Lists. An application has few documents, so the whole list is read.
pub async fn list(
    State(state): State<AppState>,
    Path(id): Path<String>,
    query: Query,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let application = state.engine().application(&principal, super::id(&id)?).await?;
    Ok(Reply::ok(&List::cut(page(&query), &application.documents, document)))
}

/// Downloads, part by part, as a file that no browser opens by itself.
pub async fn get(
    State(state): State<AppState>,
    Path((id, document)): Path<(String, String)>,
    Caller(principal): Caller,
) -> Result<Response, Failure> {
    let (id, document) = (super::id(&id)?, super::document_id(&document)?);
    let mut download = state.engine().document(&principal, id, document).await?;
    // The first part is read before the head is sent: what cannot be opened is an error, not half a file.
    let first = download.next().await?.unwrap_or_default();
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(download.document.format.media_type())),
        (CONTENT_LENGTH, HeaderValue::from(download.document.bytes)),
        (CONTENT_DISPOSITION, disposition(&download.document.name)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
    ];
    Ok((StatusCode::OK, headers, rest(first, download)).into_response())
}

/// Deletes it; 204.
pub async fn delete(
    State(state): State<AppState>,
    Path((id, document)): Path<(String, String)>,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    state.engine().delete_document(&principal, super::id(&id)?, super::document_id(&document)?).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn rest(first: Vec<u8>, download: Download) -> Body {
    let parts = stream::try_unfold((Some(first), download), |(first, mut download)| async move {
        let part = match first {
            Some(first) => Some(first),
            None => download.next().await.inspect_err(|error| tracing::error!(%error, "a download broke off"))?,
        };
        Ok::<_, engine::Error>(part.map(|part| (part, (None, download))))
    });
    Body::from_stream(parts)
}

/// `attachment` with the file's name: plain ASCII for old clients, percent-encoded UTF-8 for the others (RFC 6266).
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' }).collect();
    let coded: String = name
        .bytes()
        .map(|byte| {
            let plain = byte.is_ascii_alphanumeric() || b".-_~".contains(&byte);
            if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        })
        .collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_header() {
        for (name, header) in [
            ("statement.pdf", "attachment; filename=\"statement.pdf\"; filename*=UTF-8''statement.pdf"),
            ("größe \"1\".csv", "attachment; filename=\"gr__e _1_.csv\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%221%22.csv"),
            ("a\r\nX: y.pdf", "attachment; filename=\"a__X_ y.pdf\"; filename*=UTF-8''a%0D%0AX%3A%20y.pdf"),
        ] {
            assert_eq!(disposition(name).to_str().unwrap(), header);
        }
    }
}
