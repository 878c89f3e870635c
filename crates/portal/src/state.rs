//! What every page shares.

use std::{sync::Arc, time::Duration};

use engine::{Engine, Random, Stay};

use crate::{cookie::Names, gate::Gate};

/// How the portal works.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Browsers reach it over TLS: cookies are sent over TLS only.
    pub secure: bool,
    /// A session that nobody uses ends after this many minutes.
    pub idle_minutes: u32,
    /// A session ends after this many hours, however much it is used.
    pub session_hours: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { secure: false, idle_minutes: 60, session_hours: 12 }
    }
}

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    engine: Arc<Engine>,
    gate: Box<dyn Gate>,
    random: Random,
    options: Options,
}

impl Portal {
    /// Pages over an engine; `random` makes trace ids.
    pub fn new(engine: Arc<Engine>, gate: impl Gate + 'static, random: Random, options: Options) -> Self {
        Self(Arc::new(Inner { engine, gate: Box::new(gate), random, options }))
    }

    /// The use cases.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }

    /// The server's limits.
    pub(crate) fn gate(&self) -> &dyn Gate {
        &*self.0.gate
    }

    /// Whether browsers reach it over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.0.options.secure
    }

    /// What its cookies are called.
    pub(crate) fn cookies(&self) -> &'static Names {
        Names::of(self.is_secure())
    }

    /// How long sessions live.
    pub(crate) fn stay(&self) -> Stay {
        let options = &self.0.options;
        Stay {
            idle: Duration::from_secs(u64::from(options.idle_minutes) * 60),
            longest: Duration::from_secs(u64::from(options.session_hours) * 3_600),
        }
    }

    /// A fresh trace id.
    pub(crate) fn trace(&self) -> [u8; 16] {
        self.0.random.bytes()
    }
}
