//! Figures nobody measured, for the tests of the report.

use super::figures::{Echo, Figures, Floor, Half, Lone, Operation, Peak, Soak, Start, Timers};
use crate::{
    floor::{schema::Settings, sqlite::Reached},
    load::record::Latency,
    machine::Machine,
};

const LATENCY: Latency = Latency { p50_ms: 1.0, p90_ms: 2.0, p99_ms: 5.0, p999_ms: 9.0, max_ms: 12.0 };

/// Figures that meet every target exactly, or nearly.
pub fn figures() -> Figures {
    Figures {
        began: "2026-11-21T00:00:00Z".to_owned(),
        machine: Machine {
            cpu: "Example <CPU> & Co".to_owned(),
            cores: 2,
            memory_bytes: 8 << 30,
            kernel: "linux 6.1".to_owned(),
            load: 0.1,
            file_system: "ext4 (rw)".to_owned(),
        },
        cores: "server on core 0".to_owned(),
        window_seconds: 10,
        connections: 64,
        database: Some(Settings { journal_mode: "wal".to_owned(), page_bytes: 4096 }),
        floor_synchronous: Some(2),
        lone: Some(Lone { answer_ms: 2.0, commit_ms: 1.5 }),
        echoes: vec![Echo { body_bytes: 48, per_second: 80_000.0, server_us: 12.0, generator_busy: 0.9 }],
        start: Some(Start {
            fresh_ms: 200.0,
            again_ms: vec![100.0, 90.0],
            idle_bytes: 40_000_000,
            idle_anonymous_bytes: 20_000_000,
        }),
        operations: vec![operation("transmit", 12_000.0, Some(20_000.0)), operation("tokenize", 7_000.0, Some(15_000.0))],
        timers: Some(Timers { pending: 1_000_000, start_ms: vec![(100.0, 104.0)], per_second: vec![(100.0, 95.0)] }),
        soak: Some(Soak {
            minutes: 10,
            per_second: 1_000.0,
            latency: vec![LATENCY; 10],
            error_share: 0.0,
            first_error: None,
            memory: (0..20_u64).map(|n| (n as f64 * 30.0, 60_000_000, 40_000_000)).collect(),
        }),
    }
}

fn operation(name: &'static str, per_second: f64, floor: Option<f64>) -> Operation {
    let store = Reached { per_second: 28_000.0, commits_per_second: 437.0, commit_p50_ms: 2.0, group: 64, synchronous: 2 };
    Operation {
        name,
        title: "POST /v1/example",
        body_bytes: 1_000,
        peak: Peak {
            per_second,
            latency: LATENCY,
            by_second: vec![per_second as u64; 10],
            errors: 0,
            error_share: 0.0,
            first_error: None,
            server_busy: 0.99,
            generator_busy: 0.4,
            server_us: 60.0,
            written_bytes: 4_000.0,
        },
        half: Some(Half { per_second: per_second / 2.0, latency: LATENCY, errors: 0, error_share: 0.0, first_error: None }),
        floor: floor.map(|per_second| Floor { echo: 80_000.0, store, rows: "ledger 1, transmits 1".to_owned(), per_second }),
        memory_before_bytes: 40_000_000,
        memory_after_bytes: 60_000_000,
    }
}
