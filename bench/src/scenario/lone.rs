//! One caller alone: a durable answer cannot be faster than a synced commit.

use std::{collections::BTreeMap, rc::Rc};

use super::bench::Bench;
use crate::{
    cli::Part,
    floor::plan::{self, Shape},
    process::server::Server,
    report::figures::Lone,
};

impl Bench {
    /// Median answer of `/transmit` to one caller, and the median commit of the same rows by SQLite alone.
    pub async fn measure_lone(&mut self, server: &Server) -> anyhow::Result<Lone> {
        let work = self.requests(Part::Transmit, server).await?;
        let (rows, sent): (BTreeMap<_, _>, _) = (self.rows()?, self.sent());
        self.say("transmit: one caller alone");
        let answered = self.saturate(server.address, Rc::<_>::clone(&work) as Rc<_>, 1).await?;
        let plan = plan::observed(&rows, &self.rows()?, self.sent() - sent, Shape::One);
        let store = self.store_floor(&plan, 1)?;
        Ok(Lone { answer_ms: answered.outcome.record.latency().p50_ms, commit_ms: store.commit_p50_ms })
    }
}
