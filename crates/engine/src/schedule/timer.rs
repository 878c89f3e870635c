//! One timer, worked: what it points at decides what is done.

use std::sync::Arc;

use domain::{
    change::{ChangeSet, Expectation, Write},
    id::{AdviceId, OrderId, TokenId},
    time::Timestamp,
    timer::{Kind, Leased, Timer},
};

use crate::{Engine, Result};

impl Engine {
    /// Works a claimed timer. An error leaves it leased: it is claimed again when the lease runs out.
    pub(super) async fn work(self: &Arc<Self>, leased: &Leased, now: Timestamp) -> Result<()> {
        match leased.timer.kind {
            Kind::Order => self.work_order(leased, now).await,
            Kind::Reversal => self.reverse(leased, now).await,
            Kind::Refund => self.resume_refund(leased, now).await,
            Kind::Capture => self.resume_capture(leased, now).await,
            Kind::Cvv => self.wipe(leased, now).await,
            Kind::Dispute => self.stop_disputed_again(leased).await,
            Kind::Block => self.stop_blocked_again(leased).await,
            Kind::Chargeback => self.charge_back(leased, now).await,
            Kind::Learn => self.learn_again(leased, now).await,
            Kind::Advice => self.work_advice(leased, now).await,
            Kind::Settlement => self.work_settlement(leased, now).await,
        }
    }

    async fn work_order(self: &Arc<Self>, leased: &Leased, now: Timestamp) -> Result<()> {
        let id = OrderId(leased.timer.subject);
        let Some(order) = self.store.order(id).await? else { return self.drop_timer(leased).await };
        if !order.state.code().is_open() {
            return self.drop_timer(leased).await;
        }
        let under_way = match order.state {
            domain::order::State::Attempting { attempt, .. } | domain::order::State::Reconciling { attempt, .. } => {
                Some(attempt).filter(|attempt| self.attempts.has(attempt))
            }
            _ => None,
        };
        match under_way {
            // The attempt's own task records the answer and sets the timer anew.
            Some(attempt) => {
                self.attempts.left(&attempt).await;
                Ok(())
            }
            None => self.step(order, now).await.map(|_| ()),
        }
    }

    async fn work_advice(&self, leased: &Leased, now: Timestamp) -> Result<()> {
        let id = AdviceId(leased.timer.subject);
        match self.store.advice(id).await?.filter(|advice| advice.state.is_open()) {
            Some(_) => self.step_advice(id, now).await,
            None => self.drop_timer(leased).await,
        }
    }

    async fn wipe(&self, leased: &Leased, now: Timestamp) -> Result<()> {
        let token = TokenId(leased.timer.subject);
        let real = self.clock.now();
        match self.store.cvv(token).await?.filter(|row| row.expires_at > real) {
            // Vaulted anew meanwhile: look again when its time is over.
            Some(row) => self.move_timer(leased, Timer { due: now + row.expires_at.since(real), ..leased.timer.clone() }).await,
            None => {
                let clear = Write::ClearTimer { kind: Kind::Cvv, subject: token.0 };
                Ok(self.store.apply(ChangeSet::new().with(Write::WipeCvv { token }).with(clear)).await?)
            }
        }
    }

    async fn drop_timer(&self, leased: &Leased) -> Result<()> {
        let Leased { timer, lease } = leased;
        let mut set = ChangeSet::new().with(Write::ClearTimer { kind: timer.kind, subject: timer.subject });
        set.expect(Expectation::Lease { kind: timer.kind, subject: timer.subject, lease: *lease });
        self.apply(set).await.map(|_| ())
    }
}
