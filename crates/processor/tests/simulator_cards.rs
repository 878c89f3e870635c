//! Every test card of the sandbox, attempt by attempt.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::{attempt_id, hours, order_id, request, with};
use domain::{
    card::{Network, Pan},
    id::RefundId,
    money::{Currency, Money},
    time::Timestamp,
};
use recoup_processor::{
    Authorize, Capture, Failure, Inquiry, Processor as _, Refund, UpdateAccount, UpdateStatus, Void,
    simulator::{Book, Simulator},
};

/// One line per card: attempts in order, `hours[+flags]=answer`. The answer is the code, with `/advice`, `/!` for a breach
/// in the book, or `lost`.
const SCRIPTS: &[(&str, &str)] = &[
    ("4000001000510016", "1=00"),
    ("4000001000510024", "1=51 2=00"),
    ("4000001000510032", "1=51 2=51 3=00"),
    ("4000001000510008", "1=51 2=51 3=51 4=51 500=51"),
    ("4000001000050013", "1=00"),
    ("4000001000050021", "1=05 2=00"),
    ("4000001000050005", "1=05 2=05 3=05"),
    // 61, 65: not on the same local day as the last decline.
    ("4000001000610014", "1=61 24=00"),
    ("4000001000610014", "16.9=61 17.1=00"),
    ("4000001000650028", "1=65 16.9=65 17.1=00"),
    ("4000001000590018", "72=00"),
    ("4000001000620005", "72=62 240=62"),
    ("4000001000540005", "1=54 2=54 3+2=00 4+2x=54"),
    ("4000001000140004", "1=14 2+2=14"),
    ("4000001000410001", "1=41/!"),
    ("4000001000430009", "1=43/!"),
    ("4000001000040006", "1=04/!"),
    ("4000001000460006", "1=46/!"),
    ("4000001000570002", "1=57/!"),
    // In mode `issuer` nobody knew before the first answer.
    ("4000001000410001", "1+i=41 2+i=41/!"),
    ("4000001000910018", "1=00"),
    ("4000001000960021", "1=96 2=00"),
    ("4000001091010017", "1+c=1A 2+c3=00"),
    ("4000001091010017", "1=1A 2+3=00"),
    ("4000001091010009", "1+c3=1A"),
    ("4000001091020008", "1=5C 72=5C"),
    ("4000001091030015", "1=9G 71=9G 143=00"),
    ("4000001091030015", "72=00"),
    ("4000001091040014", "1+cw=N7 1+cv=00"),
    ("4000001091040014", "1=N7"),
    ("4000001091040006", "1+cv=N7"),
    ("4000001091050005", "1=R0/!"),
    ("4000001091060004", "1=R1/!"),
    ("4000001091070003", "1=R3/!"),
    ("5555551002510014", "1=51/02 74=00"),
    ("5555551002510014", "72=00"),
    ("5555551003050002", "1=05/03/!"),
    ("5555551021050000", "1=05/21/!"),
    ("5555551001790005", "1=79/01 2=79/01 3+2=00"),
    ("5555551001830017", "1=83/01 2+3=00"),
    ("5555551004880019", "1+t=14 2=00"),
    ("5555551024510018", "1=00"),
    ("5555551024510018", "0.9=51/03/! 50=51/03/!"),
    ("5555551025510017", "24=00"),
    ("5555551025510017", "23.9=51/03/!"),
    ("5555551026510016", "48=00"),
    ("5555551026510016", "47.9=51/03/!"),
    ("5555551027510015", "96=00"),
    ("5555551027510015", "95.9=51/03/!"),
    ("5555551028510014", "144=00"),
    ("5555551028510014", "143.9=51/03/!"),
    ("5555551029510013", "192=00"),
    ("5555551029510013", "191.9=51/03/!"),
    ("5555551030510010", "240=00"),
    ("5555551030510010", "239.9=51/03/!"),
    ("5555551030510010", "1+i=51/03 2+i=51/03/!"),
    ("5555551040510000", "1=51/40 500=51/40"),
    ("5555551041510009", "1=51/41"),
    ("5555551000650010", "1+c=65 2+c3=00"),
    ("4000001095010013", "1=lost"),
    ("4000001095020020", "1=lost 2=00"),
    ("4000001095030003", "1=lost 30=lost"),
    ("4000001095040507", "1=10"),
    ("4000001095050027", "1=91 1.9=91 2=00"),
    ("4000001095060109", "1=00"),
    ("4000001095070017", "1=00"),
    ("4000001095080016", "1=00"),
    ("4000001095100012", "1+c=N7 1+cw=N7 1+cv=00"),
    ("4000001095100012", "1=00"),
    ("4000001095110011", "1+c=05 1+cz=00"),
    ("4000001095120010", "1+cx=54 1+c=00"),
    ("4000001095130019", "1+c=1A 1+c3=00"),
    ("4000001095140018", "1=14 2+2=00"),
    ("4000001095150009", "1=14 2+2=14"),
    // The next 1st or 15th after Friday 20 November 2026: 1 December, 00:00 New York = 05:00 UTC.
    ("4000001095160008", "1=51 256.9=51 257=00"),
    ("4000001095170015", "1=94 2=94/!"),
    ("4000002760003184", "1=00"),
    ("4111111111111111", "1+c=00"),
    ("4012888888881881", "1=00"),
    ("5555555555554444", "1+c=00"),
    ("2223003122003222", "1=00"),
    ("378282246310005", "1=00"),
    ("6011111111111117", "1=00"),
    ("4000300011112220", "1=57"),
    ("4000002000000008", "1=14"),
];

