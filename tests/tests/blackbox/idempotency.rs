//! Idempotency keys (`wire-api` §1.7) and repeats of an order id (§5.9).

use recoup_tests::{Client, Rig, Server, body, book::Book, card, cast, guid};
use serde_json::{Value, json};

fn fresh_key(body: &Value) -> Value {
    body::with(body.clone(), "/idempotencyKey", json!(guid()))
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let server = Server::start().await;
    let shop = server.shop().await;
    for sent in [body::cit(card::APPROVED), body::cit(card::NOT_RESCUED), body::cit("4000001095100012"), body::mit(card::NSF[1])]
    {
        let first = shop.evaluate(&sent).await;
        assert_eq!(first.header("idempotent-replayed"), "");
        let mut spelled = sent.clone();
        let transaction = spelled.as_object_mut().expect("an object").remove("transaction").expect("a transaction");
        spelled["TRANSACTION"] = transaction;
        spelled["payer"]["birthdate"] = Value::Null;
        for again in [&sent, &spelled] {
            let replay = shop.evaluate(again).await;
            assert_eq!((&replay.text, replay.header("idempotent-replayed")), (&first.text, "true"));
        }
    }
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert!(book.charges().values().all(|charges| *charges == 1));
}

#[tokio::test]
async fn another_payload_under_a_key_is_a_conflict() {
    let server = Server::start().await;
    let (shop, stranger) = (server.shop().await, server.login(&cast().stranger.sandbox).await);
    let sent = body::cit(card::APPROVED);
    shop.evaluate(&sent).await;
    for other in [
        body::with(sent.clone(), "/transaction/amount", json!(2000)),
        body::with(sent.clone(), "/paymentMethod/verificationValue", json!("321")),
        body::with(sent.clone(), "/orderId", json!("other")),
    ] {
        shop.post("/v1/evaluate", &other).await.assert_error(40901);
    }
    let foreign = body::with(body::cit(card::APPROVED), "/idempotencyKey", sent["idempotencyKey"].clone());
    assert_eq!(stranger.evaluate(&foreign).await.verdict().0, "APPROVED", "keys belong to a merchant");
    let live = server.login(&cast().shop.production).await;
    assert_eq!(live.evaluate(&foreign).await.verdict().0, "APPROVED", "and to an environment");
}

#[tokio::test]
async fn the_header_is_as_good_and_the_body_wins() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let (header_key, body_key) = (guid(), guid());
    let without = body::without(body::cit(card::APPROVED), "/idempotencyKey");
    let header = [("idempotency-key", header_key.as_str())];
    let first = shop.post_with("/v1/evaluate", &header, &without).await.must(200);
    let replay = shop.post_with("/v1/evaluate", &header, &without).await.must(200);
    assert_eq!((first.order(), replay.header("idempotent-replayed")), (replay.order(), "true"));
    let own = body::with(body::cit(card::APPROVED), "/idempotencyKey", json!(body_key));
    let other = shop.post_with("/v1/evaluate", &header, &own).await.must(200);
    assert_ne!(other.order(), first.order());
    assert_eq!(shop.evaluate(&own).await.order(), other.order());
    shop.post("/v1/evaluate", &without).await.faults();
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let good = body::cit(card::APPROVED);
    let bad = body::without(good.clone(), "/transaction/currency");
    assert_eq!(shop.post("/v1/evaluate", &bad).await.status, 400);
    let unknown = body::with(good.clone(), "/paymentMethod/cardNumber", json!(guid()));
    assert_eq!(shop.post("/v1/evaluate", &unknown).await.status, 400);
    let reply = shop.evaluate(&good).await;
    assert_eq!((reply.verdict().0, reply.header("idempotent-replayed")), ("APPROVED", ""));
}

#[tokio::test]
async fn a_request_that_still_runs_is_told_so_and_runs_once() {
    let server = Rig::default().set(&cast().shop, "realtimeBudgetMs=8000").start().await;
    let shop = server.shop().await;
    let sent = body::cit(&card::of_pattern("400000", 9509, 20));
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let (shop, sent) = (shop.clone(), sent.clone());
            tokio::spawn(async move { shop.post("/v1/evaluate", &sent).await })
        })
        .collect();
    let mut orders = vec![];
    for task in tasks {
        let reply = task.await.expect("a reply");
        match reply.status {
            409 => {
                reply.assert_error(40902);
                assert_eq!(reply.header("retry-after"), "1");
            }
            _ => orders.push(reply.must(200).order()),
        }
    }
    orders.dedup();
    assert_eq!(orders.len(), 1, "one order, whoever answered");
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert_eq!(book.attempts().len(), 1);
}

#[tokio::test]
async fn equal_orders_sent_at_once_are_one() {
    let server = Server::start().await;
    let shop = server.shop().await;
    for sent in [body::cit(card::APPROVED), body::mit(card::APPROVED)] {
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (shop, sent) = (shop.clone(), fresh_key(&sent));
                tokio::spawn(async move { shop.evaluate(&sent).await.order() })
            })
            .collect();
        let mut orders = vec![];
        for task in tasks {
            orders.push(task.await.expect("an order"));
        }
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), 1);
    }
}

