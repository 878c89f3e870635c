//! What a processor tells of its own accord: results of attempts and refunds, and chargebacks. Taken only with the
//! account's signature, once for each id, and never over what is settled.

use std::sync::Arc;

use domain::{
    attempt::{Answered, Attempt, Progress, Verdict},
    change::{ChangeSet, Conflict, Write},
    fault::Faults,
    id::{AttemptId, ProcessorId, RefundId},
    notification::{Notification, Outcome},
    refund,
    route::Account,
};
use http::HeaderMap;
use processor::{
    Authorization, Refunded,
    notification::{Chargeback, News, Refused, Sent},
};
use uuid::Uuid;

use crate::{
    Engine, Error, Result,
    dispute::{About, Notice, Source},
};

impl Engine {
    /// Takes a notification of an account. Durable when it answers `Ok`; the same id again changes nothing.
    pub async fn take_notification(self: &Arc<Self>, account: ProcessorId, headers: &HeaderMap, body: &[u8]) -> Result<Outcome> {
        self.admit()?;
        let routing = self.tenants.routing().await?;
        let account = routing.accounts.iter().find(|known| known.id == account).ok_or(Error::SignatureRefused)?;
        let sent = Sent { headers, body, now: self.clock.now() };
        let told = self.client_of(account)?.parse_notification(&sent).map_err(|refused| refusal(account, refused))?;
        let scope = self.hasher.of(&[b"notification", &account.id.bytes(), told.id.as_bytes()]);
        let _one_at_a_time = self.requests.enter(scope).ok_or(Error::InProgress)?;
        if let Some(known) = self.store.notification(account.id, &told.id).await? {
            return Ok(known.outcome);
        }
        let (subject, outcome, detail) = self.take_news(account, &told.news).await?;
        metrics::counter!("recoup_processor_notifications_total", "outcome" => outcome.as_str()).increment(1);
        if matches!(outcome, Outcome::Contradicting | Outcome::Unknown) {
            tracing::error!(processor = account.name, notification = told.id, kind = told.kind, subject = ?subject, detail, "a notification was not applied: {outcome}");
        }
        let row =
            Notification { processor: account.id, id: told.id, kind: told.kind, subject, outcome, detail, received_at: sent.now };
        match self.apply(ChangeSet::new().with(Write::InsertNotification(Box::new(row)))).await? {
            // Another process took the same one at the same time; what it says was applied once by the row it is about.
            Ok(()) | Err(Conflict::Taken { .. }) => Ok(outcome),
            Err(other) => Err(Error::Internal(other.to_string())),
        }
    }

    async fn take_news(self: &Arc<Self>, account: &Account, news: &News) -> Result<(Option<Uuid>, Outcome, String)> {
        Ok(match news {
            News::Attempt { attempt, answer } => {
                let outcome = self.attempt_told(account, *attempt, answer).await?;
                (Some(attempt.0), outcome, said(answer))
            }
            News::Refund { refund, answer } => {
                let outcome = self.refund_told(account, *refund, answer).await?;
                (Some(refund.0), outcome, if answer.refunded { "refunded" } else { "not refunded" }.to_owned())
            }
            News::Chargeback(told) => {
                let outcome = self.chargeback_told(account, told).await?;
                (told.attempt.map(|attempt| attempt.0), outcome, format!("{} {}", told.reference, told.reason_code))
            }
            News::Other => (None, Outcome::Ignored, String::new()),
        })
    }

    /// Settles an unknown attempt exactly as a look-up would.
    async fn attempt_told(self: &Arc<Self>, account: &Account, id: AttemptId, answer: &Authorization) -> Result<Outcome> {
        let Some(attempt) = self.attempt_of(account, id).await? else { return Ok(Outcome::Unknown) };
        match &attempt.progress {
            Progress::Answered(known) => Ok(compared(says_the_same(&attempt, known, answer))),
            // It was never counted: neither an approval nor a decline may come of it any more.
            Progress::Released { .. } => Ok(Outcome::Contradicting),
            // The call itself is still open and brings the same answer; if it does not, the sender comes again.
            Progress::Reserved | Progress::Unknown { .. } if self.attempts.has(&id) => Err(Error::InProgress),
            Progress::Reserved | Progress::Unknown { .. } => {
                let order = self.store.order(attempt.order).await?.ok_or(Error::NotFound)?;
                let tenant = self.tenants.get(order.mid).await?.ok_or(Error::NotFound)?;
                self.settle_told(order, attempt, &tenant, answer).await?;
                Ok(Outcome::Applied)
            }
        }
    }

