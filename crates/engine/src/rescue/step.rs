//! One step of an order: whatever its state says is due now. Safe to run at any time, any number of times.

use std::sync::Arc;

use domain::{
    channel::Mode,
    decline::Reason,
    limits::{Permit, Planned},
    order::{Actor, Awaited, Ending, Happening, Order, State},
    time::Timestamp,
};

use super::{
    Send, Sent,
    attempt::counted_rows,
    end::{finish, stop},
    log::kept,
    next::{Next, Step, follow},
};
use crate::{Engine, Result, commit::Change, tenants::Tenant};

impl Engine {
    /// Does what is due and gives the order as it then stands. An attempt that is made is awaited.
    pub(crate) async fn step(self: &Arc<Self>, order: Order, now: Timestamp) -> Result<Order> {
        let Some(tenant) = self.tenants.get(order.mid).await? else { return Ok(order) };
        let over = now >= order.expires_at;
        match order.state.clone() {
            State::Received
            | State::Evaluating
            | State::Scheduled { .. }
            | State::Waiting { .. }
            | State::Held { .. }
            | State::Faulted { .. }
                if over =>
            {
                self.expire(order, &tenant, now).await
            }
            State::Scheduled { at } if now >= at => self.due(order, &tenant, now).await,
            State::Received | State::Evaluating => self.replan(order, &tenant, now).await,
            State::Waiting { on: Awaited::Updater, .. } => self.consult_updater(order, &tenant, now).await,
            State::Held { .. } => self.look_whether_to_release(order, &tenant, now).await,
            State::Attempting { attempt, deadline } if now >= deadline => self.inquire(order, &tenant, attempt, now).await,
            State::Reconciling { attempt, next_inquiry, .. } if now >= next_inquiry => {
                self.inquire(order, &tenant, attempt, now).await
            }
            State::Challenged { expires_at, .. } if now >= expires_at => {
                self.end(order, &tenant, now, Reason::CustomerAction).await
            }
            State::Authorized { capture_before, capturing: false, .. } if now >= capture_before => {
                self.void_uncaptured(order, &tenant, now).await
            }
            // A timer that fired early, or twice: set it again as the state says.
            _ => self.commit_or_reread(Change::of(order, &tenant, now)).await,
        }
    }

    /// The planned moment has come: attempt, unless the ledger or the channel says otherwise now.
    async fn due(self: &Arc<Self>, order: Order, tenant: &Arc<Tenant>, now: Timestamp) -> Result<Order> {
        if !tenant.works(&order) {
            return self.hold(order, tenant, now).await;
        }
        if let Some(why) = self.forbidden(tenant, &order, now).await? {
            return self.end_forbidden(order, tenant, now, why).await;
        }
        let ledger = self.card_ledger(&order, now).await?;
        let Some(credential) = order.credential() else { return self.end(order, tenant, now, Reason::DataMissing).await };
        let planned = Planned {
            at: now,
            network: credential.network,
            initiator: order.initiator(),
            amount: domain::money::Money::new(order.remaining_minor(), order.amount.currency),
            merchant_country: &tenant.merchant.country,
            credential_changed_at: (credential.version > 1 || order.credentials.len() > 1).then_some(credential.since),
        };
        match domain::limits::check(self.rules(), &ledger, &planned).lawful {
            Permit::Allowed => {}
            Permit::NotBefore { .. } | Permit::Never { .. } => {
                self.meter_stopped(&order, &ledger, &planned);
                return self.replan(order, tenant, now).await;
            }
        }
        let Some(chosen) = self.route(&order).await? else { return self.end(order, tenant, now, Reason::NoRoute).await };
        let decision = kept(&order);
        let send = Send { change: Change::of(order.clone(), tenant, now), ledger_rows: counted_rows(&ledger, now), decision };
        match self.send(send, tenant, chosen).await? {
            Sent::Away(task, _) => task.await.map_err(|error| crate::Error::Internal(error.to_string()))?,
            Sent::Stale => self.store.order(order.id).await?.ok_or(crate::Error::NotFound),
        }
    }

