//! Booking what the caller tried: the copy that counts as transmitted, the ledger row that the networks' limits count,
//! and the answer that the decision looks at.

use domain::{
    advice::{Advice, Card, Seen},
    change::Write,
    decline::Answer,
    id::TransmitId,
    intake::PriorAttempt,
    ledger::{Entry, Initiator, Origin, Outcome as Counted},
    payment::{Payment, Transaction},
    time::{DAY, Timestamp},
    transmit::{Outcome, Report, Transmit},
};

use super::change::Change;
use crate::{Engine, Result, transmit::answer_of};

/// One attempt of the caller's.
pub(super) struct Tried<'a> {
    /// The transaction.
    pub transaction: &'a Transaction,
    /// Whether it went through.
    pub approved: bool,
    /// Reported to this advice, or made before it.
    pub origin: Origin,
    /// A part was approved: the rest stays due, as with response code 10.
    pub is_part: bool,
}

impl Engine {
    /// Books an attempt on the card in use. What was transmitted before is not counted twice.
    pub(super) async fn book(&self, change: &mut Change<'_>, tried: &Tried<'_>) -> Result<()> {
        let at = tried_at(tried.transaction, change.now);
        if let Some(card) = change.advice.card().cloned() {
            let copy = self.copy_of_tried(change, tried, &card, at);
            // Some clients give every attempt the same id: what was reported here before was another attempt.
            let another = change.advice.seen.iter().any(|seen| seen.transaction_id == tried.transaction.id);
            if another || !self.is_known(&copy).await? {
                if let Some(entry) = self.ledger_entry(&copy) {
                    // The card is known here; what was sent need not tell its network.
                    change.set.push(Write::InsertLedger(Entry { network: card.network, ..entry }));
                }
                change.set.push(Write::InsertTransmitIfNew(Box::new(copy)));
            }
        }
        let answer = if tried.is_part { Answer::iso("10", None) } else { answer_of(tried.transaction) };
        let initiator = change.advice.initiator();
        change.advice.see(Seen {
            at,
            answer,
            origin: tried.origin,
            initiator,
            approved: tried.approved,
            transaction_id: tried.transaction.id.clone(),
        });
        Ok(())
    }

    /// Books attempts that were made before the advice was asked for.
    pub(super) fn book_earlier(&self, change: &mut Change<'_>, earlier: &[PriorAttempt]) {
        for prior in earlier {
            let at = prior.at.min(change.now);
            if let Some(card) = change.advice.card() {
                let entry = self.earlier_entry(&change.advice, card, prior, at);
                change.set.push(Write::InsertLedger(entry));
            }
            // An earlier approval was of something else: this payment is declined.
            if !prior.approved {
                change.advice.see(Seen {
                    at,
                    answer: prior.answer.clone(),
                    origin: Origin::Evaluated,
                    initiator: prior.initiator,
                    approved: false,
                    transaction_id: prior.transaction_id.clone(),
                });
            }
        }
    }

    fn earlier_entry(&self, advice: &Advice, card: &Card, prior: &PriorAttempt, at: Timestamp) -> Entry {
        Entry {
            mid: advice.mid,
            environment: advice.environment,
            card: card.key,
            at,
            id: TransmitId::at(self.clock.now(), self.random.bytes()).0,
            origin: Origin::Evaluated,
            initiator: prior.initiator,
            amount: prior.amount,
            network: card.network,
            outcome: if prior.approved { Counted::Approved } else { Counted::Declined },
            response_code: self.rules().iso_code(&prior.answer, at),
            advice_code: prior.answer.advice_code.clone(),
            order: None,
        }
    }

    fn copy_of_tried(&self, change: &Change<'_>, tried: &Tried<'_>, card: &Card, at: Timestamp) -> Transmit {
        let (advice, now) = (&change.advice, change.now);
        let transaction = tried.transaction.clone();
        let mut payment = Payment {
            is_mit: advice.initiator() == Initiator::Mit,
            transaction: Transaction {
                utc_offset_minutes: transaction.utc_offset_minutes.or(advice.payment.transaction.utc_offset_minutes),
                ..transaction
            },
            ..(*advice.payment).clone()
        };
        payment.method.token = card.token;
        Transmit {
            id: TransmitId::at(self.clock.now(), self.random.bytes()),
            version: 1,
            mid: advice.mid,
            environment: advice.environment,
            site: advice.site,
            matched_by: advice.matched_by,
            is_declined: !tried.approved,
            late: at + DAY < now,
            at,
            received_at: now,
            card: Some(card.key),
            order: None,
            sequence_number: None,
            outcomes: vec![Report {
                outcome: if tried.approved { Outcome::Approved } else { Outcome::Declined },
                amount: payment.transaction.amount,
                occurred_at: at,
                response_code: None,
                response_code_source: None,
                merchant_advice_code: None,
                reference: None,
                reason: None,
            }],
            payment: Box::new(payment),
        }
    }
}

/// When an attempt was made: as told, but not in the future; else now.
pub(super) fn tried_at(transaction: &Transaction, now: Timestamp) -> Timestamp {
    transaction.timestamp.unwrap_or(now).min(now)
}
