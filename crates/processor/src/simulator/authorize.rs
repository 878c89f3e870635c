//! One attempt: judged by the tables or by a simulated issuer, written, then answered.

use std::time::Duration;

use domain::{id::AttemptId, settings, time::Timestamp};

use super::{
    Simulator,
    book::{Attempt, Credential, Error, Page},
    draw::{CardHash, Draw, For},
    history::History,
    issuer::{self, presented::Presented},
    judgement::{Judgement, Telling},
    magic::{self, number::Pattern},
};
use crate::{Authorization, Authorize, Failure, UpdatedCard};

/// An attempt that is in the book, and how its answer goes out.
pub(super) struct Settled {
    pub told: Result<Authorization, Failure>,
    pub delay: Duration,
}

impl Simulator {
    /// Judges and writes an attempt under one lock of the book; the same id gets the answer of the first time.
    pub(super) fn settle(&self, request: &Authorize) -> Result<Settled, Error> {
        self.book.page().atomically(|page| {
            if let Some(attempt) = page.attempt(request.attempt)?.filter(|attempt| !may_come_again(attempt)) {
                return Ok(Settled { told: self.told_again(request, attempt.judgement), delay: Duration::ZERO });
            }
            let judgement = self.judge(request, page)?;
            let card = self.card_hash(request);
            page.write(request, card, &judgement)?;
            if !judgement.approved {
                page.write_credential(CardHash::of_token(self.seed, &request.token), &credential(request, card))?;
            }
            Ok(Settled { delay: judgement.delay, told: self.told(request, judgement) })
        })
    }

    fn judge(&self, request: &Authorize, page: &Page<'_>) -> Result<Judgement, Error> {
        let order = History::new(request.order_placed_at, page.of_order(request.order)?);
        let mut judgement = match magic::judge::judge(request, &order) {
            Some(judgement) => judgement,
            None => self.judge_outside_tables(request, page, &order)?,
        };
        let minor = judgement.approved_minor.unwrap_or(request.amount.minor);
        if judgement.approved && order.would_overcharge(request.amount.minor, minor) {
            judgement.breach = Some("charged although the order is already paid".to_owned());
        }
        Ok(judgement)
    }

    fn judge_outside_tables(&self, request: &Authorize, page: &Page<'_>, order: &History) -> Result<Judgement, Error> {
        let is_test_card = request.card.as_ref().is_none_or(|card| magic::is_test_card(card.number.reveal()));
        if request.simulator == settings::Simulator::Magic || !is_test_card {
            return Ok(Judgement::declined("14", None));
        }
        let card = self.card_hash(request);
        let history = History::new(Timestamp::EPOCH, page.of_card(card, request.at)?);
        let judgement = issuer::judge::judge(&Presented::of(&issuer::DOMESTIC, self.seed, request, card), &history);
        Ok(judgement.breaching(issuer::breach::rule(request, order)))
    }

    fn card_hash(&self, request: &Authorize) -> CardHash {
        request.card.as_ref().map_or_else(
            || CardHash::of_token(self.seed, &request.token),
            |card| CardHash::of_number(self.seed, card.number.reveal()),
        )
    }

    fn told(&self, request: &Authorize, judgement: Judgement) -> Result<Authorization, Failure> {
        match judgement.telling {
            Telling::Lost | Telling::Unseen | Telling::Blind => Err(Failure::unknown("connection lost")),
            Telling::Duplicate => {
                Ok(self.answer(request.attempt, Judgement::declined("94", None), request.credential_version, &request.last4))
            }
            Telling::Plain | Telling::Tombstone => {
                Ok(self.answer(request.attempt, judgement, request.credential_version, &request.last4))
            }
        }
    }

    /// A connection is lost once: the same attempt sent again gets the answer that was meant.
    fn told_again(&self, request: &Authorize, judgement: Judgement) -> Result<Authorization, Failure> {
        let telling = if judgement.telling == Telling::Lost { Telling::Plain } else { judgement.telling };
        self.told(request, judgement.told(telling))
    }

    /// The answer in the contract's words.
    pub(super) fn answer(&self, attempt: AttemptId, judgement: Judgement, version: u32, last4: &str) -> Authorization {
        let mut draw = Draw::new(self.seed, For::Transaction, attempt.0.as_u64_pair().0, attempt.0.as_u64_pair().1);
        Authorization {
            approved: judgement.approved,
            response_code: judgement.code,
            advice_code: judgement.advice,
            avs: judgement.avs,
            cvv: judgement.cvv,
            approved_amount_minor: judgement.approved_minor,
            network_transaction_id: judgement.approved.then(|| format!("{:015}", draw.word() % 1_000_000_000_000_000)),
            processor_reference: Some(format!("sim_{}", attempt.0.simple())),
            updated_card: judgement.updated_expiry.map(|(month, year)| updated(month, year, version, last4)),
            three_d_secure_required: judgement.step_up,
        }
    }
}

/// An attempt that never reached the issuer may come again, unless it was voided meanwhile.
fn may_come_again(attempt: &Attempt) -> bool {
    attempt.judgement.telling.never_reached_issuer() && !attempt.voided
}

fn credential(request: &Authorize, card: CardHash) -> Credential {
    let pattern = request.card.as_ref().and_then(|card| Pattern::read(card.number.reveal()));
    Credential {
        card,
        bin: request.bin.chars().take(8).collect(),
        last4: request.last4.chars().take(4).collect(),
        scenario: pattern.map(|pattern| (pattern.scenario, pattern.parameter)),
        version: request.credential_version,
    }
}

fn updated(month: u8, year: u16, version: u32, last4: &str) -> UpdatedCard {
    UpdatedCard {
        exp_month: Some(month),
        exp_year: Some(year),
        last4: Some(last4.to_owned()),
        number: None,
        credential_version: version.max(1) + 1,
    }
}
