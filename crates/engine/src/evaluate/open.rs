//! A new order with everything that its first commit writes.

use domain::{
    change::{Expectation, Write},
    decline::{Answer, Reason},
    id::{OrderId, TransmitId},
    intake,
    ledger::{Entry, Origin, Outcome},
    money::Money,
    order::{Credential, Order, RouteKind, Seen, State, Tally, TransactionType},
    settings::MitMode,
    time::{DAY, Timestamp},
    transmit::Transmit,
};
use processor::simulator::magic::FirstAnswer;

use super::Context;
use crate::{
    Engine, Result,
    commit::Change,
    transmit::answer_of,
    vaulting::{counted_per_order, names},
};

/// Managed MIT in the sandbox makes its first attempt after this, seconds (`wire-api` §14).
const SANDBOX_FIRST_SECS: u64 = 5;

impl Engine {
    /// The order of a request, in `RECEIVED`, with its transmit copy, ledger rows and card rows.
    pub(super) async fn open_order<'a>(
        &self,
        context: &'a Context,
        input: &intake::Evaluate,
        correlation: Option<String>,
    ) -> Result<Change<'a>> {
        let order = self.order_of(context, input, correlation);
        let mut change = Change::new(order, &context.tenant, context.now);
        change.set.expect(Expectation::NoOpenOrder {
            mid: context.mid,
            environment: context.environment,
            external_id: input.payment.order_id.clone(),
        });
        Self::write_card(&mut change, context);
        self.write_copy(&mut change, context, input).await?;
        Ok(change)
    }

    fn order_of(&self, context: &Context, input: &intake::Evaluate, correlation: Option<String>) -> Order {
        let real = self.clock.now();
        let id = OrderId::at(real, self.random.bytes());
        let (reference, confirmation) = names(self, id);
        let now = context.now;
        let (answer, from_table) = classified_by(context, &input.payment);
        let original_at = input.payment.transaction.timestamp.unwrap_or(now).min(now).max(now - DAY);
        let mut payment = input.payment.clone();
        payment.method.token = context.card.as_ref().map(|card| card.credential.token);
        let mut seen: Vec<Seen> = vec![Seen { at: original_at, answer, own: false }];
        seen.extend(input.prior_attempts.iter().filter(|prior| !prior.approved).map(|prior| Seen {
            at: prior.at.min(now),
            answer: prior.answer.clone(),
            own: false,
        }));
        let mut order = Order {
            id,
            version: 1,
            mid: context.mid,
            environment: context.environment,
            site: context.site,
            matched_by: context.matched_by,
            descriptor: context.tenant.site(context.site).and_then(|site| site.descriptor().map(str::to_owned)),
            correlation: correlation.unwrap_or_else(|| group(&input.payment, id)),
            reference,
            confirmation,
            channel: context.channel,
            source: context.source,
            source_text: context.source_text.clone(),
            mit_mode: context.mit_mode,
            route_kind: context.route_kind,
            arm: domain::decision::Arm::Policy,
            drawn_by: None,
            transaction_type: input.transaction_type,
            amount: input.payment.transaction.amount,
            state: State::Received,
            ending: None,
            placed_at: now,
            updated_at: now,
            worked_at: None,
            completed_at: None,
            expires_at: context.expires_at,
            network_transaction_id: payment.transaction.network_transaction_id.clone(),
            payment,
            credentials: context.card.iter().map(|card| counted(card.credential.clone(), id, from_table)).collect(),
            seen,
            class: domain::decline::Class::Generic,
            original_class: None,
            reason: None,
            next_action: None,
            authorized_minor: 0,
            captured_minor: 0,
            refunded_minor: 0,
            refunding_minor: 0,
            paid_by: None,
            tally: Tally::default(),
            attempts_reserved: 0,
            decision: None,
            updater_asked: false,
            first_attempt_at: from_table.then(|| first_attempt_at(context)),
            ends_after_first: matches!(context.magic, Some(FirstAnswer::DeclineNotRescued)),
            on_request_only: context.mit_mode == Some(MitMode::Sync) && !context.settings.sync_background,
            next_sequence: 1,
            told_ms: vec![],
            notes: vec![],
            challenge: None,
            is_chargeback: false,
        };
        order.class = self.class_of(&order, &context.tenant, &order.seen[0].answer, original_at);
        order.original_class = Some(order.class);
        order
    }

    /// Why an order is declined before it is worked, if it is.
    pub(super) async fn refusal(&self, context: &Context, input: &intake::Evaluate, order: &Order) -> Result<Option<Reason>> {
        use domain::channel::Mode;
        let reason = if !input.is_declined {
            Some(Reason::NotDeclined)
        } else if !context.tenant.merchant.active {
            Some(Reason::MerchantInactive)
        } else if context.mode == Mode::Off {
            Some(Reason::ChannelDisabled)
        } else if self.is_blocked(&context.tenant, order, context.now).await? {
            Some(Reason::Blocked)
        } else if order.transaction_type == TransactionType::Authorization && !context.settings.auth_capture {
            Some(Reason::AuthCaptureDisabled)
        } else if matches!(context.magic, Some(FirstAnswer::SandboxCard)) {
            Some(Reason::SandboxCard)
        } else if order.credential().is_none() {
            Some(Reason::DataMissing)
        } else if order.route_kind == RouteKind::Live && self.route(order).await?.is_none() {
            Some(Reason::NoRoute)
        } else {
            None
        };
        Ok(reason)
    }

    pub(super) fn write_card(change: &mut Change<'_>, context: &Context) {
        let Some(card) = &context.card else { return };
        let mut cvv = card.cvv.clone();
        if let Some((row, with)) = &card.new {
            change.set.push(Write::InsertCard(row.clone()));
            cvv = cvv.or_else(|| with.clone());
        }
        if let Some(cvv) = cvv {
            change.set.push(Self::cvv_timer(cvv.token, context.mid, context.environment, cvv.expires_at));
            change.set.push(Write::PutCvv(cvv));
        }
    }

    /// A transaction sent to `/evaluate` counts as transmitted, and its decline counts in the ledger; so do the
    /// attempts that the merchant made before.
    pub(super) async fn write_copy(&self, change: &mut Change<'_>, context: &Context, input: &intake::Evaluate) -> Result<()> {
        let transmit = self.copy_of(&change.order, context, input);
        if !self.is_known(&transmit).await? {
            if let Some(mut entry) = self.ledger_entry(&transmit) {
                // The card is known here; what was sent need not tell its network.
                entry.network = change.order.credential().map_or(entry.network, |credential| credential.network);
                change.set.push(Write::InsertLedger(entry));
            }
            change.set.push(Write::InsertTransmitIfNew(Box::new(transmit)));
        }
        for prior in &input.prior_attempts {
            if let Some(entry) = self.prior_entry(&change.order, prior) {
                change.set.push(Write::InsertLedger(entry));
            }
        }
        Ok(())
    }

    /// Whether the merchant transmitted this very attempt before, with its card: then the ledger has it. The same transaction id under
    /// another order id is another attempt: some clients send constants.
    pub(crate) async fn is_known(&self, copy: &Transmit) -> Result<bool> {
        let (id, kind) = copy.identity();
        let first = self.store.transmit_by_identity(copy.mid, copy.environment, id, kind).await?;
        Ok(first.is_some_and(|first| first.card.is_some() && first.payment.order_id == copy.payment.order_id))
    }

    fn copy_of(&self, order: &Order, context: &Context, input: &intake::Evaluate) -> Transmit {
        let at = input.payment.transaction.timestamp.unwrap_or(context.now);
        let outcome = if input.is_declined { domain::transmit::Outcome::Declined } else { domain::transmit::Outcome::Approved };
        Transmit {
            id: TransmitId::at(self.clock.now(), self.random.bytes()),
            version: 1,
            mid: order.mid,
            environment: order.environment,
            site: order.site,
            matched_by: order.matched_by,
            payment: order.payment.clone(),
            is_declined: input.is_declined,
            late: at + DAY < context.now,
            at,
            received_at: context.now,
            card: order.credential().map(|credential| credential.key),
            order: Some(order.id),
            sequence_number: None,
            outcomes: vec![domain::transmit::Report {
                outcome,
                amount: order.amount,
                occurred_at: at.min(context.now),
                response_code: None,
                response_code_source: None,
                merchant_advice_code: None,
                reference: None,
                reason: None,
            }],
        }
    }

    fn prior_entry(&self, order: &Order, prior: &intake::PriorAttempt) -> Option<Entry> {
        let credential = order.credential()?;
        Some(Entry {
            mid: order.mid,
            environment: order.environment,
            card: credential.key,
            at: prior.at.min(order.placed_at),
            id: TransmitId::at(self.clock.now(), self.random.bytes()).0,
            origin: Origin::Evaluated,
            initiator: prior.initiator,
            amount: Money::new(prior.amount.minor, prior.amount.currency),
            network: credential.network,
            outcome: if prior.approved { Outcome::Approved } else { Outcome::Declined },
            response_code: self.rules().iso_code(&prior.answer, prior.at),
            advice_code: prior.answer.advice_code.clone(),
            order: Some(order.id),
        })
    }
}

