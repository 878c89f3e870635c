//! Look-up, capture, void and refund, from the book.

use domain::{
    id::AttemptId,
    time::{DAY, Timestamp},
};

use super::{
    Simulator,
    book::{Attempt, Judged, Page},
    judgement::{Refuses, Telling},
};
use crate::{Capture, Captured, Failure, Inquiry, Refund, Refunded, Void, Voided};

/// What a refused refund answers: the code that the wire gives it too.
const REFUND_REFUSED: &str = "2004";
/// A refund above what was captured (ISO 8583: invalid amount), or of what was never captured.
const INVALID_AMOUNT: &str = "13";

impl Simulator {
    pub(super) fn look_up(&self, id: AttemptId, at: Timestamp) -> Result<Inquiry, Failure> {
        let page = self.book.page();
        let at = told_time(at, &page)?;
        let found = page.attempt(id)?;
        let (inquiry, result) = match found {
            None => (Ok(Inquiry::NeverSeen), "never seen"),
            Some(attempt) => self.seen(id, attempt, at),
        };
        page.log(at, "inquire", Some(id), None, result)?;
        inquiry
    }

    fn seen(&self, id: AttemptId, attempt: Attempt, at: Timestamp) -> (Result<Inquiry, Failure>, &'static str) {
        match attempt.judgement.telling {
            Telling::Blind if at < attempt.at + DAY => (Err(Failure::unknown("look-up failed")), "failed"),
            Telling::Unseen | Telling::Blind => (Ok(Inquiry::NeverSeen), "never seen"),
            Telling::Plain | Telling::Lost | Telling::Duplicate | Telling::Tombstone => {
                let answer = self.answer(id, attempt.judgement, 1, "");
                let result = if answer.approved { "approved" } else { "declined" };
                (Ok(Inquiry::Found(Box::new(answer))), result)
            }
        }
    }

    pub(super) fn collect(&self, request: &Capture) -> Result<Captured, Failure> {
        let page = self.book.page();
        let at = told_time(request.at, &page)?;
        let refusal =
            page.attempt(request.attempt)?.map_or(Some("unknown attempt"), |attempt| capture_refusal(request, &attempt));
        if refusal.is_none() {
            page.set_captured(request.attempt, request.amount.minor)?;
        }
        page.log(at, "capture", Some(request.attempt), Some(request.amount.minor), refusal.unwrap_or("captured"))?;
        Ok(Captured { captured: refusal.is_none(), error: refusal.map(str::to_owned) })
    }

    pub(super) fn release(&self, request: &Void) -> Result<Voided, Failure> {
        let page = self.book.page();
        let at = told_time(request.at, &page)?;
        let (voided, result) = match page.attempt(request.attempt)? {
            None => {
                page.write_tombstone(request.attempt, at)?;
                (true, "never seen")
            }
            Some(attempt) if attempt.refunded > 0 => (false, "already refunded"),
            Some(_) => {
                page.set_voided(request.attempt)?;
                (true, "voided")
            }
        };
        page.log(at, "void", Some(request.attempt), None, result)?;
        Ok(Voided { voided })
    }

    pub(super) fn pay_back(&self, request: &Refund) -> Result<Refunded, Failure> {
        let page = self.book.page();
        if let Some(judged) = page.refund(request.refund)? {
            return Ok(Refunded { refunded: judged.refunded, response_code: judged.code });
        }
        let at = told_time(request.at, &page)?;
        let code = page.attempt(request.attempt)?.map_or(Some(INVALID_AMOUNT), |attempt| refund_refusal(request, &attempt));
        let judged = Judged { refunded: code.is_none(), code: code.map(str::to_owned) };
        page.write_refund(request, &judged)?;
        page.log(at, "refund", Some(request.attempt), Some(request.amount.minor), code.unwrap_or("refunded"))?;
        Ok(Refunded { refunded: judged.refunded, response_code: judged.code })
    }
}

/// Some calls of the HTTP contract tell no time; the newest attempt's then stands for it.
fn told_time(at: Timestamp, page: &Page<'_>) -> Result<Timestamp, Failure> {
    if at == Timestamp::EPOCH { Ok(page.latest_at()?) } else { Ok(at) }
}

fn capture_refusal(request: &Capture, attempt: &Attempt) -> Option<&'static str> {
    let approved_minor = attempt.judgement.approved_minor.unwrap_or(attempt.amount.minor);
    match () {
        () if !attempt.judgement.approved => Some("not authorised"),
        () if attempt.voided => Some("voided"),
        () if attempt.judgement.refuses == Refuses::Capture => Some("refused by the issuer"),
        () if request.amount.currency != attempt.amount.currency => Some("other currency"),
        () if request.amount.minor <= 0 || request.amount.minor > approved_minor => Some("not the authorised amount"),
        () if attempt.captured > 0 && attempt.captured != request.amount.minor => Some("already captured"),
        () => None,
    }
}

fn refund_refusal(request: &Refund, attempt: &Attempt) -> Option<&'static str> {
    let left = if attempt.voided { 0 } else { attempt.captured - attempt.refunded };
    match () {
        () if attempt.judgement.refuses == Refuses::Refund => Some(REFUND_REFUSED),
        () if request.amount.currency != attempt.amount.currency => Some(INVALID_AMOUNT),
        () if request.amount.minor <= 0 || request.amount.minor > left => Some(INVALID_AMOUNT),
        () => None,
    }
}
