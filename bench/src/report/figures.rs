//! Everything that was measured.

use serde::Serialize;

use crate::{
    floor::{schema::Settings, sqlite::Reached},
    load::record::Latency,
    machine::Machine,
};

/// The whole measurement.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    /// When it began, UTC.
    pub began: String,
    /// The machine.
    pub machine: Machine,
    /// Who ran on which core.
    pub cores: String,
    /// Length of each window, seconds.
    pub window_seconds: u64,
    /// Connections.
    pub connections: u16,
    /// What the server's database file says.
    pub database: Option<Settings>,
    /// `PRAGMA synchronous` of the SQLite floor: 2 = FULL.
    pub floor_synchronous: Option<u32>,
    /// One caller alone: transmit at the server, beside one synced commit of the same rows by SQLite alone.
    pub lone: Option<Lone>,
    /// The echo, by body.
    pub echoes: Vec<Echo>,
    /// Start and idle memory.
    pub start: Option<Start>,
    /// The operations.
    pub operations: Vec<Operation>,
    /// Pending timers.
    pub timers: Option<Timers>,
    /// The flat-memory run.
    pub soak: Option<Soak>,
}

/// What one caller waits for an answer, and a commit: durability can be seen in it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Lone {
    /// Median answer, milliseconds.
    pub answer_ms: f64,
    /// Median synced commit, milliseconds.
    pub commit_ms: f64,
}

/// The echo with one body.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Echo {
    /// Length of the body, bytes.
    pub body_bytes: usize,
    /// Requests per second.
    pub per_second: f64,
    /// Processor time of the echo for one request, microseconds.
    pub server_us: f64,
    /// Share of its core that the generator was busy.
    pub generator_busy: f64,
}

/// How fast it starts and how little it needs then.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// First start in an empty folder, milliseconds to the first answer.
    pub fresh_ms: f64,
    /// Later starts, milliseconds to the first answer.
    pub again_ms: Vec<f64>,
    /// Resident memory when idle, bytes.
    pub idle_bytes: u64,
    /// Of that, its own: not pages of the binary and of mapped files.
    pub idle_anonymous_bytes: u64,
}

/// One operation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Short name.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Length of a request body, bytes.
    pub body_bytes: usize,
    /// At saturation.
    pub peak: Peak,
    /// At half of the peak; none when the peak was nothing.
    pub half: Option<Half>,
    /// What is reachable at all; none for what writes no rows.
    pub floor: Option<Floor>,
    /// Resident memory before, bytes.
    pub memory_before_bytes: u64,
    /// Resident memory after, bytes.
    pub memory_after_bytes: u64,
}

/// At saturation.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Peak {
    /// Good answers per second.
    pub per_second: f64,
    /// Latency then.
    pub latency: Latency,
    /// Good answers in each second.
    pub by_second: Vec<u64>,
    /// Bad answers.
    pub errors: u64,
    /// Their share.
    pub error_share: f64,
    /// What the first said.
    pub first_error: Option<String>,
    /// Cores the server used, 1 = one core.
    pub server_busy: f64,
    /// Cores the generator used.
    pub generator_busy: f64,
    /// Processor time of the server for one request, microseconds.
    pub server_us: f64,
    /// Bytes sent to the disk for one request.
    pub written_bytes: f64,
}

/// At half of the peak, arriving at a constant rate.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Half {
    /// Arrivals per second.
    pub per_second: f64,
    /// Latency from the moment a request was due.
    pub latency: Latency,
    /// Bad answers.
    pub errors: u64,
    /// Their share.
    pub error_share: f64,
    /// What the first said.
    pub first_error: Option<String>,
}

/// What is reachable at all.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Floor {
    /// The echo, requests per second.
    pub echo: f64,
    /// SQLite alone with the same rows.
    pub store: Reached,
    /// The rows.
    pub rows: String,
    /// Both together, operations per second.
    pub per_second: f64,
}

/// With and without a million pending timers.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Timers {
    /// How many were pending.
    pub pending: u32,
    /// Start without and with them, milliseconds, round by round.
    pub start_ms: Vec<(f64, f64)>,
    /// Managed-MIT evaluations per second without and with them, round by round.
    pub per_second: Vec<(f64, f64)>,
}

/// The flat-memory run.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Soak {
    /// Length, minutes.
    pub minutes: u64,
    /// Arrivals per second.
    pub per_second: f64,
    /// Latency of each minute.
    pub latency: Vec<Latency>,
    /// Share of bad answers.
    pub error_share: f64,
    /// What the first said.
    pub first_error: Option<String>,
    /// Seconds since the start, resident bytes, own bytes.
    pub memory: Vec<(f64, u64, u64)>,
}

impl Operation {
    /// Peak by floor.
    pub fn ratio(&self) -> Option<f64> {
        self.floor.as_ref().map(|floor| self.peak.per_second / floor.per_second)
    }
}

impl Timers {
    /// Mean start with timers by mean start without.
    pub fn start_ratio(&self) -> f64 {
        ratio(&self.start_ms)
    }

    /// Mean rate with timers by mean rate without.
    pub fn rate_ratio(&self) -> f64 {
        ratio(&self.per_second)
    }
}

impl Soak {
    /// Own memory in the last fifth of the run by that in the second fifth (the first one warms caches).
    pub fn growth(&self) -> f64 {
        let fifth = self.memory.len() / 5;
        let mean = |part: &[(f64, u64, u64)]| part.iter().map(|it| it.2 as f64).sum::<f64>() / part.len().max(1) as f64;
        if fifth == 0 {
            return 1.0;
        }
        mean(&self.memory[4 * fifth..]) / mean(&self.memory[fifth..2 * fifth]).max(1.0)
    }
}

fn ratio(pairs: &[(f64, f64)]) -> f64 {
    let (without, with) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    with / without
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_leaves_the_warm_up_out() {
        let soak = |bytes: &[u64]| Soak {
            minutes: 1,
            per_second: 1.0,
            latency: Vec::new(),
            error_share: 0.0,
            first_error: None,
            memory: bytes.iter().map(|bytes| (0.0, 0, *bytes)).collect(),
        };
        for (bytes, growth) in [(&[10, 50, 50, 50, 50][..], 1.0), (&[10, 50, 60, 70, 75], 1.5), (&[1], 1.0)] {
            assert!((soak(bytes).growth() - growth).abs() < 1e-9, "{bytes:?}");
        }
    }

    #[test]
    fn timers_are_compared_by_their_means() {
        let timers =
            Timers { pending: 1, start_ms: vec![(90.0, 100.0), (110.0, 120.0)], per_second: vec![(10.0, 9.0), (10.0, 10.0)] };
        assert!((timers.start_ratio() - 1.1).abs() < 1e-9 && (timers.rate_ratio() - 0.95).abs() < 1e-9);
    }
}
