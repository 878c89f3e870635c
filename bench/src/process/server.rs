//! The measured server: the release binary, started as anybody would start it.

use std::{
    fs::File,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::floor::schema;

use super::{
    child::Owned,
    core::Cores,
    usage::{self, Usage},
};

/// How long a start may take before the run is given up.
const START: Duration = Duration::from_mins(1);
/// A table that only the server's own database has.
const TIMERS: &str = "timers";
/// What marks a SQLite file.
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// How the server is started.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The binary.
    pub binary: PathBuf,
    /// Arguments after `demo --no-traffic --data … --port … --credentials …`.
    pub arguments: Vec<String>,
    /// Environment variables beside the present ones.
    pub environment: Vec<(String, String)>,
    /// Folder for its data, credentials and log.
    pub folder: PathBuf,
    /// Where it runs.
    pub cores: Cores,
}

/// What `--credentials` writes, as far as it is used.
#[derive(Debug, Clone, Deserialize)]
pub struct Credentials {
    /// AppKey.
    pub app_key: String,
    /// AppSecret.
    pub app_secret: String,
}

/// A running server.
pub struct Server {
    process: Owned,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to its first answer.
    pub first_answer: Duration,
}

impl Setup {
    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts the server and waits for its first answer.
    pub fn start(&self) -> anyhow::Result<Server> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.cores.server(&self.binary);
        command.args(["demo", "--no-traffic", "--port", &port.to_string()]).arg("--data").arg(self.data());
        command.arg("--credentials").arg(self.credentials_file()).args(&self.arguments);
        command.envs(self.environment.iter().cloned()).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let started = Instant::now();
        let mut process = Owned::start(&mut command).with_context(|| format!("cannot start {}", self.binary.display()))?;
        while !answers(address) {
            if let Some(status) = process.ended() {
                bail!("the server ended at once ({status}); it said:\n{}", self.log_tail());
            }
            if started.elapsed() > START {
                bail!("the server did not answer within {} s; it said:\n{}", START.as_secs(), self.log_tail());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Server { process, address, first_answer: started.elapsed() })
    }

    /// The credentials that the first start wrote.
    pub fn credentials(&self) -> anyhow::Result<Credentials> {
        let written = Instant::now();
        loop {
            match File::open(self.credentials_file()).map(serde_json::from_reader) {
                Ok(Ok(credentials)) => return Ok(credentials),
                other if written.elapsed() > START => bail!("no credentials in {}: {other:?}", self.credentials_file().display()),
                _ => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    /// The database file: the SQLite file in the data folder that has the table of timers. (The simulator keeps a
    /// book of its own beside it.)
    pub fn database(&self) -> anyhow::Result<PathBuf> {
        let found = sqlite_files(&self.data())?.into_iter().find(|path| has_timers(path));
        found.with_context(|| format!("no database of the server in {}", self.data().display()))
    }

    /// The end of what the server wrote.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read(self.log()).unwrap_or_default();
        String::from_utf8_lossy(&text[text.len().saturating_sub(4_000)..]).into_owned()
    }

    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    fn credentials_file(&self) -> PathBuf {
        self.folder.join("credentials.json")
    }
}

impl Server {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// What it uses now.
    pub fn usage(&self) -> Usage {
        usage::of(self.process.pid()).unwrap_or_default()
    }

    /// Asks it to end and waits.
    pub fn end(self) -> anyhow::Result<()> {
        let status = self.process.end()?;
        anyhow::ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(START))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

fn sqlite_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(sqlite_files(&path)?);
        } else if is_sqlite(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

fn has_timers(path: &Path) -> bool {
    let names = schema::open_read_only(path).and_then(|database| schema::names(&database));
    names.is_ok_and(|names| names.iter().any(|name| name == TIMERS))
}

fn is_sqlite(path: &Path) -> bool {
    let mut head = [0; SQLITE_MAGIC.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && head == SQLITE_MAGIC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_found_by_its_head() {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup {
            binary: "/nowhere/recoup".into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            folder: folder.path().to_owned(),
            cores: Cores::Shared,
        };
        let data = setup.data().join("deeper");
        std::fs::create_dir_all(&data).unwrap();
        std::fs::write(data.join("keys.json"), "SQLite is not here").unwrap();
        assert!(setup.database().is_err());
        for (name, sql) in [("book.name", "CREATE TABLE book (a)"), ("any.name", "CREATE TABLE timers (a)")] {
            rusqlite::Connection::open(data.join(name)).unwrap().execute_batch(sql).unwrap();
        }
        assert_eq!(setup.database().unwrap(), data.join("any.name"));
        assert!(setup.start().err().unwrap().to_string().contains("/nowhere/recoup"));
    }

    #[test]
    fn nobody_answers_on_a_closed_port() {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(!answers(address));
    }
}
