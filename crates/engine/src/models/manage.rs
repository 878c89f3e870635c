//! Models by hand: what was learnt, which version is in use, and putting another one there. For the operator's shell.

use domain::{
    audit::{By, What},
    change::{ChangeSet, Conflict, Write},
    model::{Kind, Record, State},
};

use super::read_retry;
use crate::{Engine, Error, Result, tenancy::shell};

/// The models of a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The version in use.
    pub in_use: String,
    /// It is the one built in.
    pub is_builtin: bool,
    /// Everything learnt, newest first, without the models themselves.
    pub learnt: Vec<Record>,
}

impl Engine {
    /// What was learnt of a kind, newest first.
    pub async fn models_of(&self, kind: Kind) -> Result<Shown> {
        let learnt = self.store.models(kind).await?;
        let live = learnt.iter().find(|record| record.state == State::Live).map(|record| record.version.clone());
        let is_builtin = live.is_none();
        Ok(Shown { in_use: live.unwrap_or_else(|| builtin(kind)), is_builtin, learnt })
    }

    /// One version, whole.
    pub async fn model_of(&self, kind: Kind, version: &str) -> Result<Record> {
        self.store.model(kind, version).await?.ok_or(Error::NotFound)
    }

    /// Puts a version in use on the operator's word, whatever its estimates say.
    pub async fn promote_model(&self, kind: Kind, version: &str) -> Result<Record> {
        let record = self.model_of(kind, version).await?;
        readable(&record)?;
        if record.state == State::Live {
            return Ok(record);
        }
        let live = self.store.live_model(kind).await?;
        self.put_in_use(record, live, "promoted by the operator", shell()).await
    }

    /// Takes the version in use out of it: the one built in takes over.
    pub async fn retire_model(&self, kind: Kind) -> Result<Record> {
        let live = self.store.live_model(kind).await?.ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let retired = Record { state: State::Retired, changed_at: now, ..live };
        let (from, reason) = (Some(retired.version.clone()), "retired by the operator".to_owned());
        let mut set = ChangeSet::new().with(Write::PutModel(Box::new(retired.clone())));
        set.push(self.signed(shell(), None, What::Model { kind, from, to: None, reason }));
        self.apply(set).await?.map_err(|_| Error::Precondition)?;
        self.refresh_models().await?;
        Ok(retired)
    }

    /// One commit: what was in use is retired, the other is in use, the trail says why. Refused when yet another version
    /// has come into use meanwhile.
    pub(crate) async fn put_in_use(&self, record: Record, live: Option<Record>, reason: &str, by: By) -> Result<Record> {
        let now = self.clock.now();
        let (kind, from) = (record.kind, live.as_ref().map(|live| live.version.clone()));
        let mut set = ChangeSet::new();
        if let Some(live) = live {
            set.push(Write::PutModel(Box::new(Record { state: State::Retired, changed_at: now, ..live })));
        }
        let record = Record { state: State::Live, changed_at: now, ..record };
        set.push(Write::PutModel(Box::new(record.clone())));
        let to = Some(record.version.clone());
        set.push(self.signed(by, None, What::Model { kind, from, to, reason: reason.to_owned() }));
        match self.apply(set).await? {
            Ok(()) => {}
            Err(Conflict::Taken { .. }) => return Err(Error::Precondition),
            Err(other) => return Err(Error::Internal(other.to_string())),
        }
        self.refresh_models().await?;
        Ok(record)
    }
}

/// Nobody puts into use what cannot be read.
fn readable(record: &Record) -> Result<()> {
    match record.kind {
        Kind::Retry => read_retry(record).map(drop),
        Kind::Risk => Ok(()),
    }
}

fn builtin(kind: Kind) -> String {
    match kind {
        Kind::Retry => recovery::Model::builtin().version.clone(),
        Kind::Risk => "rules".to_owned(),
    }
}
