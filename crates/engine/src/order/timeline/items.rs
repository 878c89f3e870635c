//! From the sources to the items. Whatever causes something stands before it, also where a frozen clock gives both the
//! same time: items are collected along the numbers of the events, then sorted by time without disturbing equals.

use std::collections::BTreeSet;

use domain::{
    attempt::{Attempt, Progress, Verdict},
    decline::Reason,
    event::{self, Event},
    order::{Happening, Note, Order, Seen, State},
    refund::{self, Refund},
    time::Timestamp,
    webhook::{Delivery, DeliveryState},
};
use serde_json::{Value, json};

use super::{
    Doer, Item, Kind, Sources,
    summary::{answer, money, resolution, result},
};

/// Every item, oldest first.
pub fn of(sources: &Sources<'_>) -> Vec<Item> {
    let mut telling = Telling {
        sources,
        items: vec![],
        attempts: BTreeSet::new(),
        refunds: BTreeSet::new(),
        decisions: BTreeSet::new(),
        ended: false,
    };
    telling.beginning();
    for (event, deliveries) in sources.events {
        telling.notes(|note| note.sequence == event.sequence);
        telling.event(event);
        telling.items.extend(deliveries.iter().map(|delivery| webhook(event, delivery)));
    }
    let last = sources.events.last().map_or(0, |(event, _)| event.sequence);
    telling.notes(|note| note.sequence > last);
    telling.rest();
    telling.items.sort_by_key(|item| item.at);
    telling.items
}

struct Telling<'a> {
    sources: &'a Sources<'a>,
    items: Vec<Item>,
    attempts: BTreeSet<u32>,
    refunds: BTreeSet<domain::id::RefundId>,
    decisions: BTreeSet<String>,
    ended: bool,
}

