//! A model that was learnt outside of the decision log, put in use at once.

use domain::model::{Kind, Record, State};
use recovery::Model;
use serde_json::Value;

use super::write_retry;
use crate::{Engine, Result, tenancy::shell};

impl Engine {
    /// Keeps a retry model that was learnt elsewhere and puts it in use, on the operator's word. `report` says how it was
    /// learnt.
    ///
    /// # Errors
    /// The version is taken, or another one came into use meanwhile.
    pub async fn adopt_model(&self, model: &Model, report: Value) -> Result<Record> {
        let now = self.clock.now();
        let live = self.store.live_model(Kind::Retry).await?;
        let record = Record {
            kind: Kind::Retry,
            version: model.version.clone(),
            state: State::Candidate,
            created_at: now,
            changed_at: now,
            report,
            body: write_retry(model),
        };
        self.put_in_use(record, live, "learnt elsewhere", shell()).await
    }
}
