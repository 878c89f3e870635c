//! The use cases: what happens when a request comes in, a timer fires or a processor answers. Each reads what it
//! needs, decides with pure functions of `domain` and `recovery`, and hands the store one change set.

pub mod admin;
pub mod advice;
mod auth;
mod blocklist;
pub mod challenge;
mod clock;
mod commit;
mod data_keys;
mod dispute;
mod error;
pub mod evaluate;
pub mod explain;
mod fees;
mod hash;
mod idempotency;
mod ids;
mod inflight;
pub mod keys;
pub mod learn;
mod locks;
pub mod mail;
mod marks;
mod models;
mod moment;
pub mod onboarding;
pub mod operate;
mod order;
mod payload;
mod precondition;
mod principal;
mod processors;
mod reference;
mod replay;
mod report;
mod rescue;
mod risk;
pub mod routing;
mod sandbox;
mod schedule;
mod sense;
mod settlement;
pub mod tenancy;
mod tenants;
mod time;
mod tokenize;
mod transmit;
pub mod users;
mod vaulting;
mod waits;
pub mod webhook;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::{id::AttemptId, rules::Rules};
use store::Store;
use vault::Vault;

pub use auth::{Grant, LoggedIn, Login, Oauth, SetUp, Signed, SignedIn, Stay, hash_secret};
pub use blocklist::{Added, Draft as BlockDraft, OrderDraft as OrderBlockDraft};
pub use clock::Clock;
pub use dispute::{About, Notice, Reported, Source};
pub use error::{AuthError, Error, Result};
pub use ids::Random;
pub use models::Shown as ShownModels;
pub use moment::Moment;
pub use order::timeline;
pub use order::{
    Cancelled, CaptureRefusal, CaptureReply, CaptureRequest, OrderView, RefundReply, RefundRequest, Retried, RetryRefusal,
    RetryWhy,
};
pub use precondition::{Precondition, Versions};
pub use principal::{Principal, User};
pub use processor::trace;
pub use reference::Reference;
pub use replay::{Answer, KeyOwner, Recalled, Ticket};
pub use report::Report;
pub use schedule::{ClockCommand, ClockState, Line, Workers};
pub use sense::admits_origin;
pub use store::{
    ApplicationBy, BlockFilter, ChargebackBy, ChargebackFilter, OrderBy, OrderFilter, Page, PageAt, PayoutFilter,
    SettlementFilter, Sort,
};
pub use tenants::Tenant;
pub use tokenize::Vaulted;
pub use transmit::{OutcomeReport, Transmitted};

/// A policy that plans in place of the model in use: for comparisons and simulations.
#[derive(Clone)]
pub struct Planner(pub Arc<dyn recovery::Policy>);

impl std::fmt::Debug for Planner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Planner").field(&self.0.name()).finish()
    }
}

/// How the engine works; every limit has its unit in its name.
#[derive(Debug, Clone)]
pub struct Options {
    /// Timers claimed at once, and worked side by side.
    pub timers_batch: u32,
    /// Life of a lease on a timer or delivery, seconds.
    pub lease_secs: u32,
    /// How often the timers are looked at when nothing wakes the worker, milliseconds.
    pub poll_ms: u32,
    /// Webhook requests under way at once.
    pub webhook_concurrency: u32,
    /// Networks webhooks may go to although they are private (CIDR notation).
    pub webhook_allow_private: Vec<String>,
    /// Argon2id computations at once.
    pub hashing_concurrency: u32,
    /// Token signing keys rotate after this many days.
    pub signing_key_days: u32,
    /// Days that a user has to set up a second factor.
    pub second_factor_days: u32,
    /// How mails are written and sent.
    pub mail: mail::Options,
    /// Attempts of one order, at most.
    pub attempts_max: u32,
    /// How many orders do not follow the best known policy.
    pub shares: evaluate::Shares,
    /// Seed of the simulated issuers.
    pub simulator_seed: u64,
    /// The simulated issuers' book; none: in memory.
    pub simulator_book: Option<PathBuf>,
    /// Rules that replace the built-in ones.
    pub rules_dir: Option<PathBuf>,
    /// Who plans; none: the model in use.
    pub planner: Option<Planner>,
    /// How long rows are kept.
    pub retention: store::Retention,
    /// A present customer's payment that is likelier to be fraud than this is not charged, 0–1; none: all are.
    pub risk_decline_above: Option<f64>,
    /// How the deployment learns from its own history.
    pub learn: learn::Options,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timers_batch: 256,
            lease_secs: 60,
            poll_ms: 200,
            webhook_concurrency: 64,
            webhook_allow_private: vec![],
            hashing_concurrency: 2,
            signing_key_days: 30,
            second_factor_days: 14,
            mail: mail::Options::default(),
            attempts_max: 12,
            shares: evaluate::Shares::default(),
            simulator_seed: 1,
            simulator_book: None,
            rules_dir: None,
            planner: None,
            retention: store::Retention::default(),
            risk_decline_above: None,
            learn: learn::Options::default(),
        }
    }
}