/// The group of a first order: as the merchant names it, else its own. A repeat stays in the group of the order before.
fn group(payment: &domain::payment::Payment, id: OrderId) -> String {
    let named = payment.correlation_id.as_deref().map(str::trim).filter(|named| !named.is_empty());
    named.map_or_else(|| id.to_string(), str::to_owned)
}

/// The answer an order is classified by: the request's, or the one of the sandbox card's scenario. True when the card
/// is one of the tables, which decide when it is attempted first.
fn classified_by(context: &Context, payment: &domain::payment::Payment) -> (Answer, bool) {
    let sent = answer_of(&payment.transaction);
    match &context.magic {
        Some(FirstAnswer::Scenario { response_code: Some(code), advice_code }) => {
            (Answer::iso(code, advice_code.as_deref()), true)
        }
        Some(FirstAnswer::Scenario { response_code: None, .. })
            if context.settings.simulator == domain::settings::Simulator::Magic =>
        {
            (Answer::iso("05", None), true)
        }
        Some(FirstAnswer::Approve | FirstAnswer::DeclineNotRescued) => (Answer::iso("05", None), true),
        Some(FirstAnswer::Scenario { .. } | FirstAnswer::Challenge { .. }) => (sent, true),
        _ => (sent, false),
    }
}

pub(super) fn counted(card: Credential, order: OrderId, from_table: bool) -> Credential {
    if from_table { counted_per_order(card, order) } else { card }
}

fn first_attempt_at(context: &Context) -> Timestamp {
    match context.mit_mode {
        Some(MitMode::Managed) => context.now + std::time::Duration::from_secs(SANDBOX_FIRST_SECS),
        _ => context.now,
    }
}
