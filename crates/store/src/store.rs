//! The store: opening, applying, closing.

use std::{path::Path, sync::Arc};

use domain::change::ChangeSet;

use crate::{ApplyError, Error, Options, sqlite::Engine};

/// Durable state. Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store {
    pub(crate) engine: Arc<Engine>,
}

impl Store {
    /// Opens a migrated database. A missing, older or newer schema is refused: nothing is migrated silently.
    pub fn open(path: &Path, options: &Options) -> Result<Self, Error> {
        Ok(Self { engine: Arc::new(Engine::open(path, options)?) })
    }

    /// Applies a change set whole or not at all. Durable when it answers `Ok`.
    pub async fn apply(&self, set: ChangeSet) -> Result<(), ApplyError> {
        self.engine.apply(set).await
    }

    /// Applies what waits, folds the log into the database and ends the writer; later writes answer
    /// [`Error::Closed`].
    pub async fn close(&self) -> Result<(), Error> {
        self.engine.close().await
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store")
    }
}
