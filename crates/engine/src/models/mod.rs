//! Learnt models: which version of each kind is in use, in this process and in all others on the same store.
//!
//! Versions are never deleted: a decision is explained by the model that made it. A version that this program cannot read
//! (learnt by a newer one) is refused, and what is in use stays in use.

mod adopt;
mod codec;
mod manage;
mod memory;

pub(crate) use codec::write as write_retry;
pub use manage::Shown;
pub(crate) use memory::Models;

use std::sync::Arc;

use domain::model::{Kind, Record};
use recovery::Model;

use crate::{Engine, Error, Result};

impl Engine {
    /// The retry model in use.
    pub(crate) fn retry_model(&self) -> Arc<Model> {
        self.models.retry()
    }

    /// Any version of the retry model: the one built in, the one in use, or one that was.
    pub(crate) async fn retry_model_of(&self, version: &str) -> Result<Arc<Model>> {
        let live = self.models.retry();
        if live.version == version {
            return Ok(live);
        }
        if Model::builtin().version == version {
            return Ok(Arc::new(Model::builtin().clone()));
        }
        if let Some(known) = self.models.kept(version) {
            return Ok(known);
        }
        let record = self.store.model(Kind::Retry, version).await?.ok_or(Error::NotFound)?;
        let model = Arc::new(read_retry(&record)?);
        self.models.keep(model.clone());
        Ok(model)
    }

    /// Takes over what was put in use or out of it, here or elsewhere. Cheap when nothing was.
    pub(crate) async fn refresh_models(&self) -> Result<()> {
        let wanted = self.store.live_model_version(Kind::Retry).await?;
        if wanted == self.models.live_version() || wanted.is_some() && wanted == self.models.refused() {
            return Ok(());
        }
        let Some(record) = self.store.live_model(Kind::Retry).await? else {
            self.models.put(None);
            return Ok(());
        };
        match read_retry(&record) {
            Ok(model) => {
                tracing::info!(kind = %Kind::Retry, version = record.version, "a learnt model is in use");
                self.models.put(Some(Arc::new(model)));
            }
            Err(error) => {
                tracing::error!(kind = %Kind::Retry, version = record.version, %error, "a model was refused; what was in use stays");
                metrics::counter!("recoup_models_refused_total", "kind" => Kind::Retry.as_str()).increment(1);
                self.models.refuse(record.version);
            }
        }
        Ok(())
    }
}

/// Reads a retry model; a format or a version that this program does not know is refused.
pub(crate) fn read_retry(record: &Record) -> Result<Model> {
    let refused = |why: String| Error::State {
        message: format!("The {} model {} cannot be read by this program: {why}.", record.kind, record.version),
        order: None,
    };
    let model = codec::read(&record.body).map_err(refused)?;
    if model.version != record.version {
        return Err(refused(format!("it calls itself {}", model.version)));
    }
    Ok(model)
}
