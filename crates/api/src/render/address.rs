//! Addresses with every member present.

use schemars::JsonSchema;
use serde::Serialize;

/// An address as replies have it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Address")]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the wire's own words")]
pub struct Address<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    phone: Option<&'a str>,
    address_line1: Option<&'a str>,
    address_line2: Option<&'a str>,
    city: Option<&'a str>,
    state: Option<&'a str>,
    zipcode: Option<&'a str>,
    country: Option<&'a str>,
    country_code: Option<&'a str>,
}

impl<'a> From<&'a domain::address::Address> for Address<'a> {
    fn from(address: &'a domain::address::Address) -> Self {
        Self {
            first_name: address.first_name.as_deref(),
            last_name: address.last_name.as_deref(),
            phone: address.phone.as_deref(),
            address_line1: address.address_line1.as_deref(),
            address_line2: address.address_line2.as_deref(),
            city: address.city.as_deref(),
            state: address.state.as_deref(),
            zipcode: address.zipcode.as_deref(),
            country: address.country.as_deref(),
            country_code: address.country_code.as_deref(),
        }
    }
}
