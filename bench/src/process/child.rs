//! A child process that does not outlive its owner.

use std::{
    process::{Child, ChildStdout, Command, ExitStatus},
    time::{Duration, Instant},
};

/// How long a process may take to end when asked to.
const END: Duration = Duration::from_secs(40);

/// A child process, ended when dropped.
pub struct Owned(Child);

impl Owned {
    /// Starts a process.
    pub fn start(command: &mut Command) -> std::io::Result<Self> {
        command.spawn().map(Self)
    }

    /// Its id.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// Its output, once, when it was piped.
    pub fn output(&mut self) -> Option<ChildStdout> {
        self.0.stdout.take()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }

    /// Asks it to end (SIGTERM) and waits; kills it when it does not.
    pub fn end(mut self) -> anyhow::Result<ExitStatus> {
        let _ = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        let asked = Instant::now();
        while asked.elapsed() < END {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        anyhow::bail!("process {} did not end within {} s of SIGTERM", self.pid(), END.as_secs())
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if self.ended().is_none() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_end_when_asked_and_when_dropped() {
        let child = Owned::start(Command::new("sleep").arg("60")).unwrap();
        assert!(!child.end().unwrap().success());
        let child = Owned::start(Command::new("sleep").arg("60")).unwrap();
        let process = format!("/proc/{}/status", child.pid());
        assert!(std::fs::exists(&process).unwrap());
        drop(child);
        assert!(!std::fs::exists(&process).unwrap());
    }
}
