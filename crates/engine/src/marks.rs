//! Marks of what integrations do, gathered in memory and written a few seconds later: the hot path writes no row for them.
//! A crash loses the marks of those seconds; the next call of the same kind makes them again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    change::{ChangeSet, Write},
    client::Role,
    environment::Environment,
    id::Mid,
    mark::{Mark, Noted, Seen},
    time::Timestamp,
};
use tokio::time::sleep;

use crate::{Engine, Principal, Result};

/// How often marks are written, seconds.
const WRITE_SECS: u64 = 5;
/// How often it is looked whether the process ends, milliseconds.
const LOOK_MS: u64 = 250;
/// Marks that wait at most; further ones are made by later calls.
const WAITING_MAX: usize = 100_000;
/// Marks in one change set.
const WRITTEN_AT_ONCE: usize = 1_000;

/// The marks that wait to be written.
#[derive(Default)]
pub struct Marks(Mutex<HashMap<(Mid, Environment, Mark), Seen>>);

impl Marks {
    fn note(&self, key: (Mid, Environment, Mark), seen: Seen) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = waiting.get(&key).copied();
        if known.is_some() || waiting.len() < WAITING_MAX {
            waiting.insert(key, known.map_or(seen, |known| known.and(seen)));
        }
    }

    fn take(&self) -> Vec<Noted> {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let noted = |((mid, environment, mark), seen)| Noted { mid, environment, mark, seen };
        waiting.into_iter().map(noted).collect()
    }
}

impl Engine {
    /// Notes what a merchant's integration did just now.
    pub(crate) fn note_mark(&self, mid: Mid, environment: Environment, mark: Mark) {
        self.marks.note((mid, environment, mark), Seen::at(self.clock.now()));
    }

    /// The same for a call over the API; what people do in the portal, and operators, shows nothing of an integration.
    pub(crate) fn note_call(&self, principal: &Principal, mid: Mid, mark: Mark) {
        if principal.user.is_none() && principal.role != Role::Operator {
            self.note_mark(mid, principal.environment, mark);
        }
    }

    /// Writes the marks that wait; what cannot be written waits on.
    pub(crate) async fn write_marks(&self) -> Result<()> {
        let mut waiting = self.marks.take();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(WRITTEN_AT_ONCE));
            let set = ChangeSet { expect: vec![], writes: waiting.iter().copied().map(Write::NoteMark).collect() };
            if let Err(error) = self.store.apply(set).await {
                for noted in waiting.into_iter().chain(rest) {
                    self.marks.note((noted.mid, noted.environment, noted.mark), noted.seen);
                }
                return Err(error.into());
            }
            waiting = rest;
        }
        Ok(())
    }
}

/// Writes marks until the process ends, and once more then.
pub(crate) async fn run(engine: Arc<Engine>) {
    let mut written = engine.clock.now();
    loop {
        let ends = engine.is_draining();
        let now: Timestamp = engine.clock.now();
        if ends || now.since(written) >= Duration::from_secs(WRITE_SECS) {
            written = now;
            if let Err(error) = engine.write_marks().await {
                tracing::error!(%error, "marks could not be written");
            }
        }
        if ends {
            return;
        }
        sleep(Duration::from_millis(LOOK_MS)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_one_kind_are_one() {
        let (marks, mid) = (Marks::default(), Mid::from_bytes([1; 16]));
        let at = Timestamp::from_secs;
        for (mark, secs) in [(Mark::Transmit, 5), (Mark::Transmit, 9), (Mark::Transmit, 7), (Mark::Refund, 1)] {
            marks.note((mid, Environment::Sandbox, mark), Seen::at(at(secs)));
        }
        let mut taken = marks.take();
        taken.sort_by_key(|noted| noted.mark);
        let seen: Vec<_> = taken.iter().map(|noted| (noted.mark, noted.seen.first_at, noted.seen.last_at)).collect();
        assert_eq!(seen, [(Mark::Transmit, at(5), at(9)), (Mark::Refund, at(1), at(1))]);
        assert!(marks.take().is_empty());
    }
}
