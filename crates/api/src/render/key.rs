//! API keys (`wire-api` §10.4).

use domain::{client::KeyKind, fault::Faults, time::Timestamp};
use engine::keys::Seen;
use schemars::JsonSchema;
use serde::Serialize;

/// An API key. Of a refusal all members are null but `errors`.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ApiKey")]
pub struct Body {
    /// Id.
    id: Option<String>,
    /// Merchant.
    mid: Option<String>,
    /// Name.
    name: Option<String>,
    /// `secret public tokenization`.
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    /// AppKey, AppSecret or tokenization key; only an AppKey is told again later.
    value: Option<String>,
    /// What it may do.
    scopes: Option<Vec<String>>,
    /// Since when, UTC.
    #[serde(rename = "created_at")]
    created_at: Option<String>,
    /// What is wrong with the request.
    errors: Vec<String>,
    /// Its client.
    client_id: Option<String>,
    /// `sandbox` or `production`.
    environment: Option<&'static str>,
    /// The AppKey that goes with a secret.
    app_key: Option<String>,
    /// Until when it works, UTC; null: for good.
    expires_on: Option<String>,
    /// Last use, to the minute, UTC.
    last_used_on: Option<String>,
}

impl Body {
    /// A key; `value` only when it is new.
    pub fn of(seen: &Seen, value: Option<&str>) -> Self {
        let key = &seen.key;
        let known = (key.kind == KeyKind::Public).then_some(key.check.as_str());
        Self {
            id: Some(key.id.to_string()),
            mid: key.mid.map(|mid| mid.to_string()),
            name: Some(key.name.clone()),
            kind: Some(key.kind.as_str()),
            value: value.or(known).map(str::to_owned),
            scopes: Some(seen.scopes()),
            created_at: Some(key.created_at.iso6()),
            errors: vec![],
            client_id: key.client.map(|client| client.to_string()),
            environment: Some(key.environment.as_str()),
            app_key: seen.app_key.clone(),
            expires_on: key.expires_at.map(Timestamp::iso6),
            last_used_on: seen.last_used_at.map(Timestamp::iso6),
        }
    }

    /// A refusal.
    pub fn refused(faults: &Faults) -> Self {
        Self { errors: faults.iter().map(|(_, message)| message.to_owned()).collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_every_member() {
        let mut faults = Faults::new();
        faults.required("Mid");
        assert_eq!(
            serde_json::to_string(&Body::refused(&faults)).unwrap(),
            "{\"id\":null,\"mid\":null,\"name\":null,\"type\":null,\"value\":null,\"scopes\":null,\"created_at\":null,\
             \"errors\":[\"The Mid field is required.\"],\"clientId\":null,\"environment\":null,\"appKey\":null,\
             \"expiresOn\":null,\"lastUsedOn\":null}"
        );
    }
}