/// The engine: shared by every handler and worker of the process.
pub struct Engine {
    store: Store,
    vault: Arc<Vault>,
    loaded_rules: Option<Rules>,
    clock: Clock,
    random: Random,
    options: Options,
    tenants: tenants::Tenants,
    models: models::Models,
    learning: tokio::sync::Mutex<()>,
    data_keys: data_keys::DataKeys,
    processors: processors::Processors,
    tokens: auth::Tokens,
    hasher: hash::Hasher,
    virtual_time: time::VirtualTime,
    clock_turns: schedule::test_clock::Turns,
    order_locks: locks::Locks,
    requests: inflight::Inflight<[u8; 32]>,
    attempts: inflight::Inflight<AttemptId>,
    hashing: tokio::sync::Semaphore,
    hashing_queue: tokio::sync::Semaphore,
    sender: webhook::Sender,
    uploads: Arc<tokio::sync::Semaphore>,
    marks: marks::Marks,
    wake_webhooks: tokio::sync::Notify,
    wake_mails: tokio::sync::Notify,
    wake_events: tokio::sync::Notify,
    wake_timers: tokio::sync::Notify,
    wake_challenges: tokio::sync::Notify,
    challenge_polls: tokio::sync::Semaphore,
    draining: AtomicBool,
}

impl Engine {
    /// Builds the engine over an open store and vault; reads virtual clocks and signing keys.
    pub async fn new(store: Store, vault: Arc<Vault>, clock: Clock, random: Random, options: Options) -> Result<Arc<Self>> {
        let loaded = options.rules_dir.as_deref().map(Rules::load).transpose();
        let loaded = loaded.map_err(|error| Error::Internal(error.to_string()))?;
        let processors = processors::Processors::new(&options)?;
        let engine = Arc::new(Self {
            tenants: tenants::Tenants::new(store.clone()),
            models: models::Models::default(),
            learning: tokio::sync::Mutex::new(()),
            data_keys: data_keys::DataKeys::default(),
            hasher: hash::Hasher::new(&vault)?,
            sender: webhook::Sender::new(&options)?,
            uploads: Arc::new(tokio::sync::Semaphore::new(domain::bounds::UPLOADS_AT_ONCE_MAX)),
            hashing_queue: tokio::sync::Semaphore::new(auth::CHECKS_WAITING_MAX),
            hashing: tokio::sync::Semaphore::new(options.hashing_concurrency.max(1) as usize),
            store,
            vault,
            loaded_rules: loaded,
            clock,
            random,
            options,
            processors,
            tokens: auth::Tokens::default(),
            virtual_time: time::VirtualTime::default(),
            clock_turns: schedule::test_clock::Turns::default(),
            order_locks: locks::Locks::default(),
            requests: inflight::Inflight::default(),
            attempts: inflight::Inflight::default(),
            marks: marks::Marks::default(),
            wake_webhooks: tokio::sync::Notify::new(),
            wake_mails: tokio::sync::Notify::new(),
            wake_events: tokio::sync::Notify::new(),
            wake_timers: tokio::sync::Notify::new(),
            wake_challenges: tokio::sync::Notify::new(),
            challenge_polls: tokio::sync::Semaphore::new(challenge::POLLS_MAX),
            draining: AtomicBool::new(false),
        });
        engine.tenants.refresh().await?;
        engine.load_clocks().await?;
        engine.load_signing_keys().await?;
        engine.refresh_models().await?;
        Ok(engine)
    }

    /// The store, for administration and health.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The clock of real time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        self.loaded_rules.as_ref().unwrap_or_else(|| Rules::builtin())
    }

    /// Refuses new writes from now on; what runs, finishes.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
        self.wake_timers.notify_waiters();
        self.wake_webhooks.notify_waiters();
        self.wake_mails.notify_waiters();
        self.wake_events.notify_waiters();
        self.wake_challenges.notify_waiters();
    }

    /// Whether new writes are refused.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// Fails when new writes are refused.
    pub fn admit(&self) -> Result<()> {
        if self.is_draining() { Err(Error::Draining) } else { Ok(()) }
    }

    /// Whether every part that requests need is there: name and `ok` or what is wrong.
    pub async fn readiness(&self) -> Vec<(&'static str, String)> {
        let word = |result: std::result::Result<(), String>| result.err().unwrap_or_else(|| "ok".to_owned());
        let database = word(self.store.ping().await.map_err(|error| error.to_string()));
        let keys = word(if self.tokens.is_ready() { Ok(()) } else { Err("no signing key".into()) });
        vec![("database", database), ("keys", keys), ("clock", "ok".to_owned())]
    }

    /// Waits until no attempt of this process is on its way any more, for at most the time given. Call after
    /// [`Engine::drain`]; what is still on its way then is looked up after the next start.
    pub async fn await_attempts(&self, at_most: std::time::Duration) -> bool {
        tokio::time::timeout(at_most, self.attempts.idle()).await.is_ok()
    }

    /// Attempts and requests under way in this process.
    pub fn under_way(&self) -> usize {
        self.attempts.len() + self.requests.len()
    }
}
