//! Giving an approval back: a durable job that goes on until the processor confirms.

use domain::{
    attempt::{Attempt, Reversal},
    change::{ChangeSet, Expectation, Write},
    id::AttemptId,
    order::State,
    time::Timestamp,
    timer::{self, Leased, Timer},
};
use processor::Void;

use crate::{Engine, Result, commit::Change, waits};

/// Waits between tries, seconds; the last one repeats.
const WAITS_SECS: [u64; 7] = [5, 30, 60, 300, 900, 1_800, 3_600];

/// Marks an attempt to be given back, and sets the job that does it.
pub(super) fn ask_reversal(change: &mut Change<'_>, attempt: &mut Attempt) {
    attempt.reversal = Some(Reversal { asked_at: change.now, done_at: None });
    change.set.push(Write::SetTimer(reversal_timer(attempt, change.now)));
}

fn reversal_timer(attempt: &Attempt, due: Timestamp) -> Timer {
    Timer {
        kind: timer::Kind::Reversal,
        subject: attempt.id.0,
        mid: attempt.mid,
        environment: attempt.environment,
        due,
        tries: 0,
    }
}

impl Engine {
    /// Asks in this change for the order's authorisation to be given back.
    pub(crate) async fn give_back(&self, change: &mut Change<'_>) -> Result<()> {
        let State::Authorized { attempt, .. } = change.order.state else { return Ok(()) };
        let Some(mut attempt) = self.store.attempt(attempt).await? else { return Ok(()) };
        attempt.version += 1;
        ask_reversal(change, &mut attempt);
        change.order.authorized_minor = 0;
        change.order.paid_by = None;
        change.set.push(Write::UpdateAttempt(Box::new(attempt)));
        Ok(())
    }

    /// Tries to give an approval back.
    pub(crate) async fn reverse(&self, leased: &Leased, now: Timestamp) -> Result<()> {
        let id = AttemptId(leased.timer.subject);
        let clear = Write::ClearTimer { kind: timer::Kind::Reversal, subject: id.0 };
        let Some(mut attempt) = self.store.attempt(id).await? else {
            return self.store.apply(ChangeSet::new().with(clear)).await.map_err(Into::into);
        };
        let Some(reversal) = attempt.reversal.filter(|reversal| reversal.done_at.is_none()) else {
            return self.store.apply(ChangeSet::new().with(clear)).await.map_err(Into::into);
        };
        let chosen = self.processor_of(attempt.processor).await?;
        let voided = chosen.client.void(&Void { attempt: id, at: now }).await;
        let mut set = ChangeSet::new();
        set.expect(Expectation::Lease { kind: timer::Kind::Reversal, subject: id.0, lease: leased.lease });
        if voided.as_ref().is_ok_and(|answer| answer.voided) {
            attempt.reversal = Some(Reversal { done_at: Some(now), ..reversal });
            attempt.version += 1;
            set.push(Write::UpdateAttempt(Box::new(attempt)));
            set.push(clear);
        } else {
            tracing::warn!(attempt = %id, tries = leased.timer.tries, "an approval could not be given back yet");
            metrics::counter!("recoup_reversals_failed_total").increment(1);
            let wait = waits::after(leased.timer.tries, &WAITS_SECS);
            set.push(Write::SetTimer(Timer { due: now + wait, tries: leased.timer.tries, ..leased.timer.clone() }));
        }
        // A lost lease means that somebody else is at it; voiding twice is harmless.
        self.apply(set).await.map(|_| ())
    }
}