impl Telling<'_> {
    fn tell(&mut self, at: Timestamp, kind: Kind, actor: Doer, summary: String, data: Value) {
        self.items.push(Item { at, kind, actor, summary, data });
    }

    fn beginning(&mut self) {
        let Sources { order, site_name, .. } = *self.sources;
        let payment = &order.payment;
        let data = json!({
            "externalOrderId": payment.order_id, "transactionId": payment.transaction.id, "amount": order.amount.minor,
            "currency": order.amount.currency, "channel": order.channel, "transactionType": order.transaction_type,
            "isTestMode": order.is_test(),
        });
        let summary = format!("The declined payment of {} came in over {}.", money(order.amount), order.channel);
        self.tell(order.placed_at, Kind::Received, Doer::Merchant, summary, data);
        let data = json!({
            "siteId": order.site, "siteName": site_name, "matchedBy": order.matched_by, "descriptor": order.descriptor,
            "siteUrl": payment.site_url, "sentDescriptor": payment.transaction.dynamic_descriptor,
        });
        self.tell(order.placed_at, Kind::SiteResolved, Doer::Engine, resolution(order.matched_by, site_name), data);
        for (place, seen) in order.seen.iter().enumerate().filter(|(_, seen)| !seen.own) {
            self.classified(order, place, seen);
        }
    }

    fn classified(&mut self, order: &Order, place: usize, seen: &Seen) {
        let class = if place == 0 { Some(order.original_class.unwrap_or(order.class)) } else { None };
        let said = answer(&seen.answer);
        let summary = match class {
            Some(class) => format!("The decline with {said} is of class {class}."),
            None => format!("A further decline of the merchant's came with {said}."),
        };
        let data = json!({
            "responseCode": seen.answer.response_code, "responseCodeSource": seen.answer.source,
            "merchantAdviceCode": seen.answer.advice_code, "declineClass": class, "declinedAtUtc": seen.at.iso6(),
        });
        self.tell(seen.at.max(order.placed_at), Kind::Classified, Doer::Engine, summary, data);
    }

    fn notes(&mut self, told: impl Fn(&Note) -> bool) {
        for note in self.sources.order.notes.iter().filter(|note| told(note)) {
            let (kind, verb) = match note.what {
                Happening::Held => (Kind::Hold, "suspended"),
                Happening::Released => (Kind::Release, "taken up again"),
            };
            let summary = format!("The rescue was {verb}: {}.", note.detail);
            self.tell(note.at, kind, Doer::Operator, summary, json!({"reason": note.detail}));
        }
    }

    fn event(&mut self, event: &Event) {
        let data = data_of(event);
        match event.kind {
            event::Kind::OrderScheduled => self.scheduled(event.at, &data),
            event::Kind::OrderAttempted => self.attempted(&data),
            event::Kind::OrderPartiallyrecovered => self.captured(event.at, &data, "A part was captured"),
            event::Kind::OrderCompleted => {
                self.ended = true;
                self.captured(event.at, &data, "The payment was captured");
            }
            event::Kind::OrderCancelled => self.cancelled(event.at),
            event::Kind::OrderExpired => self.expired(event.at),
            event::Kind::OrderRefunded => self.refund_told(event.at, data),
            event::Kind::ChallengePresented
            | event::Kind::ChallengeAttempted
            | event::Kind::ChallengePassed
            | event::Kind::ChallengeFailed => self.challenge(event, data),
            event::Kind::CredentialUpdated | event::Kind::CredentialFailed => self.credential(event, data),
            event::Kind::ChargebackReceived | event::Kind::ChargebackUpdated => self.chargeback(event, data),
            _ => {}
        }
    }

    fn scheduled(&mut self, at: Timestamp, data: &Value) {
        let (next, decision) = (&data["NextAttemptUtc"], data["DecisionId"].as_str());
        if let Some(id) = decision {
            self.decided(at, id, "schedule", None);
        }
        let summary = format!("The next attempt is planned for {}.", next.as_str().unwrap_or("later"));
        self.tell(at, Kind::Scheduled, Doer::Engine, summary, json!({"nextAttemptUtc": next, "decisionId": decision}));
    }

    /// A decision, with what the attempt it led to, or the order, kept of it.
    fn decided(&mut self, at: Timestamp, id: &str, action: &str, known: Option<&Value>) {
        if !self.decisions.insert(id.to_owned()) {
            return;
        }
        let order = self.sources.order;
        let own = order.decision.as_ref().filter(|decision| decision.id.to_string() == id);
        let own = own.and_then(|decision| serde_json::to_value(decision).ok());
        let of_attempt = self.sources.attempts.iter().filter_map(|attempt| attempt.decision.as_ref());
        let kept = known.cloned().or(own).or_else(|| of_attempt.into_iter().find(|kept| decision_id(kept) == Some(id)).cloned());
        let kept = kept.unwrap_or(Value::Null);
        let data = json!({
            "decisionId": id, "action": action, "probability": kept["probability"], "declineClass": kept["class"],
            "boundBy": kept["boundBy"].as_array().cloned().unwrap_or_default(), "modelVersion": kept["modelVersion"],
        });
        self.tell(at, Kind::Decided, Doer::Engine, sentence(action).to_owned(), data);
    }

    fn attempted(&mut self, data: &Value) {
        let number = data["AttemptNumber"].as_u64().and_then(|number| u32::try_from(number).ok());
        let sources = self.sources;
        for attempt in sources.attempts.iter().filter(|attempt| number.is_some_and(|number| attempt.number <= number)) {
            self.attempt(attempt);
        }
    }

    fn attempt(&mut self, attempt: &Attempt) {
        if !self.attempts.insert(attempt.number) {
            return;
        }
        if let Some(kept) = &attempt.decision
            && let Some(id) = decision_id(kept)
        {
            self.decided(attempt.at, id, "attempt_now", Some(kept));
        }
        let data = json!({
            "attemptNumber": attempt.number, "transactionId": attempt.id, "amount": attempt.amount.minor,
            "currency": attempt.amount.currency, "processor": attempt.processor_name, "descriptor": attempt.descriptor,
            "initiator": attempt.initiator,
        });
        let summary = format!("Attempt {} for {} was sent to {}.", attempt.number, money(attempt.amount), attempt.processor_name);
        self.tell(attempt.at, Kind::Attempt, Doer::Engine, summary, data);
        match &attempt.progress {
            Progress::Answered(answered) => {
                if answered.looked_up {
                    let summary = format!("The lost answer to attempt {} was looked up.", attempt.number);
                    self.tell(answered.at, Kind::Reconciled, Doer::Engine, summary, json!({"attemptNumber": attempt.number}));
                }
                self.result(attempt, answered.at);
            }
            Progress::Unknown { .. } => self.result(attempt, attempt.at),
            Progress::Released { detail } => {
                let summary = format!("Attempt {} charged nothing: {detail}.", attempt.number);
                let data = json!({"attemptNumber": attempt.number, "result": "released", "reason": detail});
                self.tell(attempt.at, Kind::Reconciled, Doer::Engine, summary, data);
            }
            Progress::Reserved => {}
        }
    }

    fn result(&mut self, attempt: &Attempt, at: Timestamp) {
        let answered = attempt.answered();
        let data = json!({
            "attemptNumber": attempt.number, "result": attempt.verdict().unwrap_or(Verdict::Unknown),
            "approvedAmount": answered.map(|answered| answered.approved_minor),
            "responseCode": answered.map(|answered| &answered.response_code),
            "merchantAdviceCode": answered.and_then(|answered| answered.advice_code.as_ref()),
            "declineClass": answered.and_then(|answered| answered.class),
            "latencyMs": answered.filter(|answered| !answered.looked_up).map(|answered| answered.latency_ms),
        });
        self.tell(at, Kind::AttemptResult, Doer::Processor, result(attempt), data);
    }

    fn captured(&mut self, at: Timestamp, data: &Value, what: &str) {
        let order = self.sources.order;
        let minor = data["AmountCaptured"].as_i64().unwrap_or(order.captured_minor);
        let amount = domain::money::Money::new(minor, order.amount.currency);
        let data = json!({"amountCaptured": minor, "currency": order.amount.currency, "partial": minor < order.amount.minor});
        self.tell(at, Kind::Captured, Doer::Engine, format!("{what}: {} so far.", money(amount)), data);
    }

    fn cancelled(&mut self, at: Timestamp) {
        self.ended = true;
        let order = self.sources.order;
        let by = match &order.state {
            State::Cancelled { by, .. } => Doer::from(*by),
            _ => Doer::Engine,
        };
        let reason = order.reason.map_or("no reason", Reason::as_str);
        if order.reason == Some(Reason::PaidElsewhere) {
            let summary = "The merchant was paid outside.".to_owned();
            self.tell(at, Kind::ExternalPayment, Doer::Merchant, summary, json!({"externalOrderId": order.payment.order_id}));
        }
        let verb = if matches!(order.state, State::Cancelled { .. }) { "cancelled" } else { "declined" };
        let data = json!({"statusReason": order.reason, "cancelledBy": by, "attempts": order.tally.total});
        self.tell(at, Kind::Cancelled, by, format!("The order was {verb}: {reason}."), data);
    }

    fn expired(&mut self, at: Timestamp) {
        self.ended = true;
        let order = self.sources.order;
        let data = json!({"expiryDate": order.expires_at.iso6(), "attempts": order.tally.total});
        let summary = format!("The rescue period ended after {} attempts.", order.tally.total);
        self.tell(at, Kind::Expired, Doer::Engine, summary, data);
    }

    fn refund_told(&mut self, at: Timestamp, data: Value) {
        let id = data["RefundTransactionId"].as_str().and_then(domain::id::RefundId::parse);
        let refunds = self.sources.refunds;
        match refunds.iter().find(|refund| Some(refund.id) == id) {
            Some(refund) => self.refund(refund, at),
            None => self.tell(at, Kind::Refunded, Doer::Processor, "A refund was made outside.".into(), camel(data)),
        }
    }

    fn refund(&mut self, refund: &Refund, at: Timestamp) {
        if !self.refunds.insert(refund.id) {
            return;
        }
        let data = json!({
            "transactionId": refund.id, "amountMinor": refund.amount.minor, "currency": refund.amount.currency,
            "status": refund.state, "message": refund.message,
        });
        let summary = match refund.state {
            refund::State::Success => format!("{} were refunded.", money(refund.amount)),
            refund::State::Pending => format!("A refund of {} is under way.", money(refund.amount)),
            refund::State::Failed => format!("The processor refused a refund of {}.", money(refund.amount)),
        };
        self.tell(at, Kind::Refunded, Doer::Merchant, summary, data);
    }

    fn challenge(&mut self, event: &Event, data: Value) {
        let (actor, summary) = match event.kind {
            event::Kind::ChallengePresented => (Doer::Engine, "The customer is asked to correct or confirm data."),
            event::Kind::ChallengeAttempted => (Doer::Customer, "The customer answered the challenge."),
            event::Kind::ChallengePassed => (Doer::Customer, "The challenge was passed."),
            _ => (Doer::Customer, "The challenge was failed."),
        };
        let mut data = camel(data);
        data["state"] = json!(event.kind.as_str().trim_start_matches("challenge."));
        self.tell(event.at, Kind::Challenge, actor, summary.into(), data);
    }

    fn credential(&mut self, event: &Event, data: Value) {
        let summary = match event.kind {
            event::Kind::CredentialUpdated => {
                format!("New card data came, ending in {}.", data["CardLast4Digits"].as_str().unwrap_or("?"))
            }
            _ => "There is no newer data for the card.".to_owned(),
        };
        self.tell(event.at, Kind::CredentialUpdated, Doer::Processor, summary, camel(data));
    }

    fn chargeback(&mut self, event: &Event, data: Value) {
        let stage = data["Stage"].as_str().unwrap_or("chargeback");
        let summary = match event.kind {
            event::Kind::ChargebackReceived => format!("A dispute came in, stage {stage}."),
            _ => format!("The dispute moved on to {stage}."),
        };
        self.tell(event.at, Kind::Chargeback, Doer::Processor, summary, camel(data));
    }

    /// What no event told: what is under way, what was given back, and everything of orders whose events are gone.
    fn rest(&mut self) {
        let Sources { order, attempts, refunds, .. } = *self.sources;
        for attempt in attempts {
            self.attempt(attempt);
        }
        let ended_at = order.completed_at.unwrap_or(order.updated_at);
        if let Some(decision) = &order.decision {
            let at = if order.completed_at.is_some() { ended_at } else { order.updated_at };
            let told = self.decisions.contains(&decision.id.to_string());
            if !told {
                self.decided_before_the_end(decision, at);
            }
        }
        match order.state {
            _ if self.ended => {}
            State::Recovered | State::PartRecovered | State::Refunded { .. } => {
                self.captured(ended_at, &Value::Null, "The payment was captured");
            }
            State::Rejected { .. } | State::Cancelled { .. } => self.cancelled(ended_at),
            State::Expired => self.expired(ended_at),
            _ => {}
        }
        for refund in refunds {
            self.refund(refund, refund.settled_at.unwrap_or(refund.created_at));
        }
        for attempt in attempts {
            self.voided(attempt);
        }
    }

    /// The last decision led to no attempt: it stands before the end it led to.
    fn decided_before_the_end(&mut self, decision: &domain::order::Decision, at: Timestamp) {
        let place = self.items.iter().position(|item| matches!(item.kind, Kind::Cancelled | Kind::Expired) && item.at == at);
        self.decided(at, &decision.id.to_string(), &decision.action, None);
        if let (Some(place), Some(item)) = (place, self.items.pop()) {
            self.items.insert(place, item);
        }
    }

    fn voided(&mut self, attempt: &Attempt) {
        let Some(reversal) = attempt.reversal else { return };
        let data = json!({
            "attemptNumber": attempt.number, "askedAtUtc": reversal.asked_at.iso6(), "done": reversal.done_at.is_some(),
        });
        let summary = match reversal.done_at {
            Some(_) => format!("The approval of attempt {} was given back.", attempt.number),
            None => format!("The approval of attempt {} is being given back.", attempt.number),
        };
        self.tell(reversal.done_at.unwrap_or(reversal.asked_at), Kind::Voided, Doer::Engine, summary, data);
    }
}

