//! Merchants.

use serde::{Deserialize, Serialize};

use crate::{
    channel::Mode,
    channel::Modes,
    id::{Mid, PartnerId},
    profile::Profile,
    settings::Settings,
    time::Timestamp,
};

/// A merchant: one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Merchant {
    /// The wire's `mid`.
    pub id: Mid,
    /// Row version; moves with every change of the merchant or one of its sites.
    #[serde(default = "first_version")]
    pub version: u32,
    /// The partner that onboarded it, if any.
    pub partner: Option<PartnerId>,
    /// Trading name.
    pub name: String,
    /// ISO 3166 alpha-2 country of the acceptor; decides regional network rules.
    pub country: String,
    /// Merchant category code, four digits.
    pub mcc: Option<String>,
    /// Whether its orders are worked.
    pub active: bool,
    /// Settings.
    pub settings: Settings,
    /// Channel modes.
    pub modes: Modes<Mode>,
    /// Since when, UTC.
    pub created_at: Timestamp,
    /// Names, contacts, bank account.
    #[serde(default)]
    pub profile: Profile,
}

/// Rows from before versions were counted are at the first.
pub(crate) const fn first_version() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_first_schema_are_read() {
        let text = r#"{"id":"01010101-0101-0101-0101-010101010101","partner":null,"name":"Shop","country":"US","mcc":null,
            "active":true,"settings":{},"modes":{"cit_web":"off","cit_call_center":"sandbox","mit":"production"},"createdAt":0}"#;
        let merchant: Merchant = serde_json::from_str(text).unwrap();
        assert_eq!((merchant.version, merchant.profile), (1, Profile::default()));
        assert_eq!(merchant.settings, Settings::default());
    }
}
