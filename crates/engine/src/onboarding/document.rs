//! Documents of an application: taken part by part as they come, sealed under a key of their own, visible once they are
//! whole and the application names them. What is broken off is dropped, at the latest by the purge.

use std::sync::Arc;

use domain::{
    application::{Application, Document, DocumentKind, Format, SNIFFED_BYTES},
    bounds::{DOCUMENT_BYTES_MAX, DOCUMENT_PART_BYTES, DOCUMENTS_PER_APPLICATION_MAX, FILE_NAME_CHARS_MAX},
    change::{ChangeSet, Write},
    fault::Faults,
    id::{ApplicationId, DocumentId},
};
use tokio::sync::OwnedSemaphorePermit;
use vault::DocumentKey;

use super::application::{SCOPE, refused};
use crate::{Engine, Error, Principal, Result};

/// Why the state of an application takes no document.
const CLOSED: &str = "Documents can be changed until the application is decided on.";

/// What is said of a document beside its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewDocument {
    /// What it shows.
    pub kind: Option<DocumentKind>,
    /// Name of the file as it was sent.
    pub name: Option<String>,
    /// Free text.
    pub description: Option<String>,
}

/// An upload under way.
pub struct Upload {
    engine: Arc<Engine>,
    application: ApplicationId,
    document: DocumentId,
    key: DocumentKey,
    sealed_key: Vec<u8>,
    head: Vec<u8>,
    waiting: Vec<u8>,
    parts: u32,
    bytes: usize,
    _seat: OwnedSemaphorePermit,
}

/// A document being read.
pub struct Download {
    /// What it is.
    pub document: Document,
    engine: Arc<Engine>,
    key: DocumentKey,
    next: u32,
}

impl Engine {
    /// Whether the caller may add a document now; the refusal says why not.
    pub async fn may_upload(&self, principal: &Principal, id: ApplicationId) -> Result<std::result::Result<(), String>> {
        principal.require(SCOPE)?;
        self.admit()?;
        Ok(takes_another(&self.application_of(principal, id).await?))
    }

    /// Begins an upload. There may be only so many at once, because each holds a part in memory.
    pub async fn begin_upload(self: &Arc<Self>, principal: &Principal, id: ApplicationId) -> Result<Upload> {
        principal.require(SCOPE)?;
        self.admit()?;
        self.application_of(principal, id).await?;
        let seat = self.uploads.clone().try_acquire_owned().map_err(|_| Error::Overloaded)?;
        let now = self.clock.now();
        let document = DocumentId::at(now, self.random.bytes());
        let (key, sealed_key) = self.vault.new_document_key(id.bytes(), document.bytes())?;
        self.store.apply(ChangeSet::new().with(Write::BeginUpload { document, at: now })).await?;
        Ok(Upload {
            engine: self.clone(),
            application: id,
            document,
            key,
            sealed_key,
            head: vec![],
            waiting: Vec::with_capacity(DOCUMENT_PART_BYTES),
            parts: 0,
            bytes: 0,
            _seat: seat,
        })
    }

    /// One document, to be read part by part.
    pub async fn document(self: &Arc<Self>, principal: &Principal, id: ApplicationId, document: DocumentId) -> Result<Download> {
        principal.require_read(SCOPE)?;
        let application = self.application_of(principal, id).await?;
        let document = application.document(document).cloned().ok_or(Error::NotFound)?;
        let key = self.vault.open_document_key(id.bytes(), document.id.bytes(), &document.key)?;
        Ok(Download { document, engine: self.clone(), key, next: 0 })
    }

    /// Takes a document away, bytes and all.
    pub async fn delete_document(&self, principal: &Principal, id: ApplicationId, document: DocumentId) -> Result<()> {
        principal.require(SCOPE)?;
        self.admit()?;
        self.amend(async || {
            let mut application = self.application_of(principal, id).await?;
            application.document(document).ok_or(Error::NotFound)?;
            if !application.state.takes_documents() {
                return Err(refused(CLOSED));
            }
            application.documents.retain(|known| known.id != document);
            application.touch(self.clock.now());
            let set = ChangeSet::new().with(Write::UpdateApplication(Box::new(application)));
            Ok((set.with(Write::DropDocument { document }), ()))
        })
        .await
    }
}

