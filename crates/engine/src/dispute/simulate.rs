//! The sandbox's card 9506 (`wire-api` §14.3): approved, and charged back days later. A timer remembers it.

use std::time::Duration;

use domain::{
    attempt::Attempt,
    change::Write,
    id::AttemptId,
    order::Order,
    time::{DAY, Timestamp},
    timer::{Kind, Leased, Timer},
};
use processor::simulator::magic;

use super::{
    find::{About, Source},
    take::Notice,
};
use crate::{Engine, Result, commit::Change};

/// The reason of simulated chargebacks: other fraud, card absent.
const REASON: &str = "10.4";
/// How long a simulated chargeback can be answered, days.
const ANSWER_DAYS: u32 = 30;
/// How often an order that is authorised and not yet captured is looked at again.
const UNCAPTURED_LOOK: Duration = DAY;

impl Engine {
    /// Sets the timer of the chargeback that follows an approval of the sandbox's card.
    pub(crate) async fn foresee_chargeback(&self, change: &mut Change<'_>, attempt: &Attempt) -> Result<()> {
        if !change.order.is_test() || !may_be_scenario(&change.order) {
            return Ok(());
        }
        let Some(card) = self.store.card(attempt.token).await? else { return Ok(()) };
        let number = self.open_number(&card).await?;
        let Some(days) = magic::chargeback_after_days(number.reveal()) else { return Ok(()) };
        let due = change.now + DAY * u32::from(days);
        change.set.push(Write::SetTimer(timer(attempt, due)));
        Ok(())
    }

    /// The days are over: the payment is charged back, unless nothing was captured.
    pub(crate) async fn charge_back(&self, leased: &Leased, now: Timestamp) -> Result<()> {
        let id = AttemptId(leased.timer.subject);
        let attempt = self.store.attempt(id).await?;
        let order = match &attempt {
            Some(attempt) => self.store.order(attempt.order).await?,
            None => None,
        };
        let paid = |order: &Order| order.paid_by == Some(id) && order.captured_minor > 0;
        match (attempt, order) {
            (Some(_), Some(order)) if paid(&order) => {
                self.take_chargeback(source(&order), &About::Attempt(id), notice(id, now)).await?;
                self.drop_job(Kind::Chargeback, id.0).await
            }
            (Some(attempt), Some(order)) if order.state.code().is_open() && order.paid_by == Some(id) => {
                self.move_timer(leased, timer(&attempt, now + UNCAPTURED_LOOK)).await
            }
            _ => self.drop_job(Kind::Chargeback, id.0).await,
        }
    }
}

/// The digits that are shown tell whether the number may be one of the pattern; only then it is opened.
fn may_be_scenario(order: &Order) -> bool {
    order.credential().is_some_and(|card| card.bin.get(6..8) == Some("10"))
}

const fn source(order: &Order) -> Source {
    Source { environment: order.environment, processor: None }
}

fn notice(attempt: AttemptId, now: Timestamp) -> Notice {
    Notice {
        reference: format!("simulated/{attempt}"),
        amount_minor: None,
        currency: None,
        reason_code: Some(REASON.into()),
        stage: None,
        received_at: Some(now),
        due_at: Some(now + DAY * ANSWER_DAYS),
        arn: None,
    }
}

fn timer(attempt: &Attempt, due: Timestamp) -> Timer {
    Timer { kind: Kind::Chargeback, subject: attempt.id.0, mid: attempt.mid, environment: attempt.environment, due, tries: 0 }
}
