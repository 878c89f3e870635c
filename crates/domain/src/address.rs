//! People and places as a payment names them.

use serde::{Deserialize, Serialize};

/// A postal address with the name on it; every part is optional, in any country's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub address_line1: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub address_line2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(missing_docs, reason = "the wire's own words")]
    pub zipcode: Option<String>,
    /// Name or ISO 3166 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// ISO 3166 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
}

/// The paying customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "StoredPayer")]
#[serde(default, rename_all = "camelCase")]
pub struct Payer {
    /// The merchant's id of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Any text, `NA` included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// `YYYY-MM-DD`, as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
}
