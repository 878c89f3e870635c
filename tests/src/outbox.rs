//! The mails that a server without a mail server wrote to files.

use std::{fs, path::PathBuf};

use crate::{Server, until};

/// The mails of one server.
#[derive(Debug)]
pub struct Outbox(PathBuf);

impl Outbox {
    /// Of this server.
    pub fn of(server: &Server) -> Self {
        Self(server.data().join("outbox"))
    }

    /// Every mail to an address so far, as text.
    pub fn to(&self, address: &str) -> Vec<String> {
        let Ok(folder) = fs::read_dir(&self.0) else { return vec![] };
        let mut files: Vec<_> = folder
            .filter_map(|file| Some(file.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|of| of == "eml"))
            .collect();
        files.sort();
        let texts = files.iter().map(|path| fs::read_to_string(path).unwrap_or_default());
        texts.filter(|text| text.lines().any(|line| line.starts_with("To: ") && line.contains(address))).collect()
    }

    /// The token of the newest mail to an address, once there are so many.
    pub async fn token(&self, address: &str, mails: usize) -> String {
        until("the mail is written", || async {
            let found = self.to(address);
            (found.len() >= mails).then(|| token(found.last().expect("a mail")))
        })
        .await
    }

    /// Waits until there are so many mails to an address, and gives the newest.
    pub async fn newest(&self, address: &str, mails: usize) -> String {
        until("the mail is written", || async {
            let found = self.to(address);
            (found.len() >= mails).then(|| found.last().expect("a mail").clone())
        })
        .await
    }
}

/// The bare token stands on a line of its own: 43 characters of base64url.
fn token(mail: &str) -> String {
    let is_token = |line: &&str| line.len() == 43 && line.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    mail.lines().map(str::trim).find(is_token).unwrap_or_else(|| panic!("no token in {mail}")).to_owned()
}
