//! Reading the log and explaining what it holds.

use std::sync::Arc;

use domain::{decision::Record, id::OrderId, rules::Rules};
use recovery::{Decided, Inputs, Model};
use serde_json::json;

use super::{Causes, Explained, Replay, bound, candidate, features, replay, words};
use crate::{Engine, Error, Principal, Result};

/// Decisions that one answer explains, the newest.
const EXPLAINED_MAX: usize = 100;
/// Decisions made again between two looks at whether anybody still waits.
const REPLAY_ROWS: u32 = 200;

/// Which decisions are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// The newest.
    #[default]
    Latest,
    /// All, oldest first; of more than a hundred the newest.
    All,
}

/// Decisions made again, a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Replays {
    /// Each with whether it is the same.
    pub rows: Vec<(Record, Replay)>,
    /// Where the next page begins; none: this was the last.
    pub next: Option<u64>,
}

impl Engine {
    /// Why an order of the caller's was worked as it was.
    pub async fn explanation(self: &Arc<Self>, principal: &Principal, id: OrderId, which: Which) -> Result<Vec<Explained>> {
        let order = self.own_order(principal, id).await?;
        self.explained(order.id, which).await
    }

    /// The decisions about an order, or an advice under its id, explained; the caller has looked whose it is.
    pub(crate) async fn explained(self: &Arc<Self>, id: OrderId, which: Which) -> Result<Vec<Explained>> {
        let mut records = match which {
            Which::Latest => self.store.latest_decision(id).await?.into_iter().collect(),
            Which::All => self.store.decisions(id).await?,
        };
        let surplus = records.len().saturating_sub(EXPLAINED_MAX);
        records.drain(..surplus);
        self.explain(records).await
    }

    /// Explains decisions.
    pub(crate) async fn explain(self: &Arc<Self>, records: Vec<Record>) -> Result<Vec<Explained>> {
        let mut ready = Vec::with_capacity(records.len());
        for record in records {
            let model = self.model_behind(&record).await?;
            ready.push((record, model));
        }
        let engine = self.clone();
        let work = move || ready.into_iter().map(|(record, model)| explain(record, model, engine.rules())).collect();
        // Weighing a hundred decisions again takes long enough for others to wait.
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))
    }

    /// Makes decisions of the log again, behind a cursor: for the operator's shell.
    pub async fn decide_again(self: &Arc<Self>, order: Option<OrderId>, after: u64) -> Result<Replays> {
        let (records, next) = match order {
            Some(id) => (self.store.decisions(id).await?, None),
            None => {
                let page = self.store.decisions_since(None, None, after, REPLAY_ROWS).await?;
                let next = page.last().map(|(cursor, _)| *cursor);
                (page.into_iter().map(|(_, record)| record).collect(), next)
            }
        };
        let explained = self.explain(records).await?;
        Ok(Replays { rows: explained.into_iter().map(|one| (one.record, one.replay)).collect(), next })
    }

    /// The model that made a decision; none when it is not there any more.
    async fn model_behind(&self, record: &Record) -> Result<Option<Arc<Model>>> {
        let needed = Inputs::parse(&record.case).is_ok_and(|inputs| replay::needs_model(record, &inputs));
        if !needed {
            return Ok(Some(Arc::new(Model::builtin().clone())));
        }
        match self.retry_model_of(&record.model_version).await {
            Ok(model) => Ok(Some(model)),
            Err(Error::NotFound | Error::State { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// Explains one decision.
pub fn explain(record: Record, model: Option<Arc<Model>>, rules: &Rules) -> Explained {
    let inputs = match Inputs::parse(&record.case) {
        Ok(inputs) => inputs,
        Err(error) => return bare(record, None, format!("what went in cannot be read: {error}")),
    };
    let Some(rules) = replay::rules_of(&record.rules_version, rules) else {
        let why = format!("the rules {} are not there any more", record.rules_version);
        return bare(record, Some(inputs), why);
    };
    let Some(model) = model else {
        let why = format!("the model {} is not there any more", record.model_version);
        return bare(record, Some(inputs), why);
    };
    let decided = inputs.decide(rules, &model);
    let entries = inputs.case.entries();
    let case = inputs.case.case(&entries);
    let mut explained = Explained {
        offset_minutes: case.local_offset_minutes(),
        candidates: candidate::all(&case, rules, &decided),
        rules: bound::all(&case, rules, &decided, record.chosen_at),
        features: features::of(&case, &record),
        causes: vec![],
        curve: vec![],
        waits_for: String::new(),
        summary: String::new(),
        replay: replay::compare(&record, &inputs, &decided),
        risk: inputs.risk.as_ref().and_then(|risk| serde_json::to_value(risk).ok()),
        inputs: Some(inputs.clone()),
        record,
    };
    if let Decided::Plan(_) = decided {
        let believed = recovery::explain(&case, rules, &model);
        explained.causes = believed.lessons.into_iter().map(Causes::from).collect();
        explained.curve = believed.curve;
    }
    explained.waits_for = words::waits_for(&explained, &decided);
    explained.summary = words::summary(&explained, &decided);
    explained
}

/// What the log says by itself, when the decision cannot be made again.
fn bare(record: Record, inputs: Option<Inputs>, why: String) -> Explained {
    let offset_minutes = inputs.as_ref().and_then(|inputs| inputs.case.offset_minutes).unwrap_or(0);
    let summary = format!("The decision of attempt {} was {}; it cannot be made again.", record.attempt_number, record.action);
    Explained {
        features: json!({"declineClass": record.class, "attempt": record.attempt_number}),
        record,
        inputs,
        offset_minutes,
        candidates: vec![],
        rules: vec![],
        causes: vec![],
        curve: vec![],
        waits_for: String::new(),
        summary,
        replay: Replay::Unavailable { why },
        risk: None,
    }
}
