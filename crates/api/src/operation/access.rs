//! What a caller must show.

/// Credentials of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// None.
    Open,
    /// None; pages of origins that are not listed are refused, and each address has a rate.
    Browser,
    /// A bearer token.
    Bearer,
    /// A bearer token, or `mid` and `environment` in the query.
    BearerOrTokenizationKey,
    /// The processor's signature over the body.
    ProcessorSignature,
    /// No credentials, but only from this machine.
    Local,
}
