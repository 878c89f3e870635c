//! `POST /v1/evaluate`: what is refused and what must stay accepted (`wire-api` §5.4).

use recoup_tests::{Rig, Server, body, card, cast, guid};
use reqwest::Method;
use serde_json::{Value, json};

fn required(name: &str) -> String {
    format!("The {name} field is required.")
}

fn invalid(name: &str) -> String {
    format!("The field {name} is invalid.")
}

fn tomorrow(days: i64) -> String {
    (recoup_tests::now() + jiff::SignedDuration::from_hours(days * 24)).to_string()
}

#[tokio::test]
async fn every_rule_refuses_with_its_words() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let integer = "The field Amount must be a positive integer.".to_owned();
    let bounds = "The field Amount must be between 11 and 19999 in the sandbox.".to_owned();
    let long = "x".repeat(256);
    let mut table: Vec<(&str, Value, &str, String)> = vec![
        ("/orderId", Value::Null, "OrderId", "Merchant's orderId is required".into()),
        ("/orderId", json!(""), "OrderId", "Merchant's orderId is required".into()),
        ("/orderId", json!(long), "OrderId", "The field OrderId must be a string with a maximum length of 255.".into()),
        ("/idempotencyKey", Value::Null, "IdempotencyKey", required("IdempotencyKey")),
        (
            "/idempotencyKey",
            json!(long),
            "IdempotencyKey",
            "The field IdempotencyKey must be a string with a maximum length of 255.".into(),
        ),
        ("/transaction", Value::Null, "Transaction", required("Transaction")),
        ("/transaction/amount", Value::Null, "Transaction.Amount", required("Amount")),
        ("/transaction/amount", json!(0), "Transaction.Amount", integer.clone()),
        ("/transaction/amount", json!("-5"), "Transaction.Amount", integer.clone()),
        ("/transaction/amount", json!(100.5), "Transaction.Amount", integer.clone()),
        ("/transaction/amount", json!("many"), "Transaction.Amount", integer.clone()),
        ("/transaction/amount", json!(100_000_000_000_i64), "Transaction.Amount", integer),
        ("/transaction/amount", json!(10), "Transaction.Amount", bounds.clone()),
        ("/transaction/amount", json!(20_000), "Transaction.Amount", bounds),
        ("/transaction/currency", Value::Null, "Transaction.Currency", required("Currency")),
        ("/transaction/currency", json!("ABC"), "Transaction.Currency", invalid("Currency")),
        ("/transaction/currency", json!("840"), "Transaction.Currency", invalid("Currency")),
        ("/paymentMethod", Value::Null, "PaymentMethod", required("PaymentMethod")),
        ("/paymentMethod/cardNumber", Value::Null, "PaymentMethod.CardNumber", required("CardNumber")),
        ("/paymentMethod/cardNumber", json!("4111111111111112"), "PaymentMethod.CardNumber", invalid("CardNumber")),
        ("/paymentMethod/cardNumber", json!("41111111111"), "PaymentMethod.CardNumber", invalid("CardNumber")),
        ("/paymentMethod/cardNumber", json!(guid()), "PaymentMethod.CardNumber", "The payment method token is unknown.".into()),
        ("/paymentMethod/expirationMonth", json!(13), "PaymentMethod.ExpirationMonth", invalid("ExpirationMonth")),
        ("/paymentMethod/expirationMonth", json!("Dec"), "PaymentMethod.ExpirationMonth", invalid("ExpirationMonth")),
        ("/paymentMethod/expirationYear", json!(131), "PaymentMethod.ExpirationYear", invalid("ExpirationYear")),
        ("/transactionType", json!("GIFT"), "TransactionType", invalid("TransactionType")),
        ("/isDeclined", json!("maybe"), "IsDeclined", invalid("IsDeclined")),
        ("/isMIT", json!(7), "IsMIT", invalid("IsMIT")),
        ("/isRecurring", json!("often"), "IsRecurring", invalid("IsRecurring")),
        ("/mid", json!("not a guid"), "Mid", invalid("Mid")),
        ("/siteId", json!("not a guid"), "SiteId", invalid("SiteId")),
        ("/siteId", json!(cast().stranger.site), "SiteId", invalid("SiteId")),
        (
            "/payer/email",
            json!("x".repeat(2001)),
            "Payer.Email",
            "The field Email must be a string with a maximum length of 2000.".into(),
        ),
        ("/orderItems", json!(vec![json!({}); 501]), "OrderItems", "The field OrderItems has more than 500 items.".into()),
        (
            "/additionalFields",
            json!(vec![json!({}); 101]),
            "AdditionalFields",
            "The field AdditionalFields has more than 100 items.".into(),
        ),
    ];
    for (pointer, path, name) in [
        ("/transaction/id", "Transaction.Id", "Id"),
        ("/transaction/responseCode", "Transaction.ResponseCode", "ResponseCode"),
        ("/transaction/responseCodeSource", "Transaction.ResponseCodeSource", "ResponseCodeSource"),
        ("/transaction/avsResultCode", "Transaction.AvsResultCode", "AvsResultCode"),
        ("/transaction/cvvResultCode", "Transaction.CvvResultCode", "CvvResultCode"),
        ("/transaction/cavvResultCode", "Transaction.CavvResultCode", "CavvResultCode"),
    ] {
        for blank in [Value::Null, json!(""), json!("  ")] {
            table.push((pointer, blank, path, required(name)));
        }
    }
    for (pointer, value, path, message) in table {
        let body = body::with(body::cit(card::APPROVED), pointer, value.clone());
        let shown = value.to_string().chars().take(60).collect::<String>();
        assert_eq!(shop.post("/v1/evaluate", &body).await.faults(), [(path.to_owned(), message)], "{pointer} = {shown}");
    }
    assert_eq!(shop.get("/v1/orders").await.json["totalItemCount"], 0, "nothing was half done");
}

