//! Test cards of the contract, by what they do.

/// Always approved.
pub const APPROVED: &str = "4000002760003184";
/// Approved for a present customer with a CVV only.
pub const VISA: &str = "4111111111111111";
/// Approved Mastercard.
pub const MASTERCARD: &str = "5555555555554444";
/// Never rescued.
pub const NOT_RESCUED: &str = "4000300011112220";
/// Insufficient funds, approved on the rescue's attempt 1, 2, 3 or never.
pub const NSF: [&str; 4] = ["4000001000510016", "4000001000510024", "4000001000510032", "4000001000510008"];
/// Luhn-valid and no test card.
pub const REAL_LOOKING: &str = "4539578763621486";

/// The number of the pattern `BBBBBB 10 CCCC NNN L`.
pub fn of_pattern(bin: &str, scenario: u16, parameter: u16) -> String {
    with_luhn(&format!("{bin}10{scenario:04}{parameter:03}"))
}

/// Digits with their Luhn digit added.
pub fn with_luhn(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match place % 2 {
                0 if digit > 4 => digit * 2 - 9,
                0 => digit * 2,
                _ => digit,
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
