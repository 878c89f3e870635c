//! `POST …/documents`: a multipart form, its file handed on as it comes and never held whole.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{
    body::BodyDataStream,
    extract::{Path, Request, State},
    http::request::Parts,
};
use bytes::Bytes;
use domain::{
    application::DocumentKind,
    bounds::{DOCUMENT_BYTES_MAX, TEXT_CHARS_MAX},
    fault::Faults,
    id::{ApplicationId, DocumentId},
};
use engine::{
    Principal,
    onboarding::{NewDocument, Upload},
};
use futures_util::{Stream, StreamExt as _};
use http::{
    HeaderMap,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use multer::{Constraints, Field, Multipart, SizeLimit};

use crate::{
    extract::{authenticate, keyed},
    failure::Failure,
    render::{Reply, application},
    state::AppState,
};

/// Everything of a form but its file, bytes.
const REST_BYTES_MAX: usize = 64 * 1024;
/// Fields of a form.
const FIELDS_MAX: usize = 20;
/// What is read and dropped of a form that is refused: its sender sees the answer.
const DISCARDED_BYTES_MAX: usize = 3 * DOCUMENT_BYTES_MAX;

/// Reads the form, keeps the file, answers its id.
pub async fn upload(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Result<Reply, Failure> {
    let (parts, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new(body.into_data_stream())));
    let kept = take(&state, &id, &parts, body.clone()).await;
    if !matches!(kept, Ok(Ok(_))) {
        discard(body).await;
    }
    Ok(application::uploaded(&kept?))
}

async fn take(state: &AppState, id: &str, parts: &Parts, body: Shared) -> Result<Result<DocumentId, String>, Failure> {
    let principal = authenticate(parts, state).await?;
    let id = super::id(id)?;
    let boundary = boundary(&parts.headers)?;
    // The body goes by unread; its length tells one file under a key from another.
    let length = parts.headers.get(CONTENT_LENGTH).map(|length| length.as_bytes().to_vec()).unwrap_or_default();
    keyed::remember(parts, state, &principal, &length).await?;
    Form::new(body, boundary).take(state, &principal, id).await
}

/// Reads on for a while: a client that is still sending when the connection closes never sees its answer.
async fn discard(mut body: Shared) {
    let mut dropped = 0;
    while let Some(Ok(bytes)) = body.next().await {
        dropped += bytes.len();
        if dropped > DISCARDED_BYTES_MAX {
            return;
        }
    }
}

/// The body, which the form reads, and whoever refuses it after the form.
#[derive(Clone)]
struct Shared(Arc<Mutex<BodyDataStream>>);

impl Stream for Shared {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.poll_next_unpin(cx)
    }
}

fn boundary(headers: &HeaderMap) -> Result<String, Failure> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).ok_or_else(Failure::unsupported)?;
    multer::parse_boundary(content_type).map_err(|_| Failure::unsupported())
}

/// A form being read.
struct Form {
    fields: Multipart<'static>,
    new: NewDocument,
    faults: Faults,
    upload: Option<Upload>,
}

