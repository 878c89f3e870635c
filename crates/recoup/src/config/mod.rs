//! Settings: a TOML file, overridden by environment variables (`RECOUP_LISTEN__ADDRESS` is `listen.address`).

mod check;
mod declare;
mod field;
mod file;
mod layers;
mod nearest;
mod origin;
mod settings;
pub mod show;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

pub use self::{
    field::{LogFormat, Probability},
    layers::{PREFIX, Setting},
    origin::Origin,
    settings::{Config, Limits},
};
use crate::failure::Failure;

/// The file that is read when none is named and it is there.
pub const FILE_NAME: &str = "recoup.toml";

/// Something wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub origin: Origin,
    /// What is wrong, naming the setting.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.message)
    }
}

/// A configuration as it was read.
#[derive(Debug)]
pub struct Loaded {
    /// The settings in force.
    pub config: Config,
    /// Each setting with its value, default, origin and explanation.
    pub settings: Vec<Setting>,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// What is wrong; nothing may be started when there is anything.
    pub problems: Vec<Problem>,
}

/// Reads the configuration of this process and refuses it when anything is wrong.
pub fn load(named: Option<&Path>) -> Result<Config, Failure> {
    let loaded = examine(named)?;
    if loaded.problems.is_empty() { Ok(loaded.config) } else { Err(refusal(&loaded.problems)) }
}

/// Reads the configuration of this process with all that is wrong about it.
pub fn examine(named: Option<&Path>) -> Result<Loaded, Failure> {
    let path = named.map(Path::to_owned).or_else(|| Path::new(FILE_NAME).is_file().then(|| PathBuf::from(FILE_NAME)));
    let text = match &path {
        Some(path) => Some(std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?),
        None => None,
    };
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok().filter(|name| name.starts_with(PREFIX))?, value)))
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
        .collect();
    Ok(resolve(path.as_deref().zip(text.as_deref()), environment))
}

/// Resolves every setting from a file's text and an environment.
pub fn resolve(file: Option<(&Path, &str)>, environment: BTreeMap<String, String>) -> Loaded {
    let mut problems = Vec::new();
    let entries = file.map(|(path, text)| (path.to_owned(), file::read(path, text, &mut problems)));
    let mut layers = layers::Layers { file: entries, environment, found: Vec::new(), problems };
    let config = Config::read(&mut layers);
    layers.refuse_the_rest();
    let (settings, mut problems) = (layers.found, layers.problems);
    check::check(&config, &settings, &mut problems);
    Loaded { config, settings, file: file.map(|(path, _)| path.to_owned()), problems }
}

/// The sentences of a refused configuration.
pub fn refusal(problems: &[Problem]) -> Failure {
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    Failure::usage(format!("the configuration is refused:\n  {}", lines.join("\n  ")))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("the configuration file {} cannot be read: {error}", path.display()))
}

#[cfg(test)]
mod tests;
