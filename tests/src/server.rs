//! A server of one test: its own process, port and data folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{Client, Keys, Shell, Shop, Transcript, cast, contract, until};

/// What a server starts with beside the cast.
#[derive(Debug, Default)]
pub struct Rig {
    settings: Vec<(String, String)>,
    config: Vec<(&'static str, &'static str)>,
}

impl Rig {
    /// A setting of a merchant, such as `realtimeBudgetMs=500`.
    #[must_use]
    pub fn set(mut self, shop: &Shop, assignment: &str) -> Self {
        self.settings.push((shop.mid.clone(), assignment.to_owned()));
        self
    }

    /// A line of a section of the configuration file.
    #[must_use]
    pub fn config(mut self, section: &'static str, line: &'static str) -> Self {
        self.config.push((section, line));
        self
    }

    /// Starts the server.
    pub async fn start(self) -> Server {
        Server::prepare(&self).started().await
    }

    /// Everything but the start: for what must be set up by the command line first.
    pub fn prepare(self) -> Server {
        Server::prepare(&self)
    }
}

/// A server.
#[derive(Debug)]
pub struct Server {
    folder: Option<TempDir>,
    shell: Shell,
    child: Option<Child>,
    base: String,
    live: String,
    starts: u32,
    transcript: Transcript,
}

impl Server {
    /// Starts a server on a copy of the cast's data.
    pub async fn start() -> Self {
        Rig::default().start().await
    }

    fn prepare(rig: &Rig) -> Self {
        let folder = TempDir::with_prefix("recoup-test-").expect("a temporary folder");
        cast().copy_into(folder.path());
        let shell = Shell::in_folder(folder.path(), &rig.config);
        for (mid, assignment) in &rig.settings {
            shell.run(&["merchant", "set", mid, assignment]);
        }
        Self {
            folder: Some(folder),
            shell,
            child: None,
            base: String::new(),
            live: String::new(),
            starts: 0,
            transcript: Transcript::default(),
        }
    }

    /// Starts the process and waits until it is ready.
    pub async fn started(mut self) -> Self {
        self.start_process().await;
        self
    }

    /// Starts the process again on the same data.
    pub async fn start_process(&mut self) {
        assert!(self.child.is_none(), "the server runs");
        self.starts += 1;
        let log = fs::File::create(self.log_path()).expect("a log file");
        let mut command = Command::from(self.shell.command(&["serve"]));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        let mut child = command.spawn().expect("the server starts");
        let path = self.log_path();
        (self.base, self.live) = until("the server listens", || {
            let ended = child.try_wait().expect("the server can be asked");
            let log = fs::read_to_string(&path).unwrap_or_default();
            assert!(ended.is_none(), "the server ended at once ({ended:?}): {log}");
            async move { listening(&log, Some("both environments")).zip(listening(&log, Some("production"))) }
        })
        .await;
        self.child = Some(child);
        let client = self.client();
        until("the server is ready", || async {
            let reply = client.try_send(reqwest::Method::GET, "/readyz", &[], None).await.ok()?;
            (reply.status == 200).then_some(())
        })
        .await;
        contract::learn(&self.base).await;
    }

    /// Ends the process at once, as a power cut would.
    pub async fn kill(&mut self) {
        let mut child = self.child.take().expect("the server runs");
        child.kill().await.expect("the server is killed");
    }

    /// Asks the process to end and waits for it.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.ask_to_end().await;
        self.ended().await
    }

    /// Sends SIGTERM.
    pub async fn ask_to_end(&self) {
        let id = self.child.as_ref().and_then(Child::id).expect("the server runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs");
        assert!(asked.success());
    }

    /// Waits for the end of the process.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("the server runs");
        tokio::time::timeout(crate::PATIENCE, child.wait()).await.expect("the server ends").expect("it can be waited for")
    }

    /// A caller without a token.
    pub fn client(&self) -> Client {
        Client::new(&self.base, self.transcript.clone())
    }

    /// Host and port of the listener for both environments.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// A caller of the listener for production keys only, without a token.
    pub fn live_client(&self) -> Client {
        Client::new(&self.live, self.transcript.clone())
    }

    /// A caller with a fresh token.
    pub async fn login(&self, keys: &Keys) -> Client {
        let client = self.client();
        let reply =
            client.post("/v1/oauth2/token", &serde_json::json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret})).await;
        let token = reply.must(200).text("accessToken").to_owned();
        client.with_token(Some(&token))
    }

    /// The shop's server, in the sandbox.
    pub async fn shop(&self) -> Client {
        self.login(&cast().shop.sandbox).await
    }

    /// Runs a command of the program on this server's data.
    pub fn run(&self, arguments: &[&str]) -> Value {
        self.shell.run(arguments)
    }

    /// A command of the program on this server's data, to be run by the test.
    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        self.shell.command(arguments)
    }

    /// The folder of everything this server keeps.
    pub fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// The logs of every start so far.
    pub fn logs(&self) -> String {
        (1..=self.starts).map(|start| fs::read_to_string(self.root().join(format!("log-{start}"))).unwrap_or_default()).collect()
    }

    /// Every answer so far.
    pub fn transcript(&self) -> Vec<String> {
        self.transcript.all()
    }

    fn root(&self) -> &Path {
        self.folder.as_ref().expect("the folder lives as long as the server").path()
    }

    fn log_path(&self) -> PathBuf {
        self.root().join(format!("log-{}", self.starts))
    }
}

impl Drop for Server {
    /// The folder of a failed test stays, for whoever looks into it.
    fn drop(&mut self) {
        if let Some(folder) = self.folder.take().filter(|_| std::thread::panicking()) {
            eprintln!("what the server left: {}", folder.keep().display());
        }
    }
}

/// The address in the log of the listener that serves something, once it listens.
pub(crate) fn listening(log: &str, serves: Option<&str>) -> Option<String> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut fitting = lines.filter(|line| line["address"].is_string() && (serves.is_none() || line["serves"].as_str() == serves));
    Some(format!("http://{}", fitting.next()?["address"].as_str()?))
}
