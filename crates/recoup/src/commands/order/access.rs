//! Which server, and with whose keys.

use std::path::{Path, PathBuf};

use client::{Client, Credentials, Secret};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Which server, and with whose keys. Keys come from a file, never from the command line, where others could see them.
#[derive(Debug, clap::Args)]
pub struct Access {
    /// File with the keys of an API client
    #[arg(long, global = true, env = "RECOUP_CREDENTIALS", value_name = "FILE", default_value = "credentials.json")]
    credentials: PathBuf,
    /// Address of the server [default: base_url of the credentials file]
    #[arg(long, global = true, env = "RECOUP_URL", value_name = "URL")]
    url: Option<String>,
}

/// What is read of the file; the rest does not matter here.
#[derive(Deserialize)]
struct Keys {
    base_url: Option<String>,
    app_key: String,
    app_secret: Secret,
}

impl Access {
    /// A client of the server.
    pub fn client(&self) -> Result<Client, Failure> {
        let keys = read(&self.credentials)?;
        let url = self.url.as_deref().or(keys.base_url.as_deref()).ok_or_else(|| {
            Failure::usage(format!("which server? {} has no base_url; name it with --url", self.credentials.display()))
        })?;
        let client = Client::new(url).map_err(|error| Failure::usage(error.to_string()))?;
        Ok(client.with_credentials(Credentials::new(keys.app_key, keys.app_secret)))
    }
}

fn read(path: &Path) -> Result<Keys, Failure> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|error| Failure::usage(format!("the credentials {} cannot be read: {error}", path.display())))?;
    // The position only: an error of the reader may quote what it found.
    serde_json::from_str(&text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Failure::usage(format!("the credentials {} need app_key and app_secret as JSON texts: {place}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(text: &str, url: Option<&str>) -> Result<Client, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let credentials = folder.path().join("c.json");
        std::fs::write(&credentials, text).unwrap();
        Access { credentials, url: url.map(str::to_owned) }.client()
    }

    #[test]
    fn the_file_of_the_demonstration_is_enough() {
        let keys = r#"{"base_url": "http://127.0.0.1:8080", "mid": "m", "app_key": "k", "app_secret": "s"}"#;
        assert!(access(keys, None).is_ok());
        assert!(access(r#"{"app_key": "k", "app_secret": "s"}"#, Some("https://recoup.example")).is_ok());
    }

    #[test]
    fn what_is_missing_is_said_and_no_secret_is() {
        for (text, url, said) in [
            (r#"{"app_key": "k", "app_secret": "hush"}"#, None, "--url"),
            (r#"{"app_key": "k", "app_secret": ["hush"]}"#, None, "app_secret"),
            (r#"{"app_key": "k", "app_secret": "hush"}"#, Some("recoup.example"), "base address"),
        ] {
            let failure = access(text, url).err().unwrap().to_string();
            assert!(failure.contains(said) && !failure.contains("hush"), "{failure}");
        }
        let missing = Access { credentials: "/nowhere/c.json".into(), url: None };
        assert!(missing.client().err().unwrap().to_string().contains("/nowhere/c.json"));
    }
}
