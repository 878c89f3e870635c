//! Events. `seq` is the cursor: there is one writer, so the order of numbers is the order of commits.

use domain::{
    environment::Environment,
    event::{Event, Kind},
    id::{EventId, Mid, OrderId, PartnerId},
    owner::Owner,
    time::Timestamp,
};
use rusqlite::{Connection, Row, params, params_from_iter, types::Value};

use super::{
    fault::{Fault, taken},
    row::{collect, env, environment as environment_in, first, id, maybe_id, owner_list, run, time, word},
    terms::Terms,
};

use crate::EventFilter;

const TABLE: &str = "events";

/// Publishes an event.
pub fn insert(db: &Connection, event: &Event) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO events (id, mid, of_partner, environment, order_id, sequence, kind, at, payload)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            event.id.bytes(),
            event.owner.bytes(),
            event.owner.partner().is_some(),
            env(event.environment),
            event.order.map(|order| order.bytes()),
            event.sequence,
            event.kind.as_str(),
            event.at.micros(),
            event.payload
        ],
    )
    .map_err(taken("event"))?;
    Ok(())
}

/// An event.
pub fn get(db: &Connection, id: EventId) -> Result<Option<Event>, Fault> {
    first(
        db,
        "SELECT id, seq, mid, environment, order_id, sequence, kind, at, payload, of_partner FROM events WHERE id = $1",
        params![id.bytes()],
        |row| Ok(event(row)?.1),
    )
}

/// Events after a cursor.
pub fn last(db: &Connection) -> Result<u64, Fault> {
    let newest: Option<i64> = db.prepare_cached("SELECT max(seq) FROM events")?.query_row([], |row| row.get(0))?;
    Ok(newest.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0))
}

pub fn after(
    db: &Connection,
    owners: Option<&[Owner]>,
    environment: Environment,
    cursor: u64,
    limit: u32,
) -> Result<Vec<(u64, Event)>, Fault> {
    let cursor = i64::try_from(cursor).unwrap_or(i64::MAX);
    match owners {
        None => collect(
            db,
            "SELECT id, seq, mid, environment, order_id, sequence, kind, at, payload, of_partner FROM events
             WHERE seq > $1 AND environment = $2 ORDER BY seq LIMIT $3",
            params![cursor, env(environment), limit],
            event,
        ),
        Some([owner]) => collect(
            db,
            "SELECT id, seq, mid, environment, order_id, sequence, kind, at, payload, of_partner FROM events
             WHERE mid = $1 AND environment = $2 AND seq > $3 ORDER BY seq LIMIT $4",
            params![owner.bytes(), env(environment), cursor, limit],
            event,
        ),
        Some(owners) => collect(
            db,
            "SELECT id, seq, mid, environment, order_id, sequence, kind, at, payload, of_partner FROM events
             WHERE mid IN (SELECT unhex(value) FROM json_each($1)) AND environment = $2 AND seq > $3 ORDER BY seq LIMIT $4",
            params![owner_list(owners), env(environment), cursor, limit],
            event,
        ),
    }
}

/// Events that pass a filter, by cursor.
pub fn page(db: &Connection, filter: &EventFilter) -> Result<Vec<(u64, Event)>, Fault> {
    let mut terms = Terms::default();
    terms.add("seq > ?", Value::Integer(i64::try_from(filter.after).unwrap_or(i64::MAX)));
    terms.add("environment = ?", Value::Integer(env(filter.environment)));
    match filter.owners.as_deref() {
        // The end mark that a cleared sandbox leaves is nobody's event.
        None => terms.add("mid <> ?", Value::Blob(vec![0; 16])),
        Some([owner]) => terms.add("mid = ?", Value::Blob(owner.bytes().to_vec())),
        Some(owners) => terms.add("mid IN (SELECT unhex(value) FROM json_each(?))", Value::Text(owner_list(owners))),
    }
    if let Some(kinds) = &filter.kinds {
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("\"{kind}\"")).collect();
        terms.add("kind IN (SELECT value FROM json_each(?))", Value::Text(format!("[{}]", kinds.join(","))));
    }
    if let Some(order) = filter.order {
        terms.add("order_id = ?", Value::Blob(order.bytes().to_vec()));
    }
    let (condition, values) = terms.finish();
    let sql = format!("SELECT {COLUMNS} FROM events WHERE {condition} ORDER BY seq LIMIT {}", filter.limit);
    collect(db, &sql, params_from_iter(&values), event)
}

/// Events by their ids, by cursor.
pub fn by_id(db: &Connection, ids: &[EventId]) -> Result<Vec<(u64, Event)>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE id = $1");
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(first(db, &sql, params![id.bytes()], event)?);
    }
    found.sort_by_key(|(cursor, _)| *cursor);
    Ok(found)
}

const COLUMNS: &str = "id, seq, mid, environment, order_id, sequence, kind, at, payload, of_partner";

/// Drops events that happened before an instant, a batch at most. The newest event stays whatever its age: it keeps
/// cursors from being given out twice.
pub fn purge(db: &Connection, before: Timestamp, batch: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM events WHERE seq IN (
            SELECT seq FROM events WHERE at < $1 AND seq < (SELECT max(seq) FROM events) ORDER BY at LIMIT $2)",
        params![before.micros(), batch],
    )?)
}

fn event(row: &Row<'_>) -> Result<(u64, Event), Fault> {
    let event = Event {
        id: id(row, 0, EventId::from_bytes)?,
        owner: if row.get(9)? { id(row, 2, PartnerId::from_bytes)?.into() } else { id(row, 2, Mid::from_bytes)?.into() },
        environment: environment_in(TABLE, row, 3)?,
        order: maybe_id(row, 4, OrderId::from_bytes)?,
        sequence: row.get(5)?,
        kind: word(TABLE, row, 6, Kind::parse)?,
        at: time(row, 7)?,
        payload: row.get(8)?,
    };
    Ok((row.get::<_, i64>(1)? as u64, event))
}
