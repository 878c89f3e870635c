//! Refunds in the book.

use domain::id::{AttemptId, RefundId};
use rusqlite::OptionalExtension as _;

use super::{Error, Page};
use crate::Refund;

/// A refund as it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    pub refunded: bool,
    pub code: Option<String>,
}

impl Page<'_> {
    /// The refund of that id.
    pub(crate) fn refund(&self, id: RefundId) -> Result<Option<Judged>, Error> {
        let mut statement = self.connection.prepare_cached("SELECT refunded, code FROM refund WHERE id = ?1")?;
        Ok(statement.query_row([id.bytes()], |row| Ok(Judged { refunded: row.get(0)?, code: row.get(1)? })).optional()?)
    }

    /// Writes a refund and, when it was granted, takes it off its attempt; both or neither.
    pub(crate) fn write_refund(&self, request: &Refund, judged: &Judged) -> Result<(), Error> {
        self.atomically(|page| {
            page.connection
                .prepare_cached("INSERT INTO refund (id, attempt, amount, at, refunded, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute((
                    request.refund.bytes(),
                    request.attempt.bytes(),
                    request.amount.minor,
                    request.at.micros(),
                    judged.refunded,
                    &judged.code,
                ))?;
            if judged.refunded { page.add_refunded(request.attempt, request.amount.minor) } else { Ok(()) }
        })
    }

    fn add_refunded(&self, attempt: AttemptId, minor: i64) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE attempt SET refunded = refunded + ?2 WHERE id = ?1")?
            .execute((attempt.bytes(), minor))?;
        Ok(())
    }
}
