//! Virtual clocks and the lanes of timers.

use std::collections::HashMap;

use domain::{
    change::{Clock, Conflict},
    environment::Environment,
    id::Mid,
    time::Timestamp,
    timer::{Kind, Timer},
};
use rusqlite::{Connection, Row, params};

use super::{
    fault::{Fault, taken},
    registry,
    row::{collect, first, id, run, time},
    timers,
};

/// Which lane a timer belongs to; the writer's own copy of the clocks, read again when the registry moves.
#[derive(Default)]
pub struct Lanes {
    seen: Option<u64>,
    by_merchant: HashMap<Mid, i64>,
}

impl Lanes {
    /// The lane of a merchant's timers.
    pub fn of(&self, mid: Mid, environment: Environment) -> i64 {
        match environment {
            Environment::Sandbox => self.by_merchant.get(&mid).copied().unwrap_or(0),
            Environment::Production => 0,
        }
    }

    /// The lane of a timer. A CVV lives by real time, whatever the merchant's test clock says.
    pub fn of_timer(&self, timer: &Timer) -> i64 {
        match timer.kind {
            Kind::Cvv | Kind::Learn => 0,
            Kind::Order
            | Kind::Reversal
            | Kind::Refund
            | Kind::Capture
            | Kind::Dispute
            | Kind::Block
            | Kind::Chargeback
            | Kind::Advice
            | Kind::Settlement => self.of(timer.mid, timer.environment),
        }
    }

    /// Reads the clocks again when they may have changed, also by another process.
    pub fn refresh(&mut self, db: &Connection) -> Result<(), Fault> {
        let version = registry::version(db)?;
        if self.seen != Some(version) {
            self.by_merchant = all(db)?.into_iter().map(|clock| (clock.mid, clock.lane)).collect();
            self.seen = Some(version);
        }
        Ok(())
    }

    /// Makes the next refresh read the clocks again.
    pub const fn forget(&mut self) {
        self.seen = None;
    }
}

/// Writes a clock. Lane 0 asks for the one it has, or the next free one; a merchant's timers move with it.
pub fn put(db: &Connection, lanes: &mut Lanes, clock: &Clock) -> Result<(), Fault> {
    let last = get(db, clock.mid)?.map(|last| last.lane);
    let lane = match (clock.lane, last) {
        (0, Some(lane)) => lane,
        (0, None) => next_lane(db)?,
        (lane, _) if lane < 0 => return Err(Conflict::Taken { what: "lane" }.into()),
        (lane, _) => lane,
    };
    run(
        db,
        "INSERT INTO clocks (mid, lane, offset_us, frozen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mid) DO UPDATE SET lane = excluded.lane, offset_us = excluded.offset_us, frozen_at = excluded.frozen_at",
        params![clock.mid.bytes(), lane, clock.offset_us, clock.frozen_at.map(Timestamp::micros)],
    )
    .map_err(taken("lane"))?;
    if last != Some(lane) {
        timers::move_lane(db, clock.mid, lane)?;
        lanes.by_merchant.insert(clock.mid, lane);
        lanes.forget();
    }
    Ok(())
}

/// The clock of a merchant.
pub fn get(db: &Connection, mid: Mid) -> Result<Option<Clock>, Fault> {
    first(db, "SELECT mid, lane, offset_us, frozen_at FROM clocks WHERE mid = $1", params![mid.bytes()], clock)
}

/// All clocks, by lane.
pub fn all(db: &Connection) -> Result<Vec<Clock>, Fault> {
    collect(db, "SELECT mid, lane, offset_us, frozen_at FROM clocks ORDER BY lane", [], clock)
}

fn next_lane(db: &Connection) -> Result<i64, Fault> {
    Ok(first(db, "SELECT coalesce(max(lane), 0) + 1 FROM clocks", [], |row| Ok(row.get(0)?))?.unwrap_or(1))
}

fn clock(row: &Row<'_>) -> Result<Clock, Fault> {
    let frozen_at: Option<i64> = row.get(3)?;
    Ok(Clock {
        mid: id(row, 0, Mid::from_bytes)?,
        lane: row.get(1)?,
        offset_us: row.get(2)?,
        frozen_at: frozen_at.map(|_| time(row, 3)).transpose()?,
    })
}