/// Deliveries run by real time; the item stands where the event does.
fn webhook(event: &Event, delivery: &Delivery) -> Item {
    let last = delivery.tries.last();
    let summary = match delivery.state {
        DeliveryState::Delivered => format!("{} was delivered.", event.kind),
        DeliveryState::Pending => format!("{} is to be delivered.", event.kind),
        DeliveryState::Failed => format!("{} could not be delivered.", event.kind),
    };
    let data = json!({
        "event": event.kind, "eventId": event.id.wire(), "webhookId": delivery.endpoint, "deliveryId": delivery.id,
        "status": delivery.state, "attempts": delivery.tries.len(), "lastHttpStatus": last.and_then(|last| last.status),
        "lastTryUtc": last.map(|last| last.at.iso6()),
    });
    Item { at: event.at, kind: Kind::Webhook, actor: Doer::Engine, summary, data }
}

fn sentence(action: &str) -> &'static str {
    match action {
        "attempt_now" => "It was decided to attempt at once.",
        "schedule" => "It was decided to attempt later.",
        "wait_for_data" => "It was decided to wait for new data.",
        "challenge" => "It was decided to ask the customer.",
        "stop" => "It was decided to stop.",
        "capture" => "It was decided to capture.",
        "hold" => "It was decided to wait.",
        _ => "A decision was made.",
    }
}

fn decision_id(kept: &Value) -> Option<&str> {
    kept["decisionId"].as_str().or_else(|| kept["id"].as_str())
}

fn data_of(event: &Event) -> Value {
    let payload: Value = serde_json::from_str(&event.payload).unwrap_or_default();
    payload["EventData"].clone()
}

/// An event's data with the member names that replies have, without what every event repeats.
fn camel(data: Value) -> Value {
    const REPEATED: [&str; 8] = ["Sequence", "Mid", "SiteId", "Channel", "Status", "StatusReason", "Amount", "Currency"];
    let Value::Object(members) = data else { return json!({}) };
    let own = members.into_iter().filter(|(name, _)| !REPEATED.contains(&name.as_str()));
    own.map(|(name, value)| {
        let mut letters = name.chars();
        let first = letters.next().map(|letter| letter.to_ascii_lowercase());
        (first.into_iter().chain(letters).collect::<String>(), value)
    })
    .collect()
}