#[tokio::test]
async fn every_card_does_what_the_contract_says() {
    for (card, script) in SCRIPTS {
        let simulator = simulator();
        for (step, n) in script.split(' ').zip(1..) {
            let (when, expected) = step.split_once('=').unwrap();
            let (when, flags) = when.split_once('+').unwrap_or((when, ""));
            let request = Authorize { at: hours(when.parse().unwrap()), ..with(request(card, n), flags) };
            assert_eq!(said(&simulator, &request).await, expected, "{card} at {when} of {script}");
        }
    }
}

fn simulator() -> Simulator {
    Simulator::new(7, Book::in_memory().unwrap())
}

async fn said(simulator: &Simulator, request: &Authorize) -> String {
    let answer = simulator.authorize(request).await;
    let breach = simulator.report().unwrap().breaches.iter().any(|breach| breach.attempt == request.attempt);
    let mut said = match answer {
        Ok(answer) => {
            assert_eq!(answer.approved, matches!(answer.response_code.as_str(), "00" | "10"), "{answer:?}");
            answer.advice_code.map_or(answer.response_code.clone(), |advice| format!("{}/{advice}", answer.response_code))
        }
        Err(Failure::Unknown { .. }) => "lost".to_owned(),
        Err(failure) => panic!("{failure}"),
    };
    if breach {
        said.push_str("/!");
    }
    said
}

async fn found(simulator: &Simulator, attempt: u64, at: Timestamp) -> Option<String> {
    match simulator.inquire(attempt_id(attempt), at).await.unwrap() {
        Inquiry::Found(answer) => Some(answer.response_code),
        Inquiry::NeverSeen => None,
    }
}

#[tokio::test]
async fn a_lost_charge_is_found_and_charged_once() {
    let simulator = simulator();
    let request = request("4000001095010013", 1);
    assert!(matches!(simulator.authorize(&request).await, Err(Failure::Unknown { .. })));
    assert_eq!(found(&simulator, 1, hours(1.1)).await.as_deref(), Some("00"));
    assert!(simulator.authorize(&request).await.unwrap().approved, "the same attempt again gets the answer that was lost");
    let report = simulator.report().unwrap();
    assert_eq!((report.totals[0].captured_minor, report.inquiries), (1999, 1));
    assert!(report.charged_more_than_once.is_empty() && report.breaches.is_empty());
}

#[tokio::test]
async fn an_engine_that_sends_again_is_caught() {
    let simulator = simulator();
    assert!(simulator.authorize(&request("4000001095010013", 1)).await.is_err());
    assert!(simulator.authorize(&request("4000001095010013", 2)).await.is_err());
    let report = simulator.report().unwrap();
    assert_eq!(report.charged_more_than_once, [order_id(1)]);
    assert_eq!(report.breaches[0].rule, "charged although the order is already paid");
    simulator.void(&Void { attempt: attempt_id(2), at: hours(2.0) }).await.unwrap();
    assert!(simulator.report().unwrap().charged_more_than_once.is_empty(), "voided charges do not count");
}

#[tokio::test]
async fn what_was_not_charged_may_be_sent_again_under_the_same_id() {
    let simulator = simulator();
    let request = request("4000001095020020", 1);
    assert!(simulator.authorize(&request).await.is_err());
    assert_eq!(found(&simulator, 1, hours(1.1)).await, None);
    assert!(simulator.authorize(&request).await.unwrap().approved, "the second send is the second attempt");
    assert_eq!(found(&simulator, 1, hours(1.2)).await.as_deref(), Some("00"));
}