#[tokio::test]
async fn the_end_of_the_rescue_is_checked_where_it_counts() {
    let server = Server::start().await;
    server.run(&["merchant", "set", &cast().stranger.mid, "rescueWindowDays=none"]);
    let (shop, sync) = (server.shop().await, server.login(&cast().sync.sandbox).await);
    let expired = [("ExpiryDateUtc".to_owned(), invalid("ExpiryDateUtc"))];
    let mit = |end: Value| body::with(body::mit(card::APPROVED), "/expiryDateUtc", end);
    for end in [json!("soon"), json!(""), json!("2020-01-01T00:00:00Z"), json!(tomorrow(61))] {
        assert_eq!(shop.post("/v1/evaluate", &mit(end.clone())).await.faults(), expired, "managed: {end}");
        let cit = body::with(body::cit(card::APPROVED), "/expiryDateUtc", end);
        assert_eq!(shop.evaluate(&cit).await.verdict(), ("APPROVED", None), "never for CIT");
    }
    assert_eq!(sync.post("/v1/evaluate", &mit(json!("soon"))).await.faults(), expired);
    for end in [json!("2020-01-01"), json!(tomorrow(90)), Value::Null] {
        assert_eq!(sync.evaluate(&mit(end.clone())).await.status, 200, "sync: {end}");
    }
    let rfc1123 = jiff::fmt::rfc2822::DateTimePrinter::new();
    let in_ten_days = recoup_tests::now() + jiff::SignedDuration::from_hours(240);
    let rfc1123 = rfc1123.timestamp_to_rfc9110_string(&in_ten_days).expect("a date");
    for end in [Value::Null, json!(tomorrow(20)), json!(rfc1123), json!(recoup_tests::now().to_string())] {
        let reply = shop.evaluate(&mit(end.clone())).await;
        assert_eq!(reply.verdict(), ("SUBMITTED", None), "{end}");
        let advised = reply.json["customProperties"]["advice"].is_string();
        assert_eq!(advised, end == json!(rfc1123), "under 14 days is accepted and told: {end}");
    }
    // The merchant's own window is none: then an end must be sent.
    let without = server.login(&cast().stranger.sandbox).await;
    recoup_tests::until("the setting is in force", || async {
        let reply = without.post("/v1/evaluate", &mit(Value::Null)).await;
        (reply.status == 400).then(|| assert_eq!(reply.faults(), expired))
    })
    .await;
    assert_eq!(without.evaluate(&mit(json!(tomorrow(20)))).await.verdict(), ("SUBMITTED", None));
}

