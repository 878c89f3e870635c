//! What was measured: latencies, rate, errors.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// Longest latency that is told apart, microseconds.
const LATENCY_MAX_US: u64 = 120_000_000;
/// Longest text kept of a bad answer, bytes.
const SAMPLE_MAX_BYTES: usize = 400;

/// Counts and latencies of one run.
#[derive(Debug, Clone)]
pub struct Record {
    latencies: Histogram<u64>,
    errors: u64,
    first_error: Option<String>,
}

/// Latency percentiles, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the unit belongs to the name")]
pub struct Latency {
    pub p50_ms: f64,
    pub p90_ms: f64,
    pub p99_ms: f64,
    pub p999_ms: f64,
    pub max_ms: f64,
}

impl Record {
    /// Nothing yet.
    pub fn new() -> anyhow::Result<Self> {
        let latencies = Histogram::new_with_bounds(1, LATENCY_MAX_US, 3)?;
        Ok(Self { latencies, errors: 0, first_error: None })
    }

    /// A good answer.
    pub fn good(&mut self, latency: Duration) {
        self.latencies.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX).max(1));
    }

    /// A bad answer, or none.
    pub fn bad(&mut self, what: impl FnOnce() -> String) {
        self.errors += 1;
        self.first_error.get_or_insert_with(what);
    }

    /// Good answers.
    pub fn answered(&self) -> u64 {
        self.latencies.len()
    }

    /// Bad answers.
    pub const fn errors(&self) -> u64 {
        self.errors
    }

    /// Share of bad answers among all.
    pub fn error_share(&self) -> f64 {
        self.errors as f64 / (self.errors + self.answered()).max(1) as f64
    }

    /// What the first bad answer said.
    pub fn first_error(&self) -> Option<&str> {
        self.first_error.as_deref()
    }

    /// Percentiles of the good answers.
    pub fn latency(&self) -> Latency {
        let ms = |quantile| self.latencies.value_at_quantile(quantile) as f64 / 1_000.0;
        let max_ms = self.latencies.max() as f64 / 1_000.0;
        Latency { p50_ms: ms(0.5), p90_ms: ms(0.9), p99_ms: ms(0.99), p999_ms: ms(0.999), max_ms }
    }
}

/// What a bad answer said, shortened.
pub fn sample(status: u16, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(SAMPLE_MAX_BYTES)]);
    format!("status {status}: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_a_known_spread() {
        let mut record = Record::new().unwrap();
        for ms in 1..=1000 {
            record.good(Duration::from_millis(ms));
        }
        let latency = record.latency();
        for (told, is) in [
            (latency.p50_ms, 500.0),
            (latency.p90_ms, 900.0),
            (latency.p99_ms, 990.0),
            (latency.p999_ms, 999.0),
            (latency.max_ms, 1000.0),
        ] {
            assert!((told - is).abs() / is < 0.002, "{told} for {is}");
        }
    }

    #[test]
    fn errors_are_counted_apart_and_the_first_is_kept() {
        let mut record = Record::new().unwrap();
        assert!(record.error_share().abs() < f64::EPSILON);
        record.good(Duration::ZERO);
        record.good(Duration::from_hours(1));
        record.bad(|| sample(500, b"first"));
        record.bad(|| sample(500, b"second"));
        assert_eq!((record.answered(), record.errors()), (2, 2));
        assert!((record.error_share() - 0.5).abs() < f64::EPSILON);
        assert_eq!(record.first_error(), Some("status 500: first"));
    }
}
