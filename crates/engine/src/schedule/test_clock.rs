//! The sandbox's test clock: virtual time per merchant, forward only; everything due in between runs, in order
//! (`wire-api` §14.4).

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    bounds::CLOCK_ADVANCE_DAYS_MAX,
    change::{ChangeSet, Clock, Write},
    environment::Environment,
    fault::Faults,
    id::Mid,
    time::{DAY, MINUTE, Timestamp},
};

use crate::{Engine, Error, Principal, Result};

/// How long a caller waits for an advance; it goes on behind.
const REPLY_SECS: u64 = 60;
/// Timers this close together are worked side by side; orders do not depend on each other.
const STEP: Duration = MINUTE;
/// How often the clock is stored while it advances, milliseconds of real time.
const STORE_EVERY_MS: u64 = 500;
/// How long to wait for attempts that are under way when nothing else is due.
const SETTLE_PAUSE: Duration = Duration::from_millis(5);
/// An advance that gets nothing done for so long gives up where it stands.
const STALL: Duration = Duration::from_secs(180);

/// What is asked of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Move on by a span.
    Advance(Duration),
    /// Move on to an instant.
    Set(Timestamp),
    /// Stand still.
    Freeze,
    /// Run on with real time from where it stands.
    Release,
}

/// The clock as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Tenant.
    pub mid: Mid,
    /// Now, UTC, virtual.
    pub now: Timestamp,
    /// Stands still.
    pub frozen: bool,
    /// Virtual minus real time.
    pub offset_secs: i64,
    /// Timers worked by this call.
    pub due_run: u64,
    /// Timers that wait.
    pub pending: u64,
    /// The call has done all it was asked for.
    pub settled: bool,
}

/// Clocks that somebody is working on.
#[derive(Default)]
pub(crate) struct Turns(Arc<Mutex<HashSet<Mid>>>);

/// The right to work on a merchant's lane.
pub(crate) struct Turn(Arc<Mutex<HashSet<Mid>>>, Mid);

