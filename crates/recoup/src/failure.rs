//! How a command fails: one clear sentence and an exit code that means something.

mod refused;

use std::{fmt, process::ExitCode};

domain::words! {
    /// What kind of failure it is.
    pub enum Kind {
        /// Anything else.
        Failed = "failed",
        /// The command line or the configuration is wrong.
        Usage = "usage",
        /// What was asked for does not exist.
        NotFound = "not found",
        /// It exists already, or its state does not allow this.
        Conflict = "conflict",
    }
}

/// A failed command.
#[derive(Debug)]
pub struct Failure {
    /// What kind it is; decides the exit code.
    pub kind: Kind,
    message: String,
}

impl Failure {
    /// The command line or the configuration is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, message: message.into() }
    }

    /// What was asked for does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { kind: Kind::NotFound, message: message.into() }
    }

    /// It exists already, or its state does not allow this.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self { kind: Kind::Conflict, message: message.into() }
    }

    /// Anything else.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { kind: Kind::Failed, message: message.into() }
    }

    /// 1 failed, 2 usage or configuration, 3 not found, 4 conflict.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Failed => 1,
            Kind::Usage => 2,
            Kind::NotFound => 3,
            Kind::Conflict => 4,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error.to_string())
    }
}
