//! The texts.

use domain::{
    id::MailId,
    mail::{Kind, Mail},
    user::User,
};
use serde::{Deserialize, Serialize};
use vault::Context;
use zeroize::Zeroize;

use crate::{Engine, Error, Result};

/// What a mail says, to whom; it may hold a token, so it lies sealed until it is sent.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub struct Letter {
    /// Address.
    pub to: String,
    /// Name.
    pub name: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

impl Engine {
    /// A mail to a user, ready to be queued.
    pub(crate) fn compose(&self, user: &User, kind: Kind, token: Option<&str>) -> Result<Mail> {
        let now = self.clock.now();
        let id = MailId::at(now, self.random.bytes());
        let letter = letter(user, kind, &self.link(kind, token.unwrap_or_default()));
        let mut text = serde_json::to_vec(&letter).map_err(|error| Error::Internal(error.to_string()))?;
        let sealed = self.vault.seal_value(context(&id.bytes()), &text)?;
        text.zeroize();
        Ok(Mail { id, user: user.id, kind, sealed, tries: 0, due: now, created_at: now })
    }

    /// What a mail says.
    pub(super) fn letter(&self, mail: &Mail) -> Result<Letter> {
        let text = self.vault.open_value(context(&mail.id.bytes()), &mail.sealed)?;
        serde_json::from_slice(&text).map_err(|_| Error::Internal(format!("mail {} cannot be read", mail.id)))
    }

    /// Where a token is used: a page of the portal, or the bare token when there is none.
    pub fn link(&self, kind: Kind, token: &str) -> String {
        let page = if kind == Kind::Invitation { "invitation" } else { "reset" };
        match &self.options.mail.portal_url {
            Some(portal) => format!("{}/{page}?token={token}", portal.trim_end_matches('/')),
            None => token.to_owned(),
        }
    }
}

fn letter(user: &User, kind: Kind, link: &str) -> Letter {
    let name = format!("{} {}", user.first_name, user.last_name);
    let (subject, body) = match kind {
        Kind::Invitation => (
            "Your invitation to Recoup",
            format!(
                "you were invited to Recoup. Choose a password within seven days:\n\n{link}\n\nIf you did not expect this, \
                 ignore it: without a password nobody can log in."
            ),
        ),
        Kind::Reset => (
            "Choose a new password for Recoup",
            format!(
                "a new password for your Recoup account was asked for. Choose it within one hour:\n\n{link}\n\nIf it was not \
                 you, ignore this: your password stays as it is, unless an administrator has reset it."
            ),
        ),
        Kind::Blocked => (
            "Your Recoup account is blocked",
            "your Recoup account was blocked after ten failed logins. An owner or admin of your account can unblock it. If the \
             logins were not yours, tell them."
                .to_owned(),
        ),
    };
    Letter {
        to: user.email.clone(),
        name: plain(&name),
        subject: subject.to_owned(),
        text: format!("Hello {},\n\n{body}\n", plain(&name)),
    }
}

/// One line of text: names cannot add lines or headers.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn context(row: &[u8]) -> Context<'_> {
    Context { table: "mails", row, column: "sealed" }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn names_stay_on_their_line() {
        assert_eq!(plain("Ada\r\nBcc: all@example.com"), "Ada  Bcc: all@example.com");
    }
}
