//! The long run: all operations by turns at a constant rate, memory watched.

use std::{
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use super::bench::Bench;
use crate::{
    cli::Part,
    load::work::{Mix, Work},
    process::{server::Server, usage},
    report::figures::Soak,
};

/// What is sent by turns.
const TURNS: [Part; 5] = [Part::Transmit, Part::EvaluateMit, Part::Tokenize, Part::EvaluateCit, Part::Read];
/// How often memory is read.
const SAMPLE: Duration = Duration::from_secs(2);
const MINUTE: Duration = Duration::from_mins(1);

impl Bench {
    /// Drives the mix for the asked minutes; a fresh access token every minute.
    pub async fn measure_soak(&mut self, server: &Server, per_second: f64) -> anyhow::Result<Soak> {
        let minutes = self.options.soak_minutes;
        let mut works: Vec<Rc<dyn Work>> = Vec::new();
        for kind in TURNS {
            works.push(self.requests(kind, server).await?);
        }
        let mix = Rc::new(Mix(works));
        let watch = Watch::start(server.pid());
        let mut soak = Soak { minutes, per_second, latency: Vec::new(), error_share: 0.0, first_error: None, memory: Vec::new() };
        let (mut errors, mut answered) = (0, 0);
        for minute in 1..=minutes {
            self.say(&format!("soak: minute {minute} of {minutes}, {per_second:.0} arrivals per second"));
            self.log_in(server.address).await?;
            let record = self.pace(server.address, Rc::<Mix>::clone(&mix), per_second, MINUTE).await?;
            soak.latency.push(record.latency());
            soak.first_error = soak.first_error.or_else(|| record.first_error().map(str::to_owned));
            errors += record.errors();
            answered += record.answered();
        }
        soak.error_share = errors as f64 / (errors + answered).max(1) as f64;
        soak.memory = watch.end();
        Ok(soak)
    }
}

/// Reads a process's memory beside the run.
struct Watch {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Vec<(f64, u64, u64)>>,
}

impl Watch {
    fn start(pid: u32) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let (start, mut memory) = (Instant::now(), Vec::new());
            while !told.load(Ordering::Relaxed) {
                if let Ok(usage) = usage::of(pid) {
                    memory.push((start.elapsed().as_secs_f64(), usage.resident_bytes, usage.anonymous_bytes));
                }
                std::thread::park_timeout(SAMPLE);
            }
            memory
        });
        Self { over, thread }
    }

    fn end(self) -> Vec<(f64, u64, u64)> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        self.thread.join().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_watched_beside_the_run() {
        let watch = Watch::start(std::process::id());
        assert!(watch.end().iter().all(|(at, resident, own)| *at >= 0.0 && resident >= own));
        assert!(Watch::start(u32::MAX).end().is_empty());
    }
}
