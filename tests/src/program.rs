//! The binary under test.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The `recoup` program that was built beside these tests; `RECOUP_BIN` names another one.
pub fn program() -> PathBuf {
    if let Some(named) = env::var_os("RECOUP_BIN") {
        return PathBuf::from(named);
    }
    let own = env::current_exe().expect("the test knows its own file");
    let folder = own.ancestors().nth(2).expect("tests lie in target/<profile>/deps").to_owned();
    let program = folder.join("recoup");
    assert!(
        program.exists(),
        "{} is not there: run `cargo build -p recoup` first (`cargo test --workspace` does), or set RECOUP_BIN",
        program.display()
    );
    program
}

/// The command line over one configuration file.
#[derive(Debug, Clone)]
pub struct Shell {
    config: PathBuf,
}

impl Shell {
    /// A shell in a folder: writes its configuration file, with `further` lines in their sections.
    pub fn in_folder(folder: &Path, further: &[(&str, &str)]) -> Self {
        let config = folder.join("recoup.toml");
        let data = format!("dir = '{}'", folder.join("data").display());
        // Which policy works a card is drawn by keys that differ from run to run: a test of it says so itself.
        let drawn = further.iter().any(|(name, _)| *name == "recovery");
        let fixed = [
            ("data", data.as_str()),
            ("listen", "address = \"127.0.0.1:0\"\nproduction = \"127.0.0.1:0\""),
            ("log", "format = \"json\"\nlevel = \"info\""),
            // What a killed server held must be free again soon.
            ("engine", "poll_ms = 25\nlease_secs = 5"),
            ("runtime", "worker_threads = 2"),
            ("recovery", if drawn { "" } else { "holdout_percent = 0\nexplore_percent = 0" }),
            ("limits", ""),
            ("webhooks", ""),
            ("learn", ""),
            ("risk", ""),
        ];
        let mut text = String::new();
        for (section, lines) in fixed {
            let more = further.iter().filter(|(name, _)| *name == section).map(|(_, line)| *line);
            text.push_str(&[&[format!("[{section}]").as_str(), lines], &more.collect::<Vec<_>>()[..]].concat().join("\n"));
            text.push('\n');
        }
        fs::write(&config, text).expect("the configuration is written");
        Self { config }
    }

    /// A command of the program that sees this configuration and no other.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("RECOUP_")) {
            command.env_remove(name);
        }
        command.args(arguments).arg("--config").arg(&self.config);
        command
    }

    /// Runs a command to its end and reads its JSON answer; panics when it fails.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let done = self.command(arguments).arg("--json").output().expect("the program starts");
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success(), "recoup {arguments:?}: {}\n{said}{}", done.status, String::from_utf8_lossy(&done.stderr));
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("recoup {arguments:?} said no JSON ({error}): {said}"))
    }
}
