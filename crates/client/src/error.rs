//! Why a call was of no use.

use std::{collections::BTreeMap, fmt, time::Duration};

/// Why a call was of no use. Each names the call as method and path, without ids and queries.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// It was never sent: a base address that is none, or an id that cannot stand in a path.
    #[error("{call}: {reason}")]
    Unsendable {
        /// The call.
        call: String,
        /// What is wrong.
        reason: String,
    },
    /// The request's members are wrong: every fault by its path.
    #[error("{call}: {faults}")]
    Invalid {
        /// The call.
        call: String,
        /// What is wrong.
        faults: Faults,
    },
    /// The server refused it.
    #[error("{call}: {refusal}")]
    Refused {
        /// The call.
        call: String,
        /// Why.
        refusal: Refusal,
    },
    /// No whole answer came; what was asked may have been done.
    #[error("{call}: {reason}")]
    Transport {
        /// The call.
        call: String,
        /// Why.
        reason: String,
    },
    /// The answer says something else than the interface promises.
    #[error("{call}: {reason}")]
    Unexpected {
        /// The call.
        call: String,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// The five digits of a refusal.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal.code),
            _ => None,
        }
    }
}

/// Messages by PascalCase path, such as `Transaction.Amount`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// All of them.
    pub messages: BTreeMap<String, Vec<String>>,
    /// Names the request in the server's log.
    pub trace: Option<String>,
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.messages.iter().map(|(path, messages)| format!("{path}: {}", messages.join(" "))).collect();
        f.write_str(&lines.join("; "))
    }
}

/// What a server says when it refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Five digits, of which the first three are the HTTP status; `00` behind the status when the answer gave none.
    pub code: u32,
    /// For a person.
    pub message: String,
    /// When to come back.
    pub retry_after: Option<Duration>,
    /// The order that is meant, where there is one.
    pub order_session_key: Option<String>,
    /// Names the request in the server's log.
    pub trace: Option<String>,
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> u32 {
        self.code / 100
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}
