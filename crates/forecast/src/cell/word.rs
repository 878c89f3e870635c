//! Words in cells: yes and no, approved and declined, what kind of transaction.

const YES: [&str; 11] =
    ["approved", "approve", "success", "successful", "succeeded", "captured", "settled", "paid", "completed", "ok", "accepted"];
const NO: [&str; 8] = ["declined", "decline", "failed", "failure", "refused", "rejected", "denied", "error"];
const OTHERS: [&str; 9] =
    ["refund", "void", "credit", "chargeback", "reversal", "verification", "validate", "zero_auth", "account_verification"];

/// Yes or no; `None` when it is neither.
pub fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "mit" | "merchant" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "cit" | "customer" => Some(false),
        _ => None,
    }
}

/// Whether a status says approved; `None` when it does not say.
pub fn approved(text: &str) -> Option<bool> {
    let text = text.trim().to_ascii_lowercase();
    if YES.contains(&text.as_str()) {
        return Some(true);
    }
    NO.contains(&text.as_str()).then_some(false)
}

/// Whether a transaction type is none that charges.
pub fn is_no_charge(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    OTHERS.contains(&text.as_str())
}
