//! `kill -9` at random moments. Afterwards: everything that was acknowledged is there, every order reaches its end, no
//! order is charged twice by the issuers' own book, and every final event was told.
//!
//! `RECOUP_CRASH_ROUNDS` makes it longer, `RECOUP_CRASH_SEED` repeats a run.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use recoup_tests::{Client, Receiver, Rig, Server, Simulator, body, book::Book, card, cast, guid, until};
use reqwest::Method;
use serde_json::{Value, json};

const ROUNDS: u64 = 6;
const STREAMS: u64 = 4;

/// What one stream of requests has seen.
#[derive(Debug, Default)]
struct Seen {
    /// Evaluates that were answered: the body and the verdict.
    answered: Vec<(Value, Value)>,
    /// Evaluates whose answer never came.
    unanswered: Vec<Value>,
    /// Transmits that were answered.
    copies: Vec<String>,
}

impl Seen {
    fn join(&mut self, other: Self) {
        self.answered.extend(other.answered);
        self.unanswered.extend(other.unanswered);
        self.copies.extend(other.copies);
    }
}

fn number(name: &str, usual: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::test]
async fn kills_at_random_moments_lose_nothing_and_charge_nothing_twice() {
    let seed = number("RECOUP_CRASH_SEED", u64::from(uuid_word()));
    println!("RECOUP_CRASH_SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // Everything is read back at once, and the clock is turned faster than people do.
    let unlimited = "read_per_sec = 0\nmanagement_per_sec = 0";
    let mut server = Rig::default().set(&cast().shop, "realtimeBudgetMs=500").config("limits", unlimited).start().await;
    let receiver = Receiver::start().await;
    let first = server.shop().await;
    first.post("/v1/webhooks", &json!({"url": receiver.url, "events": ["*"]})).await.must(201);
    first.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let token = first.token().expect("a token").to_owned();
    let mut seen = Seen::default();
    for round in 0..number("RECOUP_CRASH_ROUNDS", ROUNDS) {
        let shop = server.client().with_token(Some(&token));
        let stop = Arc::new(AtomicBool::new(false));
        let streams: Vec<_> = (0..STREAMS).map(|_| tokio::spawn(stream(shop.clone(), random.random(), stop.clone()))).collect();
        let clock = tokio::spawn(turn_the_clock(shop.clone(), stop.clone()));
        tokio::time::sleep(Duration::from_millis(random.random_range(150..1_200))).await;
        server.kill().await;
        stop.store(true, Ordering::SeqCst);
        for stream in streams {
            seen.join(stream.await.expect("a stream"));
        }
        clock.await.expect("the clock");
        server.start_process().await;
        assert_kept(&server.client().with_token(Some(&token)), &seen, round).await;
    }
    assert!(seen.answered.len() > 20, "the streams were at work: {}", seen.answered.len());
    let shop = server.shop().await;
    let told = answer_the_unanswered(&shop, &seen).await;
    for _ in 0..10 {
        shop.advance("P3D").await;
    }
    assert_ended(&server, &shop, &receiver, &told).await;
}

fn uuid_word() -> u32 {
    guid().get(..8).and_then(|head| u32::from_str_radix(head, 16).ok()).unwrap_or_default()
}

/// Sends a mix of everything until the server is gone.
async fn stream(shop: Client, seed: u64, stop: Arc<AtomicBool>) -> Seen {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut seen = Seen::default();
    let slow = card::of_pattern("400000", 9509, 3);
    let slower = card::of_pattern("400000", 9509, 9);
    let cards = [
        card::APPROVED,
        card::APPROVED,
        card::NSF[0],
        card::NSF[1],
        card::NSF[3],
        card::NOT_RESCUED,
        "4000001095010013",
        "4000001095020020",
        "4000001095170015",
        "4000001000410001",
        "4000001095040507",
        &slow,
        &slower,
    ];
    while !stop.load(Ordering::SeqCst) {
        let number = cards[random.random_range(0..cards.len())];
        let (path, sent) = match random.random_range(0..5) {
            0 => ("/v1/transmit", body::copy(random.random())),
            1 | 2 => ("/v1/evaluate", body::cit(number)),
            _ => ("/v1/evaluate", body::mit(number)),
        };
        match shop.try_send(Method::POST, path, &[], Some(sent.to_string())).await {
            Ok(reply) if reply.status == 200 && path == "/v1/transmit" => seen.copies.push(reply.text("transmitId").to_owned()),
            Ok(reply) if reply.status == 200 => seen.answered.push((sent, reply.json)),
            Ok(reply) => panic!("{path}: {reply:?}"),
            Err(_) if path == "/v1/evaluate" => {
                seen.unanswered.push(sent);
                break;
            }
            Err(_) => break,
        }
        tokio::time::sleep(Duration::from_millis(random.random_range(10..70))).await;
    }
    seen
}

async fn turn_the_clock(shop: Client, stop: Arc<AtomicBool>) {
    let step = json!({"action": "advance", "by": "PT3H"}).to_string();
    while !stop.load(Ordering::SeqCst) {
        if shop.try_send(Method::POST, "/v1/sandbox/clock", &[], Some(step.clone())).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Whatever was acknowledged is there, and what was told to be paid is paid.
async fn assert_kept(shop: &Client, seen: &Seen, round: u64) {
    for (sent, verdict) in &seen.answered {
        let id = verdict["orderSessionKey"].as_str().expect("an order");
        let shown = shop.order(id).await;
        assert_eq!(shown["externalOrderId"], sent["orderId"], "round {round}");
        if verdict["status"] == "APPROVED" {
            assert_eq!(
                (&shown["engineState"], &shown["amountCaptured"]),
                (&json!("RECOVERED"), &json!(1999)),
                "round {round}: {shown}"
            );
        }
    }
    for id in &seen.copies {
        shop.get(&format!("/v1/transmit/{id}")).await.must(200);
    }
}

/// A client that got no answer sends the same request again; one that got an answer gets the same one. Gives every
/// order with what its owner was told last.
async fn answer_the_unanswered(shop: &Client, seen: &Seen) -> BTreeMap<String, (String, Value)> {
    let mut told = BTreeMap::new();
    for sent in seen.answered.iter().map(|(sent, _)| sent).chain(&seen.unanswered) {
        let reply = until("a repeated request is answered", || async {
            let reply = shop.post("/v1/evaluate", sent).await;
            (reply.status != 409).then_some(reply)
        })
        .await
        .must(200);
        told.insert(reply.order(), (reply.text("status").to_owned(), sent.clone()));
    }
    for (sent, verdict) in &seen.answered {
        let id = verdict["orderSessionKey"].as_str().expect("an order");
        let (status, _) = told.get(id).unwrap_or_else(|| panic!("a repeat made another order than {id}: {sent}"));
        assert_eq!(verdict["status"], status.as_str(), "a replay says the same");
    }
    told
}

async fn everything(shop: &Client, path: &str, rows: &str, next: impl Fn(&Value, u32) -> Option<String>) -> Vec<Value> {
    let (mut all, mut query) = (vec![], String::new());
    for page in 1.. {
        let reply = shop.get(&format!("{path}{query}")).await.must(200).json;
        all.extend(reply[rows].as_array().expect("rows").iter().cloned());
        match next(&reply, page) {
            Some(more) => query = more,
            None => break,
        }
    }
    all
}

const FINALS: [&str; 3] = ["order.completed", "order.cancelled", "order.expired"];

/// The events of an order are numbered without a gap, and its time never runs backwards.
fn assert_sequences(events: &[Value]) {
    let mut orders: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    // A payout's events are about no order.
    let about_orders = events.iter().filter(|event| !event["payload"]["Event"].as_str().expect("a name").starts_with("payout."));
    for event in about_orders {
        orders.entry(event["payload"]["OrderId"].as_str().expect("an order")).or_default().push(&event["payload"]);
    }
    for (order, told) in orders {
        for (place, event) in told.iter().enumerate() {
            assert_eq!(event["EventData"]["Sequence"], place + 1, "{order}: {told:?}");
        }
        let times: Vec<_> = told.iter().map(|event| event["TimeStamp"].as_str().expect("a time")).collect();
        assert!(times.is_sorted(), "{order}: {told:?}");
    }
}

async fn assert_ended(server: &Server, shop: &Client, receiver: &Receiver, told: &BTreeMap<String, (String, Value)>) {
    let orders = everything(shop, "/v1/orders?pageSize=200", "orders", |reply, page| {
        (reply["hasNextPage"] == true).then(|| format!("&pageNumber={}", page + 1))
    })
    .await;
    let told_events = everything(shop, "/v1/events?limit=1000", "events", |reply, _| {
        (reply["hasMore"] == true).then(|| format!("&after={}", reply["nextCursor"].as_str().unwrap_or_default()))
    })
    .await;
    assert_sequences(&told_events);
    let is_final = |event: &&Value| FINALS.iter().any(|name| event["payload"]["Event"] == *name);
    let events: Vec<_> = told_events.iter().filter(is_final).cloned().collect();
    let known: BTreeSet<_> = orders.iter().filter_map(|order| order["id"].as_str()).collect();
    assert!(told.keys().all(|id| known.contains(id.as_str())), "every acknowledged order is listed");
    let book = Book::open(&server.data().join("simulator.sqlite"));
    let attempts = until("what was not paid is given back", || async {
        let attempts = book.by_order();
        let mut unpaid = orders.iter().filter(|order| order["amountCaptured"] == 0).filter_map(|order| order["id"].as_str());
        let settled = |id: &str| attempts.get(id).is_none_or(|attempts| attempts.iter().all(|attempt| attempt.charged() == 0));
        let done = unpaid.all(settled);
        done.then_some(attempts)
    })
    .await;
    let owed: BTreeSet<_> = events.iter().filter_map(|event| event["id"].as_str()).collect();
    let hits = receiver
        .until("every final event is delivered", |hits| {
            let taken: BTreeSet<_> =
                hits.iter().filter(|hit| hit.taken()).filter_map(|hit| hit.headers["webhook-id"].to_str().ok()).collect();
            owed.iter().all(|id| taken.contains(id))
        })
        .await;
    for hit in hits.iter().filter(|hit| FINALS.contains(&hit.event())) {
        assert!(owed.contains(hit.headers["webhook-id"].to_str().expect("text")), "a final event that the feed does not know");
    }
    for order in &orders {
        let id = order["id"].as_str().expect("an id");
        let state = order["engineState"].as_str().expect("a state");
        let none = vec![];
        let attempts = attempts.get(id).unwrap_or(&none);
        let expected = match state {
            "RECOVERED" => ("order.completed", 1),
            "EXPIRED" => ("order.expired", 0),
            "REJECTED" | "CANCELLED" => ("order.cancelled", 0),
            other => panic!("{id} did not end: {other}"),
        };
        assert!(attempts.iter().all(|attempt| attempt.breach.is_none() && attempt.sends == 1), "{id}: {attempts:?}");
        let charged = attempts.iter().filter(|attempt| attempt.charged() > 0).count();
        assert_eq!(charged, expected.1, "{id} is {state}: {attempts:?}");
        let finals: Vec<_> = events.iter().filter(|event| event["payload"]["OrderId"] == id).collect();
        assert_eq!(finals.len(), 1, "exactly one final event of {id}: {finals:?}");
        assert_eq!(finals[0]["payload"]["Event"], expected.0, "{id}");
        if told.get(id).is_some_and(|(status, _)| status == "APPROVED") {
            assert_eq!(state, "RECOVERED", "{id} was told to be paid");
        }
    }
    println!("{} orders, {} of them attempted, {} final events", orders.len(), attempts.len(), events.len());
}

#[tokio::test]
async fn what_a_killed_server_held_is_waited_for_and_worked_in_its_turn() {
    let mut server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let order = shop.evaluate(&body::mit(card::NSF[0])).await.order();
    server.kill().await;
    // What a server leaves that is killed after it took a timer and before it did anything.
    let database = rusqlite::Connection::open(server.data().join("recoup.sqlite")).expect("the database opens");
    let until = recoup_tests::now().as_microsecond() + 4_000_000;
    let held = database.execute("UPDATE timers SET lease = randomblob(16), lease_until = ?1 WHERE kind = 'order'", [until]);
    assert_eq!(held.expect("timers are held"), 1);
    drop(database);
    server.start_process().await;
    let shop = server.shop().await;
    let start = shop.now().await;
    shop.advance("P30D").await;
    let shown = shop.order(&order).await;
    assert_eq!(shown["engineState"], "RECOVERED", "the clock passed over what was held");
    let at: jiff::Timestamp = shown["attempts"]["lastAttemptUtc"].as_str().expect("a time").parse().expect("a time");
    assert_eq!(at.duration_since(start).as_secs(), 5, "worked at its own moment");
}

/// A server in front of a processor that goes on without it.
async fn with_live_route(processor: &Simulator) -> Server {
    let server = Rig::default().prepare();
    let mid = cast().shop.mid.as_str();
    server.run(&["channel", "set", "--mid", mid, "cit_web=production", "mit=production"]);
    let account = ["processor", "create", "--name", "acquirer", "--environment", "production", "--reveal-card"];
    let limits = ["--connect-timeout-ms", "1000", "--total-timeout-ms", "5000", "--base-url", &processor.base];
    let account = server.run(&[&account[..], &limits].concat());
    server.run(&["route", "add", "--mid", mid, "--processor", account["id"].as_str().expect("an id")]);
    server.started().await
}

#[tokio::test]
async fn a_server_killed_between_send_and_record_asks_and_never_sends_again() {
    let processor = Simulator::start().await;
    let mut server = with_live_route(&processor).await;
    let live = server.login(&cast().shop.production).await;
    assert_eq!(live.evaluate(&body::cit(card::APPROVED)).await.verdict(), ("APPROVED", None), "the live route works");
    let book = processor.book();
    let before = book.attempts().len();

    let slow = card::of_pattern("400000", 9509, 30);
    let (asked_again, forgotten) = (body::cit(&slow), body::cit(&slow));
    let waiting: Vec<_> = [&asked_again, &forgotten]
        .map(|sent| {
            let (live, sent) = (live.clone(), sent.to_string());
            tokio::spawn(async move { live.try_send(Method::POST, "/v1/evaluate", &[], Some(sent)).await.is_err() })
        })
        .into_iter()
        .collect();
    until("both attempts are at the processor", || async { (book.attempts().len() == before + 2).then_some(()) }).await;
    server.kill().await;
    for waiting in waiting {
        assert!(waiting.await.expect("a caller"), "nobody got an answer");
    }
    server.start_process().await;
    let live = server.login(&cast().shop.production).await;
    let again = until("the repeated request is answered", || async {
        let reply = live.post("/v1/evaluate", &asked_again).await;
        (reply.status != 409).then_some(reply)
    })
    .await
    .must(200);
    assert_eq!(again.verdict(), ("APPROVED", None), "the processor knew");
    assert_eq!(again.header("idempotent-replayed"), "true");
    let external = forgotten["orderId"].as_str().expect("an id");
    let shown = until("the other order is settled by itself", || async {
        let shown = live.get(&format!("/v1/orders/{external}?by=external")).await.must(200).json;
        ["RECOVERED", "REJECTED", "CANCELLED"].contains(&shown["engineState"].as_str().unwrap_or("-")).then_some(shown)
    })
    .await;
    let orders = [again.order(), shown["id"].as_str().expect("an id").to_owned()];
    for order in &orders {
        let attempts = book.of(order);
        assert_eq!((attempts.len(), attempts[0].sends), (1, 1), "sent once: {attempts:?}");
        let paid = live.order(order).await["amountCaptured"].as_i64() > Some(0);
        assert_eq!(attempts[0].charged() > 0, paid, "our books agree with the processor's");
        let feed = live.get(&format!("/v1/events?orderId={order}&types=order.completed,order.cancelled")).await.must(200).json;
        assert_eq!(feed["events"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn a_processor_that_does_not_answer_is_asked_later() {
    let processor = Simulator::start().await;
    let server = with_live_route(&processor).await;
    let live = server.login(&cast().shop.production).await;
    // The connection is lost although the charge was made: the customer is told no, and the money goes back.
    let reply = live.evaluate(&body::cit("4000001095010013")).await;
    assert_eq!(reply.verdict(), ("DECLINED", Some("TIMEOUT")));
    let order = reply.order();
    let book = processor.book();
    until("the order ends and the charge is given back", || async {
        let shown = live.order(&order).await;
        let voided = book.of(&order).iter().all(|attempt| attempt.voided);
        (shown["status"] == 2 && voided).then_some(())
    })
    .await;
    let attempts = book.of(&order);
    assert_eq!((attempts.len(), attempts[0].sends, attempts[0].charged()), (1, 1, 0));
}
