//! Sending what is queued.

use std::{sync::Arc, time::Duration};

use domain::{
    change::{ChangeSet, Write},
    id::LeaseToken,
    mail::Mail,
};

use super::post::{Office, Post};
use crate::{Engine, Error, Result};

/// Mails claimed at once.
const BATCH: u32 = 16;
/// Waits before the second and later tries, seconds.
const WAITS_SECS: [u64; 7] = [30, 120, 600, 1_800, 7_200, 21_600, 43_200];
/// Tries of one mail, at most.
const TRIES_MAX: u32 = 8;
/// How often the queue is looked at when nothing wakes the worker, seconds.
const POLL_SECS: u64 = 5;

/// Sends mails until the engine drains.
pub async fn run(engine: Arc<Engine>) {
    let Some(office) = engine.open_post() else { return };
    while !engine.is_draining() {
        match engine.send_mails(&office).await {
            Ok(0) => {
                let _ = tokio::time::timeout(Duration::from_secs(POLL_SECS), engine.wake_mails.notified()).await;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "mails could not be claimed");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

impl Engine {
    fn open_post(&self) -> Option<Office> {
        let post = self.options.mail.post.as_ref()?;
        if let Post::Folder(folder) = post {
            tracing::info!(folder = %folder.display(), "no mail server is configured: mails are written to files");
        }
        post.open().map_err(|error| tracing::error!(error, "mails cannot be sent")).ok()
    }

    /// Sends what is due; tells how many were tried.
    async fn send_mails(&self, office: &Office) -> Result<usize> {
        let now = self.clock.now();
        let lease = LeaseToken::at(now, self.random.bytes());
        let lease_for = Duration::from_secs(self.options.lease_secs.into()).max(Duration::from_secs(600));
        let mails = self.store.claim_mails(now, lease_for, BATCH, lease).await?;
        let count = mails.len();
        for mail in mails {
            self.send_mail(office, mail).await?;
        }
        Ok(count)
    }

    async fn send_mail(&self, office: &Office, mut mail: Mail) -> Result<()> {
        let letter = self.letter(&mail);
        let sent = match &letter {
            Ok(letter) => office.send(mail.id, mail.created_at, self.options.mail.from.as_deref(), letter).await,
            Err(error) => Err(error.to_string()),
        };
        mail.tries += 1;
        let write = match sent {
            Ok(()) => Write::DeleteMail { id: mail.id },
            Err(error) if mail.tries >= TRIES_MAX => {
                tracing::error!(mail = %mail.id, user = %mail.user, kind = %mail.kind, error, "a mail was given up");
                Write::DeleteMail { id: mail.id }
            }
            Err(error) => {
                tracing::warn!(mail = %mail.id, user = %mail.user, kind = %mail.kind, error, "a mail could not be sent; it is tried again");
                let wait = WAITS_SECS[(mail.tries as usize - 1).min(WAITS_SECS.len() - 1)];
                mail.due = self.clock.now() + Duration::from_secs(wait);
                Write::UpdateMail(Box::new(mail))
            }
        };
        self.store.apply(ChangeSet::new().with(write)).await.map_err(Error::from)
    }
}
