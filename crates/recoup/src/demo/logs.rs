//! Logs of the demonstration: into a file while the live display has the terminal.

use std::sync::Mutex;

use tracing_subscriber::{EnvFilter, fmt};

use super::files;
use crate::{config::Config, failure::Failure};

/// Name of the log in the data folder.
const FILE_NAME: &str = "recoup.log";

/// Starts logging into the data folder; once in a process.
pub fn into_file(config: &Config) -> Result<(), Failure> {
    let path = config.data.dir.join(FILE_NAME);
    let file = files::open_log(&path).map_err(|error| Failure::failed(format!("the log {}: {error}", path.display())))?;
    let filter = EnvFilter::try_new(config.log.level.as_str()).map_err(|error| Failure::usage(error.to_string()))?;
    fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .try_init()
        .map_err(|error| Failure::failed(format!("logging cannot be started: {error}")))
}
