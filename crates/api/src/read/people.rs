//! `payer`, `billingInformation` and `shippingInformation`.

use domain::{
    address::{Address, Payer},
    bounds::{ID_CHARS_MAX, TEXT_CHARS_MAX},
};

use crate::json::Reader;

/// Reads `payer`.
pub fn payer(reader: &mut Reader<'_, '_>) -> Payer {
    let Some(mut inner) = reader.object("payer", "Payer") else { return Payer::default() };
    Payer {
        id: inner.text("id", ID_CHARS_MAX),
        email: inner.text("email", TEXT_CHARS_MAX),
        phone: inner.text("phone", TEXT_CHARS_MAX),
        birthdate: inner.text("birthdate", TEXT_CHARS_MAX),
    }
}

/// Reads an address; `name` is the member, `parent` its path.
pub fn address(reader: &mut Reader<'_, '_>, name: &str, parent: &'static str) -> Option<Address> {
    let mut inner = reader.object(name, parent)?;
    let mut text = |name: &str| inner.text(name, TEXT_CHARS_MAX);
    Some(Address {
        first_name: text("firstName"),
        last_name: text("lastName"),
        phone: text("phone"),
        address_line1: text("addressLine1"),
        address_line2: text("addressLine2"),
        city: text("city"),
        state: text("state"),
        zipcode: text("zipcode"),
        country: text("country"),
        country_code: text("countryCode"),
    })
}
