//! `POST /v1/advice`: the open advice of the order id, or a new one.

use domain::{
    advice::{Advice, Code, Policy, State},
    bounds::{CONFLICT_RETRIES_MAX, RESCUE_DAYS_MAX},
    change::Write,
    channel::{Channel, OrderSource},
    decline::{Class, Reason},
    environment::Environment,
    fault::Faults,
    id::{AdviceId, Mid, SiteId},
    intake::When,
    ledger::Origin,
    settings::Settings,
    site::MatchedBy,
    time::{DAY, Timestamp},
};
use std::sync::Arc;

use super::{Advised, Request, View, booking::Tried, card::Bearer, change::Change};
use crate::{
    Engine, Error, Principal, Result,
    idempotency::{Held, Known},
    tenants::Tenant,
};

/// A request in its context.
struct Context {
    mid: Mid,
    environment: Environment,
    tenant: Arc<Tenant>,
    site: SiteId,
    matched_by: MatchedBy,
    policy: Policy,
    id: AdviceId,
    card: Option<domain::advice::Card>,
    now: Timestamp,
}

impl Engine {
    /// Advises on a declined payment. All faults of the request come back at once.
    pub async fn advise(&self, principal: &Principal, input: Option<Request>, mut faults: Faults) -> Result<Advised> {
        principal.require("advice")?;
        self.admit()?;
        let mid = self.merchant_for(principal, input.as_ref().and_then(|input| input.mid), &mut faults).await?;
        let Some((input, mid)) = input.zip(mid) else { return Err(Error::Invalid(faults)) };
        if !faults.is_empty() {
            // What the context would add is still told, so that one answer names every fault.
            self.advice_context(principal, mid, &input, &mut faults).await?;
            return Err(Error::Invalid(faults));
        }
        let held = match self.take_key(mid, principal.environment, "advice", &input.key, input.payload_hash).await? {
            Known::New(held) => held,
            Known::Answered { body, .. } => return Ok(Advised { view: View::from_stored(&body)?, replayed: true }),
            Known::Unanswered { .. } => return Err(Error::InProgress),
        };
        let _one_at_a_time = self.order_locks.hold((mid, principal.environment, &input.payment.order_id)).await;
        let context = self.advice_context(principal, mid, &input, &mut faults).await?;
        let Some(context) = context.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        for _ in 0..CONFLICT_RETRIES_MAX {
            let known = self.store.newest_advice(mid, context.environment, &input.payment.order_id).await?;
            let view = match known {
                Some(advice) if advice.state.is_open() => self.join_advice(&context, advice, &input, &held).await?,
                // What is paid is never advised to be charged again.
                Some(advice) if advice.state.code() == Code::Succeeded => self.advice_as_it_is(&context, &advice, &held).await?,
                _ => self.open_advice(&context, &input, &held).await?,
            };
            if let Some(view) = view {
                return Ok(Advised { view, replayed: false });
            }
        }
        Err(Error::InProgress)
    }

    async fn advice_context(
        &self,
        principal: &Principal,
        mid: Mid,
        input: &Request,
        faults: &mut Faults,
    ) -> Result<Option<Context>> {
        let tenant = self.tenants.get(mid).await?.ok_or(Error::ForeignMerchant)?;
        let environment = principal.environment;
        let now = self.now_for(mid, environment);
        let id = AdviceId::at(self.clock.now(), self.random.bytes());
        let bearer = Bearer { mid, environment, advice: id, payment: &input.payment, now };
        let card =
            self.advised_card(&bearer, &input.payment.method, input.credential.as_ref(), input.method_given, faults).await?;
        let resolved = match crate::transmit::resolve(&tenant, &input.payment) {
            Ok(resolved) => Some(resolved),
            Err(Error::Invalid(found)) => {
                found.iter().for_each(|(path, message)| faults.add(path, message));
                None
            }
            Err(other) => return Err(other),
        };
        let default_site = tenant.sites.iter().find(|site| site.is_default).map(|site| (site.id, MatchedBy::Default));
        let Some((site, matched_by)) = resolved.or(default_site) else { return Ok(None) };
        let policy = policy(input, &tenant.settings_on(site), now, faults);
        Ok(Some(Context { mid, environment, tenant, site, matched_by, policy, id, card, now }))
    }

    /// A new advice; `None` when another request came first.
    async fn open_advice(&self, context: &Context, input: &Request, held: &Held) -> Result<Option<View>> {
        if !context.tenant.merchant.active {
            return Err(Error::State { message: "The merchant is inactive.".into(), order: None });
        }
        let rescued = self.store.open_order(context.mid, context.environment, &input.payment.order_id).await?;
        if let Some(order) = rescued {
            let message = "The order is being rescued; cancel that before charging it yourself.".into();
            return Err(Error::State { message, order: Some(order.id) });
        }
        let mut change = Change::new(new_advice(context, input), &context.tenant, context.now);
        self.book_earlier(&mut change, &input.attempts);
        let tried = Tried {
            transaction: &input.payment.transaction,
            approved: !input.is_declined,
            origin: Origin::Evaluated,
            is_part: false,
        };
        self.book(&mut change, &tried).await?;
        if input.is_declined {
            self.decide_advice(&mut change).await?;
        } else {
            let paid = State::Succeeded { reason: Some(Reason::NotDeclined), at: context.now };
            change.advice.end(paid).map_err(|closed| Error::Internal(closed.to_string()))?;
        }
        metrics::counter!("recoup_advice_total").increment(1);
        self.answer_advice(change, held).await
    }

