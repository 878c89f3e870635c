//! Sets up, serves, plays, tells, and keeps serving.

mod ending;
mod server;

use std::sync::Arc;

use client::{Client, Credentials as Keys};
use engine::Engine;
use serde_json::json;
use tokio::time::Instant;

use self::server::Serving;
use super::{
    credentials::Credentials,
    curl,
    display::{Kind, Watch},
    files, ladder, logs,
    options::Args,
    people::Person,
    play::{self, Books, Player},
    progress::Progress,
    receiver::Receiver,
    shop::World,
    summary::{Figures, Summary},
    tenants::{self, Shop},
    trouble::Trouble,
};
use crate::{
    config::Config,
    failure::Failure,
    logging, metrics,
    output::{self, Output, Paint},
    runtime,
};

/// Shown of what went wrong.
const TROUBLES_SHOWN: usize = 5;

/// Runs the demonstration until it is stopped.
pub fn run(args: &Args, output: Output) -> Result<(), Failure> {
    let config = args.config();
    files::prepare(&config)?;
    let kind = Kind::of_stdout(output.is_json());
    if kind == Kind::Live && !args.no_traffic {
        logs::into_file(&config)?;
    } else {
        logging::start(&config)?;
    }
    let counts = metrics::start()?;
    runtime::serve(config.runtime.worker_threads, demonstrate(args, &config, counts, output, kind))
}

async fn demonstrate(
    args: &Args,
    config: &Config,
    counts: metrics_exporter_prometheus::PrometheusHandle,
    output: Output,
    kind: Kind,
) -> Result<(), Failure> {
    let receiver = Arc::new(Receiver::default());
    let serving = Serving::open(config, counts, &receiver).await?;
    let credentials = serving.merchant(args).await?;
    let shop = if args.no_traffic { None } else { Some(tenants::shop(&serving.engine, args.mit_mode, serving.receiver).await?) };
    let engine = serving.engine.clone();
    announce(&credentials, args, output)?;
    let traffic = async {
        let Some(shop) = &shop else { return Ok(()) };
        let stage = Stage { args, engine, shop, receiver, output, kind };
        stage.traffic(&credentials.base_url).await
    };
    serving.run(traffic).await
}

/// The credentials, and how to begin.
fn announce(credentials: &Credentials, args: &Args, output: Output) -> Result<(), Failure> {
    let path = args.credentials_path();
    credentials.write(&path)?;
    let record = || json!({"credentials": credentials, "credentialsFile": path, "curl": curl::lines(credentials)});
    let text = |paint: Paint| {
        let rows = [
            ("base_url", &credentials.base_url),
            ("mid", &credentials.mid),
            ("site_id", &credentials.site_id),
            ("app_key", &credentials.app_key),
            ("app_secret", &credentials.app_secret),
            ("tokenization_key", &credentials.tokenization_key),
            ("webhook_key", &credentials.webhook_key),
        ];
        let person = |person: &Person| format!("  {:<17} {}  {}", person.role, person.email, person.password);
        let people = credentials.portal_users.iter().map(person).collect::<Vec<_>>().join("\n");
        let rows = rows.map(|(name, value)| format!("  {name:<17} {value}")).join("\n");
        format!(
            "{}\n{rows}\n  (sandbox; also in {})\n\n{}\n{people}\n\n{}\n{}\n",
            paint.bold(&format!("Recoup serves on {}", credentials.base_url)),
            path.display(),
            paint.bold(&format!("Look at it in a browser: {}", credentials.portal_url)),
            paint.bold("Try it: a token, a card into the vault, a declined payment rescued"),
            curl::lines(credentials).join("\n"),
        )
    };
    output.answer(record, text)
}

/// Where the business is played.
struct Stage<'a> {
    args: &'a Args,
    engine: Arc<Engine>,
    shop: &'a Shop,
    receiver: Arc<Receiver>,
    output: Output,
    kind: Kind,
}

impl Stage<'_> {
    /// Plays the business and tells what came of it; fails when anything went wrong on the way.
    async fn traffic(&self, base_url: &str) -> Result<(), Failure> {
        let progress = Arc::new(Progress::new(play::DAYS));
        let (engine, receiver) = (self.engine.clone(), self.receiver.clone());
        let watch = Watch::start(self.kind, self.shop.mid, engine, receiver, progress.clone());
        let played = self.played(base_url, &progress).await;
        watch.finish().await;
        let (summary, troubles) = played.map_err(|trouble| Failure::failed(format!("the traffic broke off: {trouble}")))??;
        self.output.answer(|| summary.json(), |paint| summary.text(paint))?;
        if !self.output.is_json() {
            output::print("Still serving. Stop with Ctrl-C.")?;
        }
        if troubles.is_empty() { Ok(()) } else { Err(failed(&troubles)) }
    }

    async fn played(&self, base_url: &str, progress: &Progress) -> Result<Result<(Summary, Vec<Trouble>), Failure>, Trouble> {
        let keys = Keys::new(self.shop.app_key.as_str(), self.shop.app_secret.as_str());
        let client = Client::new(base_url)?.with_credentials(keys);
        let player = Player {
            client: &client,
            shop: self.shop,
            receiver: &self.receiver,
            progress,
            speed: self.args.speed,
            asks_again: self.args.mit_mode == domain::settings::MitMode::Sync,
        };
        let begun = Instant::now();
        let start = player.start().await?;
        let world = World { seed: self.args.seed, start, subscribers: self.args.subscribers };
        let books = player.play(world).await?;
        let ended = ending::read(&client, &self.receiver, &books).await?;
        let seconds = begun.elapsed().as_secs_f64();
        Ok(self.summed_up(books, &ended, seconds).await)
    }

    async fn summed_up(&self, books: Books, ended: &ending::Ended, seconds: f64) -> Result<(Summary, Vec<Trouble>), Failure> {
        let cases: Vec<ladder::Declined> = books.cases.iter().map(|case| case.declined.clone()).collect();
        let by_ladder = ladder::replay(self.args.seed, &cases, self.engine.rules()).await?;
        let summary = Summary {
            seed: self.args.seed,
            recoup: Figures::of(&ended.outcomes),
            ladder: Figures::of(&by_ladder),
            final_events: ended.final_events,
            open: ended.open,
            present: books.present,
            approved: books.approved,
            virtual_days: play::DAYS,
            seconds,
        };
        Ok((summary, books.troubles))
    }
}

fn failed(troubles: &[Trouble]) -> Failure {
    let shown: Vec<String> = troubles.iter().take(TROUBLES_SHOWN).map(|trouble| format!("\n  {trouble}")).collect();
    Failure::failed(format!("{} requests of the traffic went wrong:{}", troubles.len(), shown.concat()))
}
