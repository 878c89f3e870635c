//! One core for the server, another for the generator, by the `taskset` command.

use std::process::Command;

/// The server's core.
pub const SERVER_CORE: u32 = 0;
/// The generator's core.
pub const GENERATOR_CORE: u32 = 1;

/// Whether server and generator each have a core of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cores {
    /// Each its own.
    Apart,
    /// The operating system decides.
    Shared,
}

impl Cores {
    /// Binds this process to the generator's core, if that can be done. Call before any thread is started.
    pub fn take() -> Self {
        let enough = std::thread::available_parallelism().is_ok_and(|cores| cores.get() > GENERATOR_CORE as usize);
        let pid = std::process::id().to_string();
        let bound = enough && quiet(Command::new("taskset").args(["-acp", &GENERATOR_CORE.to_string(), &pid]));
        if bound { Self::Apart } else { Self::Shared }
    }

    /// A command that runs on the server's core.
    pub fn server(self, program: &std::path::Path) -> Command {
        match self {
            Self::Shared => Command::new(program),
            Self::Apart => {
                let mut command = Command::new("taskset");
                command.args(["-c", &SERVER_CORE.to_string()]).arg(program);
                command
            }
        }
    }

    /// For readers.
    pub fn told(self) -> String {
        match self {
            Self::Apart => format!("server on core {SERVER_CORE}, load generator on core {GENERATOR_CORE}"),
            Self::Shared => {
                "server and load generator share all cores (no taskset, or a single core): figures are lower bounds".to_owned()
            }
        }
    }
}

fn quiet(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