impl Form {
    fn new<S, E>(body: S, boundary: String) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let most = (DOCUMENT_BYTES_MAX + REST_BYTES_MAX) as u64;
        let constraints = Constraints::new().size_limit(SizeLimit::new().whole_stream(most));
        let fields = Multipart::with_constraints(body, boundary, constraints);
        Self { fields, new: NewDocument::default(), faults: Faults::new(), upload: None }
    }

    /// Reads everything and keeps the file; what was begun and is not kept, is dropped.
    async fn take(
        &mut self,
        state: &AppState,
        principal: &Principal,
        id: ApplicationId,
    ) -> Result<Result<DocumentId, String>, Failure> {
        if let Err(refusal) = state.engine().may_upload(principal, id).await? {
            return Ok(Err(refusal));
        }
        let read = self.read(state, principal, id).await;
        let (upload, new, mut faults) = (self.upload.take(), std::mem::take(&mut self.new), std::mem::take(&mut self.faults));
        match (read, upload) {
            (Err(failure), None) => Err(failure),
            (Err(failure), Some(upload)) => {
                upload.abandon().await?;
                Err(failure)
            }
            (Ok(()), Some(upload)) => Ok(upload.finish(principal, new, faults).await?),
            (Ok(()), None) => {
                faults.required("Document");
                if new.kind.is_none() {
                    faults.required("DocumentType");
                }
                Err(faults.into())
            }
        }
    }

    async fn read(&mut self, state: &AppState, principal: &Principal, id: ApplicationId) -> Result<(), Failure> {
        let mut count = 0;
        while let Some(mut field) = self.fields.next_field().await.map_err(refusal)? {
            count += 1;
            if count > FIELDS_MAX {
                return Err(Failure::too_large());
            }
            match field.name().unwrap_or_default().to_ascii_lowercase().as_str() {
                "document" if self.upload.is_none() => {
                    self.new.name = field.file_name().map(str::to_owned);
                    let upload = self.upload.insert(state.engine().begin_upload(principal, id).await?);
                    while let Some(bytes) = field.chunk().await.map_err(refusal)? {
                        upload.write(&bytes).await?;
                    }
                }
                "document" => self.faults.invalid("Document"),
                "documenttype" => match text(field).await?.trim() {
                    "" => {}
                    word => {
                        self.new.kind = DocumentKind::parse(word);
                        if self.new.kind.is_none() {
                            self.faults.invalid("DocumentType");
                        }
                    }
                },
                "description" => {
                    let words = text(field).await?;
                    if words.chars().count() > TEXT_CHARS_MAX {
                        self.faults.too_long("Description", TEXT_CHARS_MAX);
                    }
                    self.new.description = Some(words.trim().to_owned()).filter(|words| !words.is_empty());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A small field as text; what is no UTF-8 is replaced.
async fn text(mut field: Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(more) = field.chunk().await.map_err(refusal)? {
        bytes.extend_from_slice(&more);
        if bytes.len() > REST_BYTES_MAX {
            return Err(Failure::too_large());
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "made for `map_err`")]
fn refusal(error: multer::Error) -> Failure {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => Failure::too_large(),
        _ => {
            let mut faults = Faults::new();
            faults.add("$", "The request body is not a valid multipart form.");
            faults.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    /// Names and contents of every field, read in pieces of any size, or the refusal.
    async fn fields(bytes: &[u8], boundary: &str, piece: usize) -> Result<Vec<(String, Vec<u8>)>, u16> {
        let pieces: Vec<_> =
            bytes.chunks(piece.max(1)).map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece))).collect();
        let mut form = Form::new(stream::iter(pieces), boundary.to_owned());
        let mut found = vec![];
        while let Some(mut field) = form.fields.next_field().await.map_err(|error| refusal(error).status().as_u16())? {
            let name = field.name().unwrap_or_default().to_owned();
            let mut content = vec![];
            while let Some(more) = field.chunk().await.map_err(|error| refusal(error).status().as_u16())? {
                content.extend_from_slice(&more);
            }
            found.push((name, content));
        }
        Ok(found)
    }

    fn written(content: &[u8]) -> Vec<u8> {
        let head = b"--edge\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\r\n";
        [&head[..], content, b"\r\n--edge--\r\n"].concat()
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
    }

    #[test]
    fn a_form_has_a_size() {
        let of = |length: usize| run(fields(&written(&vec![b'x'; length]), "edge", 65_536)).map(|fields| fields[0].1.len());
        assert_eq!(of(DOCUMENT_BYTES_MAX), Ok(DOCUMENT_BYTES_MAX));
        assert_eq!(of(DOCUMENT_BYTES_MAX + REST_BYTES_MAX), Err(413));
    }

    #[test]
    fn boundaries_are_needed() {
        let of = |content_type: &'static str| {
            boundary(&HeaderMap::from_iter([(CONTENT_TYPE, http::HeaderValue::from_static(content_type))])).ok()
        };
        assert_eq!(of("multipart/form-data; boundary=edge").as_deref(), Some("edge"));
        assert_eq!(of("multipart/form-data; boundary=\"edge\"").as_deref(), Some("edge"));
        for content_type in ["multipart/form-data", "application/json", "text/plain; boundary=edge", ""] {
            assert_eq!(of(content_type), None, "{content_type}");
        }
    }

    proptest::proptest! {
        #[test]
        fn content_comes_out_as_it_went_in(content: Vec<u8>, piece in 1_usize..64) {
            proptest::prop_assume!(!content.windows(6).any(|window| window == b"--edge"));
            let found = run(fields(&written(&content), "edge", piece));
            proptest::prop_assert_eq!(found, Ok(vec![("document".to_owned(), content)]));
        }

        #[test]
        fn what_is_cut_off_is_refused(content: Vec<u8>, cut in 1_usize..40, piece in 1_usize..64) {
            let whole = written(&content);
            // The line end after the last boundary says nothing more.
            let found = run(fields(&whole[..whole.len() - 4 - cut], "edge", piece));
            proptest::prop_assert_eq!(found, Err(400));
        }

        #[test]
        fn another_boundary_is_refused(content: Vec<u8>, piece in 1_usize..64) {
            proptest::prop_assert_eq!(run(fields(&written(&content), "other", piece)), Err(400));
        }

        #[test]
        fn anything_is_answered(bytes: Vec<u8>, piece in 1_usize..64) {
            let _ = run(fields(&bytes, "edge", piece));
        }
    }
}
