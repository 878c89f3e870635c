//! How the parts are put together from the settings.

use std::{path::PathBuf, sync::Arc, time::Duration};

use domain::time::DAY;
use engine::{Clock, Engine, Random};
use store::Store;
use vault::Vault;

use crate::{config::Config, failure::Failure};

/// Where the simulated issuers keep their book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Book {
    /// In its file: the server, which answers inquiries after a restart.
    File,
    /// In memory: commands that charge nobody.
    Memory,
}

/// Opens the store and the key ring and builds the engine over them.
pub async fn engine(config: &Config, book: Book) -> Result<Arc<Engine>, Failure> {
    let store = Store::open(&config.database_path(), &store_options(config)).map_err(|error| unopened(config, &error))?;
    let vault = Arc::new(vault(config)?);
    let random = Random::from_system()?;
    Ok(Engine::new(store, vault, Clock::System, random, engine_options(config, book)).await?)
}

/// Opens the key ring.
pub fn vault(config: &Config) -> Result<Vault, Failure> {
    let path = config.key_ring_path();
    if !path.exists() {
        return Err(Failure::usage(format!(
            "there is no key ring {}: run `recoup init` first, or set `keys.path`",
            path.display()
        )));
    }
    Vault::open(&path).map_err(|error| Failure::usage(error.to_string()))
}

/// The configured options of the store.
pub fn store_options(config: &Config) -> store::Options {
    let database = &config.database;
    store::Options {
        readers: database.readers as usize,
        group_commit_max: database.group_commit_max as usize,
        busy_timeout_ms: database.busy_timeout_ms,
        cache_mib: database.cache_mib,
        checkpoint_pages: database.checkpoint_pages,
        durability: store::Durability::Full,
    }
}

/// The configured mail room.
fn mail(config: &Config) -> engine::mail::Options {
    let smtp = config.mail.smtp_url.as_ref().and_then(|url| engine::mail::Smtp::parse(url.reveal()).ok());
    let post = smtp.map_or_else(|| engine::mail::Post::Folder(config.data.dir.join("outbox")), engine::mail::Post::Smtp);
    engine::mail::Options { from: config.mail.from.clone(), portal_url: config.mail.portal_url.clone(), post: Some(post) }
}

/// The configured retention.
fn retention(config: &Config) -> store::Retention {
    let days = |number: u32| -> Duration { DAY * number };
    store::Retention {
        events: days(config.retention.events_days),
        deliveries: days(config.retention.deliveries_days),
        unused_cards: days(config.retention.unused_cards_days),
        decisions: days(config.retention.decision_days),
        ..store::Retention::default()
    }
}

/// What one caller, and all of them, may ask.
pub fn limits(config: &Config) -> api::Limits {
    let limits = &config.limits;
    let rate = api::Rate::per_second;
    api::Limits {
        token: rate(limits.token_per_sec, limits.token_burst),
        evaluate: rate(limits.evaluate_per_sec, limits.evaluate_burst),
        tokenize: rate(limits.tokenize_per_sec, limits.tokenize_burst),
        transmit: rate(limits.transmit_per_sec, limits.transmit_burst),
        read: rate(limits.read_per_sec, limits.read_burst),
        management: rate(limits.management_per_sec, limits.management_burst),
        sense: rate(limits.sense_per_sec, limits.sense_burst),
        failures: api::Rate::per_minute(limits.failures_per_min),
        requests_max: limits.requests_max,
        large_bodies_max: limits.large_bodies_max,
        behind_proxy: config.listen.behind_proxy,
    }
}

fn engine_options(config: &Config, book: Book) -> engine::Options {
    let simulator_book: Option<PathBuf> = (book == Book::File).then(|| config.simulator_book());
    engine::Options {
        timers_batch: config.engine.timers_batch,
        lease_secs: config.engine.lease_secs,
        poll_ms: config.engine.poll_ms,
        webhook_concurrency: config.webhooks.concurrency,
        webhook_allow_private: config.webhooks.allow_private.iter().map(|network| network.as_str().to_owned()).collect(),
        hashing_concurrency: config.engine.hashing_concurrency,
        signing_key_days: config.engine.signing_key_days,
        attempts_max: config.engine.attempts_max,
        shares: engine::evaluate::Shares {
            holdout_percent: config.recovery.holdout_percent,
            explore_percent: config.recovery.explore_percent,
        },
        second_factor_days: config.users.second_factor_days,
        mail: mail(config),
        simulator_seed: config.simulator.seed,
        simulator_book,
        rules_dir: config.engine.rules_dir.clone(),
        planner: None,
        retention: retention(config),
        risk_decline_above: config.risk.decline_above.map(crate::config::Probability::value),
        learn: engine::learn::Options {
            interval_hours: config.learn.interval_hours,
            rows_max: config.learn.rows_max,
            sandbox: config.learn.sandbox,
        },
    }
}

fn unopened(config: &Config, error: &store::Error) -> Failure {
    let path = config.database_path();
    match error {
        store::Error::Schema { found: 0, .. } => {
            Failure::usage(format!("there is no database {}: run `recoup init` first, or set `data.dir`", path.display()))
        }
        store::Error::Schema { .. } => Failure::conflict(format!("{}: {error} (`recoup migrate`)", path.display())),
        error => Failure::failed(format!("{}: {error}", path.display())),
    }
}
