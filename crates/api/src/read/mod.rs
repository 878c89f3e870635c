//! Readers of the objects that `/evaluate` and `/transmit` share (`wire-api` §5.2).

mod channels;
mod extras;
pub mod listing;
mod method;
mod payment;
mod people;
mod prior;
mod settings;
mod transaction;
mod zone;

pub mod shape;

pub use channels::{INHERIT, switches};
pub use method::{method, stored_method};
pub use payment::payment;
pub use people::address;
pub use prior::prior_attempts;
pub use settings::{clearable, settings, settings_within};
pub use transaction::{Amounts, transaction};

use domain::{bounds::ID_CHARS_MAX, id::Mid, intake::When, money::Currency, time::Timestamp};

use crate::json::{Read, Reader, text_of};

/// `mid`: a GUID or nothing, in lenient requests too.
pub fn mid(reader: &mut Reader<'_, '_>) -> Option<Mid> {
    match text_of(reader.get("mid")).then(|text| Mid::parse(&text)) {
        Read::Is(mid) => Some(mid),
        Read::Absent => None,
        Read::Unreadable => {
            reader.invalid("mid");
            None
        }
    }
}

/// A date-time that may be there.
pub fn instant(reader: &mut Reader<'_, '_>, name: &str) -> Option<Timestamp> {
    match reader.when(name) {
        When::At(at) => Some(at),
        When::Absent => None,
        When::Unreadable => {
            reader.invalid(name);
            None
        }
    }
}

/// A currency that must be there.
pub fn currency(reader: &mut Reader<'_, '_>) -> Option<Currency> {
    reader.required_parsed("currency", Currency::parse)
}

/// `idempotencyKey` that must be there, as a member or as the header (given); the body wins.
pub fn idempotency_key(reader: &mut Reader<'_, '_>, header: Option<&str>) -> String {
    let own = optional_key(reader, header);
    if own.is_none() && !reader.faults().has("IdempotencyKey") {
        reader.required("idempotencyKey");
    }
    own.unwrap_or_default()
}

/// `idempotencyKey` that may be there, as a member or as the header (given); the body wins.
pub fn optional_key(reader: &mut Reader<'_, '_>, header: Option<&str>) -> Option<String> {
    let own = reader.text("idempotencyKey", ID_CHARS_MAX);
    let header = header.filter(|key| !key.trim().is_empty());
    if own.is_none() && header.is_some_and(|key| key.chars().count() > ID_CHARS_MAX) {
        reader.faults().too_long("IdempotencyKey", ID_CHARS_MAX);
        return None;
    }
    own.or_else(|| header.map(str::to_owned))
}
