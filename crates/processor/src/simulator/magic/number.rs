//! The card number pattern `BBBBBB 10 CCCC NNN L`: test BIN, `10`, scenario, parameter, Luhn digit.

use domain::card::{self, Network, Pan};

/// The test BINs: Visa credit US, Visa debit US, Mastercard credit, Mastercard debit, Discover.
pub(crate) const BINS: [&str; 5] = ["400000", "400005", "555555", "222300", "601100"];
const PATTERN_MARK: &str = "10";
const NUMBER_DIGITS: usize = 16;

/// The parts of a number of the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// `CCCC`.
    pub scenario: u16,
    /// `NNN`.
    pub parameter: u16,
    /// Told by the BIN.
    pub network: Network,
}

impl Pattern {
    /// Reads a number; `None` when it is not of the pattern.
    pub(crate) fn read(number: &str) -> Option<Self> {
        if number.len() != NUMBER_DIGITS || !is_under_test_bin(number) || &number[6..8] != PATTERN_MARK {
            return None;
        }
        let scenario = number[8..12].parse().ok()?;
        let parameter = number[12..15].parse().ok()?;
        Some(Self { scenario, parameter, network: Network::of_bin(number) })
    }
}

/// The number of the pattern with these parts.
pub(crate) fn write(bin: &str, scenario: u16, parameter: u16) -> Option<Pan> {
    with_luhn(&format!("{bin}{PATTERN_MARK}{scenario:04}{parameter:03}"))
}

/// Appends the Luhn digit.
pub(crate) fn with_luhn(head: &str) -> Option<Pan> {
    (0..10).find_map(|digit| Pan::parse(&format!("{head}{digit}")))
}

/// Sixteen digits, right by Luhn, under a test BIN.
pub(crate) fn is_under_test_bin(number: &str) -> bool {
    number.len() == NUMBER_DIGITS
        && number.bytes().all(|b| b.is_ascii_digit())
        && BINS.iter().any(|bin| number.starts_with(bin))
        && card::luhn(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_pattern_read_and_write() {
        for (number, scenario, parameter) in [
            ("4000001000510016", 51, 1),
            ("5555551028510014", 2851, 1),
            ("4000001095091203", 9509, 120),
            ("4000001000510008", 51, 0),
        ] {
            let pattern = Pattern::read(number).unwrap();
            assert_eq!((pattern.scenario, pattern.parameter), (scenario, parameter), "{number}");
            assert_eq!(write(&number[..6], scenario, parameter).unwrap().reveal(), number);
        }
        for other in ["4111111111111111", "4000001000510017", "4000002000510015", "400000100051001", "40000010005100１6", ""] {
            assert_eq!(Pattern::read(other), None, "{other}");
        }
    }
}
