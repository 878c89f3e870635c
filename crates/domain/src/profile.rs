//! What is known of a merchant beside its settings: names, contacts, the account that is paid to.

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Digits of a bank account that may be shown.
pub const SHOWN_DIGITS: usize = 4;

/// A merchant's profile. Everything may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Profile {
    /// The operator's own account number for it.
    pub account_id: Option<String>,
    /// Name in the register of companies.
    pub legal_name: Option<String>,
    /// Trading name, when it differs from the merchant's name.
    pub dba: Option<String>,
    /// Kind of business, free text.
    pub kind: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// What it sells.
    pub description: Option<String>,
    /// What was agreed beside the usual terms.
    pub special_terms: Option<String>,
    /// Industry, free text.
    pub industry: Option<String>,
    /// Whom customers turn to.
    pub support: Support,
    /// Whom the operator turns to.
    pub primary: Contact,
    /// Who integrates.
    pub developer: Contact,
    /// Where payouts go.
    pub bank: Option<BankAccount>,
    /// IANA name of its time zone.
    pub timezone_name: String,
    /// Language of its texts, BCP 47.
    pub language: String,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            account_id: None,
            legal_name: None,
            dba: None,
            kind: None,
            website: None,
            description: None,
            special_terms: None,
            industry: None,
            support: Support::default(),
            primary: Contact::default(),
            developer: Contact::default(),
            bank: None,
            timezone_name: "UTC".to_owned(),
            language: "en".to_owned(),
        }
    }
}

impl Profile {
    /// Minutes east of UTC in its time zone at an instant; 0 when the zone is unknown here.
    pub fn offset_minutes(&self, now: Timestamp) -> i32 {
        let zone = TimeZone::get(&self.timezone_name).unwrap_or(TimeZone::UTC);
        zone.to_offset(now.jiff()).seconds() / 60
    }
}

/// Whether a time zone is known by this IANA name.
pub fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// Whom customers turn to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Support {
    /// Name.
    pub name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Page.
    pub link: Option<String>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Contact {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
}

/// A bank account; its numbers are sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankAccount {
    /// The bank.
    pub bank_name: Option<String>,
    /// Kind of account (`checking`, `savings` …), free text.
    pub dda_type: Option<String>,
    /// The sealed numbers: a JSON object with `account` and `routing`.
    pub sealed: Option<Vec<u8>>,
    /// The account number with all but its end hidden.
    pub masked_account: Option<String>,
    /// The routing number with all but its end hidden.
    pub masked_routing: Option<String>,
}

impl fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BankAccount").field("bank_name", &self.bank_name).finish_non_exhaustive()
    }
}

/// A number with all but its last digits hidden; a number so short that its end would give it away is hidden whole.
pub fn masked(number: &str) -> String {
    let count = number.chars().count();
    let shown = if count >= 2 * SHOWN_DIGITS { SHOWN_DIGITS } else { 0 };
    number.chars().enumerate().map(|(place, letter)| if place + shown < count { '*' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_end_only() {
        for (number, shown) in [("123456789012", "********9012"), ("12345678", "****5678"), ("1234567", "*******"), ("", "")] {
            assert_eq!(masked(number), shown);
        }
    }

    #[test]
    fn zones_know_summer() {
        let zone = |name: &str| Profile { timezone_name: name.to_owned(), ..Profile::default() };
        let (winter, summer) =
            (Timestamp::parse("2026-01-15T12:00:00Z").unwrap(), Timestamp::parse("2026-07-15T12:00:00Z").unwrap());
        for (name, at, minutes) in [
            ("Europe/Berlin", winter, 60),
            ("Europe/Berlin", summer, 120),
            ("America/New_York", winter, -300),
            ("UTC", summer, 0),
            ("Nowhere/Land", summer, 0),
        ] {
            assert_eq!(zone(name).offset_minutes(at), minutes, "{name}");
        }
        assert!(is_zone("Asia/Kolkata") && !is_zone("Nowhere/Land"));
    }

    #[test]
    fn bank_accounts_print_no_number() {
        let bank = BankAccount {
            bank_name: Some("First Bank".into()),
            dda_type: None,
            sealed: Some(vec![7, 7]),
            masked_account: Some("****5678".into()),
            masked_routing: None,
        };
        let text = format!("{:?}", Profile { bank: Some(bank), ..Profile::default() });
        assert!(text.contains("First Bank") && !text.contains("5678") && !text.contains("7, 7"), "{text}");
    }
}
