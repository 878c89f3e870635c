//! The decision log.

use domain::{
    decision::{Arm, Record},
    decline::Class,
    environment::Environment,
    id::{DecisionId, Mid, OrderId},
    lesson::{Lesson, Taught},
    money::{Currency, Money},
    time::Timestamp,
};
use rusqlite::{Connection, Row, params, params_from_iter, types::Value};

use super::{
    fault::Fault,
    row::{collect, corrupt, env, environment as environment_in, first, id, run, time, word},
    terms::Terms,
};

const TABLE: &str = "decisions";

/// Decisions of one order that are read at most; the newest of more.
const OF_ORDER_MAX: u32 = 1_000;

/// Adds a decision.
pub fn insert(db: &Connection, record: &Record) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO decisions (id, mid, environment, order_id, decided_at, attempt_number, action, chosen_at, class, probability,
            propensity, arm, model_version, rules_version, seed, snapshot)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            record.id.bytes(),
            record.mid.bytes(),
            env(record.environment),
            record.order.bytes(),
            record.decided_at.micros(),
            record.attempt_number,
            record.action,
            record.chosen_at.map(Timestamp::micros),
            record.class.as_str(),
            record.probability,
            record.propensity,
            record.arm.as_str(),
            record.model_version,
            record.rules_version,
            record.seed.cast_signed(),
            record.case,
        ],
    )?;
    Ok(())
}

/// The decisions about an order, oldest first; of too many the newest.
pub fn of(db: &Connection, order: OrderId) -> Result<Vec<Record>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM decisions WHERE order_id = $1 ORDER BY seq DESC LIMIT $2");
    let mut found = collect(db, &sql, params![order.bytes(), OF_ORDER_MAX], |row| Ok(record(row)?.1))?;
    found.reverse();
    Ok(found)
}

/// The newest decision about an order.
pub fn latest(db: &Connection, order: OrderId) -> Result<Option<Record>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM decisions WHERE order_id = $1 ORDER BY seq DESC LIMIT 1");
    first(db, &sql, params![order.bytes()], |row| Ok(record(row)?.1))
}

/// One decision about an order.
pub fn get(db: &Connection, order: OrderId, id: DecisionId) -> Result<Option<Record>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM decisions WHERE order_id = $1 AND id = $2");
    first(db, &sql, params![order.bytes(), id.bytes()], |row| Ok(record(row)?.1))
}

/// Decisions behind a cursor, each with its own, as they were made.
pub fn since(
    db: &Connection,
    mid: Option<Mid>,
    environment: Option<Environment>,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, Record)>, Fault> {
    let mut terms = Terms::default();
    terms.add("seq > ?", Value::Integer(i64::try_from(after).unwrap_or(i64::MAX)));
    if let Some(mid) = mid {
        terms.add("mid = ?", Value::Blob(mid.bytes().to_vec()));
    }
    if let Some(environment) = environment {
        terms.add("environment = ?", Value::Integer(env(environment)));
    }
    let (condition, values) = terms.finish();
    let sql = format!("SELECT {COLUMNS} FROM decisions WHERE {condition} ORDER BY seq LIMIT {limit}");
    collect(db, &sql, params_from_iter(&values), record)
}

/// The newest decisions before a cursor, newest first, each with its attempt and its order.
pub fn lessons(db: &Connection, environment: Option<Environment>, before: u64, limit: u32) -> Result<Vec<Lesson>, Fault> {
    let mut terms = Terms::default();
    terms.add("d.seq < ?", Value::Integer(i64::try_from(before).unwrap_or(i64::MAX)));
    if let Some(environment) = environment {
        terms.add("d.environment = ?", Value::Integer(env(environment)));
    }
    let (condition, values) = terms.finish();
    let columns: Vec<String> = COLUMNS.split(", ").map(|column| format!("d.{column}")).collect();
    let sql = format!(
        "SELECT {}, a.body, o.is_open, o.amount, o.currency, json_extract(o.body, '$.credentials[0].fingerprint')
         FROM decisions AS d
         LEFT JOIN attempts AS a ON a.order_id = d.order_id AND a.number = d.attempt_number
         LEFT JOIN orders AS o ON o.id = d.order_id
         WHERE {condition} ORDER BY d.seq DESC LIMIT {limit}",
        columns.join(", ")
    );
    collect(db, &sql, params_from_iter(&values), lesson)
}

fn lesson(row: &Row<'_>) -> Result<Lesson, Fault> {
    /// Where the columns of the attempt and the order begin.
    const BESIDE: usize = 17;
    let (cursor, decision) = record(row)?;
    let attempt: Option<String> = row.get(BESIDE)?;
    let attempt = attempt.map(|body| serde_json::from_str(&body)).transpose().map_err(|_| corrupt("attempts", row))?;
    let order = match row.get::<_, Option<bool>>(BESIDE + 1)? {
        None => None,
        Some(is_open) => {
            let currency = word("orders", row, BESIDE + 3, Currency::parse)?;
            Some(Taught { is_open, due: Money::new(row.get(BESIDE + 2)?, currency), card: row.get(BESIDE + 4)? })
        }
    };
    Ok(Lesson { cursor, decision, attempt, order })
}

/// Drops the oldest decisions made before an instant, a batch at most.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM decisions WHERE seq IN (SELECT seq FROM decisions ORDER BY seq LIMIT $1) AND id < $2",
        params![batch, DecisionId::at(before, [0; 10]).bytes()],
    )?)
}

const COLUMNS: &str = "id, seq, mid, environment, order_id, decided_at, attempt_number, action, chosen_at, class, probability, \
                       propensity, arm, model_version, rules_version, seed, snapshot";

fn record(row: &Row<'_>) -> Result<(u64, Record), Fault> {
    let record = Record {
        id: id(row, 0, DecisionId::from_bytes)?,
        mid: id(row, 2, Mid::from_bytes)?,
        environment: environment_in(TABLE, row, 3)?,
        order: id(row, 4, OrderId::from_bytes)?,
        decided_at: time(row, 5)?,
        attempt_number: row.get(6)?,
        action: row.get(7)?,
        chosen_at: row.get::<_, Option<i64>>(8)?.map(Timestamp::from_micros),
        class: word(TABLE, row, 9, Class::parse)?,
        probability: row.get(10)?,
        propensity: row.get(11)?,
        arm: word(TABLE, row, 12, Arm::parse)?,
        model_version: row.get(13)?,
        rules_version: row.get(14)?,
        seed: row.get::<_, i64>(15)?.cast_unsigned(),
        case: row.get(16)?,
    };
    Ok((row.get::<_, i64>(1)? as u64, record))
}
