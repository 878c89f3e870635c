//! Colours, on terminals only.

use std::io::IsTerminal as _;

/// Whether text is coloured.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// No colours.
    #[cfg(test)]
    pub const OFF: Self = Self { on: false };
    /// Colours.
    #[cfg(test)]
    pub const ON: Self = Self { on: true };

    /// Colours when standard output is a terminal and `NO_COLOR` is not set.
    pub fn for_stdout() -> Self {
        Self { on: std::io::stdout().is_terminal() && wanted() }
    }

    /// Colours when standard error is a terminal and `NO_COLOR` is not set.
    pub fn for_stderr() -> Self {
        Self { on: std::io::stderr().is_terminal() && wanted() }
    }

    /// Whether text is coloured.
    pub fn is_on(self) -> bool {
        self.on
    }

    /// Bold.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Green.
    pub fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// Red and bold.
    pub fn red(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
