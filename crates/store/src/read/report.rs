//! Reports: long reads on connections of their own, a few at a time. They hold up neither the writer nor other reads,
//! and end when nobody waits for them any more.

use domain::{
    environment::Environment,
    id::Mid,
    report::{Ask, Cell, Made},
    time::Timestamp,
};
use rusqlite::Connection;

use crate::{
    Error, Store,
    sqlite::{
        fault::Fault,
        report::{self, Whose},
    },
};

/// What a report reads from.
pub struct Reading<'c> {
    db: &'c Connection,
}

impl Store {
    /// Does a report's work on the blocking pool. The work is broken off when the answer is dropped.
    pub async fn report<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reading<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.engine.report(move |db| work(&Reading { db }).map_err(Fault::Store)).await
    }
}

impl Reading<'_> {
    /// Hands every cell of a merchant's report to `take`, which says whether to go on.
    pub fn cells(&self, mid: Mid, environment: Environment, ask: &Ask, take: &mut dyn FnMut(Cell) -> bool) -> Result<(), Error> {
        Ok(report::cells(self.db, Whose { mid, environment }, ask, take)?)
    }

    /// Hands every cell of a merchant's orders whose arm was drawn to `take`, card by card, with the card. Orders count as
    /// over when they are closed and their period ended by `now`.
    pub fn cards(
        &self,
        mid: Mid,
        environment: Environment,
        ask: &Ask,
        now: Timestamp,
        take: &mut dyn FnMut(Vec<u8>, Cell) -> bool,
    ) -> Result<(), Error> {
        Ok(report::cards(self.db, Whose { mid, environment }, ask, now, take)?)
    }

    /// Hands a merchant's ledger, card by card and each in the order of time, to `take`, which says whether to go on.
    /// Begins so long before the span that every limit's window is whole.
    pub fn ledger(&self, mid: Mid, environment: Environment, ask: &Ask, take: &mut dyn FnMut(Made) -> bool) -> Result<(), Error> {
        Ok(report::ledger(self.db, Whose { mid, environment }, ask, take)?)
    }
}
