//! A million pending timers: neither start nor evaluation may feel them.
//!
//! They are copies of real ones, written straight into the `timers` table of the stopped server, with other subjects
//! and due ten years later.

use std::rc::Rc;

use anyhow::Context;
use rusqlite::{Connection, params_from_iter};

use super::{bench::Bench, body, start::ms};
use crate::{
    cli::Part,
    floor::{copier::Copier, sample, schema},
    load::work::Requests,
    process::server::Server,
    report::figures::Timers,
};

const TABLE: &str = "timers";
/// What the names of the columns begin with that say when a timer is due.
const DUE: &str = "due";
/// Ten years, microseconds.
const LATER_US: i64 = 10 * 365 * 86_400 * 1_000_000;
/// Comparisons, without and with in turn, so that a slower minute of the machine hits both.
const ROUNDS: usize = 2;
/// Starts in each; the quickest counts.
const STARTS: usize = 3;

impl Bench {
    /// Compares; ends the server given and gives back another.
    pub async fn measure_timers(&mut self, server: Server) -> anyhow::Result<(Timers, Server)> {
        let work = self.requests(Part::Timers, &server).await?;
        self.collect(server.address, self.one_evaluation(), "/orderSessionKey", 64, 8).await?;
        server.end()?;
        let mut copier = self.timer_copier()?;
        let pending = self.options.timers;
        let mut timers = Timers { pending, start_ms: Vec::new(), per_second: Vec::new() };
        for round in 1..=ROUNDS {
            self.say(&format!("timers: round {round} of {ROUNDS}, no pending timers"));
            self.replace_timers(&mut copier, 0)?;
            let without = self.evaluations(&work).await?;
            self.say(&format!("timers: round {round} of {ROUNDS}, {pending} pending timers"));
            self.replace_timers(&mut copier, pending)?;
            let with = self.evaluations(&work).await?;
            timers.start_ms.push((without.0, with.0));
            timers.per_second.push((without.1, with.1));
        }
        Ok((timers, self.start().await?))
    }

    /// Start in milliseconds, and managed-MIT evaluations per second.
    async fn evaluations(&mut self, work: &Rc<Requests>) -> anyhow::Result<(f64, f64)> {
        let mut start_ms = f64::INFINITY;
        for _ in 1..STARTS {
            let server = self.setup.start()?;
            start_ms = start_ms.min(ms(server.first_answer));
            server.end()?;
        }
        let server = self.start().await?;
        let start_ms = start_ms.min(ms(server.first_answer));
        let peak = self.peak("evaluate-mit", &server, Rc::<Requests>::clone(work)).await?;
        server.end()?;
        anyhow::ensure!(peak.errors == 0, "evaluations failed; the first: {:?}", peak.first_error);
        Ok((start_ms, peak.per_second))
    }

    fn one_evaluation(&self) -> Requests {
        let body = self.template(body::EVALUATE_MIT);
        Requests::post("/v1/evaluate", Some(&self.bearer), body, "SUBMITTED")
    }

    fn timer_copier(&self) -> anyhow::Result<Copier> {
        let database = schema::open_read_only(&self.setup.database()?)?;
        let table = schema::table(&database, TABLE)?;
        anyhow::ensure!(
            table.columns.iter().any(|column| column.name.starts_with(DUE)),
            "no column of {TABLE} says when one is due"
        );
        let samples = sample::rows(&database, &table)?;
        Ok(Copier::new(table, samples)?.later(DUE, LATER_US))
    }

    fn replace_timers(&self, copier: &mut Copier, count: u32) -> anyhow::Result<()> {
        let database = Connection::open(self.setup.database()?).context("cannot open the stopped server's database")?;
        fill(&database, copier, count)?;
        database.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").context("cannot checkpoint the database")?;
        Ok(())
    }
}

fn fill(database: &Connection, copier: &mut Copier, count: u32) -> rusqlite::Result<()> {
    let transaction = database.unchecked_transaction()?;
    transaction.execute(&format!("DELETE FROM {TABLE}"), [])?;
    let mut insert = transaction.prepare(&copier.insert_sql())?;
    for _ in 0..count {
        insert.execute(params_from_iter(copier.row()))?;
    }
    drop(insert);
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_filled_with_later_timers() {
        let database = Connection::open_in_memory().unwrap();
        let sql = "CREATE TABLE timers (kind TEXT, subject BLOB, due INTEGER, PRIMARY KEY (kind, subject)) WITHOUT ROWID;
            CREATE INDEX timers_by_due ON timers (due);
            INSERT INTO timers VALUES ('order', x'0194000000007000800000000000aaaa', 5), ('order', x'0194000000017000800000000000aaab', 6);";
        database.execute_batch(sql).unwrap();
        let table = schema::table(&database, TABLE).unwrap();
        let samples = sample::rows(&database, &table).unwrap();
        let mut copier = Copier::new(table, samples).unwrap().later(DUE, LATER_US);
        for count in [1_000, 0, 500] {
            fill(&database, &mut copier, count).unwrap();
            let told: (u32, i64) = database
                .query_row("SELECT count(*), coalesce(min(due), $1 + 1) FROM timers", [LATER_US], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .unwrap();
            assert!(told.0 == count && told.1 > LATER_US, "{told:?}");
        }
    }
}