#[tokio::test]
async fn a_blind_look_up_sees_after_a_day() {
    let simulator = simulator();
    assert!(simulator.authorize(&request("4000001095030003", 1)).await.is_err());
    for h in [1.1, 12.0, 24.9] {
        assert!(matches!(simulator.inquire(attempt_id(1), hours(h)).await, Err(Failure::Unknown { .. })), "{h}");
    }
    assert_eq!(found(&simulator, 1, hours(25.0)).await, None);
}

#[tokio::test]
async fn a_duplicate_is_found_approved_and_taken_once() {
    let simulator = simulator();
    let first = request("4000001095170015", 1);
    let told = simulator.authorize(&first).await.unwrap();
    assert_eq!((told.approved, told.response_code.as_str()), (false, "94"));
    assert_eq!(simulator.authorize(&first).await.unwrap(), told, "the same id, the same answer");
    assert_eq!(found(&simulator, 1, hours(2.0)).await.as_deref(), Some("00"));
    assert!(!simulator.authorize(&request("4000001095170015", 2)).await.unwrap().approved);
    assert_eq!(simulator.report().unwrap().totals[0].captured_minor, 1999);
}

#[tokio::test]
async fn a_partial_approval_and_its_remainder_are_no_double_charge() {
    let simulator = simulator();
    let half = simulator.authorize(&request("4000001095040507", 1)).await.unwrap();
    assert_eq!(half.approved_amount_minor, Some(999));
    let rest = Authorize { amount: Money::new(1000, Currency::USD), ..request("4000001095040507", 2) };
    assert_eq!(simulator.authorize(&rest).await.unwrap().approved_amount_minor, Some(500));
    let report = simulator.report().unwrap();
    assert!(report.charged_more_than_once.is_empty() && report.breaches.is_empty());
    assert_eq!(report.totals[0].captured_minor, 1499);
}

#[tokio::test]
async fn captures_voids_and_refunds_follow_the_book() {
    let usd = |minor| Money::new(minor, Currency::USD);
    let simulator = simulator();
    let held = Authorize { capture: false, ..request("4111111111111111", 1) };
    assert!(simulator.authorize(&held).await.unwrap().approved);
    let capture = |attempt, minor| Capture { attempt: attempt_id(attempt), amount: usd(minor), at: hours(2.0) };
    for (attempt, minor, captured) in
        [(9, 1999, false), (1, 2000, false), (1, 0, false), (1, 1999, true), (1, 1999, true), (1, 500, false)]
    {
        assert_eq!(simulator.capture(&capture(attempt, minor)).await.unwrap().captured, captured, "{attempt} {minor}");
    }
    let refund = |n, minor| Refund {
        refund: RefundId(uuid::Uuid::from_u64_pair(3, n)),
        attempt: attempt_id(1),
        amount: usd(minor),
        at: hours(3.0),
    };
    for (n, minor, refunded) in [(1, 1000, true), (1, 1000, true), (2, 1000, false), (3, 999, true), (4, 1, false)] {
        assert_eq!(simulator.refund(&refund(n, minor)).await.unwrap().refunded, refunded, "refund {n}");
    }
    let void = |attempt| Void { attempt: attempt_id(attempt), at: hours(4.0) };
    assert!(!simulator.void(&void(1)).await.unwrap().voided, "refunded money cannot be voided too");
    let total = &simulator.report().unwrap().totals[0];
    assert_eq!((total.captured_minor, total.refunded_minor, total.held_minor), (1999, 1999, 0));
}

#[tokio::test]
async fn an_attempt_voided_before_it_comes_never_charges() {
    let simulator = simulator();
    assert!(simulator.void(&Void { attempt: attempt_id(1), at: hours(1.0) }).await.unwrap().voided);
    assert!(!simulator.authorize(&request("4111111111111111", 1)).await.unwrap().approved);
    let lost = request("4000001095020020", 2);
    assert!(simulator.authorize(&lost).await.is_err());
    assert!(simulator.void(&Void { attempt: attempt_id(2), at: hours(1.0) }).await.unwrap().voided);
    assert!(simulator.authorize(&lost).await.is_err());
    assert!(simulator.report().unwrap().totals.is_empty());
}

