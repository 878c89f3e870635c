//! What an outside client needs, and the file that holds it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{files, people::Person};
use crate::failure::Failure;

/// What an outside client needs. The file is rewritten at every start; a merchant that it knows keeps its secrets, so
/// that a client survives a restart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct Credentials {
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
    /// The merchant.
    pub mid: String,
    /// Its default site.
    pub site_id: String,
    /// Its client's AppKey.
    pub app_key: String,
    /// Its client's AppSecret.
    pub app_secret: String,
    /// For browsers: `?mid=…&environment=…` on `/v1/tokenize`.
    pub tokenization_key: String,
    /// Base64 of the key that signs its webhooks.
    pub webhook_key: String,
    /// Where the portal is.
    #[serde(default)]
    pub portal_url: String,
    /// Who can sign in there.
    #[serde(default)]
    pub portal_users: Vec<Person>,
}

impl Credentials {
    /// Those of an earlier run; `None` when there are none or they cannot be read.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()
    }

    /// Writes them, for their owner only.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Failure::failed(error.to_string()))? + "\n";
        files::write_private(path, &text)
            .map_err(|error| Failure::failed(format!("the credentials {} cannot be written: {error}", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.json");
        assert!(Credentials::read(&path).is_none());
        let credentials = super::super::curl::tests::credentials();
        credentials.write(&path).unwrap();
        assert_eq!(Credentials::read(&path), Some(credentials));
        let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let names: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(names.len(), 9);
        for name in ["base_url", "mid", "site_id", "app_key", "app_secret", "tokenization_key", "webhook_key"] {
            assert!(json[name].is_string(), "{name}");
        }
        std::fs::write(&path, "{\"mid\":").unwrap();
        assert!(Credentials::read(&path).is_none());
    }
}
