//! Real time, behind a seam: the server reads the system's clock, tests and simulations set their own.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use domain::time::Timestamp;

/// Where real time comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The system's clock.
    System,
    /// Set by hand; shared by all clones. Microseconds since the epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at an instant until it is moved.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.micros())))
    }

    /// Now, UTC.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Timestamp::EPOCH + since
            }
            Self::Manual(micros) => crate::moment::at().unwrap_or_else(|| Timestamp::from_micros(micros.load(Ordering::SeqCst))),
        }
    }

    /// Sets a manual clock; the system's clock does not care.
    pub fn set(&self, at: Timestamp) {
        if let Self::Manual(micros) = self {
            micros.store(at.micros(), Ordering::SeqCst);
        }
    }

    /// Moves a manual clock forward; the system's clock does not care.
    pub fn advance(&self, by: std::time::Duration) {
        if let Self::Manual(micros) = self {
            micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}
