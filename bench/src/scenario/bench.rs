//! The running measurement: the server under load, its credentials, and the numbering of requests.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    path::PathBuf,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::body;
use crate::{
    cli::Options,
    load::{
        closed::{self, Outcome, Until},
        open::{self, Plan},
        pace::Pace,
        record::Record,
        template::Template,
        work::{Bearer, Collect, Requests, Work},
    },
    process::{
        core::Cores,
        server::{Credentials, Server, Setup},
        usage,
    },
};

/// The running measurement.
pub struct Bench {
    /// The command line.
    pub options: Options,
    /// How the server is started.
    pub setup: Setup,
    /// Its credentials, once it ran.
    pub credentials: Option<Credentials>,
    /// Access token of the merchant's key.
    pub bearer: Bearer,
    /// Tokens of vaulted cards.
    pub cards: Rc<Vec<String>>,
    /// Requests per second of the echo.
    pub echo: Option<f64>,
    sequence: Rc<Cell<u64>>,
    run: String,
    began: Instant,
}

/// A closed loop with what it used.
pub struct Measured {
    /// What was measured.
    pub outcome: Outcome,
    /// Cores the generator used.
    pub generator_busy: f64,
}

impl Bench {
    /// Nothing has run yet. `folder` is emptied by its owner.
    pub fn new(options: Options, cores: Cores, folder: PathBuf) -> Self {
        let setup = Setup {
            binary: options.server.clone(),
            arguments: options.server_arg.clone(),
            environment: options.server_env.clone(),
            folder,
            cores,
        };
        Self {
            options,
            setup,
            credentials: None,
            bearer: Rc::new(RefCell::new(String::new())),
            cards: Rc::default(),
            echo: None,
            sequence: Rc::default(),
            run: format!("{:08x}", crate::clock::now().as_microsecond() as u32),
            began: Instant::now(),
        }
    }

    /// A line of progress.
    pub fn say(&self, what: &str) {
        eprintln!("[{:5.0} s] {what}", self.began.elapsed().as_secs_f64());
    }

    /// A counted window.
    pub const fn window(&self) -> Duration {
        Duration::from_secs(self.options.seconds)
    }

    /// What is sent before a window, uncounted.
    pub fn warm_up(&self) -> Duration {
        (self.window() / 5).clamp(Duration::from_millis(500), Duration::from_secs(2))
    }

    /// A body of this run; `«POOL»` takes from the vaulted cards.
    pub fn template(&self, body: &str) -> Template {
        Template::new(&body::of_run(body, &self.run, &crate::clock::now().to_string()), &self.cards)
    }

    /// Starts the server and logs in.
    pub async fn start(&mut self) -> anyhow::Result<Server> {
        let server = self.setup.start()?;
        if self.credentials.is_none() {
            self.credentials = Some(self.setup.credentials()?);
        }
        self.log_in(server.address).await?;
        Ok(server)
    }

    /// Fetches a fresh access token.
    pub async fn log_in(&self, address: SocketAddr) -> anyhow::Result<()> {
        let token = self.collect(address, self.token()?, "/accessToken", 1, 1).await?;
        *self.bearer.borrow_mut() = token.into_iter().next().context("no access token")?;
        Ok(())
    }

    /// A token request.
    pub fn token(&self) -> anyhow::Result<Requests> {
        let credentials = self.credentials.as_ref().context("the server has not run yet")?;
        let body = serde_json::json!({ "AppKey": credentials.app_key, "AppSecret": credentials.app_secret }).to_string();
        Ok(Requests::post("/v1/oauth2/token", None, Template::plain(&body), "accessToken"))
    }

    /// Sends so many requests and keeps one member of each answer.
    pub async fn collect(
        &self,
        address: SocketAddr,
        work: Requests,
        pointer: &'static str,
        count: u64,
        connections: usize,
    ) -> anyhow::Result<Vec<String>> {
        let collect = Rc::new(Collect { work, pointer, kept: RefCell::default() });
        let work: Rc<dyn Work> = Rc::<Collect>::clone(&collect);
        let outcome = closed::run(address, connections, work, Rc::clone(&self.sequence), Until::Count(count)).await?;
        let kept = collect.kept.take();
        let said = outcome.record.first_error().unwrap_or("nothing");
        ensure!(kept.len() as u64 == count, "{} of {count} requests failed; the first: {said}", count - kept.len() as u64);
        Ok(kept)
    }

    /// Drives at saturation for a window.
    pub async fn saturate(&self, address: SocketAddr, work: Rc<dyn Work>, connections: usize) -> anyhow::Result<Measured> {
        let cpu = || usage::of(std::process::id()).unwrap_or_default().cpu;
        let (before, start) = (cpu(), Instant::now());
        let until = Until::Time { warm_up: self.warm_up(), measured: self.window() };
        let outcome = closed::run(address, connections, work, Rc::clone(&self.sequence), until).await?;
        let generator_busy = cpu().saturating_sub(before).as_secs_f64() / start.elapsed().as_secs_f64();
        Ok(Measured { outcome, generator_busy })
    }

    /// Drives at a constant rate.
    pub async fn pace(
        &self,
        address: SocketAddr,
        work: Rc<dyn Work>,
        per_second: f64,
        measured: Duration,
    ) -> anyhow::Result<Record> {
        let plan = Plan {
            pace: Pace::new(per_second).context("no rate to drive at")?,
            warm_up: self.warm_up(),
            measured,
            connections: usize::from(self.options.connections),
            spin: self.setup.cores == Cores::Apart,
        };
        open::run(address, work, Rc::clone(&self.sequence), plan).await
    }

    /// How many requests were numbered so far.
    pub fn sent(&self) -> u64 {
        self.sequence.get()
    }
}
