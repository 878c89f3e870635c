//! `POST /v1/tokenize` and `DELETE /v1/tokens/{token}`.

use recoup_tests::{Reply, Server, body, card, cast};
use serde_json::{Value, json};

fn snake(number: &str) -> Value {
    json!({"payment_method": {"credit_card": {
        "number": number, "month": 12, "year": 2031, "verification_value": "123", "first_name": "Ada", "last_name": "Byron",
    }}})
}

fn camel(number: &str) -> Value {
    json!({"paymentMethod": {"creditCard": {
        "number": number, "month": "12", "year": "31", "verificationValue": "123", "firstName": "Ada", "lastName": "Byron",
    }}})
}

fn method(reply: &Reply) -> &Value {
    &reply.json["transaction"]["payment_method"]
}

#[tokio::test]
async fn both_bodies_and_both_ways_of_authenticating() {
    let server = Server::start().await;
    let (anybody, shop) = (server.client(), server.shop().await);
    let by_key = format!("/v1/tokenize?mid={}&environment={}", cast().shop.mid, cast().shop.tokenization);
    let stale = anybody.with_token(Some("stale.bearer.token"));
    let ways = [(&anybody, by_key.as_str()), (&shop, "/v1/tokenize"), (&stale, by_key.as_str())];
    let mut tokens = vec![];
    let mut fingerprints = vec![];
    for (client, path) in ways {
        for body in [snake("4111 1111-1111 1111"), camel(card::VISA)] {
            let reply = client.post(path, &body).await.must(200);
            assert_vaulted(&reply);
            tokens.push(method(&reply)["token"].as_str().expect("a token").to_owned());
            fingerprints.push(method(&reply)["fingerprint"].clone());
        }
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 6, "a new token each time");
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 1, "the same card and expiry give the same fingerprint");

    let wrong_key = format!("/v1/tokenize?mid={}&environment=wrong", cast().shop.mid);
    let foreign_key = format!("/v1/tokenize?mid={}&environment={}", cast().stranger.mid, cast().shop.tokenization);
    for path in ["/v1/tokenize", &wrong_key, &foreign_key] {
        anybody.post(path, &snake(card::VISA)).await.assert_error(40101);
        stale.post(path, &snake(card::VISA)).await.assert_error(40101);
    }
    shop.post(&wrong_key, &snake(card::VISA)).await.must(200);
}

fn assert_vaulted(reply: &Reply) {
    let names = ["transaction", "cardBinInfo", "success", "result", "status", "statusCode", "errors", "customProperties"];
    let mut found = reply.member_names();
    found.sort();
    let mut expected = names.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(found, expected);
    let transaction = &reply.json["transaction"];
    for (member, value) in [
        ("on_test_gateway", json!(true)),
        ("succeeded", json!(true)),
        ("state", json!("succeeded")),
        ("transaction_type", json!("AddPaymentMethod")),
        ("amount", json!(0)),
        ("retain_on_success", json!(false)),
        ("payment_method_added", json!(false)),
        ("message_key", json!("messages.transaction_succeeded")),
        ("message", json!("Succeeded!")),
        ("order_id", Value::Null),
        ("response", Value::Null),
    ] {
        assert_eq!(transaction[member], value, "{member}");
    }
    let created = transaction["created_at"].as_str().expect("a time");
    assert!(
        created.ends_with('Z') && created.split('.').nth(1).is_some_and(|fraction| fraction.len() == 8),
        "7 digits: {created}"
    );
    for (member, value) in [
        ("last_four_digits", json!("1111")),
        ("first_six_digits", json!("41111111")),
        ("card_type", json!("visa")),
        ("month", json!(12)),
        ("year", json!(2031)),
        ("first_name", json!("Ada")),
        ("last_name", json!("Byron")),
        ("storage_state", json!("cached")),
        ("payment_method_type", json!("credit_card")),
        ("errors", json!([])),
        ("verification_value", Value::Null),
        ("number", Value::Null),
    ] {
        assert_eq!(method(reply)[member], value, "{member}");
    }
}

#[tokio::test]
async fn cards_are_told_apart() {
    let server = Server::start().await;
    let (shop, stranger) = (server.shop().await, server.login(&cast().stranger.sandbox).await);
    let fingerprint = async |client: &recoup_tests::Client, body: Value| {
        method(&client.post("/v1/tokenize", &body).await.must(200))["fingerprint"].as_str().expect("a fingerprint").to_owned()
    };
    let own = fingerprint(&shop, snake(card::VISA)).await;
    let later = body::with(snake(card::VISA), "/payment_method/credit_card/year", json!(2032));
    assert_ne!(own, fingerprint(&shop, later).await, "another expiry");
    assert_ne!(own, fingerprint(&shop, snake(card::MASTERCARD)).await, "another number");
    assert_ne!(own, fingerprint(&stranger, snake(card::VISA)).await, "another merchant");

    for (number, kind, first, last) in [
        (card::MASTERCARD, "master", "55555555", "4444"),
        ("378282246310005", "american_express", "378282", "0005"),
        ("6011111111111117", "discover", "60111111", "1117"),
        (card::NSF[0], "visa", "40000010", "0016"),
    ] {
        let reply = shop.post("/v1/tokenize", &snake(number)).await.must(200);
        let found =
            ["card_type", "first_six_digits", "last_four_digits"].map(|member| method(&reply)[member].as_str().unwrap_or("-"));
        assert_eq!(found, [kind, first, last]);
    }
}

