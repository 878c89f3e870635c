//! `recoup explain --replay`: every decision made again, from the data folder.

use std::sync::Arc;

use domain::{decision::Record, id::OrderId};
use engine::{Engine, explain::Replay};
use serde_json::{Value, json};

use crate::{
    failure::Failure,
    output::{Column, Output, Table},
};

/// Decisions that are listed when they did not come out the same; all are counted.
const LISTED_MAX: usize = 1_000;

/// What came of it.
#[derive(Default)]
struct Sum {
    same: u64,
    different: u64,
    unavailable: u64,
    listed: Vec<(Record, Replay)>,
}

/// Runs the command; fails when a decision came out another.
pub async fn run(order: Option<&str>, engine: &Arc<Engine>, output: Output) -> Result<(), Failure> {
    let order = order.map(|text| OrderId::parse(text).ok_or_else(|| Failure::usage("an order's id is a GUID"))).transpose()?;
    let mut sum = Sum::default();
    let mut after = Some(0);
    while let Some(cursor) = after {
        let page = engine.decide_again(order, cursor).await.map_err(|error| Failure::failed(error.to_string()))?;
        page.rows.into_iter().for_each(|row| sum.take(row, order.is_some()));
        after = page.next;
    }
    if order.is_some() && sum.total() == 0 {
        return Err(Failure::not_found("no decision of this order is kept"));
    }
    output.table(&sum.table(), || sum.json())?;
    if !output.is_json() {
        output.answer(|| Value::Null, |_| sum.sentence())?;
    }
    if sum.different == 0 { Ok(()) } else { Err(Failure::failed(format!("{} decisions came out others", sum.different))) }
}

impl Sum {
    fn take(&mut self, (record, replay): (Record, Replay), all: bool) {
        match replay {
            Replay::Same => self.same += 1,
            Replay::Differs { .. } => self.different += 1,
            Replay::Unavailable { .. } => self.unavailable += 1,
        }
        if (all || replay != Replay::Same) && self.listed.len() < LISTED_MAX {
            self.listed.push((record, replay));
        }
    }

    fn total(&self) -> u64 {
        self.same + self.different + self.unavailable
    }

    fn sentence(&self) -> String {
        let Self { same, different, unavailable, .. } = self;
        format!(
            "{} decisions made again: {same} the same bit for bit, {different} others, {unavailable} without model or rules",
            self.total()
        )
    }

    fn table(&self) -> Table {
        let titles = ["DECIDED", "ORDER", "ACTION", "MODEL", "SAME", "WHY NOT"];
        let mut table = Table::new(titles.into_iter().map(Column::left).collect());
        for (record, replay) in &self.listed {
            table.row(vec![
                record.decided_at.iso6(),
                record.order.to_string(),
                record.action.clone(),
                record.model_version.clone(),
                if *replay == Replay::Same { "yes" } else { "no" }.to_owned(),
                replay.why().unwrap_or("-").to_owned(),
            ]);
        }
        table
    }

    fn json(&self) -> Value {
        let row = |(record, replay): &(Record, Replay)| {
            json!({
                "decisionId": record.id, "orderId": record.order, "decidedAtUtc": record.decided_at.iso6(),
                "action": record.action, "modelVersion": record.model_version, "replayed": *replay == Replay::Same,
                "replayNote": replay.why(),
            })
        };
        json!({
            "total": self.total(), "same": self.same, "different": self.different, "unavailable": self.unavailable,
            "decisions": self.listed.iter().map(row).collect::<Vec<_>>(),
        })
    }
}
