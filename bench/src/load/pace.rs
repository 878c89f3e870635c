//! When each request of an open loop is meant to be sent.

use std::time::Duration;

/// A constant arrival rate: request `n` is due `n / rate` seconds after the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    per_second: f64,
}

impl Pace {
    /// A rate in requests per second; `None` unless it is a positive finite number.
    pub fn new(per_second: f64) -> Option<Self> {
        (per_second.is_finite() && per_second > 0.0).then_some(Self { per_second })
    }

    /// When request `n` is due, counted from the start. Computed from `n` alone, so errors do not add up.
    pub fn due(self, n: u64) -> Duration {
        Duration::from_nanos((n as f64 * 1e9 / self.per_second).round() as u64)
    }

    /// How many requests are due in a run of this length.
    pub fn arrivals(self, length: Duration) -> u64 {
        (length.as_secs_f64() * self.per_second).ceil() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_keep_the_rate_without_drift() {
        for (rate, n, due) in [
            (1.0, 3, Duration::from_secs(3)),
            (1_000.0, 1, Duration::from_millis(1)),
            (3.0, 3_000_000, Duration::from_secs(1_000_000)),
            (7_000.0, 7_000 * 600, Duration::from_mins(10)),
            (0.5, 1, Duration::from_secs(2)),
        ] {
            assert_eq!(Pace::new(rate).unwrap().due(n), due, "{n} at {rate}");
        }
    }

    #[test]
    fn arrivals_are_evenly_spaced_and_counted() {
        let pace = Pace::new(3_333.0).unwrap();
        let gaps = (0..10_000).map(|n| pace.due(n + 1).saturating_sub(pace.due(n)));
        assert!(gaps.into_iter().all(|gap| (300_029..=300_032).contains(&gap.as_nanos())));
        let length = Duration::from_secs(2);
        let arrivals = pace.arrivals(length);
        assert_eq!(arrivals, 6_666);
        assert!(pace.due(arrivals - 1) < length && pace.due(arrivals) >= length);
    }

    #[test]
    fn a_rate_must_be_positive() {
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Pace::new(wrong), None, "{wrong}");
        }
    }
}
