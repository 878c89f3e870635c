//! The blocklist.

use std::time::Duration;

use domain::{
    block::Block,
    environment::Environment,
    id::{BlockId, Mid},
    time::Timestamp,
};
use rusqlite::{Connection, params, types::Value};

use super::{
    clocks,
    fault::{Fault, taken},
    row::{env, first, many, one, run},
    terms::Terms,
};
use crate::{BlockFilter, Page};

const TABLE: &str = "blocks";

/// Writes an entry, new or changed; no other entry of the merchant may block the same.
pub fn put(db: &Connection, block: &Block, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO blocks (id, mid, environment, kind, lookup, created_at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        params![
            block.id.bytes(),
            block.mid.bytes(),
            env(block.environment),
            block.kind.as_str(),
            block.key(),
            block.created_at.micros(),
            body
        ],
    )
    .map_err(taken("block"))?;
    Ok(())
}

/// Forgets an entry.
pub fn delete(db: &Connection, mid: Mid, id: BlockId) -> Result<(), Fault> {
    run(db, "DELETE FROM blocks WHERE id = $1 AND mid = $2", params![id.bytes(), mid.bytes()])?;
    Ok(())
}

/// What a batch of a purge looked through and took away.
#[derive(Debug)]
pub struct Purged {
    /// The last entry looked at; none: there are no more.
    pub last: Option<BlockId>,
    /// Entries taken away.
    pub dropped: u64,
}

/// Looks at the next entries behind an id and takes away those that ended longer ago than they are kept. An entry ends
/// by its merchant's clock, in the sandbox by the test clock when there is one.
pub fn purge(db: &Connection, after: Option<BlockId>, now: Timestamp, keep: Duration, limit: u32) -> Result<Purged, Fault> {
    let after = after.map_or_else(Vec::new, |id| id.bytes().to_vec());
    let found: Vec<Block> =
        many(db, TABLE, "SELECT id, body FROM blocks WHERE id > $1 ORDER BY id LIMIT $2", params![after, limit])?;
    let mut purged = Purged { last: found.last().map(|block| block.id), dropped: 0 };
    for block in found.iter().filter(|block| block.expires_at.is_some()) {
        let clock = match block.environment {
            Environment::Sandbox => clocks::get(db, block.mid)?,
            Environment::Production => None,
        };
        let there = clock.map_or(now, |clock| clock.at(now));
        if block.expires_at.is_some_and(|end| end < there - keep) {
            delete(db, block.mid, block.id)?;
            purged.dropped += 1;
        }
    }
    Ok(purged)
}

/// An entry.
pub fn get(db: &Connection, id: BlockId) -> Result<Option<Block>, Fault> {
    one(db, TABLE, "SELECT id, body FROM blocks WHERE id = $1", params![id.bytes()])
}

/// The oldest entries of a merchant, a number at most.
pub fn of(db: &Connection, mid: Mid, environment: Environment, limit: u32) -> Result<Vec<Block>, Fault> {
    many(
        db,
        TABLE,
        "SELECT id, body FROM blocks WHERE mid = $1 AND environment = $2 ORDER BY created_at LIMIT $3",
        params![mid.bytes(), env(environment), limit],
    )
}

/// How many entries a merchant has.
pub fn count(db: &Connection, mid: Mid, environment: Environment) -> Result<u32, Fault> {
    let count = first(
        db,
        "SELECT count(*) FROM blocks WHERE mid = $1 AND environment = $2",
        params![mid.bytes(), env(environment)],
        |row| Ok(row.get(0)?),
    )?;
    Ok(count.unwrap_or(0))
}

/// The entries under any of these keys.
pub fn under(db: &Connection, mid: Mid, environment: Environment, keys: &[String]) -> Result<Vec<Block>, Fault> {
    let keys = serde_json::to_string(keys).unwrap_or_default();
    many(
        db,
        TABLE,
        "SELECT id, body FROM blocks WHERE mid = $1 AND environment = $2 AND lookup IN (SELECT value FROM json_each($3))",
        params![mid.bytes(), env(environment), keys],
    )
}

/// One page and the count of all.
pub fn page(db: &Connection, filter: &BlockFilter) -> Result<Page<Block>, Fault> {
    terms(filter).page(db, TABLE, ["created_at", "id"], filter.sort, filter.page)
}

fn terms(filter: &BlockFilter) -> Terms {
    let mut terms = Terms::default();
    terms.add("environment = ?", Value::Integer(env(filter.environment)));
    terms.mids("mid", filter.mids.as_deref());
    if let Some(kind) = filter.kind {
        terms.add("kind = ?", Value::Text(kind.as_str().to_owned()));
    }
    terms.number("created_at >= ?", filter.created_from.map(domain::time::Timestamp::micros));
    terms.number("created_at <= ?", filter.created_to.map(domain::time::Timestamp::micros));
    terms
}
