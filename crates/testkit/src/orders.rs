//! Builders of orders and what belongs to them.

use domain::{
    attempt::{Attempt, Progress},
    card::{CardKey, Funding, Network},
    change::Idempotency,
    channel::{Channel, OrderSource},
    decline::Class,
    environment::Environment,
    event::{self, Event},
    id::{AttemptId, Mid, OrderId, SiteId},
    ledger::{self, Entry, Initiator, Origin},
    money::{Currency, Money},
    order::{Credential, Order, RouteKind, State, Tally, TransactionType},
    payment::{Payment, Transaction},
    refund::{self, Refund},
    site::MatchedBy,
    time::{DAY, Timestamp},
    timer::{self, Timer},
    transmit::Transmit,
};
use uuid::Uuid;

use crate::Ids;

/// A declined card payment of 19.99 USD.
pub fn payment(order_id: &str, transaction_id: &str) -> Payment {
    Payment {
        order_id: order_id.to_owned(),
        site_id: None,
        site_url: None,
        order_source: None,
        is_mit: true,
        is_recurring: true,
        transaction: Transaction {
            id: transaction_id.to_owned(),
            amount: Money::new(1_999, Currency::USD),
            timestamp: None,
            utc_offset_minutes: None,
            response_code: Some("51".to_owned()),
            response_code_source: None,
            avs_result_code: None,
            cvv_result_code: None,
            cavv_result_code: None,
            transaction_type: None,
            response_description: None,
            response_status: None,
            response_sub_status: None,
            processor_name: None,
            dynamic_descriptor: None,
            card_not_present: None,
            merchant_advice_code: None,
            network_response_code: None,
            network: None,
            network_transaction_id: None,
        },
        payer: domain::address::Payer::default(),
        method: domain::payment::Method::default(),
        billing: None,
        shipping: None,
        items: Vec::new(),
        subscription: None,
        acceptor: None,
        three_d_secure: None,
        device: None,
        additional_fields: Vec::new(),
        sense_key: None,
        customer_ip: None,
        correlation_id: None,
    }
}

/// A scheduled MIT order, version 1, in the sandbox, without a credential; its rescue lasts 21 days.
pub fn order(ids: &Ids, mid: Mid, external_id: &str, now: Timestamp) -> Order {
    let id = ids.order();
    Order {
        id,
        version: 1,
        mid,
        environment: Environment::Sandbox,
        site: SiteId::from_bytes(mid.bytes()),
        matched_by: MatchedBy::SiteId,
        descriptor: None,
        correlation: id.to_string(),
        reference: format!("RC-{:010}", id.0.as_u128() % 10_000_000_000),
        confirmation: format!("{:08X}", id.0.as_u128() as u32),
        channel: Channel::Mit,
        source: OrderSource::Subscription,
        source_text: None,
        mit_mode: None,
        route_kind: RouteKind::Simulator,
        arm: domain::decision::Arm::Policy,
        drawn_by: None,
        transaction_type: TransactionType::Purchase,
        amount: Money::new(1_999, Currency::USD),
        state: State::Scheduled { at: now + DAY },
        ending: None,
        placed_at: now,
        updated_at: now,
        worked_at: None,
        completed_at: None,
        expires_at: now + DAY * 21,
        payment: Box::new(payment(external_id, &format!("T-{external_id}"))),
        credentials: Vec::new(),
        seen: Vec::new(),
        class: Class::Nsf,
        original_class: Some(Class::Nsf),
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
        network_transaction_id: None,
        updater_asked: false,
        next_sequence: 1,
        told_ms: Vec::new(),
        challenge: None,
        notes: Vec::new(),
        is_chargeback: false,
        ends_after_first: false,
        first_attempt_at: None,
        on_request_only: false,
    }
}