#[tokio::test]
async fn all_faults_at_once_and_none_under_a_missing_parent() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let reply = shop.post("/v1/evaluate", &json!({})).await;
    let paths: Vec<_> = reply.faults().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["IdempotencyKey", "OrderId", "PaymentMethod", "Transaction"]);
    let reply = shop.send(Method::POST, "/v1/evaluate", &[], None).await;
    assert_eq!(reply.faults().len(), 4, "an empty body equals {{}}");
    let mut many = body::cit("4111111111111112");
    many["transaction"] = json!({"amount": 0});
    many["siteId"] = json!(guid());
    many["isMIT"] = json!("x");
    let paths: Vec<_> = shop.post("/v1/evaluate", &many).await.faults().into_iter().map(|(path, _)| path).collect();
    let expected = [
        "IsMIT",
        "PaymentMethod.CardNumber",
        "SiteId",
        "Transaction.Amount",
        "Transaction.AvsResultCode",
        "Transaction.CavvResultCode",
        "Transaction.Currency",
        "Transaction.CvvResultCode",
        "Transaction.Id",
        "Transaction.ResponseCode",
        "Transaction.ResponseCodeSource",
    ];
    assert_eq!(paths, expected);
}

#[tokio::test]
async fn a_merchant_may_refuse_card_numbers() {
    let server = Rig::default().set(&cast().shop, "acceptPan=false").start().await;
    let shop = server.shop().await;
    let refused = [("PaymentMethod.CardNumber".to_owned(), "Card numbers are not accepted; send a token.".to_owned())];
    assert_eq!(shop.post("/v1/evaluate", &body::cit(card::APPROVED)).await.faults(), refused);
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    assert_eq!(shop.evaluate(&body::cit(&token)).await.verdict(), ("APPROVED", None));
}

