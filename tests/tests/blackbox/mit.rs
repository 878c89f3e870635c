//! Rebills: accepted at once and worked to their end by themselves (managed), or worked as the merchant asks (sync).

use recoup_tests::{Client, Receiver, Rig, Server, body, book::Book, card, cast, guid};
use serde_json::{Value, json};

/// A test card, how its rescue ends, the reason, and how many attempts the issuer may see.
type Row = (&'static str, &'static str, Option<&'static str>, std::ops::RangeInclusive<usize>);

const TABLE: &[Row] = &[
    (card::APPROVED, "RECOVERED", None, 1..=1),
    (card::VISA, "RECOVERED", None, 1..=1),
    (card::MASTERCARD, "RECOVERED", None, 1..=1),
    (card::NOT_RESCUED, "REJECTED", Some("NOT_RESCUED"), 1..=1),
    (card::NSF[0], "RECOVERED", None, 1..=1),
    (card::NSF[1], "RECOVERED", None, 2..=2),
    (card::NSF[2], "RECOVERED", None, 3..=3),
    (card::NSF[3], "EXPIRED", Some("EXPIRED"), 2..=12),
    ("4000001000050013", "RECOVERED", None, 1..=1),
    ("4000001000050021", "RECOVERED", None, 2..=2),
    ("4000001000050005", "EXPIRED", Some("EXPIRED"), 2..=12),
    ("4000001000610014", "RECOVERED", None, 1..=1),
    ("4000001000650028", "RECOVERED", None, 2..=2),
    ("4000001000590018", "RECOVERED", None, 1..=1),
    ("4000001000620005", "EXPIRED", Some("EXPIRED"), 1..=12),
    ("4000001000410001", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("4000001000430009", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("4000001000040006", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("4000001000460006", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("4000001000570002", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("4000001000910018", "RECOVERED", None, 1..=1),
    ("4000001000960021", "RECOVERED", None, 2..=2),
    ("4000001091020008", "EXPIRED", Some("EXPIRED"), 1..=12),
    ("4000001091030015", "RECOVERED", None, 1..=1),
    ("4000001091050005", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("4000001091060004", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("4000001091070003", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("5555551002510014", "RECOVERED", None, 1..=1),
    ("5555551003050002", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("5555551021050000", "REJECTED", Some("HARD_DECLINE"), 0..=0),
    ("5555551001790005", "RECOVERED", None, 1..=1),
    ("5555551024510018", "RECOVERED", None, 1..=1),
    ("5555551025510017", "RECOVERED", None, 1..=1),
    ("5555551026510016", "RECOVERED", None, 1..=1),
    ("5555551027510015", "RECOVERED", None, 1..=1),
    ("5555551028510014", "RECOVERED", None, 1..=1),
    ("5555551029510013", "RECOVERED", None, 1..=1),
    ("5555551030510010", "RECOVERED", None, 1..=1),
    ("4000001095010013", "RECOVERED", None, 1..=1),
    ("4000001095020020", "RECOVERED", None, 2..=2),
    ("4000001095030003", "EXPIRED", Some("EXPIRED"), 1..=25),
    ("4000001095040507", "EXPIRED", Some("EXPIRED"), 1..=12),
    ("4000001095050027", "RECOVERED", None, 1..=3),
    ("4000001095060109", "RECOVERED", None, 1..=1),
    ("4000001095070017", "RECOVERED", None, 1..=1),
    ("4000001095080016", "RECOVERED", None, 1..=1),
    ("4000001095140018", "RECOVERED", None, 1..=1),
    ("4000001095160008", "RECOVERED", None, 1..=4),
    ("4000001095170015", "RECOVERED", None, 1..=1),
];

/// Cards whose end the contract leaves open; they must end, charge nothing twice and break no rule all the same.
const OPEN: &[&str] = &[
    "4000001000540005",
    "4000001000140004",
    "4000001091010017",
    "4000001091010009",
    "4000001091040014",
    "4000001091040006",
    "5555551001830017",
    "5555551004880019",
    "5555551040510000",
    "5555551041510009",
    "5555551000650010",
    "4000001095100012",
    "4000001095110011",
    "4000001095120010",
    "4000001095130019",
    "4000001095150009",
];

async fn events(client: &Client, order: &str) -> Vec<Value> {
    let feed = client.get(&format!("/v1/events?orderId={order}&limit=1000")).await.must(200);
    feed.json["events"].as_array().expect("events").iter().map(|event| event["payload"].clone()).collect()
}

#[tokio::test]
async fn three_weeks_of_rescues() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let mut orders = vec![];
    for number in TABLE.iter().map(|row| row.0).chain(OPEN.iter().copied()) {
        let reply = shop.evaluate(&body::mit(number)).await;
        assert_eq!(reply.verdict(), ("SUBMITTED", None), "managed MIT is SUBMITTED in every case: {number}");
        orders.push((number, reply.order()));
    }
    for _ in 0..8 {
        shop.advance("P3D").await;
    }
    let book = Book::open(&server.data().join("simulator.sqlite"));
    let mut wrong = vec![];
    for (place, (number, order)) in orders.iter().enumerate() {
        let shown = shop.order(order).await;
        let attempts = book.of(order);
        let charges = attempts.iter().filter(|attempt| attempt.charged() > 0).count();
        let breaches: Vec<_> = attempts.iter().filter_map(|attempt| attempt.breach.clone()).collect();
        let state = shown["engineState"].as_str().unwrap_or("-");
        let told = events(&shop, order).await;
        let finals: Vec<_> = told.iter().filter_map(|event| event["Event"].as_str()).filter(|event| is_final(event)).collect();
        let sequence: Vec<_> = told.iter().filter_map(|event| event["EventData"]["Sequence"].as_u64()).collect();
        let found = format!(
            "{number}: {state} {} with {} attempts, {charges} charges, {finals:?} {breaches:?}",
            shown["statusReason"],
            attempts.len()
        );
        let expected_final = match state {
            "RECOVERED" => "order.completed",
            "EXPIRED" => "order.expired",
            "REJECTED" | "CANCELLED" => "order.cancelled",
            _ => "none",
        };
        let sound = finals == [expected_final]
            && sequence == (1..=sequence.len() as u64).collect::<Vec<_>>()
            && breaches.is_empty()
            && charges == usize::from(state == "RECOVERED")
            && attempts.iter().all(|attempt| attempt.sends == 1)
            && shown["amountCaptured"] == if state == "RECOVERED" { json!(1999) } else { json!(0) };
        let as_said = TABLE.get(place).is_none_or(|(_, end, reason, count)| {
            (state, shown["statusReason"].as_str()) == (end, *reason) && count.contains(&attempts.len())
        });
        if !sound || !as_said {
            wrong.push(found);
        }
    }
    assert!(wrong.is_empty(), "of {}:\n{}", orders.len(), wrong.join("\n"));
}

fn is_final(event: &str) -> bool {
    ["order.completed", "order.cancelled", "order.expired"].contains(&event)
}

#[tokio::test]
async fn the_first_attempt_waits_five_seconds_and_virtual_time_is_told() {
    let server = Server::start().await;
    let (shop, receiver) = (server.shop().await, Receiver::start().await);
    shop.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    shop.post("/v1/sandbox/clock", &json!({"action": "set", "to": "2026-12-31T23:59:00Z"})).await;
    let frozen = shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let start = shop.now().await;
    assert_eq!(frozen.json["frozen"], true);
    let order = shop.evaluate(&body::mit(card::NSF[0])).await.order();
    shop.advance("4").await;
    assert_eq!(shop.order(&order).await["attempts"]["total"], 0);
    let moved = shop.advance("PT1M").await;
    assert_eq!(moved.json["settled"], true);
    assert!(moved.json["dueRun"].as_u64() >= Some(1), "{moved:?}");
    let shown = shop.order(&order).await;
    assert_eq!((&shown["engineState"], &shown["attempts"]["total"]), (&json!("RECOVERED"), &json!(1)));
    let hit = receiver.event(&order, "order.completed").await;
    let at: jiff::Timestamp = hit.payload["TimeStamp"].as_str().expect("a time").parse().expect("a time");
    let after = at.duration_since(start).as_secs();
    assert!((5..=64).contains(&after), "told in virtual time: {at}, {after} s after {start}");
    assert_eq!(shop.now().await.duration_since(start).as_secs(), 64, "a frozen clock stands where it was put");
}

#[tokio::test]
async fn the_clock_is_the_sandboxes_own_and_moves_forward_only() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let path = "/v1/sandbox/clock";
    server.login(&cast().shop.production).await.get(path).await.assert_error(40303);
    server.login(&cast().shop.production).await.post(path, &json!({"action": "advance", "by": "P1D"})).await.assert_error(40303);
    for (body, fault) in [
        (json!({}), "Action"),
        (json!({"action": "jump"}), "Action"),
        (json!({"action": "advance"}), "By"),
        (json!({"action": "advance", "by": "P91D"}), "By"),
        (json!({"action": "set", "to": "2020-01-01T00:00:00Z"}), "To"),
    ] {
        let faults = shop.post(path, &body).await.faults();
        assert_eq!((faults.len(), faults[0].0.as_str()), (1, fault), "{body}");
    }
    let before = recoup_tests::now();
    shop.advance("P90D").await;
    assert!(shop.now().await.duration_since(before).as_hours() >= 90 * 24);
    let others = server.login(&cast().stranger.sandbox).await.now().await;
    assert!(others.duration_since(before).as_secs() < 300, "another merchant's clock is its own");
}

#[tokio::test]
async fn sync_repeats_tell_the_current_state() {
    let server = Rig::default().set(&cast().sync, "syncBackground=false").start().await;
    let sync = server.login(&cast().sync.sandbox).await;
    sync.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let approved = sync.evaluate(&body::mit(card::APPROVED)).await;
    assert_eq!(approved.verdict(), ("APPROVED", None));

    let sent = body::mit(card::NSF[1]);
    let repeat = |sent: &Value| body::with(sent.clone(), "/idempotencyKey", json!(guid()));
    let first = sync.evaluate(&sent).await;
    assert_eq!(first.verdict(), ("DECLINED", Some("RETRY_LATER")));
    assert_eq!(sync.evaluate(&repeat(&sent)).await.verdict(), ("DECLINED", Some("RETRY_LATER")));
    let shown = sync.order(&first.order()).await;
    assert_eq!((&shown["status"], &shown["statusName"], &shown["mitMode"]), (&json!(4), &json!("PROCESSING"), &json!("sync")));
    let mut last = None;
    for _ in 0..20 {
        sync.advance("P1D").await;
        let reply = sync.evaluate(&repeat(&sent)).await;
        assert_eq!(reply.order(), first.order(), "always the same order");
        if reply.verdict().0 == "APPROVED" {
            last = Some(reply);
            break;
        }
        assert_eq!(reply.verdict(), ("DECLINED", Some("RETRY_LATER")));
    }
    let last = last.expect("a repeat that was due made the attempt");
    assert_eq!(sync.evaluate(&repeat(&sent)).await.verdict(), ("APPROVED", None));
    let same_key = sync.evaluate(&sent).await;
    assert_eq!(
        (same_key.verdict(), same_key.header("idempotent-replayed")),
        (("APPROVED", None), "true"),
        "a replay tells the current state"
    );
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert_eq!(book.charges()[&last.order()], 1);

    let never = body::mit(card::NSF[3]);
    let order = sync.evaluate(&never).await.order();
    sync.advance("P22D").await;
    assert_eq!(sync.evaluate(&repeat(&never)).await.verdict(), ("DECLINED", Some("EXPIRED")));
    assert_eq!(sync.order(&order).await["engineState"], "EXPIRED");
}

#[tokio::test]
async fn sync_orders_are_worked_in_between_unless_switched_off() {
    let server = Server::start().await;
    let sync = server.login(&cast().sync.sandbox).await;
    sync.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let sent = body::mit(card::NSF[1]);
    let order = sync.evaluate(&sent).await.order();
    sync.advance("P20D").await;
    assert_eq!(sync.order(&order).await["engineState"], "RECOVERED");
    let again = sync.evaluate(&body::with(sent, "/idempotencyKey", json!(guid()))).await;
    assert_eq!(again.verdict(), ("APPROVED", None));
}

#[tokio::test]
async fn the_merchants_own_attempts_count_against_the_networks_limits() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let token = shop.tokenize(card::NSF[0], None).await;
    for _ in 0..20 {
        let mut copy = body::with(body::copy(true), "/paymentMethod", json!({"cardNumber": token, "Token": true}));
        copy["isMIT"] = json!(true);
        copy["transaction"]["amount"] = json!(1999);
        shop.post("/v1/transmit", &copy).await.must(200);
    }
    let reply = shop
        .evaluate(&body::with(
            body::mit(&token),
            "/expiryDateUtc",
            json!((shop.now().await + jiff::SignedDuration::from_hours(480)).to_string()),
        ))
        .await;
    assert_eq!(reply.verdict(), ("SUBMITTED", None));
    shop.advance("P21D").await;
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert_eq!(book.of(&reply.order()).len(), 0, "Visa: at most 20 attempts in 30 days, the merchant's own included");
    let shown = shop.order(&reply.order()).await;
    assert!(["EXPIRED", "LIMIT_REACHED"].contains(&shown["statusReason"].as_str().unwrap_or("-")), "{shown}");
}
