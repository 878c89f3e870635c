//! Cells that may hold a card number: such rows are refused, and nothing of them is kept.

use domain::card::{Network, Pan};

/// Whether a card number stands in the text: a run of 12 to 19 digits, blanks and hyphens between them or not, with
/// a right check digit and the first digits of a network.
pub fn is_in(text: &str) -> bool {
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' => run.push(c),
            ' ' | '-' if !run.is_empty() && !run.ends_with(' ') => run.push(' '),
            _ if run.is_empty() => {}
            _ => {
                if holds(&run) {
                    return true;
                }
                run.clear();
            }
        }
    }
    false
}

/// Pieces of one run that are put together.
const PARTS_MAX: usize = 12;

/// Whole runs, and the pieces between blanks: an expiry date may stand beside the number.
fn holds(run: &str) -> bool {
    let parts: Vec<&str> = run.split(' ').filter(|part| !part.is_empty()).collect();
    let parts = &parts[..parts.len().min(PARTS_MAX)];
    (0..parts.len()).any(|from| (from + 1..=parts.len()).any(|to| is_card(&parts[from..to].concat())))
}

fn is_card(digits: &str) -> bool {
    Pan::parse(digits).is_some_and(|pan| pan.network() != Network::Other)
}

/// Whether a cell meant for a token or fingerprint has the form of a card number, right or wrong.
pub fn has_form(text: &str) -> bool {
    Pan::looks_like(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_found_wherever_they_stand() {
        for text in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "card 4111-1111-1111-1111 declined",
            "4111111111111111 12 29",
            "x378282246310005",
        ] {
            assert!(is_in(text), "{text}");
        }
        for text in ["4111111111111112", "1760000000000", "2026-11-20T10:00:00", "", "12", "e97b1ff1-5a64-4d0e-8b1f-2c7d6e5a4b3c"]
        {
            assert!(!is_in(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_looked_through(text in "[0-9 -]{0,200}|\\PC{0,60}") {
            let _ = (is_in(&text), has_form(&text));
        }
    }
}
