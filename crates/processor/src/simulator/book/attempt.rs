//! Attempts in the book.

use domain::{
    id::{AttemptId, OrderId},
    money::{Currency, Money},
    time::Timestamp,
};
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Error, Page};
use crate::{
    Authorize,
    simulator::{
        draw::CardHash,
        history::Earlier,
        judgement::{Judgement, Refuses, Telling},
    },
};

/// Earlier attempts of one order that are read; engines stop long before.
const ORDER_ROWS_MAX: u32 = 1_000;
/// Earlier attempts of one card that are read: more than any issuer looks back for.
const CARD_ROWS_MAX: u32 = 100;

/// One attempt as written.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub judgement: Judgement,
    pub at: Timestamp,
    pub amount: Money,
    pub captured: i64,
    pub voided: bool,
    pub refunded: i64,
}

const BY_ID: &str = "SELECT at, amount, currency, approved, code, advice, avs, cvv, approved_amount, updated_expiry, step_up, telling, refuses, captured, voided, refunded, breach FROM attempt WHERE id = ?1";
/// The newest rows of a card come first; `at` alone does not order rows of one instant.
const OF_CARD: &str = "SELECT at, amount, approved, CASE WHEN voided THEN 0 ELSE approved_amount END, code, advice, telling, credential_version, sends
 FROM attempt WHERE card = ?1 AND at <= ?2 ORDER BY at DESC, id DESC LIMIT ?3";
const OF_ORDER: &str = "SELECT at, amount, approved, CASE WHEN voided THEN 0 ELSE approved_amount END, code, advice, telling, credential_version, sends
 FROM attempt WHERE order_id = ?1 ORDER BY at, id LIMIT ?2";

impl Page<'_> {
    /// The attempt of that id.
    pub(crate) fn attempt(&self, id: AttemptId) -> Result<Option<Attempt>, Error> {
        let mut statement = self.connection.prepare_cached(BY_ID)?;
        Ok(statement.query_row([id.bytes()], read).optional()?)
    }

    /// The order's attempts, oldest first.
    pub(crate) fn of_order(&self, order: OrderId) -> Result<Vec<Earlier>, Error> {
        let mut statement = self.connection.prepare_cached(OF_ORDER)?;
        let rows = statement.query_map((order.bytes(), ORDER_ROWS_MAX), read_earlier)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The card's newest attempts at any merchant before an instant, oldest first.
    pub(crate) fn of_card(&self, card: CardHash, until: Timestamp) -> Result<Vec<Earlier>, Error> {
        let mut statement = self.connection.prepare_cached(OF_CARD)?;
        let rows = statement.query_map((card.0, until.micros(), CARD_ROWS_MAX), read_earlier)?;
        let mut newest_first: Vec<Earlier> = rows.collect::<Result<_, _>>()?;
        newest_first.reverse();
        Ok(newest_first)
    }

    /// The engine's clock at the newest attempt: calls without a time of their own are judged by it.
    pub(crate) fn latest_at(&self) -> Result<Timestamp, Error> {
        let mut statement = self.connection.prepare_cached("SELECT at FROM attempt ORDER BY id DESC LIMIT 1")?;
        let at: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?;
        Ok(at.map_or(Timestamp::EPOCH, Timestamp::from_micros))
    }

    /// Writes an attempt. One that never reached the issuer before is written over: it now counts twice.
    pub(crate) fn write(&self, request: &Authorize, card: CardHash, judgement: &Judgement) -> Result<(), Error> {
        let approved_minor = if judgement.approved { judgement.approved_minor.unwrap_or(request.amount.minor) } else { 0 };
        let captured = if request.capture { approved_minor } else { 0 };
        let updated_expiry = judgement.updated_expiry.map(|(month, year)| u32::from(year) * 100 + u32::from(month));
        self.connection.prepare_cached(WRITE)?.execute(params![
            request.attempt.bytes(),
            request.order.bytes(),
            request.mid.bytes(),
            card.0,
            request.credential_version,
            request.at.micros(),
            request.amount.minor,
            request.amount.currency.as_str(),
            request.capture,
            request.is_mit,
            judgement.approved,
            judgement.code,
            judgement.advice,
            judgement.avs,
            judgement.cvv,
            approved_minor,
            updated_expiry,
            judgement.step_up,
            judgement.telling as u8,
            judgement.refuses as u8,
            captured,
            judgement.breach,
        ])?;
        Ok(())
    }

    /// Remembers that an attempt was voided before it came.
    pub(crate) fn write_tombstone(&self, id: AttemptId, at: Timestamp) -> Result<(), Error> {
        let statement = "INSERT INTO attempt (id, order_id, mid, card, credential_version, at, amount, currency, capture, is_mit, approved, code,
            approved_amount, step_up, telling, refuses, sends) VALUES (?1, ?2, ?2, ?2, 0, ?3, 0, '', 0, 0, 0, '21', 0, 0, ?4, 0, 1)";
        self.connection.prepare_cached(statement)?.execute((id.bytes(), [0u8; 16], at.micros(), Telling::Tombstone as u8))?;
        Ok(())
    }

    /// Collects an authorisation.
    pub(crate) fn set_captured(&self, id: AttemptId, minor: i64) -> Result<(), Error> {
        self.connection.prepare_cached("UPDATE attempt SET captured = ?2 WHERE id = ?1")?.execute((id.bytes(), minor))?;
        Ok(())
    }

    /// Releases or reverses an attempt.
    pub(crate) fn set_voided(&self, id: AttemptId) -> Result<(), Error> {
        self.connection.prepare_cached("UPDATE attempt SET voided = 1 WHERE id = ?1")?.execute([id.bytes()])?;
        Ok(())
    }

    /// Forgets an order: its attempts, their refunds, and cards that were seen in no other order.
    pub(crate) fn forget(&self, order: OrderId) -> Result<(), Error> {
        for statement in [
            "DELETE FROM refund WHERE attempt IN (SELECT id FROM attempt WHERE order_id = ?1)",
            "DELETE FROM credential WHERE card IN (SELECT card FROM attempt WHERE order_id = ?1)
                AND NOT EXISTS (SELECT 1 FROM attempt AS a WHERE a.card = credential.card AND a.order_id <> ?1)",
            "DELETE FROM attempt WHERE order_id = ?1",
        ] {
            self.connection.prepare_cached(statement)?.execute([order.bytes()])?;
        }
        Ok(())
    }

    /// Notes a call that is no attempt.
    pub(crate) fn log(
        &self,
        at: Timestamp,
        kind: &str,
        attempt: Option<AttemptId>,
        minor: Option<i64>,
        result: &str,
    ) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT INTO call (at, kind, attempt, amount, result) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((at.micros(), kind, attempt.map(|id| id.bytes()), minor, result))?;
        Ok(())
    }
}