#[tokio::test]
async fn faults_are_named() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let number = "PaymentMethod.CreditCard.Number";
    let (required, invalid) =
        (|name: &str| format!("The {name} field is required."), |name: &str| format!("The field {name} is invalid."));
    let change =
        |pointer: &str, value: Value| body::with(snake(card::VISA), &format!("/payment_method/credit_card/{pointer}"), value);
    for (body, path, message) in [
        (json!({}), "PaymentMethod", required("PaymentMethod")),
        (json!({"payment_method": {}}), "PaymentMethod.CreditCard", required("CreditCard")),
        (change("number", Value::Null), number, required("Number")),
        (change("number", json!("   ")), number, required("Number")),
        (change("number", json!("4111111111111112")), number, invalid("Number")),
        (change("number", json!("41111111111")), number, invalid("Number")),
        (change("number", json!("4111-1111-1111-111x")), number, invalid("Number")),
        (change("number", json!("41111111111111111111")), number, invalid("Number")),
        (change("month", json!(13)), "PaymentMethod.CreditCard.Month", invalid("Month")),
        (change("month", json!("soon")), "PaymentMethod.CreditCard.Month", invalid("Month")),
        (change("year", json!(131)), "PaymentMethod.CreditCard.Year", invalid("Year")),
        (change("number", json!(card::REAL_LOOKING)), number, "Only test card numbers are accepted in the sandbox.".to_owned()),
    ] {
        assert_eq!(shop.post("/v1/tokenize", &body).await.faults(), [(path.to_owned(), message)], "{body}");
    }
    let both = body::with(change("month", json!(0)), "/payment_method/credit_card/number", json!("1"));
    assert_eq!(shop.post("/v1/tokenize", &both).await.faults().len(), 2, "all faults at once");

    for lawful in [
        change("month", Value::Null),
        change("year", json!("19")),
        change("verification_value", json!("12")),
        change("verification_value", json!("not a cvv")),
        body::with(snake(card::VISA), "/ExtraData", json!({"Source": [1, 2]})),
    ] {
        shop.post("/v1/tokenize", &lawful).await.must(200);
    }
}

#[tokio::test]
async fn a_deleted_token_is_unknown_and_a_foreign_one_too() {
    let server = Server::start().await;
    let (shop, stranger) = (server.shop().await, server.login(&cast().stranger.sandbox).await);
    let live = server.login(&cast().shop.production).await;
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    let unknown = [("PaymentMethod.CardNumber".to_owned(), "The payment method token is unknown.".to_owned())];
    assert_eq!(stranger.post("/v1/evaluate", &body::cit(&token)).await.faults(), unknown, "another merchant's");
    assert_eq!(live.post("/v1/evaluate", &body::cit(&token)).await.faults(), unknown, "another environment's");
    assert_eq!(stranger.delete(&format!("/v1/tokens/{token}")).await.status, 404);
    assert_eq!(shop.evaluate(&body::cit(&token)).await.verdict(), ("APPROVED", None));

    shop.delete(&format!("/v1/tokens/{token}")).await.must(204);
    assert_eq!(shop.post("/v1/evaluate", &body::cit(&token)).await.faults(), unknown);
    assert_eq!(shop.post("/v1/evaluate", &body::cit(&recoup_tests::guid())).await.faults(), unknown, "never made");
}

#[tokio::test]
async fn browsers_may_ask_from_listed_origins_only() {
    let server = Server::start().await;
    let path = format!("/v1/tokenize?mid={}&environment={}", cast().shop.mid, cast().shop.tokenization);
    let (client, origin) = (server.client(), [("origin", "https://anything.example")]);
    let reply = client.post_with(&path, &origin, &snake(card::VISA)).await.must(200);
    assert!(["https://anything.example", "*"].contains(&reply.header("access-control-allow-origin")), "{:?}", reply.headers);
    let ask = [origin[0], ("access-control-request-method", "POST"), ("access-control-request-headers", "content-type")];
    let preflight = client.send(reqwest::Method::OPTIONS, &path, &ask, None).await;
    assert!((200..300).contains(&preflight.status) && preflight.header("access-control-allow-methods").contains("POST"));
    let orders = server.shop().await.send(reqwest::Method::GET, "/v1/orders", &origin, None).await.must(200);
    assert_eq!(orders.header("access-control-allow-origin"), "", "other paths have no CORS");
}
