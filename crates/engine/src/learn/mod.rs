//! Learning from the deployment's own history, in the background or on the operator's word.
//!
//! The decision log holds every decision with the case it was made on; joined with the attempts that followed it is what
//! models learn from, and what tells whether a model is better. A third of the cards is held out of the learning: on their
//! orders the candidate and the model in use are compared, doubly robust, and only a gain that is certain puts the
//! candidate in use. Everything else stays a candidate, with the report that says why.

mod estimate;
mod material;
mod retry;
mod schedule;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    change::{ChangeSet, Write},
    environment::Environment,
    model::{Kind, Record, State},
    time::Timestamp,
};
use recovery::Model;
use serde_json::json;

use crate::{Engine, Error, Result, users::system};
pub use estimate::{Asked, Estimated, Target};
use material::Material;

/// How the deployment learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Hours between two lessons; 0: only on the operator's word.
    pub interval_hours: u32,
    /// Decisions learnt from, at most: the newest.
    pub rows_max: u32,
    /// Learn from the sandbox in place of production.
    pub sandbox: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { interval_hours: 24, rows_max: 50_000, sandbox: false }
    }
}

/// How far a lesson has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Decisions read so far, of so many at most.
    Reading {
        /// Read.
        done: u64,
        /// At most.
        most: u64,
    },
    /// A candidate is learnt from so many attempts.
    Learning {
        /// Attempts.
        trials: u64,
    },
    /// The candidate is compared with the model in use on so many orders.
    Judging {
        /// Orders.
        orders: u64,
    },
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Learnt {
    /// The candidate with its report; live when it is in use now.
    pub record: Record,
    /// The version that was in use while it was judged.
    pub incumbent: String,
    /// Whether it was stored.
    pub stored: bool,
}

impl Engine {
    /// Learns a candidate of a kind and, unless this is a rehearsal, stores it, and puts it in use when it is better for
    /// certain. One lesson at a time in a process.
    pub async fn learn(
        self: &Arc<Self>,
        kind: Kind,
        rehearse: bool,
        told: impl Fn(Stage) + Send + Sync + Clone + 'static,
    ) -> Result<Learnt> {
        if kind == Kind::Risk {
            return Err(Error::State { message: "The risk model is not learnt here yet.".into(), order: None });
        }
        let _turn = self.learning.try_lock().map_err(|_| Error::InProgress)?;
        let began = Instant::now();
        self.refresh_models().await?;
        let live = self.store.live_model(Kind::Retry).await?;
        let incumbent = self.retry_model();
        let material = self.read_material(told.clone()).await?;
        let version = format!("{}+{}", recovery::plan::MODEL_VERSION, stamp(self.clock.now()));
        let (engine, against) = (self.clone(), incumbent.clone());
        let judged = tokio::task::spawn_blocking(move || retry::lesson(&material, &version, &against, engine.rules(), told));
        let judged = judged.await.map_err(|error| Error::Internal(error.to_string()))??;
        let record = self.record_of(judged, began.elapsed());
        metrics::histogram!("recoup_learn_seconds", "kind" => kind.as_str()).record(began.elapsed().as_secs_f64());
        if rehearse {
            return Ok(Learnt { record, incumbent: incumbent.version.clone(), stored: false });
        }
        let record = self.keep_learnt(record, live).await?;
        metrics::counter!("recoup_models_learnt_total", "kind" => kind.as_str(), "state" => record.state.as_str()).increment(1);
        tracing::info!(%kind, version = record.version, state = %record.state, incumbent = incumbent.version, "a model was learnt");
        Ok(Learnt { record, incumbent: incumbent.version.clone(), stored: true })
    }

    /// Stores a candidate; when it has won, in use. Another version that came into use meanwhile has not been beaten.
    async fn keep_learnt(&self, record: Record, live: Option<Record>) -> Result<Record> {
        if record.state == State::Live {
            let reason = record.report["reason"].as_str().unwrap_or_default().to_owned();
            match self.put_in_use(record.clone(), live, &reason, system()).await {
                Err(Error::Precondition) => {}
                done => return done,
            }
        }
        let record = Record { state: State::Candidate, ..record };
        let set = ChangeSet::new().with(Write::PutModel(Box::new(record.clone())));
        self.apply(set).await?.map_err(|conflict| Error::Internal(conflict.to_string()))?;
        Ok(record)
    }

    fn record_of(&self, judged: retry::Judged, took: Duration) -> Record {
        let now = self.clock.now();
        let mut report = judged.report;
        report["tookSecs"] = json!(took.as_secs_f64());
        let state = if judged.wins { State::Live } else { State::Candidate };
        Record {
            kind: Kind::Retry,
            version: judged.model.version.clone(),
            state,
            created_at: now,
            changed_at: now,
            report,
            body: crate::models::write_retry(&judged.model),
        }
    }

    async fn read_material(&self, told: impl Fn(Stage)) -> Result<Material> {
        let options = &self.options.learn;
        let environment = if options.sandbox { Environment::Sandbox } else { Environment::Production };
        let most = u64::from(options.rows_max);
        let mut material = Material::default();
        let mut before = u64::MAX;
        while material.rows < most {
            let limit = (most - material.rows).min(PAGE_ROWS) as u32;
            let page = self.store.lessons(Some(environment), before, limit).await?;
            let Some(oldest) = page.last().map(|lesson| lesson.cursor) else { break };
            let is_last = (page.len() as u32) < limit;
            // Parsing a page of cases takes milliseconds: not on a thread that answers requests.
            material = tokio::task::spawn_blocking(move || page.into_iter().fold(material, Material::with))
                .await
                .map_err(|error| Error::Internal(error.to_string()))?;
            told(Stage::Reading { done: material.rows, most });
            if is_last {
                break;
            }
            before = oldest;
        }
        for version in material.versions() {
            match self.retry_model_of(&version).await {
                Ok(model) => material.models.push(model),
                Err(error) => {
                    tracing::warn!(version, %error, "a model of the decision log is not known; the one in use stands in");
                }
            }
        }
        Ok(material.told_time(|mid| self.now_for(mid, environment)))
    }
}

/// Decisions read at once.
const PAGE_ROWS: u64 = 1_000;

/// `20261121T094600Z`: versions sort by age.
fn stamp(at: Timestamp) -> String {
    at.civil_at(0).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A model that a decision names, among those that were loaded.
fn named<'m>(models: &'m [Arc<Model>], version: &str) -> Option<&'m Model> {
    models.iter().find(|model| model.version == version).map(AsRef::as_ref)
}