impl Upload {
    /// Takes the next bytes; [`Error::TooLarge`] as soon as there are too many.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len();
        if self.bytes > DOCUMENT_BYTES_MAX {
            return Err(Error::TooLarge);
        }
        self.head.extend_from_slice(&bytes[..bytes.len().min(SNIFFED_BYTES.saturating_sub(self.head.len()))]);
        while !bytes.is_empty() {
            // A full part waits until more comes: the last one is sealed as the last.
            if self.waiting.len() == DOCUMENT_PART_BYTES {
                self.store_part(false).await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(DOCUMENT_PART_BYTES - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Makes the document visible. Every fault of it is reported at once; a state that takes no document any more, or a full
    /// application, is told in words. What is not kept is dropped.
    pub async fn finish(
        mut self,
        principal: &Principal,
        new: NewDocument,
        mut faults: Faults,
    ) -> Result<std::result::Result<DocumentId, String>> {
        let checked = self.check(new, &mut faults);
        let (Some(document), true) = (checked, faults.is_empty()) else {
            self.abandon().await?;
            return Err(Error::Invalid(faults));
        };
        self.store_part(true).await?;
        let document = Document { parts: self.parts, ..document };
        let (engine, id) = (&self.engine, self.application);
        let kept = engine
            .amend(async || {
                let mut application = engine.application_of(principal, id).await?;
                if let Err(refusal) = takes_another(&application) {
                    return Ok((ChangeSet::new(), Err(refusal)));
                }
                application.documents.push(document.clone());
                application.touch(engine.clock.now());
                let set = ChangeSet::new().with(Write::KeepUpload { document: document.id });
                Ok((set.with(Write::UpdateApplication(Box::new(application))), Ok(document.id)))
            })
            .await?;
        if kept.is_err() {
            self.abandon().await?;
        }
        Ok(kept)
    }

    /// Drops what came so far.
    pub async fn abandon(self) -> Result<()> {
        let set = ChangeSet::new().with(Write::DropDocument { document: self.document });
        Ok(self.engine.store.apply(set).await?)
    }

    fn check(&self, new: NewDocument, faults: &mut Faults) -> Option<Document> {
        if new.kind.is_none() {
            faults.required("DocumentType");
        }
        let name = new.name.as_deref().map(file_name).unwrap_or_default();
        let format = Format::of_name(&name).filter(|format| format.fits(&self.head));
        if format.is_none() {
            faults.add("Document", "The field Document must be a PDF, JPEG, PNG, XLS, XLSX, CSV, DOC or DOCX file.");
        }
        if name.chars().count() > FILE_NAME_CHARS_MAX {
            faults.too_long("Document", FILE_NAME_CHARS_MAX);
        }
        Some(Document {
            id: self.document,
            kind: new.kind?,
            format: format?,
            name,
            bytes: self.bytes as u64,
            parts: self.parts,
            key: self.sealed_key.clone(),
            description: new.description,
            created_at: self.engine.clock.now(),
        })
    }

    async fn store_part(&mut self, is_last: bool) -> Result<()> {
        let sealed = self.engine.vault.seal_part(&self.key, self.parts, is_last, &self.waiting)?;
        let part = Write::InsertDocumentPart { document: self.document, number: self.parts, sealed };
        self.engine.store.apply(ChangeSet::new().with(part)).await?;
        self.waiting.clear();
        self.parts += 1;
        Ok(())
    }
}

impl Download {
    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.next == self.document.parts {
            return Ok(None);
        }
        let number = self.next;
        self.next += 1;
        let sealed = self.engine.store.document_part(self.document.id, number).await?;
        let sealed = sealed.ok_or_else(|| Error::Internal("a part of a document is missing".into()))?;
        let part = self.engine.vault.open_part(&self.key, number, self.next == self.document.parts, &sealed)?;
        Ok(Some(part.to_vec()))
    }
}

fn takes_another(application: &Application) -> std::result::Result<(), String> {
    if !application.state.takes_documents() {
        return Err(CLOSED.to_owned());
    }
    if application.documents.len() >= DOCUMENTS_PER_APPLICATION_MAX {
        return Err(format!("An application has at most {DOCUMENTS_PER_APPLICATION_MAX} documents."));
    }
    Ok(())
}

/// The name of a file without the folders that some browsers send, and without what no name should hold.
fn file_name(sent: &str) -> String {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars()
        .filter(|c| !c.is_control() && !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?'))
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders() {
        for (sent, name) in [
            ("passport.pdf", "passport.pdf"),
            ("C:\\Users\\ada\\passport.pdf", "passport.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
            ("\"quoted\".pdf", "quoted.pdf"),
            ("folder/", ""),
            ("größe.csv", "größe.csv"),
        ] {
            assert_eq!(file_name(sent), name, "{sent}");
        }
    }
}
