//! `kill -9` while a chargeback or a new entry of the blocklist ends what is open: after the start every order ends with
//! the reason it was to end with, told exactly once, and nobody is charged any more.

use std::time::Duration;

use recoup_tests::{Client, Server, body, book::Book, card, cast, until};
use reqwest::Method;
use serde_json::{Value, json};

/// More than are read at once, and enough to be caught in the middle.
const OPEN: usize = 160;
/// A stop that was over before it was killed proves nothing; then there is another one.
const ROUNDS: usize = 8;

/// Orders of a merchant that are open on one card, all due at the same moment.
async fn open_orders(shop: &Client, payer: &str) -> Vec<String> {
    let mut orders = vec![];
    for _ in 0..OPEN / 8 {
        let bodies: Vec<Value> = (0..8).map(|_| body::with(body::mit(card::APPROVED), "/payer/id", json!(payer))).collect();
        let asked: Vec<_> = bodies
            .into_iter()
            .map(|body| {
                let shop = shop.clone();
                tokio::spawn(async move { shop.evaluate(&body).await.order() })
            })
            .collect();
        for order in asked {
            orders.push(order.await.expect("an order"));
        }
    }
    orders
}

fn count(server: &Server, condition: &str) -> usize {
    let database = rusqlite::Connection::open_with_flags(
        server.data().join("recoup.sqlite"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
    );
    let database = database.expect("the database opens");
    database.busy_timeout(Duration::from_secs(10)).expect("a timeout");
    let sql = format!("SELECT count(*) FROM orders WHERE {condition}");
    database.query_row(&sql, [], |row| row.get::<_, i64>(0)).map_or(0, |count| usize::try_from(count).expect("a count"))
}

/// Kills the server as soon as it has begun to end orders, and tells how many were still open then.
async fn kill_in_the_middle(server: &mut Server, caller: Client, path: &str, body: &Value) -> usize {
    let ended = count(server, "code = 'CANCELLED'");
    let (path, body) = (path.to_owned(), body.to_string());
    let asked = tokio::spawn(async move { caller.try_send(Method::POST, &path, &[], Some(body)).await.is_ok() });
    until("the first orders end", || async {
        (count(server, "code = 'CANCELLED'") > ended || asked.is_finished()).then_some(())
    })
    .await;
    server.kill().await;
    let _ = asked.await;
    count(server, "is_open = 1")
}

/// Every order ended for this reason, with one final event, and its issuer was never asked for money.
async fn assert_stopped(server: &Server, shop: &Client, orders: &[String], reason: &str, by: &str) {
    let book = Book::open(&server.data().join("simulator.sqlite")).by_order();
    for order in orders {
        let shown = shop.order(order).await;
        assert_eq!((&shown["engineState"], &shown["statusReason"]), (&json!("CANCELLED"), &json!(reason)), "{shown}");
        let attempts = book.get(order).map(Vec::as_slice).unwrap_or_default();
        assert!(attempts.iter().all(|attempt| attempt.charged() == 0), "{order}: {attempts:?}");
        assert_eq!((&shown["attempts"]["total"], attempts.len()), (&json!(0), 0), "{order}: {attempts:?}");
        let finals = "order.completed,order.cancelled,order.expired";
        let feed = shop.get(&format!("/v1/events?orderId={order}&types={finals}")).await.must(200).json;
        let told: Vec<_> = feed["events"].as_array().expect("events").iter().map(|event| &event["payload"]).collect();
        assert_eq!(told.len(), 1, "{order}: {told:?}");
        let data = &told[0]["EventData"];
        assert_eq!(
            (&told[0]["Event"], &data["StatusReason"], &data["CancelledBy"]),
            (&json!("order.cancelled"), &json!(reason), &json!(by))
        );
    }
}

async fn frozen(server: &Server) -> Client {
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    shop
}

fn unlimited() -> recoup_tests::Rig {
    recoup_tests::Rig::default().config("limits", "evaluate_per_sec = 0\nread_per_sec = 0\nmanagement_per_sec = 0")
}

#[tokio::test]
async fn a_chargeback_that_a_crash_interrupts_still_stops_what_is_open() {
    let mut server = unlimited().start().await;
    let mut caught = false;
    for round in 0..ROUNDS {
        let shop = frozen(&server).await;
        let operator = server.login(&cast().operator).await;
        let paid = shop.evaluate(&body::cit(card::APPROVED)).await;
        assert_eq!(paid.verdict(), ("APPROVED", None));
        let orders = open_orders(&shop, &format!("payer-{round}")).await;
        let report = json!({"orderId": paid.order(), "reasonCode": "10.4", "reference": format!("CB-{round}")});
        let open = kill_in_the_middle(&mut server, operator, "/v1/chargebacks", &report).await;
        server.start_process().await;
        let shop = server.shop().await;
        // The payments are due before the interrupted work is taken up again.
        shop.advance("PT1H").await;
        assert_eq!(shop.order(&paid.order()).await["isChargeback"], true, "what was answered or begun was kept");
        assert_stopped(&server, &shop, &orders, "DISPUTED", "system").await;
        caught = open > 0 && open < OPEN;
        if caught {
            break;
        }
    }
    assert!(caught, "no chargeback was caught in the middle");
}

#[tokio::test]
async fn a_block_that_a_crash_interrupts_still_cancels_what_is_open() {
    let mut server = unlimited().start().await;
    let mut caught = false;
    for round in 0..ROUNDS {
        let shop = frozen(&server).await;
        let payer = format!("payer-{round}");
        let orders = open_orders(&shop, &payer).await;
        let entry = json!({"kind": "customer", "value": payer});
        let open = kill_in_the_middle(&mut server, shop, "/v1/blocklist", &entry).await;
        server.start_process().await;
        let shop = server.shop().await;
        shop.advance("PT1H").await;
        assert_stopped(&server, &shop, &orders, "BLOCKED", "merchant").await;
        caught = open > 0 && open < OPEN;
        if caught {
            break;
        }
    }
    assert!(caught, "no block was caught in the middle");
}
