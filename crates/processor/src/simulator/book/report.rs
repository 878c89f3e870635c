//! What the book testifies: totals, orders charged more than once, broken rules.

use domain::{
    id::{AttemptId, OrderId},
    time::Timestamp,
};
use rusqlite::{Connection, Row};

use super::Error;

/// Rows of one list of the report.
const LISTED_ROWS_MAX: u32 = 1_000;

/// The book's testimony.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Attempts that reached an issuer.
    pub attempts: u64,
    /// Of these, approved.
    pub approved: u64,
    /// Orders with an attempt.
    pub orders: u64,
    /// Look-ups asked.
    pub inquiries: u64,
    /// Money, one line per currency, ordered by code.
    pub totals: Vec<Total>,
    /// Orders from which more was collected (captured and not voided) than the largest amount asked for in one attempt.
    pub charged_more_than_once: Vec<OrderId>,
    /// As above, counting authorisations that still hold money too.
    pub held_more_than_once: Vec<OrderId>,
    /// Attempts made although a rule forbade them, oldest first.
    pub breaches: Vec<Breach>,
}

/// Money of one currency, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// ISO 4217.
    pub currency: String,
    /// Collected and not voided.
    pub captured_minor: i64,
    /// Paid back.
    pub refunded_minor: i64,
    /// Authorised, neither collected nor voided.
    pub held_minor: i64,
}

/// An attempt that a rule forbade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The attempt.
    pub attempt: AttemptId,
    /// Its order.
    pub order: OrderId,
    /// When, by the engine's clock.
    pub at: Timestamp,
    /// The rule.
    pub rule: String,
}

pub(super) fn report(connection: &Connection) -> Result<Report, Error> {
    let counted =
        "SELECT count(*), coalesce(sum(approved), 0), count(DISTINCT order_id) FROM attempt WHERE telling NOT IN (2, 3, 5)";
    let (attempts, approved, orders) =
        connection.query_row(counted, [], |row| Ok((count(row, 0)?, count(row, 1)?, count(row, 2)?)))?;
    Ok(Report {
        attempts,
        approved,
        orders,
        inquiries: connection.query_row("SELECT count(*) FROM call WHERE kind = 'inquire'", [], |row| count(row, 0))?,
        totals: totals(connection)?,
        charged_more_than_once: over(connection, "captured")?,
        held_more_than_once: over(connection, "max(captured, approved_amount)")?,
        breaches: breaches(connection)?,
    })
}

fn totals(connection: &Connection) -> Result<Vec<Total>, Error> {
    let mut statement = connection.prepare(
        "SELECT currency, sum(captured), sum(refunded), sum(CASE WHEN captured = 0 THEN approved_amount ELSE 0 END)
         FROM attempt WHERE voided = 0 AND approved GROUP BY currency ORDER BY currency",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Total { currency: row.get(0)?, captured_minor: row.get(1)?, refunded_minor: row.get(2)?, held_minor: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn over(connection: &Connection, taken: &str) -> Result<Vec<OrderId>, Error> {
    let sql = format!(
        "SELECT order_id FROM attempt GROUP BY order_id
         HAVING sum(CASE WHEN voided THEN 0 ELSE {taken} END) > max(amount) LIMIT {LISTED_ROWS_MAX}"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], |row| Ok(OrderId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn breaches(connection: &Connection) -> Result<Vec<Breach>, Error> {
    let sql =
        format!("SELECT id, order_id, at, breach FROM attempt WHERE breach IS NOT NULL ORDER BY at, id LIMIT {LISTED_ROWS_MAX}");
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Breach {
            attempt: AttemptId::from_bytes(row.get(0)?),
            order: OrderId::from_bytes(row.get(1)?),
            at: Timestamp::from_micros(row.get(2)?),
            rule: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}
