//! `recoup simulator` as a process of its own: a processor that the server knows only by its address.

use std::{fs, path::PathBuf, process::Stdio};

use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{Shell, book::Book, server::listening, until};

/// A processor that does not end with the server.
#[derive(Debug)]
pub struct Simulator {
    folder: TempDir,
    /// Its base URL.
    pub base: String,
    _child: Child,
}

impl Simulator {
    /// Starts it in mode `magic`.
    pub async fn start() -> Self {
        Self::serving(&["--mode", "magic"]).await
    }

    /// Starts its simulated issuers: the same seed gives the same answers.
    pub async fn issuers(seed: u64) -> Self {
        Self::serving(&["--mode", "issuer", "--seed", &seed.to_string()]).await
    }

    async fn serving(how: &[&str]) -> Self {
        let folder = TempDir::with_prefix("recoup-simulator-").expect("a temporary folder");
        let shell = Shell::in_folder(folder.path(), &[]);
        let (log, book) = (folder.path().join("log"), folder.path().join("book.sqlite"));
        let arguments = ["simulator", "--listen", "127.0.0.1:0", "--book"];
        let mut command = Command::from(shell.command(&[&arguments[..], &[&book.to_string_lossy()], how].concat()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&log).expect("a log file")).kill_on_drop(true);
        let child = command.spawn().expect("the simulator starts");
        let base = until("the simulator listens", || async { listening(&fs::read_to_string(&log).ok()?, None) }).await;
        Self { folder, base, _child: child }
    }

    /// Its book.
    pub fn book(&self) -> Book {
        Book::open(&self.book_path())
    }

    /// The folder of everything it keeps.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    fn book_path(&self) -> PathBuf {
        self.folder.path().join("book.sqlite")
    }
}
