//! What the calls of a portal user's own login answer beside tokens.

use schemars::JsonSchema;
use serde::Serialize;

use super::Envelope;

/// How far the set-up of a second factor is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SecondFactor")]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor<'a> {
    /// Base32, for the authenticator; told only while it is offered.
    pub secret: Option<&'a str>,
    /// The same as an `otpauth://` address, for a QR code.
    pub otpauth_uri: Option<&'a str>,
    /// Whether logins need it.
    pub mfa_enabled: bool,
    /// Told once.
    pub recovery_codes: &'a [String],
    /// The common members.
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
}

impl SecondFactor<'_> {
    /// None.
    pub const fn none() -> Self {
        Self { secret: None, otpauth_uri: None, mfa_enabled: false, recovery_codes: &[], envelope: Envelope::success(None) }
    }
}