#[tokio::test]
async fn refusing_cards_refuse() {
    let simulator = simulator();
    let amount = Money::new(1999, Currency::USD);
    let held = Authorize { capture: false, ..request("4000001095070017", 1) };
    assert!(simulator.authorize(&held).await.unwrap().approved);
    let capture = simulator.capture(&Capture { attempt: attempt_id(1), amount, at: hours(2.0) }).await.unwrap();
    assert_eq!((capture.captured, capture.error.as_deref()), (false, Some("refused by the issuer")));
    assert!(simulator.authorize(&Authorize { order: order_id(2), ..request("4000001095080016", 2) }).await.unwrap().approved);
    let refund = Refund { refund: RefundId(uuid::Uuid::from_u64_pair(3, 1)), attempt: attempt_id(2), amount, at: hours(2.0) };
    let refunded = simulator.refund(&refund).await.unwrap();
    assert_eq!((refunded.refunded, refunded.response_code.as_deref()), (false, Some("2004")));
}

#[tokio::test]
async fn an_abandoned_slow_approval_is_found_and_can_be_reversed() {
    let simulator = simulator();
    let slow = request("4000001095091203", 1);
    let impatient = tokio::time::timeout(std::time::Duration::from_millis(1), simulator.authorize(&slow)).await;
    assert!(impatient.is_err());
    assert_eq!(found(&simulator, 1, hours(1.1)).await.as_deref(), Some("00"));
    assert!(simulator.void(&Void { attempt: attempt_id(1), at: hours(1.1) }).await.unwrap().voided);
    assert!(simulator.report().unwrap().totals.is_empty());
}

#[tokio::test]
async fn the_updater_knows_its_cards_by_number_and_by_token() {
    for (card, status, new_number, then) in [
        ("4000001095140018", UpdateStatus::Updated, true, "00"),
        ("4000001095150009", UpdateStatus::Closed, false, ""),
        ("5555551001790005", UpdateStatus::Updated, false, "00"),
        ("4000001000540005", UpdateStatus::Unknown, false, ""),
        ("4111111111111111", UpdateStatus::Unknown, false, ""),
    ] {
        let simulator = simulator();
        let pan = Pan::parse(card).unwrap();
        let first = request(card, 1);
        let _ = simulator.authorize(&first).await.unwrap();
        let ask = |number| UpdateAccount {
            token: first.token.clone(),
            network: Network::of_bin(card),
            number,
            expiry: None,
            credential_version: 1,
            at: hours(2.0),
        };
        let by_number = simulator.update_account(&ask(Some(pan.clone()))).await.unwrap();
        assert_eq!(by_number.status, status, "{card}");
        assert_eq!(by_number.number.is_some(), new_number, "{card}");
        assert_eq!(simulator.update_account(&ask(None)).await.unwrap(), by_number, "{card}");
        if !then.is_empty() {
            assert_eq!((by_number.exp_month, by_number.exp_year, by_number.credential_version), (Some(12), Some(2029), 2));
            let renewed = by_number.number.unwrap_or(pan);
            let retry = Authorize { credential_version: 2, ..request(renewed.reveal(), 2) };
            assert_eq!(said(&simulator, &retry).await, then, "{card}");
        }
    }
}

#[tokio::test]
async fn telephones_win_over_cards() {
    let simulator = simulator();
    let phone = |phone: &str, flags: &str, n| Authorize {
        phone: Some(phone.to_owned()),
        order: order_id(n),
        ..with(request("4000001000410001", n), flags)
    };
    for (n, request, expected) in [
        (1, phone("998888", "", 1), "00"),
        (2, phone("+99.2001a", "c", 2), "N7"),
        (3, phone("+99.2001a", "cv", 3), "00"),
        (4, phone("+99.2001b", "cz", 4), "00"),
        (5, phone("+99.2001a", "v", 5), "41/!"),
    ] {
        assert_eq!(said(&simulator, &request).await, expected, "{n}");
    }
}

#[tokio::test]
async fn an_order_without_a_known_arrival_is_not_made_to_wait() {
    let simulator = simulator();
    let untold = |card, n| Authorize { order_placed_at: Timestamp::EPOCH, order: order_id(n), ..request(card, n) };
    assert_eq!(said(&simulator, &untold("5555551030510010", 1)).await, "00");
    assert_eq!(said(&simulator, &untold("4000001095050027", 2)).await, "91");
    let later = Authorize { at: hours(3.0), attempt: attempt_id(3), ..untold("4000001095050027", 2) };
    assert_eq!(said(&simulator, &later).await, "00", "two hours from the first attempt seen");
}
