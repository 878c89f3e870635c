//! Settlements and their items.

use domain::{
    change::Conflict,
    id::{Mid, SettlementId},
    money::Currency,
    settlement::{Account, Item, Settlement},
};
use rusqlite::{Connection, params, types::Value};

use super::{
    fault::{Fault, taken},
    row::{body, collect, env, environment, id, many, one, run, versioned, word},
    terms::Terms,
};
use crate::{Page, SettlementFilter};

const TABLE: &str = "settlements";
const ITEMS: &str = "settlement_items";

/// Writes an item that waits, unless its identity is known.
pub fn insert_item(db: &Connection, item: &Item, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO settlement_items (source, kind, part, mid, environment, currency, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (source, kind, part) DO NOTHING",
        params![
            *item.source.as_bytes(),
            item.kind.as_str(),
            item.part,
            item.mid.bytes(),
            env(item.environment),
            item.amount.currency.as_str(),
            body
        ],
    )?;
    Ok(())
}

/// Writes an item into a settlement at once; its identity must be new.
pub fn insert_booked(db: &Connection, settlement: SettlementId, item: &Item, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO settlement_items (source, kind, part, mid, environment, currency, settlement, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            *item.source.as_bytes(),
            item.kind.as_str(),
            item.part,
            item.mid.bytes(),
            env(item.environment),
            item.amount.currency.as_str(),
            settlement.bytes(),
            body
        ],
    )
    .map_err(taken("settlement item"))?;
    Ok(())
}

/// Puts items that wait into a settlement; each must still wait.
pub fn book(db: &Connection, settlement: SettlementId, items: &[u64]) -> Result<(), Fault> {
    for item in items {
        let touched = run(
            db,
            "UPDATE settlement_items SET settlement = $1 WHERE seq = $2 AND settlement IS NULL",
            params![settlement.bytes(), *item as i64],
        )?;
        if touched != 1 {
            return Err(Conflict::Taken { what: "settlement item" }.into());
        }
    }
    Ok(())
}

/// Writes a version of a settlement; the first is a new one.
pub fn put(db: &Connection, settlement: &Settlement, body: &str) -> Result<(), Fault> {
    if settlement.version == 1 {
        return insert(db, settlement, body);
    }
    let touched = run(
        db,
        "UPDATE settlements SET version = $1, state = $2, period_to = $3, body = $4 WHERE id = $5 AND version = $6",
        params![
            settlement.version,
            settlement.state.as_str(),
            settlement.to.micros(),
            body,
            settlement.id.bytes(),
            i64::from(settlement.version) - 1
        ],
    )?;
    versioned(touched, "settlement", settlement.id.0)
}

fn insert(db: &Connection, settlement: &Settlement, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO settlements (id, version, mid, environment, currency, state, period_from, period_to, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            settlement.id.bytes(),
            settlement.version,
            settlement.mid.bytes(),
            env(settlement.environment),
            settlement.currency.as_str(),
            settlement.state.as_str(),
            settlement.from.micros(),
            settlement.to.micros(),
            body
        ],
    )
    .map_err(taken("settlement"))?;
    Ok(())
}

/// A settlement.
pub fn get(db: &Connection, id: SettlementId) -> Result<Option<Settlement>, Fault> {
    one(db, TABLE, "SELECT id, body FROM settlements WHERE id = $1", params![id.bytes()])
}

/// The newest settlement of an account: the open one, when there is one.
pub fn last(db: &Connection, account: Account) -> Result<Option<Settlement>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM settlements WHERE mid = $1 AND environment = $2 AND currency = $3 ORDER BY seq DESC LIMIT 1",
        params![account.mid.bytes(), env(account.environment), account.currency.as_str()],
    )
}

/// Accounts with items that wait, of one merchant or of all, a number at most.
pub fn waiting_accounts(db: &Connection, mid: Option<Mid>, limit: u32) -> Result<Vec<Account>, Fault> {
    let account = |row: &rusqlite::Row<'_>| {
        Ok(Account {
            mid: id(row, 0, Mid::from_bytes)?,
            environment: environment(ITEMS, row, 1)?,
            currency: word(ITEMS, row, 2, Currency::parse)?,
        })
    };
    match mid {
        None => collect(
            db,
            "SELECT DISTINCT mid, environment, currency FROM settlement_items WHERE settlement IS NULL
             ORDER BY mid, environment, currency LIMIT $1",
            params![limit],
            account,
        ),
        Some(mid) => collect(
            db,
            "SELECT DISTINCT mid, environment, currency FROM settlement_items WHERE settlement IS NULL AND mid = $1
             ORDER BY mid, environment, currency LIMIT $2",
            params![mid.bytes(), limit],
            account,
        ),
    }
}

/// The oldest items of an account that wait, with their numbers.
pub fn waiting(db: &Connection, account: Account, limit: u32) -> Result<Vec<(u64, Item)>, Fault> {
    collect(
        db,
        "SELECT seq, body FROM settlement_items WHERE settlement IS NULL AND mid = $1 AND environment = $2 AND currency = $3
         ORDER BY seq LIMIT $4",
        params![account.mid.bytes(), env(account.environment), account.currency.as_str(), limit],
        |row| Ok((row.get::<_, i64>(0)? as u64, body(ITEMS, row)?)),
    )
}

/// What was held back when a settlement closed, minor units.
pub fn reserve(db: &Connection, settlement: SettlementId) -> Result<i64, Fault> {
    let item: Option<Item> = one(
        db,
        ITEMS,
        "SELECT seq, body FROM settlement_items WHERE source = $1 AND kind = $2 AND part = 0",
        params![settlement.bytes(), domain::settlement::item::Kind::Reserve.as_str()],
    )?;
    Ok(item.map_or(0, |item| item.amount.minor))
}

/// The items of a settlement, oldest first, one page.
pub fn items(db: &Connection, settlement: SettlementId, limit: u32, offset: u64) -> Result<Vec<Item>, Fault> {
    many(
        db,
        ITEMS,
        "SELECT seq, body FROM settlement_items WHERE settlement = $1 ORDER BY seq LIMIT $2 OFFSET $3",
        params![settlement.bytes(), limit, offset as i64],
    )
}

/// One page and the count of all.
pub fn page(db: &Connection, filter: &SettlementFilter) -> Result<Page<Settlement>, Fault> {
    let mut terms = Terms::default();
    terms.add("environment = ?", Value::Integer(env(filter.environment)));
    terms.mids("mid", filter.mids.as_deref());
    if let Some(state) = filter.state {
        terms.add("state = ?", Value::Text(state.as_str().to_owned()));
    }
    if let Some(currency) = filter.currency {
        terms.add("currency = ?", Value::Text(currency.as_str().to_owned()));
    }
    terms.number("period_to > ?", filter.from.map(domain::time::Timestamp::micros));
    terms.number("period_from <= ?", filter.to.map(domain::time::Timestamp::micros));
    terms.page(db, TABLE, ["period_from", "seq"], filter.sort, filter.page)
}

/// Drops items of a merchant's sandbox, a batch.
pub fn clear_items(db: &Connection, mid: Mid, limit: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM settlement_items WHERE seq IN (SELECT seq FROM settlement_items WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), limit],
    )?)
}

/// Drops settlements of a merchant's sandbox, a batch; their timers find nothing and go by themselves.
pub fn clear(db: &Connection, mid: Mid, limit: u32) -> Result<usize, Fault> {
    Ok(run(
        db,
        "DELETE FROM settlements WHERE seq IN (SELECT seq FROM settlements WHERE mid = $1 AND environment = 0 LIMIT $2)",
        params![mid.bytes(), limit],
    )?)
}
