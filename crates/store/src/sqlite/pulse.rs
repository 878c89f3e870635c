//! How a merchant's traffic looks: a bounded look at its newest orders.

use domain::{environment::Environment, id::Mid, order::Code, time::Timestamp};
use rusqlite::{Connection, params};

use super::{
    fault::Fault,
    row::{collect, env, first, word},
};
use crate::Pulse;

/// Counts a merchant's orders since one instant, and looks at the newest ones since another, a number at most.
pub fn of(
    db: &Connection,
    (mid, environment): (Mid, Environment),
    counted_from: Timestamp,
    looked_from: Timestamp,
    limit: u32,
) -> Result<Pulse, Fault> {
    let counted = first(
        db,
        "SELECT count(*) FROM orders WHERE mid = $1 AND environment = $2 AND created_at >= $3",
        params![mid.bytes(), env(environment), counted_from.micros()],
        |row| Ok(row.get::<_, i64>(0)?),
    )?;
    let mut pulse = Pulse { counted: counted.unwrap_or(0) as u64, ..Pulse::default() };
    let groups = collect(
        db,
        "SELECT code, site_resolved, count(*) FROM (
            SELECT code, site_resolved FROM orders WHERE mid = $1 AND environment = $2 AND created_at >= $3
            ORDER BY created_at DESC LIMIT $4) AS newest
         GROUP BY code, site_resolved",
        params![mid.bytes(), env(environment), looked_from.micros(), limit],
        |row| Ok((word("orders", row, 0, Code::parse)?, row.get::<_, bool>(1)?, row.get::<_, i64>(2)? as u64)),
    )?;
    for (code, is_resolved, count) in groups {
        pulse.looked += count;
        pulse.closed += if code.is_open() { 0 } else { count };
        pulse.rescued += if matches!(code, Code::Recovered | Code::PartRecovered | Code::Refunded) { count } else { 0 };
        pulse.unresolved += if is_resolved { 0 } else { count };
    }
    Ok(pulse)
}
