//! When attempts were made and approved: weekday by hour, in the cardholder's time where it is told.

use domain::time::Timestamp;
use serde::Serialize;

use crate::{history::History, row::NO_OFFSET};

/// Cells with fewer attempts say nothing.
const ATTEMPTS_MIN: u32 = 20;

/// Attempts and approvals of merchant-initiated payments by weekday (Monday first) and hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Week {
    attempts: [[u32; 24]; 7],
    approved: [[u32; 24]; 7],
}

impl Week {
    pub fn of(history: &History) -> Self {
        let mut week = Self { attempts: [[0; 24]; 7], approved: [[0; 24]; 7] };
        for row in history.rows.iter().filter(|row| row.mit) {
            let offset = if row.offset == NO_OFFSET { 0 } else { i32::from(row.offset) };
            let local = Timestamp::from_secs(row.at).civil_at(offset);
            let (day, hour) = (local.weekday().to_monday_zero_offset() as usize, local.hour() as usize);
            week.attempts[day][hour] += 1;
            week.approved[day][hour] += u32::from(row.approved);
        }
        week
    }

    /// The share approved; a gap where there were too few attempts.
    pub fn shares(&self) -> [[f64; 24]; 7] {
        std::array::from_fn(|day| {
            std::array::from_fn(|hour| match self.attempts[day][hour] {
                few if few < ATTEMPTS_MIN => f64::NAN,
                attempts => f64::from(self.approved[day][hour]) / f64::from(attempts),
            })
        })
    }
}
