//! What every handler shares.

use std::sync::Arc;

use domain::environment::Environment;
use engine::Engine;

use crate::{
    extract::TraceIds,
    guard::{Guard, Limits},
};

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    engine: Arc<Engine>,
    metrics: Box<dyn Fn() -> String + Send + Sync>,
    listener: Option<Environment>,
    traces: TraceIds,
    guard: Arc<Guard>,
}

impl AppState {
    /// `metrics` renders the Prometheus text; `trace_seed` must be random.
    pub fn new(engine: Arc<Engine>, metrics: impl Fn() -> String + Send + Sync + 'static, trace_seed: u128) -> Self {
        let traces = TraceIds::new(trace_seed);
        Self(Arc::new(Inner { engine, metrics: Box::new(metrics), listener: None, traces, guard: unshared() }))
    }

    /// The state of a listener that serves one environment only.
    #[must_use]
    pub fn for_listener(
        engine: Arc<Engine>,
        metrics: impl Fn() -> String + Send + Sync + 'static,
        trace_seed: u128,
        environment: Environment,
    ) -> Self {
        let traces = TraceIds::new(trace_seed);
        Self(Arc::new(Inner { engine, metrics: Box::new(metrics), listener: Some(environment), traces, guard: unshared() }))
    }

    /// The same under a guard that all listeners of the server share.
    #[must_use]
    pub fn guarded(mut self, guard: Arc<Guard>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.guard = guard;
        }
        self
    }

    /// The use cases.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }

    /// The one environment of this listener, if it has one.
    pub fn listener(&self) -> Option<Environment> {
        self.0.listener
    }

    /// Rates, seats, room.
    pub fn guard(&self) -> &Guard {
        &self.0.guard
    }

    /// Prometheus text.
    pub fn metrics(&self) -> String {
        (self.0.metrics)()
    }

    /// Where new trace ids come from.
    pub fn traces(&self) -> &TraceIds {
        &self.0.traces
    }
}

fn unshared() -> Arc<Guard> {
    Arc::new(Guard::new(Limits::default()))
}