    async fn refund_told(self: &Arc<Self>, account: &Account, id: RefundId, answer: &Refunded) -> Result<Outcome> {
        let Some(refund) = self.store.refund(id).await? else { return Ok(Outcome::Unknown) };
        if self.attempt_of(account, refund.attempt).await?.is_none() {
            return Ok(Outcome::Unknown);
        }
        let now = self.now_for(refund.mid, refund.environment);
        Ok(match refund.state {
            refund::State::Pending => {
                self.record_refund(id, answer.refunded, answer.response_code.clone(), now).await?;
                Outcome::Applied
            }
            refund::State::Success => compared(answer.refunded),
            refund::State::Failed => compared(!answer.refunded),
        })
    }

    /// Hands a dispute on; an account speaks of its own attempts only.
    async fn chargeback_told(&self, account: &Account, told: &Chargeback) -> Result<Outcome> {
        let named = (told.attempt, &told.arn, &told.network_transaction_id);
        let about = match named {
            (Some(attempt), ..) => About::Attempt(attempt),
            (_, Some(arn), _) => About::Arn(arn.clone()),
            (.., Some(id)) => About::NetworkTransaction(id.clone()),
            (None, None, None) => return Ok(Outcome::Unknown),
        };
        let notice = Notice {
            reference: told.reference.clone(),
            amount_minor: Some(told.amount.minor),
            currency: Some(told.amount.currency),
            reason_code: Some(told.reason_code.clone()),
            stage: told.stage,
            received_at: told.received_at,
            due_at: told.due_at,
            arn: told.arn.clone(),
        };
        let source = Source { environment: account.environment, processor: Some(account.id) };
        match self.take_chargeback(source, &about, notice).await {
            Ok(reported) if reported.changed => Ok(Outcome::Applied),
            Ok(_) => Ok(Outcome::Repeated),
            Err(Error::NotFound) => Ok(Outcome::Unknown),
            Err(Error::State { .. } | Error::Taken(_)) => Ok(Outcome::Contradicting),
            Err(other) => Err(other),
        }
    }

    /// An attempt that was made on this account; those of others are as good as unknown.
    pub(super) async fn attempt_of(&self, account: &Account, id: AttemptId) -> Result<Option<Attempt>> {
        Ok(self.store.attempt(id).await?.filter(|attempt| attempt.processor == Some(account.id)))
    }
}

fn refusal(account: &Account, refused: Refused) -> Error {
    tracing::warn!(processor = account.name, %refused, "a notification was refused");
    match refused {
        Refused::NotOffered | Refused::Forged | Refused::Stale => Error::SignatureRefused,
        Refused::Unreadable(what) => {
            let mut faults = Faults::new();
            faults.add("$", what);
            Error::Invalid(faults)
        }
    }
}

const fn compared(same: bool) -> Outcome {
    if same { Outcome::Repeated } else { Outcome::Contradicting }
}

/// Approved or not, and for how much; a declined attempt may be told with another code.
fn says_the_same(attempt: &Attempt, known: &Answered, told: &Authorization) -> bool {
    let told_minor = if told.approved { told.approved_amount_minor.unwrap_or(attempt.amount.minor) } else { 0 };
    let known_minor = if known.verdict == Verdict::Declined { 0 } else { known.approved_minor };
    told_minor.min(attempt.amount.minor) == known_minor
}

fn said(answer: &Authorization) -> String {
    let word = if answer.approved { "approved" } else { "declined" };
    match answer.approved_amount_minor {
        Some(minor) => format!("{word} {} for {minor}", answer.response_code),
        None => format!("{word} {}", answer.response_code),
    }
}
