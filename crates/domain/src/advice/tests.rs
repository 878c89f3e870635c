use super::*;
use crate::money::Currency;

fn open() -> Advice {
    let now = Timestamp::from_secs(1_795_132_800);
    Advice {
        id: AdviceId::from_bytes([7; 16]),
        version: 1,
        mid: Mid::from_bytes([1; 16]),
        environment: Environment::Sandbox,
        site: SiteId::from_bytes([2; 16]),
        matched_by: MatchedBy::SiteId,
        channel: Channel::Mit,
        payment: Box::new(
            serde_json::from_value(serde_json::json!({
                "orderId": "INV-1", "transaction": {"id": "t", "amount": {"minor": 1999, "currency": "USD"}}
            }))
            .unwrap(),
        ),
        amount: Money::new(1999, Currency::USD),
        paid_minor: 0,
        cards: vec![],
        policy: Policy {
            deadline: now + std::time::Duration::from_hours(240),
            max_attempts: 3,
            min_interval_minutes: None,
            local_hours: Hours::parse("22:00-06:00"),
            allow_partial: true,
            routes: vec![],
            lead_secs: 60,
        },
        state: State::Open,
        seen: vec![],
        attempts: 0,
        route: None,
        data_asked: false,
        class: Class::Nsf,
        advised: None,
        next_sequence: 1,
        told_ms: vec![],
        placed_at: now,
        updated_at: now,
    }
}

fn card(n: u8, since: Timestamp) -> Card {
    Card {
        token: None,
        key: CardKey([n; 16]),
        weak_key: CardKey([n; 16]),
        network: Network::Visa,
        funding: Funding::Unknown,
        bin: "411111".into(),
        last4: "1111".into(),
        fingerprint: None,
        issuer_country: None,
        since,
    }
}

fn advised(advice: &Advice, retry_at: Timestamp) -> Advised {
    Advised {
        id: DecisionId::from_bytes([3; 16]),
        decided_at: advice.placed_at,
        decision: Decision::Retry,
        retry_at: Some(retry_at),
        not_before: Some(advice.placed_at),
        not_after: Some(retry_at + std::time::Duration::from_hours(6)),
        how: How {
            amount: advice.amount,
            credential: Use::Same,
            initiator: Initiator::Mit,
            mit_reason: Some(MitReason::Recurring),
            omit_cvv: true,
            step_up_3ds: false,
            route: None,
        },
        class: Class::Nsf,
        probability: 0.4,
        bound_by: vec![],
        model_version: "m".into(),
        told: false,
    }
}

#[test]
fn what_has_ended_stays_as_it_is() {
    let at = Timestamp::from_secs(1);
    let ends = [
        State::Succeeded { reason: None, at },
        State::Stopped { reason: Reason::HardDecline, exhausted: Exhausted::HardDecline, at },
        State::Expired { at },
        State::Cancelled { at },
    ];
    for first in ends {
        let mut advice = open();
        assert_eq!(advice.end(State::Open), Err(Closed(Code::Open)), "an advice is not opened");
        assert_eq!(advice.end(first), Ok(()));
        assert_eq!((advice.wake_at(), advice.attempts_remaining()), (None, 0));
        for second in ends.into_iter().chain([State::Open]) {
            assert_eq!(advice.end(second), Err(Closed(first.code())));
            assert_eq!(advice.state, first);
        }
        assert_eq!(advice.state.exhausted().is_none(), first.code() == Code::Succeeded, "success alone is not told as exhausted");
        let expected = if first.code() == Code::Stopped { Decision::Stop } else { Decision::None };
        assert_eq!(advice.decision(), expected);
    }
}

#[test]
fn it_wakes_to_tell_to_plan_anew_and_to_expire() {
    let mut advice = open();
    let (deadline, retry_at) = (advice.policy.deadline, advice.placed_at + std::time::Duration::from_hours(24));
    assert_eq!(advice.wake_at(), Some(deadline));
    advice.advised = Some(advised(&advice, retry_at));
    assert_eq!(advice.wake_at(), Some(retry_at - std::time::Duration::from_mins(1)));
    advice.advised.as_mut().unwrap().told = true;
    assert_eq!(advice.wake_at(), Some(retry_at + std::time::Duration::from_hours(6)));
    advice.advised.as_mut().unwrap().decision = Decision::AskCustomer;
    assert_eq!(advice.wake_at(), Some(deadline));
    advice.advised = Some(advised(&advice, deadline + std::time::Duration::from_hours(1)));
    assert_eq!(advice.wake_at(), Some(deadline), "never behind the deadline");
}

#[test]
fn attempts_and_amounts_count_down() {
    let mut advice = open();
    assert_eq!((advice.attempt_number(), advice.attempts_remaining()), (1, 2));
    advice.attempts = 2;
    assert_eq!((advice.attempt_number(), advice.attempts_remaining()), (3, 0));
    advice.attempts = 9;
    assert_eq!(advice.attempts_remaining(), 0);
    advice.paid_minor = 500;
    assert_eq!(advice.due(), Money::new(1499, Currency::USD));
}

#[test]
fn cards_and_answers_are_bounded() {
    let mut advice = open();
    assert!(advice.take_card(card(0, advice.placed_at)) && advice.card_changed_at().is_none());
    assert!(!advice.take_card(card(0, advice.placed_at)), "the same card again");
    for n in 1..40u8 {
        let since = advice.placed_at + std::time::Duration::from_hours(n.into());
        assert!(advice.take_card(card(n, since)));
        assert_eq!(advice.card_changed_at(), Some(since));
    }
    assert_eq!(advice.cards.len(), CARDS_MAX);
    for n in 0..SEEN_MAX + 50 {
        advice.see(Seen {
            at: advice.placed_at,
            answer: Answer::iso("51", None),
            origin: Origin::Own,
            initiator: Initiator::Mit,
            approved: false,
            transaction_id: n.to_string(),
        });
    }
    let ids: Vec<&str> = advice.seen.iter().map(|seen| seen.transaction_id.as_str()).collect();
    assert_eq!((ids.len(), ids[0], ids[SEEN_MAX - 1]), (SEEN_MAX, "0", "299"));
}

#[test]
fn events_are_numbered_and_found() {
    let mut advice = open();
    let told: Vec<_> = (0..TOLD_MAX + 5).map(|n| advice.take_event(Timestamp::from_millis(n as i64))).collect();
    assert_eq!((told[0].0, told[TOLD_MAX].0), (1, TOLD_MAX as u32 + 1));
    assert_eq!(advice.event_ids(), told[5..].iter().map(|(_, id)| *id).collect::<Vec<_>>());
}

#[test]
fn an_advice_reads_back() {
    let mut advice = open();
    advice.advised = Some(advised(&advice, advice.placed_at));
    for state in [
        State::Open,
        State::Succeeded { reason: Some(Reason::PaidElsewhere), at: advice.placed_at },
        State::Stopped { reason: Reason::LimitReached, exhausted: Exhausted::NetworkLimit, at: advice.placed_at },
    ] {
        advice.state = state;
        let text = serde_json::to_string(&advice).unwrap();
        assert_eq!(serde_json::from_str::<Advice>(&text).unwrap(), advice);
    }
}