#[tokio::test]
async fn what_existing_clients_send_stays_accepted() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let cit = || body::cit(card::APPROVED);
    let bodies = [
        ("timestamp under another name", body::with(cit(), "/transaction/timestamp", json!("2026-11-20T10:15:30Z"))),
        ("offset as a number", body::with(cit(), "/transaction/timezoneUtcOffset", json!(-5))),
        ("offset as text", body::with(cit(), "/transaction/timezoneUtcOffset", json!("-05:00"))),
        ("offset as nonsense", body::with(cit(), "/transaction/timezoneUtcOffset", json!("EST"))),
        ("RFC 1123 time", body::with(cit(), "/transaction/timestampUtc", json!("Fri, 20 Nov 2026 10:15:30 GMT"))),
        ("no e-mail", body::with(cit(), "/payer/email", json!("NA"))),
        ("no payer", body::without(cit(), "/payer")),
        ("no phone", body::without(cit(), "/payer/phone")),
        ("birthdate null", body::with(cit(), "/payer/birthdate", Value::Null)),
        ("a list of phones", body::with(body::mit(card::APPROVED), "/payer/phone", json!("+99.2001a/+99.2001b"))),
        ("zipCode", body::with(cit(), "/billingInformation", json!({"zipCode": "SW1A 1AA", "country": "GB"}))),
        ("country by name", body::with(cit(), "/billingInformation", json!({"country": "Brazil"}))),
        ("senseKey null", body::with(cit(), "/senseKey", Value::Null)),
        ("mid null", body::with(cit(), "/mid", Value::Null)),
        ("own mid in capitals", body::with(cit(), "/mid", json!(cast().shop.mid.to_uppercase()))),
        ("subscription null", body::with(cit(), "/subscription", Value::Null)),
        ("recurring without subscription", body::without(body::mit(card::APPROVED), "/subscription")),
        ("expiry null", body::with(body::mit(card::APPROVED), "/expiryDateUtc", Value::Null)),
        ("avs as a number's text", body::with(cit(), "/transaction/avsResultCode", json!("200"))),
        ("codes as numbers", body::with(cit(), "/transaction/responseCode", json!(5))),
        ("a BIN of five digits", body::with(cit(), "/paymentMethod/cardBinNumber", json!("41111"))),
        ("an expired card", body::with(cit(), "/paymentMethod/expirationYear", json!("19"))),
        ("a source of their own", body::with(cit(), "/orderSource", json!("Site1"))),
        ("approved beside declined", body::with(cit(), "/transaction/responseStatus", json!("Approved"))),
        ("an amount as text", body::with(cit(), "/transaction/amount", json!("1999"))),
        ("an amount with .0", body::with(cit(), "/transaction/amount", json!(1999.0))),
        ("a currency in lower case", body::with(cit(), "/transaction/currency", json!("usd"))),
        ("flags as numbers", body::with(cit(), "/isDeclined", json!(1))),
        ("flags as text", body::with(cit(), "/isMIT", json!("False"))),
        ("a type in lower case", body::with(cit(), "/transactionType", json!("purchase"))),
        ("a site that is none", body::with(cit(), "/siteUrl", json!("::not a url::"))),
        ("a Token flag that contradicts", body::with(cit(), "/paymentMethod/Token", json!(true))),
        ("unknown members", body::with(cit(), "/ExtraData", json!({"a": [1, {"b": null}]}))),
        ("device details", body::with(cit(), "/deviceDetails", json!({"screen": {"w": 1}}))),
    ];
    for (what, body) in bodies {
        let reply = shop.post("/v1/evaluate", &body).await;
        assert_eq!(reply.status, 200, "{what}: {reply:?}");
        assert!(["APPROVED", "SUBMITTED"].contains(&reply.verdict().0), "{what}: {reply:?}");
    }
    let token = shop.tokenize(card::APPROVED, Some("123")).await;
    let bare = body::with(cit(), "/paymentMethod", json!({"Token": true, "cardNumber": token}));
    assert_eq!(shop.evaluate(&bare).await.verdict(), ("APPROVED", None));
    let used = body::with(cit(), "/transaction/id", json!("tx-again"));
    let reused = body::with(cit(), "/transaction/id", json!("tx-again"));
    assert_eq!(shop.evaluate(&used).await.verdict().0, "APPROVED");
    assert_eq!(shop.evaluate(&reused).await.verdict().0, "APPROVED", "a transaction id may be reused across orders");
}

#[tokio::test]
async fn key_case_repeats_paths_and_content_types() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let body = body::cit(card::APPROVED);
    let shouted = raise(&body);
    assert_eq!(shop.evaluate(&shouted).await.verdict(), ("APPROVED", None));
    let text = body::cit(card::NOT_RESCUED).to_string();
    let twice = format!("{},\"paymentMethod\":{{\"cardNumber\":\"{}\"}}}}", &text[..text.len() - 1], card::APPROVED);
    let last = shop.send(Method::POST, "/v1/evaluate", &[], Some(twice)).await.must(200);
    assert_eq!(last.verdict(), ("APPROVED", None), "the last of a repeated key wins");
    for path in ["/v1//evaluate", "//v1///evaluate/", "/V1/Evaluate", "/v1/evaluate?unknown=1"] {
        assert_eq!(shop.post(path, &body::cit(card::APPROVED)).await.must(200).verdict().0, "APPROVED", "{path}");
    }
    for (kind, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/vnd.x+json", 200),
        ("application/*+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
    ] {
        let text = body::cit(card::APPROVED).to_string();
        let reply = shop.send(Method::POST, "/v1/evaluate", &[("content-type", kind)], Some(text)).await;
        assert_eq!(reply.status, status, "{kind}");
    }
}

/// The same body with every key in capitals.
fn raise(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.to_uppercase(), raise(value))).collect(),
        Value::Array(items) => items.iter().map(raise).collect(),
        other => other.clone(),
    }
}
