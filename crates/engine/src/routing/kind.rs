//! The connectors of this version and the settings they take.

/// A setting of a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its name in the account object; `credentials.…` are sealed and never shown.
    pub name: &'static str,
    /// What it holds: `url`, `boolean`, `milliseconds`, `headers`, `secret`.
    pub holds: &'static str,
    /// It must be given.
    pub required: bool,
    /// What it is for.
    pub about: &'static str,
}

/// A connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its name, the account's `kind`.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Settings it takes.
    pub settings: &'static [Setting],
}

const fn setting(name: &'static str, holds: &'static str, required: bool, about: &'static str) -> Setting {
    Setting { name, holds, required, about }
}

/// Every connector.
pub const KINDS: &[Kind] = &[Kind {
    name: "http",
    about: "Any gateway behind the plain HTTP contract.",
    settings: &[
        setting("baseUrl", "url", true, "Where the calls of the contract are served."),
        setting("revealCard", "boolean", false, "The card number is sent, not only the token."),
        setting("connectTimeoutMs", "milliseconds", false, "Time to connect."),
        setting("totalTimeoutMs", "milliseconds", false, "Time for a whole call."),
        setting("credentials.headers", "headers", false, "Static headers of every call, such as Authorization."),
        setting("credentials.webhookSecret", "secret", false, "What the account signs its notifications with."),
    ],
}];