    /// The open advice again. Another card joins it, and a new decline is booked; both are reasons to decide anew.
    async fn join_advice(&self, context: &Context, advice: Advice, input: &Request, held: &Held) -> Result<Option<View>> {
        let transaction = &input.payment.transaction;
        let is_new = input.is_declined && advice.seen.iter().all(|seen| seen.transaction_id != transaction.id);
        let mut change = Change::of(advice, &context.tenant, context.now);
        let bearer = Bearer {
            mid: context.mid,
            environment: context.environment,
            advice: change.advice.id,
            payment: &input.payment,
            now: context.now,
        };
        let method = &input.payment.method;
        let mut faults = Faults::new();
        let card = self.advised_card(&bearer, method, input.credential.as_ref(), input.method_given, &mut faults).await?;
        Self::sound(faults)?;
        // A new decline is one of the card that came with it, whether or not it was known.
        let another = card.is_some_and(|card| change.advice.take_card(card));
        if is_new {
            let tried = Tried { transaction, approved: false, origin: Origin::Evaluated, is_part: false };
            self.book(&mut change, &tried).await?;
        }
        if !is_new && !another {
            let advice = change.advice;
            return self.advice_as_it_is(context, &advice, held).await;
        }
        self.decide_advice(&mut change).await?;
        self.answer_advice(change, held).await
    }

    /// An advice that does not change.
    async fn advice_as_it_is(&self, context: &Context, advice: &Advice, held: &Held) -> Result<Option<View>> {
        let view = View::of(advice);
        let record = self.key_record(held, context.mid, None, Some((200, view.stored()?)));
        self.store.apply(domain::change::ChangeSet::new().with(Write::InsertIdempotency(record))).await?;
        Ok(Some(view))
    }

    /// Commits a change together with its answer; `None` when another commit came first.
    async fn answer_advice(&self, change: Change<'_>, held: &Held) -> Result<Option<View>> {
        self.answer_advice_with(change, held, |view| view).await
    }

    /// The same with something added to the answer.
    pub(super) async fn answer_advice_with(
        &self,
        mut change: Change<'_>,
        held: &Held,
        with: impl Fn(View) -> View + Send,
    ) -> Result<Option<View>> {
        let view = with(View::of(&change.advice));
        let record = self.key_record(held, change.advice.mid, None, Some((200, view.stored()?)));
        change.set.push(Write::InsertIdempotency(record));
        Ok(self.commit_advice(change).await?.map(|_| view))
    }
}

fn new_advice(context: &Context, input: &Request) -> Advice {
    let (source, _) = OrderSource::read(input.payment.order_source.as_deref());
    let mut payment = input.payment.clone();
    payment.method.token = context.card.as_ref().and_then(|card| card.token);
    Advice {
        id: context.id,
        version: 1,
        mid: context.mid,
        environment: context.environment,
        site: context.site,
        matched_by: context.matched_by,
        channel: Channel::of(payment.is_mit, source),
        amount: payment.transaction.amount,
        payment,
        paid_minor: 0,
        cards: context.card.iter().cloned().collect(),
        policy: context.policy.clone(),
        state: State::Open,
        seen: vec![],
        attempts: 0,
        route: None,
        data_asked: false,
        class: Class::Generic,
        advised: None,
        next_sequence: 1,
        told_ms: vec![],
        placed_at: context.now,
        updated_at: context.now,
    }
}

fn policy(input: &Request, settings: &Settings, now: Timestamp, faults: &mut Faults) -> Policy {
    let wishes = &input.wishes;
    Policy {
        deadline: deadline(input, settings, now, faults),
        max_attempts: wishes.max_attempts.unwrap_or(Policy::ATTEMPTS_DEFAULT),
        min_interval_minutes: wishes.min_interval_minutes,
        local_hours: wishes.local_hours,
        allow_partial: wishes.allow_partial,
        routes: wishes.routes.clone(),
        lead_secs: wishes.lead_secs.unwrap_or(Policy::LEAD_SECS_DEFAULT),
    }
}

/// `policy.deadlineUtc`, else `expiryDateUtc`, else the merchant's rescue window.
fn deadline(input: &Request, settings: &Settings, now: Timestamp, faults: &mut Faults) -> Timestamp {
    let latest = now + DAY * RESCUE_DAYS_MAX as u32;
    let (sent, path) = match input.wishes.deadline {
        When::Absent => (input.expires, "ExpiryDateUtc"),
        sent => (sent, "Policy.DeadlineUtc"),
    };
    match (sent, settings.rescue_window_days) {
        (When::At(at), _) if at > now && at <= latest => at,
        (When::Absent, Some(days)) => now + DAY * u32::from(days),
        (When::Absent, None) => {
            faults.required("Policy.DeadlineUtc");
            latest
        }
        (When::At(_) | When::Unreadable, _) => {
            faults.invalid(path);
            latest
        }
    }
}