impl Turns {
    fn take(&self, mid: Mid) -> Option<Turn> {
        let fresh = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(mid);
        fresh.then(|| Turn(self.0.clone(), mid))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

impl Engine {
    /// The right to work on a merchant's lane; `None` while somebody else has it.
    pub(super) fn clock_turn(&self, mid: Mid) -> Option<Turn> {
        self.clock_turns.take(mid)
    }

    /// The clock as it stands.
    pub async fn read_clock(&self, principal: &Principal, mid: Option<Mid>) -> Result<State> {
        principal.require_read("sandbox")?;
        let mid = self.clock_owner(principal, mid).await?;
        self.clock_state(mid, 0, true).await
    }

    /// Moves, stops or releases the clock. Whatever becomes due on the way runs before the reply, or goes on behind
    /// it when that takes longer than a minute.
    pub async fn command_clock(self: &Arc<Self>, principal: &Principal, mid: Option<Mid>, command: Command) -> Result<State> {
        principal.require("sandbox")?;
        self.admit()?;
        let mid = self.clock_owner(principal, mid).await?;
        let turn = self.wait_for_turn(mid).await?;
        let clock = self.clock_of(mid).await?;
        let now = clock.at(self.clock.now());
        let target = target(command, now)?;
        let engine = self.clone();
        let task = tokio::spawn(async move {
            let worked = engine.run_to(clock, target).await;
            engine.rest(mid, command, target, clock.frozen_at.is_some()).await?;
            drop(turn);
            worked
        });
        match tokio::time::timeout(Duration::from_secs(REPLY_SECS), task).await {
            Ok(done) => {
                let worked = done.map_err(|error| Error::Internal(error.to_string()))??;
                self.clock_state(mid, worked, true).await
            }
            Err(_) => self.clock_state(mid, 0, false).await,
        }
    }

    async fn clock_owner(&self, principal: &Principal, mid: Option<Mid>) -> Result<Mid> {
        if principal.environment != Environment::Sandbox {
            return Err(Error::SandboxOnly);
        }
        let mut faults = Faults::new();
        let mid = self.merchant_for(principal, mid, &mut faults).await?;
        mid.ok_or(Error::Invalid(faults))
    }

    async fn wait_for_turn(&self, mid: Mid) -> Result<Turn> {
        for _ in 0..REPLY_SECS * 200 {
            if let Some(turn) = self.clock_turn(mid) {
                return Ok(turn);
            }
            tokio::time::sleep(SETTLE_PAUSE).await;
        }
        Err(Error::InProgress)
    }

    /// The merchant's clock, made on first use; its timers then run by it.
    async fn clock_of(&self, mid: Mid) -> Result<Clock> {
        if let Some(clock) = self.virtual_time.get(mid) {
            return Ok(clock);
        }
        let fresh = Clock { mid, lane: 0, offset_us: 0, frozen_at: None };
        self.store.apply(ChangeSet::new().with(Write::PutClock(fresh))).await?;
        let clock = self.store.clock(mid).await?.ok_or_else(|| Error::Internal("a clock is missing".into()))?;
        self.virtual_time.set(clock);
        Ok(clock)
    }

    /// Works the lane up to an instant, step by step; the clock stands at each step while it is worked.
    async fn run_to(self: &Arc<Self>, clock: Clock, target: Timestamp) -> Result<u64> {
        let mut worked = 0;
        let mut stored_at = self.clock.now();
        let mut progress_at = stored_at;
        let mut stand = clock.at(self.clock.now());
        self.virtual_time.set(Clock { frozen_at: Some(stand), ..clock });
        loop {
            // Opens settlements, whose ends are timers of this lane.
            self.book_settlements(Some(clock.mid)).await?;
            let next = self.store.next_timer(clock.lane).await?.filter(|due| *due <= target);
            let Some(due) = next else { break };
            stand = stand.max(due);
            self.virtual_time.set(Clock { frozen_at: Some(stand), ..clock });
            let step = self.work_lane(clock.lane, (due + STEP).min(target), |leased| leased.timer.due.max(stand)).await?;
            worked += step as u64;
            if step > 0 {
                progress_at = self.clock.now();
            } else if self.clock.now().since(progress_at) > STALL {
                return Err(Error::Internal("the test clock met a timer that cannot be worked".into()));
            } else {
                // What is due is leased: its attempt is under way, here or elsewhere.
                tokio::time::sleep(SETTLE_PAUSE).await;
            }
            if self.clock.now().since(stored_at) > Duration::from_millis(STORE_EVERY_MS) {
                stored_at = self.clock.now();
                self.store_clock(Clock { frozen_at: Some(stand), ..clock }).await?;
            }
        }
        Ok(worked)
    }

    /// Leaves the clock where the command wants it.
    async fn rest(&self, mid: Mid, command: Command, target: Timestamp, was_frozen: bool) -> Result<()> {
        let clock = self.virtual_time.get(mid).ok_or_else(|| Error::Internal("a clock is missing".into()))?;
        let real = self.clock.now();
        let stands = match command {
            Command::Freeze => true,
            Command::Release => false,
            Command::Advance(_) | Command::Set(_) => was_frozen,
        };
        let offset_us = target.micros() - real.micros();
        self.store_clock(Clock { offset_us, frozen_at: stands.then_some(target), ..clock }).await
    }

    async fn store_clock(&self, clock: Clock) -> Result<()> {
        self.virtual_time.set(clock);
        self.store.apply(ChangeSet::new().with(Write::PutClock(clock))).await?;
        Ok(())
    }

    async fn clock_state(&self, mid: Mid, due_run: u64, settled: bool) -> Result<State> {
        let real = self.clock.now();
        let now = self.now_for(mid, Environment::Sandbox);
        let frozen = self.virtual_time.get(mid).is_some_and(|clock| clock.frozen_at.is_some());
        let pending = self.store.stats(Some(mid)).await?.timers;
        Ok(State { mid, now, frozen, offset_secs: (now.micros() - real.micros()) / 1_000_000, due_run, pending, settled })
    }
}

fn target(command: Command, now: Timestamp) -> Result<Timestamp> {
    let target = match command {
        Command::Advance(by) => now + by,
        Command::Set(at) => at,
        Command::Freeze | Command::Release => now,
    };
    let mut faults = Faults::new();
    let member = if matches!(command, Command::Advance(_)) { "By" } else { "To" };
    if target < now {
        faults.add(member, "The test clock only moves forward.");
    } else if target.since(now) > DAY * CLOCK_ADVANCE_DAYS_MAX as u32 {
        faults.add(member, "The test clock moves at most 90 days at a time.");
    }
    if faults.is_empty() { Ok(target) } else { Err(Error::Invalid(faults)) }
}
