//! Test cards by number, and the magic telephones.

use domain::order::ChallengeField;

/// What a named card does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// Approved.
    Approved,
    /// Approved; a customer who is present must have given a CVV.
    ApprovedWithCvv,
    /// Never rescued.
    NotRescued,
}

const NAMED: [(&str, Named); 8] = [
    ("4000002760003184", Named::Approved),
    ("4111111111111111", Named::ApprovedWithCvv),
    ("4012888888881881", Named::ApprovedWithCvv),
    ("5555555555554444", Named::Approved),
    ("2223003122003222", Named::Approved),
    ("378282246310005", Named::Approved),
    ("6011111111111117", Named::Approved),
    ("4000300011112220", Named::NotRescued),
];
const APPROVED_PHONE: &str = "998888";
const CHALLENGED_PHONES: [(&str, ChallengeField); 2] =
    [("+99.2001a", ChallengeField::Cvv), ("+99.2001b", ChallengeField::BillingAddress)];

/// The card of that number.
pub(crate) fn card(number: &str) -> Option<Named> {
    NAMED.iter().find(|(named, _)| *named == number).map(|(_, does)| *does)
}

/// Whether the telephone approves everything.
pub(crate) fn phone_approves(phone: Option<&str>) -> bool {
    phone.is_some_and(|phone| phone.trim() == APPROVED_PHONE)
}

/// What the telephone makes a present customer correct.
pub(crate) fn phone_challenges(phone: Option<&str>) -> Option<ChallengeField> {
    let phone = phone?.to_ascii_lowercase();
    CHALLENGED_PHONES.iter().find(|(mark, _)| phone.contains(mark)).map(|(_, field)| *field)
}