    /// Plans anew and carries it out; the updater is asked on the way when the plan says so.
    pub(crate) async fn replan(self: &Arc<Self>, order: Order, tenant: &Arc<Tenant>, now: Timestamp) -> Result<Order> {
        if !tenant.works(&order) {
            return self.hold(order, tenant, now).await;
        }
        let mut change = Change::of(order, tenant, now);
        let mut next = self.plan_with_updater(&mut change).await?;
        follow(&mut change, &mut next)?;
        self.commit_or_reread(change).await
    }

    /// The plan, after the updater was asked where the first plan says so.
    pub(crate) async fn plan_with_updater(&self, change: &mut Change<'_>) -> Result<Next> {
        let mut next = self.plan(change).await?;
        if next.step != Step::AskUpdater {
            return Ok(next);
        }
        change.decide(&mut next)?;
        self.ask_updater(change).await?;
        self.plan(change).await
    }

    async fn consult_updater(self: &Arc<Self>, order: Order, tenant: &Arc<Tenant>, now: Timestamp) -> Result<Order> {
        let mut change = Change::of(order, tenant, now);
        if !change.order.updater_asked {
            self.ask_updater(&mut change).await?;
        }
        let mut next = self.plan(&change).await?;
        follow(&mut change, &mut next)?;
        self.commit_or_reread(change).await
    }

    async fn hold(&self, order: Order, tenant: &Tenant, now: Timestamp) -> Result<Order> {
        let mut change = Change::of(order, tenant, now);
        let why = if tenant.merchant.active { "the channel is off" } else { "the merchant is inactive" };
        change.order.note(now, Happening::Held, why);
        change.advance(State::Held { since: now })?;
        self.commit_or_reread(change).await
    }

    async fn look_whether_to_release(self: &Arc<Self>, order: Order, tenant: &Arc<Tenant>, now: Timestamp) -> Result<Order> {
        if tenant.works(&order) {
            let mut order = order;
            order.note(now, Happening::Released, "the channel is on again");
            self.replan(order, tenant, now).await
        } else {
            self.commit_or_reread(Change::of(order, tenant, now)).await
        }
    }

    async fn expire(&self, order: Order, tenant: &Tenant, now: Timestamp) -> Result<Order> {
        self.end(order, tenant, now, Reason::Expired).await
    }

    async fn end(&self, order: Order, tenant: &Tenant, now: Timestamp, reason: Reason) -> Result<Order> {
        let mut change = Change::of(order, tenant, now);
        stop(&mut change, reason)?;
        self.commit_or_reread(change).await
    }

    /// Why an order must not be attempted, and on whose word: the merchant blocked its customer, card or origin since it
    /// came, or its card is disputed.
    pub(crate) async fn forbidden(&self, tenant: &Tenant, order: &Order, now: Timestamp) -> Result<Option<(Reason, Actor)>> {
        if self.is_blocked(tenant, order, now).await? {
            return Ok(Some((Reason::Blocked, Actor::Merchant)));
        }
        Ok(self.is_being_stopped(order).await?.then_some((Reason::Disputed, Actor::System)))
    }

    pub(crate) async fn end_forbidden(
        &self,
        order: Order,
        tenant: &Tenant,
        now: Timestamp,
        (reason, by): (Reason, Actor),
    ) -> Result<Order> {
        let mut change = Change::of(order, tenant, now);
        finish(&mut change, Ending { reason, by, at: now })?;
        self.commit_or_reread(change).await
    }

    /// The capture window is over: the authorisation is given back.
    async fn void_uncaptured(&self, order: Order, tenant: &Tenant, now: Timestamp) -> Result<Order> {
        let mut change = Change::of(order, tenant, now);
        self.give_back(&mut change).await?;
        finish(&mut change, Ending { reason: Reason::Cancelled, by: Actor::System, at: now })?;
        self.commit_or_reread(change).await
    }
}

impl Tenant {
    /// Whether open orders like this one are worked now: the merchant is active and the channel is not off.
    pub(crate) fn works(&self, order: &Order) -> bool {
        let site = self.site(order.site);
        let mode = site.map_or(self.merchant.modes.get(order.channel), |site| site.mode(&self.merchant.modes, order.channel));
        self.merchant.active && mode != Mode::Off
    }

    /// The settings in force on a site.
    pub(crate) fn settings_on(&self, site: domain::id::SiteId) -> domain::settings::Settings {
        let settings = &self.merchant.settings;
        self.site(site).map_or_else(|| settings.clone(), |site| settings.on_site(&site.overrides))
    }
}
