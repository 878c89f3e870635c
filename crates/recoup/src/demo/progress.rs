//! How far the business has come, for the display.

use std::sync::{Mutex, PoisonError};

use domain::time::Timestamp;

domain::words! {
    /// What goes on.
    pub enum Phase {
        /// The cards of the subscribers go into the vault.
        Vaulting = "cards into the vault",
        /// Every day rebills and sign-ups.
        Billing = "business",
        /// No new business; what is open is worked to its end.
        RunningOut = "last rescues run out",
        /// What became of each case is read.
        Counting = "counting",
    }
}

/// Where the business stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What goes on.
    pub phase: Phase,
    /// The shop's clock, virtual.
    pub now: Timestamp,
    /// Virtual days done, and all.
    pub day: u32,
    /// Virtual days of the whole.
    pub days: u32,
    /// Cards in the vault.
    pub vaulted: u32,
    /// Charges that the shop's own processor approved.
    pub approved: u32,
    /// Rebills that it declined, now in Recoup's hands.
    pub declined: u32,
    /// Declines with the customer present.
    pub present: u32,
}

/// Shared between the business and the display.
pub struct Progress(Mutex<Standing>);

impl Progress {
    /// Before anything happens.
    pub fn new(days: u32) -> Self {
        let (now, zero) = (Timestamp::EPOCH, 0);
        let standing = Standing {
            phase: Phase::Vaulting,
            now,
            day: zero,
            days,
            vaulted: zero,
            approved: zero,
            declined: zero,
            present: zero,
        };
        Self(Mutex::new(standing))
    }

    /// Where the business stands.
    pub fn read(&self) -> Standing {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves it on.
    pub fn update(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
