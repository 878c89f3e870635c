//! The targets that Recoup sets itself.

use serde::Serialize;

use super::{
    figures::{Figures, Operation},
    table::{megabytes, percent, short},
};

/// Of their floors, at the least.
const RATIOS: [(&str, f64); 3] = [("transmit", 0.60), ("evaluate-mit", 0.50), ("evaluate-cit", 0.40)];
/// New cards a second where the echo does so many requests.
const TOKENIZE: (f64, f64) = (7_000.0, 80_000.0);
/// At half of the peak.
const P99_MAX_MS: f64 = 20.0;
/// Operations held to it.
const P99_OF: [&str; 5] = ["tokenize", "transmit", "evaluate-mit", "evaluate-cit", "read"];
const START_MAX_MS: f64 = 300.0;
const IDLE_MAX_BYTES: u64 = 60_000_000;
/// What pending timers may cost.
const TIMERS_COST_MAX: f64 = 0.10;
/// A start is not told apart better than this, milliseconds.
const START_GRAIN_MS: f64 = 5.0;
/// What a flat memory may grow by, from the second fifth of the run to the last.
const GROWTH_MAX: f64 = 0.10;

/// One target and what was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What is asked.
    pub target: String,
    /// What was reached.
    pub reached: String,
    /// Whether that is enough.
    pub met: bool,
}

/// Judges everything that was measured.
pub fn judge(figures: &Figures) -> Vec<Verdict> {
    let operations = figures.operations.iter();
    let mut verdicts: Vec<Verdict> = operations.clone().filter_map(|operation| ratio(operation, figures)).collect();
    verdicts.extend(operations.filter_map(latency));
    verdicts.extend(start(figures));
    verdicts.extend(timers(figures));
    verdicts.extend(soak(figures));
    verdicts
}

fn verdict(target: String, reached: String, met: bool) -> Verdict {
    Verdict { target, reached, met }
}

fn ratio(operation: &Operation, figures: &Figures) -> Option<Verdict> {
    if operation.name == "tokenize" {
        let least = figures.echoes.first()?.per_second * TOKENIZE.0 / TOKENIZE.1;
        let reached = operation.peak.per_second;
        let target = format!("tokenize: at least {} new cards per second (7,000 where the echo does 80,000)", short(least));
        return Some(verdict(target, short(reached), reached >= least));
    }
    let least = RATIOS.iter().find(|(name, _)| *name == operation.name)?.1;
    let reached = operation.ratio()?;
    let target = format!("{}: at least {} of the floor", operation.name, percent(least));
    Some(verdict(target, percent(reached), reached >= least))
}

fn latency(operation: &Operation) -> Option<Verdict> {
    if !P99_OF.contains(&operation.name) {
        return None;
    }
    let p99 = operation.half.as_ref()?.latency.p99_ms;
    let target = format!("{}: p99 under {P99_MAX_MS:.0} ms at half of the peak", operation.name);
    Some(verdict(target, format!("{} ms", short(p99)), p99 < P99_MAX_MS))
}

fn start(figures: &Figures) -> Vec<Verdict> {
    let Some(start) = &figures.start else { return Vec::new() };
    let slowest = start.again_ms.iter().fold(start.fresh_ms, |slowest, ms| slowest.max(*ms));
    vec![
        verdict(format!("start to first answer under {START_MAX_MS:.0} ms"), format!("{slowest:.0} ms"), slowest < START_MAX_MS),
        verdict(
            format!("idle memory under {}", megabytes(IDLE_MAX_BYTES)),
            megabytes(start.idle_bytes),
            start.idle_bytes < IDLE_MAX_BYTES,
        ),
    ]
}

fn timers(figures: &Figures) -> Vec<Verdict> {
    let Some(timers) = &figures.timers else { return Vec::new() };
    let pending = super::table::count(f64::from(timers.pending));
    let more = timers.start_ms.iter().map(|(without, with)| with - without).sum::<f64>() / timers.start_ms.len().max(1) as f64;
    let (start, rate) = (timers.start_ratio() - 1.0, 1.0 - timers.rate_ratio());
    vec![
        verdict(
            format!("{pending} pending timers slow the start by at most {}", percent(TIMERS_COST_MAX)),
            percent(start),
            start <= TIMERS_COST_MAX || more <= START_GRAIN_MS,
        ),
        verdict(
            format!("{pending} pending timers slow evaluate by at most {}", percent(TIMERS_COST_MAX)),
            percent(rate),
            rate <= TIMERS_COST_MAX,
        ),
    ]
}

fn soak(figures: &Figures) -> Vec<Verdict> {
    let Some(soak) = &figures.soak else { return Vec::new() };
    let growth = soak.growth() - 1.0;
    let target = format!("memory flat over {} minutes (at most {} more)", soak.minutes, percent(GROWTH_MAX));
    vec![verdict(target, percent(growth), growth <= GROWTH_MAX)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example::figures;

    #[test]
    fn every_target_is_judged_when_everything_was_measured() {
        let verdicts = judge(&figures());
        assert_eq!(verdicts.len(), 2 + 2 + 2 + 2 + 1, "{verdicts:#?}");
        assert!(verdicts.iter().all(|verdict| verdict.met), "{verdicts:#?}");
    }

    #[test]
    fn misses_are_told() {
        let mut measured = figures();
        measured.operations[0].peak.per_second = 11_999.0;
        measured.operations[1].peak.per_second = 6_999.0;
        measured.operations[0].half.as_mut().unwrap().latency.p99_ms = 20.0;
        measured.start.as_mut().unwrap().again_ms.push(300.0);
        measured.start.as_mut().unwrap().idle_bytes = 60_000_000;
        measured.timers.as_mut().unwrap().start_ms = vec![(100.0, 111.0)];
        measured.timers.as_mut().unwrap().per_second = vec![(100.0, 89.0)];
        measured.soak.as_mut().unwrap().memory = (0..10_u64).map(|n| (n as f64, n, 100 + n * 10)).collect();
        let verdicts = judge(&measured);
        let met: Vec<_> = verdicts.iter().filter(|verdict| verdict.met).map(|verdict| verdict.target.as_str()).collect();
        assert_eq!(met, ["tokenize: p99 under 20 ms at half of the peak"], "{verdicts:#?}");
    }

    #[test]
    fn what_was_not_measured_is_not_judged() {
        let nothing = Figures { echoes: Vec::new(), start: None, operations: Vec::new(), timers: None, soak: None, ..figures() };
        assert!(judge(&nothing).is_empty());
    }
}