async fn repeat(client: &Client, sent: &Value) -> (String, Option<String>, String) {
    let reply = client.evaluate(&fresh_key(sent)).await;
    let (status, word) = reply.verdict();
    (status.to_owned(), word.map(str::to_owned), reply.order())
}

#[tokio::test]
async fn repeats_of_an_order_id() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let said = |status: &str, word: Option<&str>, order: &str| (status.to_owned(), word.map(str::to_owned), order.to_owned());
    let new_decline = |sent: &Value| body::with(sent.clone(), "/transaction/id", json!(guid()));

    // Open MIT: the current state, whether the decline is the same or new.
    let open = body::mit(card::NSF[3]);
    let order = shop.evaluate(&open).await.order();
    assert_eq!(repeat(&shop, &open).await, said("SUBMITTED", None, &order));
    assert_eq!(repeat(&shop, &new_decline(&open)).await, said("SUBMITTED", None, &order));
    assert_eq!(
        repeat(&shop, &body::with(open.clone(), "/transaction/id", open["orderId"].clone())).await,
        said("SUBMITTED", None, &order)
    );

    // Paid: the same answer, never a second charge.
    let paid = body::cit(card::APPROVED);
    let order = shop.evaluate(&paid).await.order();
    assert_eq!(repeat(&shop, &paid).await, said("APPROVED", None, &order));
    assert_eq!(repeat(&shop, &new_decline(&paid)).await, said("APPROVED", None, &order));
    let other_card = body::with(new_decline(&paid), "/paymentMethod/cardNumber", json!(card::MASTERCARD));
    assert_eq!(repeat(&shop, &other_card).await, said("APPROVED", None, &order));

    // Authorised.
    let authorised = body::with(body::cit(card::APPROVED), "/transactionType", json!("AUTHORIZATION"));
    let order = shop.evaluate(&authorised).await.order();
    assert_eq!(repeat(&shop, &new_decline(&authorised)).await, said("CAPTUREREQUIRED", None, &order));

    // Refunded.
    shop.post(
        &format!("/v1/orders/{}/refund", shop.evaluate(&fresh_key(&paid)).await.order()),
        &json!({"amountToRefund": 19.99}),
    )
    .await
    .must(200);
    let (status, word, _) = repeat(&shop, &new_decline(&paid)).await;
    assert_eq!((status.as_str(), word.as_deref()), ("DECLINED", Some("REFUNDED")));

    // A customer who comes again after a decline gets a new order of the same group.
    let declined = body::cit(card::NOT_RESCUED);
    let first = shop.evaluate(&declined).await.order();
    let second = repeat(&shop, &body::with(new_decline(&declined), "/paymentMethod/cardNumber", json!(card::APPROVED))).await;
    assert_eq!((second.0.as_str(), second.2 != first), ("APPROVED", true));
    let group = [shop.order(&first).await, shop.order(&second.2).await].map(|order| order["correlationId"].clone());
    assert_eq!(group[0], group[1]);

    // A challenge is superseded by a new decline.
    let challenged = body::cit("4000001095100012");
    let old = shop.evaluate(&challenged).await.order();
    assert_eq!(repeat(&shop, &challenged).await, said("CHALLENGE", None, &old));
    let new = repeat(&shop, &body::with(new_decline(&challenged), "/paymentMethod/cardNumber", json!(card::APPROVED))).await;
    assert_eq!((new.0.as_str(), shop.order(&old).await["engineState"].as_str()), ("APPROVED", Some("CANCELLED")));

    // A rebill that ended: the stored reason for the same decline, a new order for a new one.
    let ended = body::mit("4000001000410001");
    let first = shop.evaluate(&ended).await.order();
    shop.advance("PT1M").await;
    assert_eq!(repeat(&shop, &ended).await, said("DECLINED", Some("HARD_DECLINE"), &first));
    let again = repeat(&shop, &body::with(new_decline(&ended), "/paymentMethod/cardNumber", json!(card::APPROVED))).await;
    assert_eq!((again.0.as_str(), again.2 != first), ("SUBMITTED", true));
    shop.post(&format!("/v1/orders/{}/cancel", again.2), &json!({})).await.must(200);
    let book = Book::open(&server.data().join("simulator.sqlite"));
    assert!(book.charges().values().all(|charges| *charges == 1));
}

#[tokio::test]
async fn a_card_once_vaulted_is_found_again() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let first = body::mit(card::APPROVED);
    shop.evaluate(&first).await;
    let by_payer =
        body::with(body::without(body::mit(card::APPROVED), "/paymentMethod"), "/payer/id", first["payer"]["id"].clone());
    assert_eq!(shop.evaluate(&by_payer).await.verdict().0, "SUBMITTED");
    let subscription = first["subscription"]["subscriptionId"].clone();
    let by_subscription =
        body::with(body::without(body::mit(card::APPROVED), "/paymentMethod"), "/subscription/subscriptionId", subscription);
    assert_eq!(shop.evaluate(&by_subscription).await.verdict().0, "SUBMITTED");
    let nothing = body::without(body::mit(card::APPROVED), "/paymentMethod");
    assert_eq!(shop.post("/v1/evaluate", &nothing).await.faults()[0].0, "PaymentMethod");
}
