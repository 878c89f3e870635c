//! `/oauth2/token`: 13 members in this order, never `access_token`; and the standard form (`wire-api` §2.1).

use domain::time::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Envelope, Properties};

/// The token members of a success.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'a> {
    /// JWT.
    pub access: &'a str,
    /// Opaque.
    pub refresh: &'a str,
    /// When the access token ends, UTC.
    pub expires_at: Timestamp,
    /// Id of the API client.
    pub id: &'a str,
}

/// The whole reply.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TokenReply")]
#[serde(rename_all = "camelCase")]
pub struct Body<'a> {
    access_token: Option<&'a str>,
    refresh_token: Option<&'a str>,
    /// Milliseconds since the epoch.
    expires: Option<i64>,
    id: Option<&'a str>,
    session: Option<&'a str>,
    #[serde(rename = "daysToEnforceMFA")]
    days_to_enforce_mfa: Option<u32>,
    skip_available: Option<bool>,
    #[serde(flatten)]
    envelope: Envelope<'a>,
}

impl<'a> Body<'a> {
    /// Tokens were given.
    pub fn granted(tokens: Tokens<'a>) -> Self {
        Self {
            access_token: Some(tokens.access),
            refresh_token: Some(tokens.refresh),
            expires: Some(tokens.expires_at.millis()),
            id: Some(tokens.id),
            session: None,
            days_to_enforce_mfa: None,
            skip_available: None,
            envelope: Envelope { result: None, ..Envelope::success(None) },
        }
    }

    /// What users are told beside: the session's id (once), and how long the second factor can wait.
    #[must_use]
    pub const fn of_user(mut self, session: Option<&'a str>, days_to_second_factor: u32, may_wait: bool) -> Self {
        self.session = session;
        self.days_to_enforce_mfa = Some(days_to_second_factor);
        self.skip_available = Some(may_wait);
        self
    }

    /// No tokens yet: the second factor is due, under a session.
    pub fn second_factor(session: &'a str) -> Self {
        let envelope = Envelope { result: None, ..Envelope::success(Some("MFA_REQUIRED")) };
        Self {
            session: Some(session),
            days_to_enforce_mfa: Some(0),
            skip_available: Some(false),
            envelope,
            ..Self::refused("", "")
        }
    }

    /// No tokens: what is wrong, and its code.
    pub fn refused(message: &'a str, code: &'a str) -> Self {
        Self {
            access_token: None,
            refresh_token: None,
            expires: None,
            id: None,
            session: None,
            days_to_enforce_mfa: None,
            skip_available: None,
            envelope: Envelope {
                success: false,
                result: Some(message),
                status: None,
                status_code: Some(code),
                errors: Vec::new(),
                custom_properties: Properties::new(),
            },
        }
    }
}

/// RFC 6749 §5.1.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OAuthReply")]
pub struct Standard<'a> {
    /// JWT.
    pub access_token: &'a str,
    /// `Bearer`.
    pub token_type: &'a str,
    /// Seconds.
    pub expires_in: u64,
    /// Space separated.
    pub scope: &'a str,
}

/// RFC 6749 §5.2.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OAuthError")]
pub struct StandardError<'a> {
    /// A word of the RFC.
    pub error: &'a str,
    /// For a person.
    pub error_description: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirteen_members_in_order() {
        let tokens = Tokens { access: "eyJ", refresh: "q0w", expires_at: Timestamp::from_millis(1_795_170_331_000), id: "6f1c" };
        assert_eq!(
            serde_json::to_string(&Body::granted(tokens)).unwrap(),
            "{\"accessToken\":\"eyJ\",\"refreshToken\":\"q0w\",\"expires\":1795170331000,\"id\":\"6f1c\",\"session\":null,\
             \"daysToEnforceMFA\":null,\"skipAvailable\":null,\"success\":true,\"result\":null,\"status\":null,\
             \"statusCode\":null,\"errors\":[],\"customProperties\":{}}"
        );
        assert_eq!(
            serde_json::to_string(&Body::refused("Invalid API credentials", "40001")).unwrap(),
            "{\"accessToken\":null,\"refreshToken\":null,\"expires\":null,\"id\":null,\"session\":null,\
             \"daysToEnforceMFA\":null,\"skipAvailable\":null,\"success\":false,\"result\":\"Invalid API credentials\",\
             \"status\":null,\"statusCode\":\"40001\",\"errors\":[],\"customProperties\":{}}"
        );
    }
}
