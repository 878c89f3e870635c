//! The models in memory: read by every decision, replaced whole.

use std::sync::{Arc, PoisonError, RwLock};

use domain::model::Kind;
use recovery::Model;

/// Old versions kept for explanations.
const KEPT_MAX: usize = 8;

/// The models in memory.
pub(crate) struct Models(RwLock<State>);

struct State {
    retry: Arc<Model>,
    /// The learnt version in use; none: the one built in.
    live: Option<String>,
    /// The version that could not be read.
    refused: Option<String>,
    kept: Vec<Arc<Model>>,
}

impl Default for Models {
    fn default() -> Self {
        let state = State { retry: Arc::new(Model::builtin().clone()), live: None, refused: None, kept: vec![] };
        Self(RwLock::new(state))
    }
}

impl Models {
    /// The retry model in use.
    pub fn retry(&self) -> Arc<Model> {
        self.read(|state| state.retry.clone())
    }

    /// The learnt version in use; none: the one built in.
    pub fn live_version(&self) -> Option<String> {
        self.read(|state| state.live.clone())
    }

    /// The version that could not be read.
    pub fn refused(&self) -> Option<String> {
        self.read(|state| state.refused.clone())
    }

    /// Puts a learnt model in use, or the one built in.
    pub fn put(&self, model: Option<Arc<Model>>) {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let gauge = |version: &str, value: f64| {
            metrics::gauge!("recoup_model_in_use", "kind" => Kind::Retry.as_str(), "version" => version.to_owned()).set(value);
        };
        gauge(&state.retry.version, 0.0);
        state.live = model.as_ref().map(|model| model.version.clone());
        state.retry = model.unwrap_or_else(|| Arc::new(Model::builtin().clone()));
        state.refused = None;
        gauge(&state.retry.version, 1.0);
    }

    /// Remembers a version that cannot be read, so that it is not tried again and again.
    pub fn refuse(&self, version: String) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).refused = Some(version);
    }

    /// An old version that was read before.
    pub fn kept(&self, version: &str) -> Option<Arc<Model>> {
        self.read(|state| state.kept.iter().find(|model| model.version == version).cloned())
    }

    /// Keeps an old version for the next explanation.
    pub fn keep(&self, model: Arc<Model>) {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if state.kept.len() >= KEPT_MAX {
            state.kept.remove(0);
        }
        state.kept.push(model);
    }

    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}
