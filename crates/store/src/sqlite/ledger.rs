//! The attempt ledger: clustered by card and time, because that is how it is read before every attempt.

use domain::{
    bounds::LEDGER_ROWS_MAX,
    card::{CardKey, Network},
    change::Conflict,
    environment::Environment,
    id::{Mid, OrderId},
    ledger::{Entry, Initiator, Origin, Outcome},
    money::{Currency, Money},
    time::Timestamp,
};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{
    fault::{Fault, taken},
    row::{collect, env, environment as environment_in, first, id, maybe_id, run, time, word},
};

const TABLE: &str = "ledger";

/// Which row.
#[derive(Clone, Copy)]
pub struct Row {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
    /// The card.
    pub card: CardKey,
    /// When, UTC.
    pub at: Timestamp,
    /// The attempt's or transmit's id.
    pub id: Uuid,
}

/// Counts an attempt.
pub fn insert(db: &Connection, entry: &Entry) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO ledger (mid, environment, card, at, id, origin, initiator, amount, currency, network, outcome,
            response_code, advice_code, order_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            entry.mid.bytes(),
            env(entry.environment),
            entry.card.0,
            entry.at.micros(),
            entry.id.as_bytes(),
            entry.origin.as_str(),
            entry.initiator.as_str(),
            entry.amount.minor,
            entry.amount.currency.as_str(),
            entry.network.as_str(),
            entry.outcome.as_str(),
            entry.response_code,
            entry.advice_code,
            entry.order.map(|order| order.bytes()),
        ],
    )
    .map_err(taken("ledger row"))?;
    Ok(())
}

/// Says what became of a counted attempt. A row that is not there is a conflict: an attempt must not stay uncounted
/// in silence.
pub fn settle(
    db: &Connection,
    row: Row,
    outcome: Outcome,
    response_code: Option<&str>,
    advice_code: Option<&str>,
) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE ledger SET outcome = $1, response_code = $2, advice_code = $3
         WHERE mid = $4 AND environment = $5 AND card = $6 AND at = $7 AND id = $8",
        params![
            outcome.as_str(),
            response_code,
            advice_code,
            row.mid.bytes(),
            env(row.environment),
            row.card.0,
            row.at.micros(),
            row.id.as_bytes(),
        ],
    )?;
    if touched == 1 { Ok(()) } else { Err(Conflict::Version { what: "ledger row", id: row.id }.into()) }
}

/// Rows of either key since an instant, oldest first; of too many the newest.
pub fn since(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    keys: [CardKey; 2],
    since: Timestamp,
) -> Result<Vec<Entry>, Fault> {
    let mut entries = vec![];
    for card in distinct(keys) {
        entries.extend(collect(
            db,
            "SELECT id, mid, environment, card, at, origin, initiator, amount, currency, network, outcome, response_code,
                advice_code, order_id
             FROM ledger WHERE mid = $1 AND environment = $2 AND card = $3 AND at >= $4
             ORDER BY at DESC, id DESC LIMIT $5",
            params![mid.bytes(), env(environment), card.0, since.micros(), LEDGER_ROWS_MAX as i64],
            entry,
        )?);
    }
    entries.sort_by_key(|entry| (entry.at, entry.id));
    entries.drain(..entries.len().saturating_sub(LEDGER_ROWS_MAX));
    Ok(entries)
}

/// How many rows either key has since an instant.
pub fn count(db: &Connection, mid: Mid, environment: Environment, keys: [CardKey; 2], since: Timestamp) -> Result<u32, Fault> {
    let mut rows = 0;
    for card in distinct(keys) {
        let of_card = first(
            db,
            "SELECT count(*) FROM ledger WHERE mid = $1 AND environment = $2 AND card = $3 AND at >= $4",
            params![mid.bytes(), env(environment), card.0, since.micros()],
            |row| Ok(row.get::<_, u32>(0)?),
        )?;
        rows += of_card.unwrap_or(0);
    }
    Ok(rows)
}

/// One range for each key: SQLite makes a temporary table for `IN`, which costs more than a second look.
fn distinct([one, other]: [CardKey; 2]) -> impl Iterator<Item = CardKey> {
    std::iter::once(one).chain((one != other).then_some(other))
}

/// Reads the columns that [`since`] selects; further ones may stand behind them.
pub fn entry(row: &rusqlite::Row<'_>) -> Result<Entry, Fault> {
    Ok(Entry {
        id: id(row, 0, Uuid::from_bytes)?,
        mid: id(row, 1, Mid::from_bytes)?,
        environment: environment_in(TABLE, row, 2)?,
        card: id(row, 3, CardKey)?,
        at: time(row, 4)?,
        origin: word(TABLE, row, 5, Origin::parse)?,
        initiator: word(TABLE, row, 6, Initiator::parse)?,
        amount: Money::new(row.get(7)?, word(TABLE, row, 8, Currency::parse)?),
        network: word(TABLE, row, 9, Network::parse)?,
        outcome: word(TABLE, row, 10, Outcome::parse)?,
        response_code: row.get(11)?,
        advice_code: row.get(12)?,
        order: maybe_id(row, 13, OrderId::from_bytes)?,
    })
}
