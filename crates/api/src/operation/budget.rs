//! Which rate limit a call counts against (`wire-api` §1.8).

use http::Method;

/// A rate-limit class. The router puts it among the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Budget {
    /// `/oauth2/token`.
    Token,
    /// `/evaluate` and `/advice`.
    Evaluate,
    /// `/tokenize`.
    Tokenize,
    /// `/transmit`.
    Transmit,
    /// Everything that only reads.
    Read,
    /// Everything else.
    Management,
    /// No limit by key.
    Unlimited,
}

impl Budget {
    /// The class of a method that says nothing else.
    pub fn of(method: &Method) -> Self {
        if method == Method::GET { Self::Read } else { Self::Management }
    }

    /// The word that the document uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Evaluate => "evaluate",
            Self::Tokenize => "tokenize",
            Self::Transmit => "transmit",
            Self::Read => "read",
            Self::Management => "management",
            Self::Unlimited => "unlimited",
        }
    }
}
