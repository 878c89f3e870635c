//! What a caller must show.

/// Credentials of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// None.
    Open,
    /// A bearer token.
    Bearer,
    /// A bearer token, or `mid` and `environment` in the query.
    BearerOrTokenizationKey,
    /// The processor's signature over the body.
    ProcessorSignature,
    /// No credentials, but only from this machine.
    Local,
}
