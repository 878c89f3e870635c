//! The settings: this list is what is parsed, what `recoup config print` shows and what docs/OPERATIONS.md holds.

use std::{net::SocketAddr, path::PathBuf};

use super::{
    declare::settings,
    field::{Cidr, Filter, LogFormat, Probability, Secret},
    layers::{Declared, Layers},
};

settings! {
    /// Where everything is kept.
    data as Data {
        /// Folder of the database, the key ring and the simulator's book, unless their own settings say otherwise.
        dir: PathBuf = PathBuf::from("recoup-data");
    }
    /// The embedded database.
    database as Database {
        /// Database file; without it `recoup.sqlite` in the data folder.
        path: Option<PathBuf> = None;
        /// Read connections for point reads, and as many again for lists.
        readers: u32 = 4, 1..=64;
        /// Change sets in one commit, at most.
        group_commit_max: u32 = 256, 1..=4_096;
        /// How long a write waits for another process, in milliseconds.
        busy_timeout_ms: u32 = 5_000, 100..=60_000;
        /// Page cache of the writer, in MiB; a reader has a quarter of it.
        cache_mib: u32 = 8, 1..=65_536;
        /// The write-ahead log is folded into the database when it has this many pages of 4 KiB.
        checkpoint_pages: u32 = 1_000, 100..=1_000_000;
    }
    /// The keys that protect cards and secrets.
    keys as Keys {
        /// Key ring file, readable by its owner only; without it `keyring.json` in the data folder.
        path: Option<PathBuf> = None;
    }
    /// Where requests come in.
    listen as Listen {
        /// Address of the listener that serves both environments.
        address: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080));
        /// Address of a further listener for sandbox keys only.
        sandbox: Option<SocketAddr> = None;
        /// Address of a further listener for production keys only.
        production: Option<SocketAddr> = None;
        /// A proxy in front speaks TLS: plain HTTP is served on other than loopback addresses too, and the last entry of `X-Forwarded-For` names the caller.
        behind_proxy: bool = false;
        /// Connections open at once; one more takes the place of the oldest that keeps the server idle, or waits.
        connections_max: u32 = 10_000, 1..=1_000_000;
        /// How long a connection may take to send a request's head, or stay idle between requests, in seconds.
        header_timeout_secs: u32 = 60, 1..=3_600;
        /// How long a request's body may take to arrive, in seconds.
        body_timeout_secs: u32 = 30, 1..=3_600;
        /// After a stop signal: how long the server answers as draining before it stops accepting, in seconds.
        drain_notice_secs: u32 = 0, 0..=600;
        /// After that: how long running requests may take to finish, in seconds.
        drain_timeout_secs: u32 = 30, 1..=600;
    }
    /// How much one caller, and all of them, may ask; 0 = unlimited.
    limits as Limits {
        /// Token requests of one key from one address, in a second.
        token_per_sec: u32 = 10, 0..=1_000_000;
        /// And at most at once.
        token_burst: u32 = 60, 1..=1_000_000;
        /// `/evaluate` and `/advice` of one client, in a second.
        evaluate_per_sec: u32 = 200, 0..=1_000_000;
        /// And at most at once.
        evaluate_burst: u32 = 400, 1..=1_000_000;
        /// `/tokenize` of one client or tokenization key, in a second.
        tokenize_per_sec: u32 = 200, 0..=1_000_000;
        /// And at most at once.
        tokenize_burst: u32 = 400, 1..=1_000_000;
        /// `/transmit` of one client, in a second.
        transmit_per_sec: u32 = 500, 0..=1_000_000;
        /// And at most at once.
        transmit_burst: u32 = 1_000, 1..=1_000_000;
        /// Reads of one client, in a second.
        read_per_sec: u32 = 100, 0..=1_000_000;
        /// And at most at once.
        read_burst: u32 = 200, 1..=1_000_000;
        /// Management calls of one client, in a second.
        management_per_sec: u32 = 20, 0..=1_000_000;
        /// And at most at once.
        management_burst: u32 = 60, 1..=1_000_000;
        /// `/sense` of one address, in a second.
        sense_per_sec: u32 = 50, 0..=1_000_000;
        /// And at most at once.
        sense_burst: u32 = 100, 1..=1_000_000;
        /// Failed logins and failed token requests of one address, in a minute.
        failures_per_min: u32 = 20, 0..=1_000_000;
        /// Requests worked on at once, of all callers; one more gets 503.
        requests_max: u32 = 4_096, 0..=1_000_000;
        /// Bodies above 256 KiB read at once, of all callers; one more gets 503.
        large_bodies_max: u32 = 8, 0..=1_000;
    }
    /// TLS; plain HTTP without it.
    tls as Tls {
        /// Certificate chain, PEM; read again on SIGHUP.
        cert: Option<PathBuf> = None;
        /// Its private key, PEM; read again on SIGHUP.
        key: Option<PathBuf> = None;
    }
    /// Logs, to standard error; they never hold a request's body.
    log as Log {
        /// `text`, `json`, or `auto`: text on a terminal, JSON otherwise.
        format: LogFormat = LogFormat::Auto;
        /// Least severe level shown: `error`, `warn`, `info`, `debug`, `trace`, or directives like `info,engine=debug`.
        level: Filter = Filter::info();
    }
    /// The rescue engine.
    engine as Engine {
        /// Timers claimed at once and worked side by side.
        timers_batch: u32 = 256, 1..=10_000;
        /// Life of a lease on a timer or a delivery, in seconds.
        lease_secs: u32 = 60, 5..=3_600;
        /// How often timers are looked at when nothing wakes the worker, in milliseconds.
        poll_ms: u32 = 200, 10..=60_000;
        /// Secret checks (Argon2id) at once.
        hashing_concurrency: u32 = 2, 1..=256;
        /// Keys that sign access tokens are replaced after this many days.
        signing_key_days: u32 = 30, 1..=365;
        /// Attempts of one order, at most; the networks' own limits bind beside it.
        attempts_max: u32 = 12, 1..=20;
        /// Folder with network rules that replace the built-in ones.
        rules_dir: Option<PathBuf> = None;
    }
    /// How orders that Recoup works by itself are shared out between policies: by card, once, when they come.
    recovery as Recovery {
        /// Cards in a hundred that are held out for ever: their orders follow the fixed ladder, and tell what the policy adds.
        holdout_percent: u32 = 5, 0..=50;
        /// Cards in a hundred whose moments are drawn, so that others than the best known are learnt about.
        explore_percent: u32 = 3, 0..=50;
    }
    /// Learning from the deployment's own decisions and what became of them.
    learn as Learn {
        /// Hours between two lessons; 0 = only by `recoup learn`.
        interval_hours: u32 = 24, 0..=8_760;
        /// Decisions learnt from, the newest, at most; a thousand take about 10 MiB while the lesson lasts.
        rows_max: u32 = 50_000, 1_000..=2_000_000;
        /// Learn from the sandbox in place of production: for deployments that only simulate.
        sandbox: bool = false;
    }
    /// Fraud, as the profiles of what merchants transmit tell it.
    risk as Risk {
        /// A present customer's payment that is likelier than this to be charged back is declined (`NOT_ELIGIBLE`), from 0 to 1; without it none is. The score by rules ranks and is no measured probability: try a line on past decisions first.
        decline_above: Option<Probability> = None;
    }
    /// People who use the portal.
    users as Users {
        /// Days that a user has to set up a second factor; after that it may do nothing else.
        second_factor_days: u32 = 14, 0..=3_650;
    }
    /// The portal: pages for people, beside the API.
    portal as Portal {
        /// Serve it, on the listener that serves both environments.
        enabled: bool = true;
        /// A session that nobody uses ends after this many minutes.
        idle_minutes: u32 = 60, 1..=1_440;
        /// A session ends after this many hours, however much it is used.
        session_hours: u32 = 12, 1..=720;
    }
    /// Mails to portal users.
    mail as Mail {
        /// Who writes, such as `Recoup <mail@pay.example>`; without it `recoup@localhost`.
        from: Option<String> = None;
        /// Mail server with its credentials, such as `smtps://user:password@mail.example:465`; without it mails are written to files in the folder `outbox` of the data folder.
        smtp_url: Option<Secret> = None;
        /// Address of the portal, for the links in mails; without it mails hold the bare token.
        portal_url: Option<String> = None;
    }
    /// Deliveries to the merchants' endpoints.
    webhooks as Webhooks {
        /// Requests under way at once.
        concurrency: u32 = 64, 1..=4_096;
        /// Private networks that endpoints may lie in all the same, in CIDR notation, such as `10.1.0.0/16`.
        allow_private: Vec<Cidr> = Vec::new();
    }
    /// The simulated issuers of the sandbox.
    simulator as Simulator {
        /// Seed: the same seed gives the same answers.
        seed: u64 = 1, 0..=i64::MAX as u64;
        /// File of its book of approvals; without it `simulator.sqlite` in the data folder.
        book: Option<PathBuf> = None;
    }
    /// How long rows are kept.
    retention as #[expect(clippy::struct_field_names, reason = "units stand in names")] Retention {
        /// Events, in days since they happened.
        events_days: u32 = 90, 1..=3_650;
        /// Webhook deliveries, in days since they were made.
        deliveries_days: u32 = 30, 1..=3_650;
        /// Cards, in days since they were last used.
        unused_cards_days: u32 = 396, 1..=3_650;
        /// The decision log, in days since the decisions were made.
        decision_days: u32 = 400, 1..=3_650;
    }
    /// The process.
    runtime as Runtime {
        /// Threads that work on requests; without it one for each core.
        worker_threads: Option<u32> = None, 1..=1_024;
    }
}

impl Config {
    /// The database file.
    pub fn database_path(&self) -> PathBuf {
        self.database.path.clone().unwrap_or_else(|| self.data.dir.join("recoup.sqlite"))
    }

    /// The key ring file.
    pub fn key_ring_path(&self) -> PathBuf {
        self.keys.path.clone().unwrap_or_else(|| self.data.dir.join("keyring.json"))
    }

    /// The simulator's book.
    pub fn simulator_book(&self) -> PathBuf {
        self.simulator.book.clone().unwrap_or_else(|| self.data.dir.join("simulator.sqlite"))
    }
}
