//! Documents of an application: what they are, and whether the bytes are what the name says.

use serde::{Deserialize, Serialize};

use crate::{id::DocumentId, time::Timestamp};

crate::words! {
    /// What a document shows.
    pub enum Kind {
        /// Who somebody is.
        Id = "ID",
        /// Where somebody lives.
        ProofOfAddress = "ProofOfAddress",
        /// That the business may be run.
        BusinessLicense = "BusinessLicense",
        /// A bank account.
        BankStatement = "BankStatement",
        /// Anything else.
        Other = "Other",
    }
}

crate::words! {
    /// The formats that are taken, by their usual extension.
    pub enum Format {
        /// Portable document.
        Pdf = "pdf",
        /// Photograph.
        Jpeg = "jpeg",
        /// Picture.
        Png = "png",
        /// Spreadsheet, old.
        Xls = "xls",
        /// Spreadsheet.
        Xlsx = "xlsx",
        /// Table as text.
        Csv = "csv",
        /// Text document, old.
        Doc = "doc",
        /// Text document.
        Docx = "docx",
    }
}

/// How much of a file decides what it is, bytes.
pub const SNIFFED_BYTES: usize = 64 * 1024;
/// How far into a file a PDF may begin, bytes.
const PDF_HEAD_BYTES: usize = 1_024;

impl Format {
    /// The format that a file name promises.
    pub fn of_name(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            _ if stem.is_empty() => None,
            "jpg" => Some(Self::Jpeg),
            other => Self::parse(other),
        }
    }

    /// Whether the beginning of a file is one of this format.
    pub fn fits(self, head: &[u8]) -> bool {
        const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        match self {
            Self::Pdf => holds(&head[..head.len().min(PDF_HEAD_BYTES)], b"%PDF-"),
            Self::Jpeg => head.starts_with(&[0xff, 0xd8, 0xff]),
            Self::Png => head.starts_with(&[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]),
            Self::Xls | Self::Doc => head.starts_with(OLE),
            Self::Xlsx => is_office(head, b"xl/"),
            Self::Docx => is_office(head, b"word/"),
            Self::Csv => is_text(head),
        }
    }

    /// `Content-Type` of a download.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Xls => "application/vnd.ms-excel",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv",
            Self::Doc => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// A zip archive that names the parts of an office document near its beginning.
fn is_office(head: &[u8], folder: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") && (holds(head, folder) || holds(head, b"[Content_Types].xml"))
}

/// Text in any eight-bit encoding: no control characters but those of lines and columns, and no other format's mark.
fn is_text(head: &[u8]) -> bool {
    let others = [Format::Pdf, Format::Jpeg, Format::Png, Format::Xls];
    let plain = |byte: &u8| *byte >= 0x20 && *byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r');
    !head.is_empty()
        && head.iter().all(plain)
        && !others.iter().any(|format| format.fits(head))
        && !head.trim_ascii_start().starts_with(b"<")
}

fn holds(head: &[u8], needle: &[u8]) -> bool {
    head.windows(needle.len()).any(|window| window == needle)
}

/// A document that was uploaded whole. Its bytes are kept apart, sealed part by part under a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Id.
    pub id: DocumentId,
    /// What it shows.
    pub kind: Kind,
    /// Name of the file, without folders.
    pub name: String,
    /// Format.
    pub format: Format,
    /// Length, bytes.
    pub bytes: u64,
    /// Parts it is kept in.
    pub parts: u32,
    /// Its key, sealed by the vault.
    pub key: Vec<u8>,
    /// Free text.
    pub description: Option<String>,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_promise_a_format() {
        for (name, format) in [
            ("passport.PDF", Some(Format::Pdf)),
            ("a.b.jpg", Some(Format::Jpeg)),
            ("a.jpeg", Some(Format::Jpeg)),
            ("table.csv", Some(Format::Csv)),
            ("letter.docx", Some(Format::Docx)),
            ("run.exe", None),
            ("pdf", None),
            (".pdf", None),
            ("page.html", None),
            ("a.svg", None),
        ] {
            assert_eq!(Format::of_name(name), format, "{name}");
        }
    }

    #[test]
    fn bytes_keep_the_promise_or_not() {
        let ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0];
        let sheet = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml....xl/workbook.xml";
        for (format, head, fits) in [
            (Format::Pdf, &b"%PDF-1.7\n"[..], true),
            (Format::Pdf, b"MZ\x90\0", false),
            (Format::Jpeg, &[0xff, 0xd8, 0xff, 0xe0], true),
            (Format::Png, b"\x89PNG\r\n\x1a\n....", true),
            (Format::Png, b"%PDF-1.7", false),
            (Format::Xls, &ole, true),
            (Format::Doc, &ole, true),
            (Format::Xlsx, sheet, true),
            (Format::Xlsx, b"PK\x03\x04........evil.exe", false),
            (Format::Docx, b"PK\x03\x04....word/document.xml", true),
            (Format::Csv, "name;größe\r\nA;1\n".as_bytes(), true),
            (Format::Csv, b"a,b\0", false),
            (Format::Csv, b"%PDF-1.7 text", false),
            (Format::Csv, b"<script>alert(1)</script>", false),
            (Format::Csv, b"", false),
        ] {
            assert_eq!(format.fits(head), fits, "{format} {head:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_judged(head: Vec<u8>) {
            for format in Format::ALL {
                let _ = format.fits(&head);
            }
        }
    }
}
