//! `POST …/documents`: a multipart form, its file handed on as it comes and never held whole.

use axum::{
    body::Body,
    extract::{Path, Request, State},
};
use bytes::Bytes;
use domain::{
    application::DocumentKind,
    bounds::{DOCUMENT_BYTES_MAX, TEXT_CHARS_MAX},
    fault::Faults,
    id::ApplicationId,
};
use engine::{
    Principal,
    onboarding::{NewDocument, Upload},
};
use futures_util::Stream;
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
const DISCARDED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Reads the form, keeps the file, answers its id.
pub async fn upload(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Result<Reply, Failure> {
    let (parts, body) = request.into_parts();
    let principal = authenticate(&parts, &state).await?;
    let id = super::id(&id)?;
    let boundary = boundary(&parts.headers)?;
    // The body goes by unread; its length tells one file under a key from another.
    let length = parts.headers.get(CONTENT_LENGTH).map(|length| length.as_bytes().to_vec()).unwrap_or_default();
    keyed::remember(&parts, &state, &principal, &length).await?;
    let mut form = Form::new(body, boundary);
    let kept = form.take(&state, &principal, id).await;
    if !matches!(kept, Ok(Ok(_))) {
        form.discard().await;
    }
    Ok(application::uploaded(&kept?))
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
    fn new(body: Body, boundary: String) -> Self {
        Self::over(body.into_data_stream(), boundary)
    }

    fn over<S, E>(stream: S, boundary: String) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let most = (DOCUMENT_BYTES_MAX + REST_BYTES_MAX) as u64;
        let constraints = Constraints::new().size_limit(SizeLimit::new().whole_stream(most));
        let fields = Multipart::with_constraints(stream, boundary, constraints);
        Self { fields, new: NewDocument::default(), faults: Faults::new(), upload: None }
    }

    /// Reads everything and keeps the file; what was begun and is not kept, is dropped.
    async fn take(
        &mut self,
        state: &AppState,
        principal: &Principal,
        id: ApplicationId,
    ) -> Result<Result<domain::id::DocumentId, String>, Failure> {
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

    /// Reads on for a while: a client that is still sending when the connection closes never sees its answer.
    async fn discard(&mut self) {
        let mut dropped = 0;
        while let Ok(Some(mut field)) = self.fields.next_field().await {
            while let Ok(Some(bytes)) = field.chunk().await {
                dropped += bytes.len();
                if dropped > DISCARDED_BYTES_MAX {
                    return;
                }
            }
        }
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
