//! When a request is sent again.

use std::time::Duration;

use crate::{Error, Refusal};

/// The wait before the second try when the server names none; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// How often, and how long at most between two tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Tries in all; 1: never again.
    pub tries_max: u32,
    /// A server that asks for a longer wait gets no further try.
    pub wait_max: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { tries_max: 4, wait_max: Duration::from_secs(10) }
    }
}

impl Retry {
    /// How long to wait before another try; nothing: it is of no use, or enough was tried.
    pub(crate) fn wait(&self, error: &Error, tries: u32) -> Option<Duration> {
        let asked = match error {
            Error::Transport { .. } => None,
            Error::Refused { refusal, .. } if is_passing(refusal) => refusal.retry_after,
            _ => return None,
        };
        let own = FIRST_WAIT.saturating_mul(1 << tries.saturating_sub(1).min(16));
        let wait = asked.unwrap_or_else(|| own.min(self.wait_max));
        (tries < self.tries_max && wait <= self.wait_max).then_some(wait)
    }
}

/// Too many, first one still running, or a server that cannot just now.
fn is_passing(refusal: &Refusal) -> bool {
    matches!(refusal.status(), 429 | 502..=504) || refusal.code == 40902
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, secs: Option<u64>) -> Error {
        let refusal = Refusal {
            code,
            message: String::new(),
            retry_after: secs.map(Duration::from_secs),
            order_session_key: None,
            trace: None,
        };
        Error::Refused { call: String::new(), refusal }
    }

    #[test]
    fn what_passes_is_waited_for_as_asked() {
        let retry = Retry::default();
        let lost = Error::Transport { call: String::new(), reason: String::new() };
        for (error, tries, wait) in [
            (refused(42900, Some(3)), 1, Some(3_000)),
            (refused(42900, Some(11)), 1, None),
            (refused(50301, None), 1, Some(200)),
            (refused(50301, None), 3, Some(800)),
            (refused(50301, None), 4, None),
            (refused(40902, Some(1)), 1, Some(1_000)),
            (refused(40901, None), 1, None),
            (refused(50000, None), 1, None),
            (refused(40401, None), 1, None),
            (lost, 2, Some(400)),
        ] {
            assert_eq!(retry.wait(&error, tries), wait.map(Duration::from_millis), "{error:?} {tries}");
        }
    }

    #[test]
    fn one_try_is_one_try() {
        let retry = Retry { tries_max: 1, ..Retry::default() };
        assert_eq!(retry.wait(&refused(42900, Some(0)), 1), None);
    }
}