const WRITE: &str = "INSERT INTO attempt (id, order_id, mid, card, credential_version, at, amount, currency, capture, is_mit, approved, code, advice, avs, cvv,
  approved_amount, updated_expiry, step_up, telling, refuses, sends, captured, breach)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, 1, ?21, ?22)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, approved = excluded.approved, code = excluded.code, advice = excluded.advice, avs = excluded.avs,
  cvv = excluded.cvv, approved_amount = excluded.approved_amount, updated_expiry = excluded.updated_expiry, step_up = excluded.step_up,
  telling = excluded.telling, refuses = excluded.refuses, sends = sends + 1, captured = excluded.captured, breach = coalesce(excluded.breach, breach)
WHERE telling IN (2, 3) AND voided = 0";

fn read(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    let asked: i64 = row.get(1)?;
    let currency: String = row.get(2)?;
    let approved: bool = row.get(3)?;
    let approved_minor: i64 = row.get(8)?;
    let updated_expiry: Option<u32> = row.get(9)?;
    let judgement = Judgement {
        approved,
        code: row.get(4)?,
        advice: row.get(5)?,
        avs: row.get(6)?,
        cvv: row.get(7)?,
        approved_minor: (approved && approved_minor < asked).then_some(approved_minor),
        updated_expiry: updated_expiry.map(|expiry| ((expiry % 100) as u8, (expiry / 100) as u16)),
        step_up: row.get(10)?,
        telling: Telling::of(row.get(11)?),
        refuses: Refuses::of(row.get(12)?),
        delay: std::time::Duration::ZERO,
        breach: row.get(16)?,
    };
    let currency = Currency::parse(&currency).unwrap_or(Currency::USD);
    Ok(Attempt {
        judgement,
        at: Timestamp::from_micros(row.get(0)?),
        amount: Money::new(asked, currency),
        captured: row.get(13)?,
        voided: row.get(14)?,
        refunded: row.get(15)?,
    })
}

fn read_earlier(row: &Row<'_>) -> rusqlite::Result<Earlier> {
    Ok(Earlier {
        at: Timestamp::from_micros(row.get(0)?),
        asked_minor: row.get(1)?,
        approved: row.get(2)?,
        standing_minor: row.get(3)?,
        code: row.get(4)?,
        advice: row.get(5)?,
        telling: Telling::of(row.get(6)?),
        credential_version: row.get(7)?,
        sends: row.get(8)?,
    })
}
