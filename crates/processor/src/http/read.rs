//! What a refused or broken call means for the attempt.

use std::time::Duration;

use crate::Failure;

/// How much of a processor's error text is kept.
const ERROR_CHARS_MAX: usize = 200;

/// A call without a readable answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No connection stood: nothing has left.
    Unsent(String),
    /// Reset, timeout, cut short or unreadable.
    Broken(String),
    /// Any status but 200.
    Status { status: u16, retry_after: Option<String>, error: Option<String> },
}

impl Refusal {
    pub(super) const fn is_not_found(&self) -> bool {
        matches!(self, Self::Status { status: 404, .. })
    }
}

/// The contract's table of statuses.
pub(super) fn failure(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Unsent(detail) => Failure::NotSent { detail, retry_after: None },
        Refusal::Broken(detail) => Failure::Unknown { detail },
        Refusal::Status { status: status @ (400 | 401 | 403 | 404 | 422), error, .. } => {
            Failure::Configuration { detail: detail(status, error) }
        }
        Refusal::Status { status: 409, .. } => Failure::InProgress,
        Refusal::Status { status: status @ (429 | 503), retry_after: Some(after), error } => {
            Failure::NotSent { detail: detail(status, error), retry_after: seconds(&after) }
        }
        Refusal::Status { status, error, .. } => Failure::Unknown { detail: detail(status, error) },
    }
}

/// A date instead of seconds still says "not sent", but not for how long: that would need a clock.
fn seconds(retry_after: &str) -> Option<Duration> {
    retry_after.trim().parse().ok().map(Duration::from_secs)
}

/// A processor might echo the request: longer runs of digits are masked.
fn detail(status: u16, error: Option<String>) -> String {
    let said: String = error.unwrap_or_default().chars().filter(|c| !c.is_control()).take(ERROR_CHARS_MAX).collect();
    if said.is_empty() { format!("status {status}") } else { format!("status {status}: {}", masked(&said)) }
}

fn masked(text: &str) -> String {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if digits < 12 { text.to_owned() } else { text.chars().map(|c| if c.is_ascii_digit() { '*' } else { c }).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echoed_card_number_is_masked() {
        let text = detail(400, Some("bad card 4111 1111 1111 1111\n".to_owned()));
        assert_eq!(text, "status 400: bad card **** **** **** ****");
    }

    #[test]
    fn only_seconds_are_waited_for() {
        assert_eq!(seconds(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(seconds("Fri, 20 Nov 2026 10:15:30 GMT"), None);
    }
}