/// A Visa credit card ending in 1111.
pub fn credential(ids: &Ids, now: Timestamp) -> Credential {
    Credential {
        token: ids.token(),
        is_reference: false,
        version: 1,
        key: CardKey([1; 16]),
        weak_key: CardKey([2; 16]),
        network: Network::Visa,
        funding: Funding::Credit,
        bin: "41111111".to_owned(),
        last4: "1111".to_owned(),
        exp_month: Some(12),
        exp_year: Some(2030),
        fingerprint: "fp".to_owned(),
        issuer_country: None,
        since: now,
    }
}

/// A reserved attempt of an order, version 1.
pub fn attempt(ids: &Ids, order: &Order, number: u32, now: Timestamp) -> Attempt {
    Attempt {
        id: ids.attempt(),
        version: 1,
        mid: order.mid,
        environment: order.environment,
        order: order.id,
        number,
        at: now,
        reserved_at: now,
        initiator: order.initiator(),
        amount: order.amount,
        capture: true,
        processor: None,
        processor_name: "simulator".to_owned(),
        descriptor: None,
        token: ids.token(),
        credential_version: 1,
        card: CardKey([1; 16]),
        network: Network::Visa,
        progress: Progress::Reserved,
        reversal: None,
        decision: None,
    }
}

/// A pending refund of an order, version 1.
pub fn refund(ids: &Ids, order: &Order, attempt: AttemptId, now: Timestamp) -> Refund {
    Refund {
        id: ids.refund(),
        version: 1,
        mid: order.mid,
        environment: order.environment,
        order: order.id,
        attempt,
        amount: order.amount,
        message: None,
        state: refund::State::Pending,
        created_at: now,
        settled_at: None,
        response_code: None,
    }
}

/// A transmitted transaction in the sandbox, version 1.
pub fn transmit(ids: &Ids, mid: Mid, transaction_id: &str, now: Timestamp) -> Transmit {
    Transmit {
        id: ids.transmit(),
        version: 1,
        mid,
        environment: Environment::Sandbox,
        site: SiteId::from_bytes(mid.bytes()),
        matched_by: MatchedBy::Default,
        payment: Box::new(payment(&format!("O-{transaction_id}"), transaction_id)),
        is_declined: true,
        late: false,
        at: now,
        received_at: now,
        card: Some(CardKey([2; 16])),
        order: None,
        sequence_number: None,
        outcomes: Vec::new(),
    }
}

/// A declined attempt of the merchant's, in the sandbox.
pub fn entry(mid: Mid, card: CardKey, id: Uuid, at: Timestamp) -> Entry {
    Entry {
        mid,
        environment: Environment::Sandbox,
        card,
        at,
        id,
        origin: Origin::Transmitted,
        initiator: Initiator::Mit,
        amount: Money::new(1_999, Currency::USD),
        network: Network::Visa,
        outcome: ledger::Outcome::Declined,
        response_code: Some("51".to_owned()),
        advice_code: None,
        order: None,
    }
}

/// An order's timer, in the sandbox.
pub fn timer(mid: Mid, order: OrderId, due: Timestamp) -> Timer {
    Timer { kind: timer::Kind::Order, subject: order.0, mid, environment: Environment::Sandbox, due, tries: 0 }
}

/// A scheduling event of an order.
pub fn event(ids: &Ids, order: &Order, sequence: u32, at: Timestamp) -> Event {
    Event {
        id: ids.event(),
        owner: order.mid.into(),
        environment: order.environment,
        order: Some(order.id),
        sequence,
        kind: event::Kind::OrderScheduled,
        at,
        payload: r#"{"IsResent":false}"#.to_owned(),
    }
}

/// An unanswered idempotency record; its scope is its number.
pub fn idempotency(mid: Mid, number: u64, created_at: Timestamp) -> Idempotency {
    let mut scope = [0; 32];
    scope[..8].copy_from_slice(&number.to_be_bytes());
    let environment = Environment::Sandbox;
    Idempotency { scope, mid, environment, payload: [7; 32], order: None, answer: None, created_at }
}
