//! The parts of documents, sealed. An upload is there from its beginning until its application names the document; what
//! never gets so far is purged.

use domain::{change::Conflict, id::DocumentId, time::Timestamp};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    row::{collect, first, id, run},
};

/// Begins an upload.
pub fn begin(db: &Connection, document: DocumentId, at: Timestamp) -> Result<(), Fault> {
    run(db, "INSERT INTO uploads (document, started_at) VALUES ($1, $2)", params![document.bytes(), at.micros()])
        .map_err(taken("upload"))?;
    Ok(())
}

/// Writes one part of an upload that is under way.
pub fn insert_part(db: &Connection, document: DocumentId, number: u32, sealed: &[u8]) -> Result<(), Fault> {
    let under_way = first(db, "SELECT 1 FROM uploads WHERE document = $1", params![document.bytes()], |_| Ok(()))?;
    under_way.ok_or_else(|| gone(document))?;
    run(
        db,
        "INSERT INTO document_parts (document, number, sealed) VALUES ($1, $2, $3)",
        params![document.bytes(), number, sealed],
    )
    .map_err(taken("part"))?;
    Ok(())
}

/// Ends an upload whose parts are all there; its application names the document in the same change set.
pub fn keep(db: &Connection, document: DocumentId) -> Result<(), Fault> {
    match run(db, "DELETE FROM uploads WHERE document = $1", params![document.bytes()])? {
        1 => Ok(()),
        _ => Err(gone(document)),
    }
}

/// Takes away a document's parts, uploaded whole or not.
pub fn drop(db: &Connection, document: DocumentId) -> Result<(), Fault> {
    run(db, "DELETE FROM uploads WHERE document = $1", params![document.bytes()])?;
    run(db, "DELETE FROM document_parts WHERE document = $1", params![document.bytes()])?;
    Ok(())
}

/// One part.
pub fn part(db: &Connection, document: DocumentId, number: u32) -> Result<Option<Vec<u8>>, Fault> {
    first(db, "SELECT sealed FROM document_parts WHERE document = $1 AND number = $2", params![document.bytes(), number], |row| {
        Ok(row.get(0)?)
    })
}

/// Drops uploads that were begun before an instant and never finished, with their parts, a batch at most.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    let left = collect(
        db,
        "SELECT document FROM uploads WHERE started_at < $1 ORDER BY started_at LIMIT $2",
        params![before.micros(), batch],
        |row| id(row, 0, DocumentId::from_bytes),
    )?;
    left.iter().try_for_each(|document| drop(db, *document))?;
    Ok(left.len())
}

fn gone(document: DocumentId) -> Fault {
    Conflict::Version { what: "upload", id: document.0 }.into()
}
