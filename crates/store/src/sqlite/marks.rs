//! Marks of what merchants' integrations did.

use domain::{
    environment::Environment,
    id::Mid,
    mark::{Mark, Noted, Seen},
};
use rusqlite::{Connection, params, types::Value};

use super::{
    fault::Fault,
    row::{collect, env, id, mid_list, run, time, word},
};

const TABLE: &str = "marks";

/// Notes what was done; what is known already only grows.
pub fn note(db: &Connection, noted: &Noted) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO marks (mid, environment, mark, first_at, last_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (mid, environment, mark) DO UPDATE SET
            first_at = CASE WHEN excluded.first_at < marks.first_at THEN excluded.first_at ELSE marks.first_at END,
            last_at = CASE WHEN excluded.last_at > marks.last_at THEN excluded.last_at ELSE marks.last_at END",
        params![
            noted.mid.bytes(),
            env(noted.environment),
            noted.mark.as_str(),
            noted.seen.first_at.micros(),
            noted.seen.last_at.micros()
        ],
    )?;
    Ok(())
}

/// What these merchants did in an environment.
pub fn of(db: &Connection, mids: &[Mid], environment: Environment) -> Result<Vec<Noted>, Fault> {
    collect(
        db,
        "SELECT mid, mark, first_at, last_at FROM marks
         WHERE mid IN (SELECT unhex(value) FROM json_each($1)) AND environment = $2 ORDER BY mid, mark",
        params![Value::Text(mid_list(mids)), env(environment)],
        |row| {
            Ok(Noted {
                mid: id(row, 0, Mid::from_bytes)?,
                environment,
                mark: word(TABLE, row, 1, Mark::parse)?,
                seen: Seen { first_at: time(row, 2)?, last_at: time(row, 3)? },
            })
        },
    )
}

/// Forgets what a merchant did in the sandbox.
pub fn clear(db: &Connection, mid: Mid) -> Result<(), Fault> {
    run(db, "DELETE FROM marks WHERE mid = $1 AND environment = 0", params![mid.bytes()])?;
    Ok(())
}
