//! The wall clock, for names and dates only; what is measured is measured by `Instant`.

/// Now, UTC.
#[expect(clippy::disallowed_methods, reason = "a measurement happens at a real moment; nothing is decided by it")]
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
