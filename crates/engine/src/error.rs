//! What a use case refuses, as a closed list. The HTTP interface maps each to one status and code.

use domain::{fault::Faults, id::OrderId};

/// Why a request was not handled. A business decline is never an error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request has faults; all are listed.
    #[error("the request is invalid")]
    Invalid(Faults),
    /// Key pair, password or code is wrong, revoked or expired.
    #[error("Invalid API credentials")]
    BadCredentials,
    /// The refresh token is wrong, expired or spent.
    #[error("Invalid refresh token")]
    BadRefreshToken,
    /// The user's sessions do not reach this environment.
    #[error("The environment is not open to this user.")]
    OtherEnvironment,
    /// The bearer token is not accepted.
    #[error(transparent)]
    Unauthorized(#[from] AuthError),
    /// A processor's notification without a signature that holds.
    #[error("The signature is missing or invalid.")]
    SignatureRefused,
    /// The caller may not act for this merchant.
    #[error("The caller may not act for this merchant.")]
    ForeignMerchant,
    /// The key lacks a scope.
    #[error("The scope {0} is missing.")]
    ScopeMissing(&'static str),
    /// The caller's role does not allow this.
    #[error("The role does not allow this.")]
    RoleMissing,
    /// Only in the sandbox.
    #[error("This call exists in the sandbox only.")]
    SandboxOnly,
    /// The browser origin is not listed for the site.
    #[error("The origin is not allowed.")]
    OriginRefused,
    /// Unknown id, or another tenant's.
    #[error("Not found.")]
    NotFound,
    /// The idempotency key was used with another payload.
    #[error("The idempotency key was used with another payload.")]
    KeyReused,
    /// The same request is still running.
    #[error("The same request is still in progress.")]
    InProgress,
    /// The state does not allow this.
    #[error("{message}")]
    State {
        /// For a person.
        message: String,
        /// The order it is about.
        order: Option<OrderId>,
    },
    /// The object is at another version than the caller knows.
    #[error("The object was changed meanwhile; read it again.")]
    Precondition,
    /// A unique name or value is taken.
    #[error("{0}")]
    Taken(String),
    /// A file is too large.
    #[error("The file is too large.")]
    TooLarge,
    /// Too much to do; nothing was stored.
    #[error("Overloaded, please retry.")]
    Overloaded,
    /// Shutting down; nothing was stored.
    #[error("Shutting down, please retry.")]
    Draining,
    /// The processor answered badly; the operation goes on by itself.
    #[error("The processor did not confirm; the operation goes on and may be repeated safely.")]
    Upstream,
    /// A fault of ours.
    #[error("internal error: {0}")]
    Internal(String),
}

/// Why a bearer token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// None, malformed, or not ours.
    #[error("The access token is missing or invalid.")]
    Invalid,
    /// Its time is over.
    #[error("The access token has expired.")]
    Expired,
    /// Its client was revoked.
    #[error("The access token was revoked.")]
    Revoked,
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<store::ApplyError> for Error {
    fn from(error: store::ApplyError) -> Self {
        match error {
            store::ApplyError::Overloaded => Self::Overloaded,
            store::ApplyError::Conflict(conflict) => Self::State { message: conflict.to_string(), order: None },
            store::ApplyError::Failed(error) => error.into(),
        }
    }
}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<domain::order::TransitionError> for Error {
    fn from(error: domain::order::TransitionError) -> Self {
        Self::Internal(error.to_string())
    }
}

/// A use case's result.
pub type Result<T> = std::result::Result<T, Error>;
