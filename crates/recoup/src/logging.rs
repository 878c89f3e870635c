//! Logs, to standard error: text on terminals, JSON for machines.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, fmt};

use crate::{
    config::{Config, LogFormat},
    failure::Failure,
    output::Paint,
};

/// Starts logging; once in a process.
pub fn start(config: &Config) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(config.log.level.as_str()).map_err(|error| Failure::usage(error.to_string()))?;
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if is_json(config.log.format) {
        builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        builder.with_ansi(Paint::for_stderr().is_on()).try_init()
    };
    started.map_err(|error| Failure::failed(format!("logging cannot be started: {error}")))
}

fn is_json(format: LogFormat) -> bool {
    match format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    }
}
