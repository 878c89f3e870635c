//! A processor behind the plain HTTP contract (`processor-http.md`): one POST per question, JSON both ways.

mod call;
mod news;
mod read;
mod settings;
pub(crate) mod wire;

use domain::{id::AttemptId, time::Timestamp};

use crate::{
    AccountUpdate, Answering, Authorization, Authorize, Capabilities, Capture, Captured, Failure, Inquiry, Processor, Refund,
    Refunded, UpdateAccount, Void, Voided, notification,
};

pub use settings::{BuildError, Settings};

/// The client of one processor account. Cheap to clone; connections are pooled per account.
#[derive(Debug, Clone)]
pub struct Client {
    settings: Settings,
    client: reqwest::Client,
}

impl Client {
    /// Builds the client; nothing is connected yet.
    pub fn new(settings: Settings) -> Result<Self, BuildError> {
        let client = settings.client()?;
        Ok(Self { settings, client })
    }
}

impl Processor for Client {
    fn authorize<'a>(&'a self, request: &'a Authorize) -> Answering<'a, Authorization> {
        Box::pin(async move {
            let body = wire::AuthorizeBody::of(request, self.settings.capabilities.reveal_card);
            let answer: wire::AuthorizeAnswer = self.post("authorize", &body).await.map_err(read::failure)?;
            answer.read(Some(request.amount.minor))
        })
    }

    fn inquire(&self, attempt: AttemptId, _at: Timestamp) -> Answering<'_, Inquiry> {
        Box::pin(async move {
            offers(self.settings.capabilities.inquire)?;
            match self.post::<wire::AuthorizeAnswer>("inquire", &wire::AttemptBody { attempt_id: attempt }).await {
                Ok(answer) => Ok(Inquiry::Found(Box::new(answer.read(None)?))),
                Err(refusal) if refusal.is_not_found() => Ok(Inquiry::NeverSeen),
                Err(refusal) => Err(read::failure(refusal)),
            }
        })
    }

    fn capture<'a>(&'a self, request: &'a Capture) -> Answering<'a, Captured> {
        Box::pin(async move {
            offers(self.settings.capabilities.capture)?;
            let answer: wire::CaptureAnswer =
                self.post("capture", &wire::CaptureBody::of(request)).await.map_err(read::failure)?;
            Ok(Captured { captured: answer.captured, error: answer.error })
        })
    }

    fn void<'a>(&'a self, request: &'a Void) -> Answering<'a, Voided> {
        Box::pin(async move {
            offers(self.settings.capabilities.void)?;
            let body = wire::AttemptBody { attempt_id: request.attempt };
            let answer: wire::VoidAnswer = self.post("void", &body).await.map_err(read::failure)?;
            Ok(Voided { voided: answer.voided })
        })
    }

    fn refund<'a>(&'a self, request: &'a Refund) -> Answering<'a, Refunded> {
        Box::pin(async move {
            offers(self.settings.capabilities.refund)?;
            let answer: wire::RefundAnswer = self.post("refund", &wire::RefundBody::of(request)).await.map_err(read::failure)?;
            Ok(Refunded { refunded: answer.refunded, response_code: answer.response_code })
        })
    }

    fn update_account<'a>(&'a self, request: &'a UpdateAccount) -> Answering<'a, AccountUpdate> {
        Box::pin(async move {
            offers(self.settings.capabilities.updater)?;
            match self.post::<wire::UpdateAnswer>("account_updater", &wire::UpdateBody::of(request)).await {
                Ok(answer) => answer.read(),
                Err(refusal) if refusal.is_not_found() => Err(Failure::NotOffered),
                Err(refusal) => Err(read::failure(refusal)),
            }
        })
    }

    fn parse_notification(&self, sent: &notification::Sent<'_>) -> Result<notification::Notification, notification::Refused> {
        let secret = self.settings.notification_secret.as_ref().ok_or(notification::Refused::NotOffered)?;
        let id = secret.check(sent)?;
        let (kind, news) = news::read(sent.body)?;
        Ok(notification::Notification { id, kind, news })
    }

    fn health(&self) -> Answering<'_, ()> {
        Box::pin(async move {
            let answer: wire::HealthAnswer = self.get("health").await.map_err(read::failure)?;
            if answer.ok {
                Ok(())
            } else {
                Err(Failure::NotSent { detail: "the processor says it is not well".to_owned(), retry_after: None })
            }
        })
    }

    fn capabilities(&self) -> Capabilities {
        self.settings.capabilities
    }

    fn name(&self) -> &str {
        &self.settings.name
    }
}

/// What an account does not offer is not asked.
fn offers(offered: bool) -> Result<(), Failure> {
    if offered { Ok(()) } else { Err(Failure::NotOffered) }
}
