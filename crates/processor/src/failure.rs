//! Why a call brought no answer, by what the caller must do next.

use std::time::Duration;

/// Why a processor gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The request may have reached the issuer and the money may have moved: settle by inquiry, never by sending again.
    #[error("result unknown: {detail}")]
    Unknown {
        /// What was seen instead of an answer; holds no card data.
        detail: String,
    },
    /// Nothing was sent to the issuer; the same attempt may be sent later.
    #[error("not sent: {detail}")]
    NotSent {
        /// What stopped it.
        detail: String,
        /// How long the processor asks to wait.
        retry_after: Option<Duration>,
    },
    /// The processor refused the request before the issuer saw it; an operator must look.
    #[error("configuration: {detail}")]
    Configuration {
        /// What the processor said.
        detail: String,
    },
    /// The processor is still working on this attempt: ask again later.
    #[error("attempt in progress")]
    InProgress,
    /// The processor does not offer this call.
    #[error("not offered")]
    NotOffered,
}

impl Failure {
    pub(crate) fn unknown(detail: impl Into<String>) -> Self {
        Self::Unknown { detail: detail.into() }
    }
}
