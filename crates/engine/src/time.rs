//! The merchant's time: real, or the sandbox's test clock.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use domain::{change::Clock, environment::Environment, id::Mid, time::Timestamp};

use crate::{Engine, Result};

/// Virtual clocks by merchant. While the test clock advances, the clock stands at the step being worked.
#[derive(Default)]
pub struct VirtualTime(RwLock<HashMap<Mid, Clock>>);

impl VirtualTime {
    /// The clock of a merchant, if it has one.
    pub fn get(&self, mid: Mid) -> Option<Clock> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&mid).copied()
    }

    /// Sets a merchant's clock in memory.
    pub fn set(&self, clock: Clock) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(clock.mid, clock);
    }

    /// Every clock.
    pub fn all(&self) -> Vec<Clock> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }
}

impl Engine {
    /// Now, by the merchant's clock: virtual in a sandbox with a test clock, else real.
    pub fn now_for(&self, mid: Mid, environment: Environment) -> Timestamp {
        let real = self.clock.now();
        match environment {
            Environment::Production => real,
            Environment::Sandbox => self.virtual_time.get(mid).map_or(real, |clock| clock.at(real)),
        }
    }

    /// Reads the virtual clocks that this process does not know yet.
    pub(crate) async fn load_clocks(&self) -> Result<()> {
        for clock in self.store.clocks().await? {
            if self.virtual_time.get(clock.mid).is_none() {
                self.virtual_time.set(clock);
            }
        }
        Ok(())
    }
}
