//! What switching off a partner or a merchant means for keys, users and tokens, and the trail of who changed what.

use recoup_tests::{Client, Keys, Reply, Server, body, card, cast, until};
use serde_json::{Value, json};

use crate::logins::{joined, login, session};

const PASSWORD: &str = "correct horse battery";

async fn token(client: &Client, keys: &Keys) -> Reply {
    client.post("/v1/oauth2/token", &json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret})).await
}

fn partner_of(server: &Server) -> String {
    server.run(&["partner", "list"])[0]["id"].as_str().expect("a partner").to_owned()
}

fn assert_no_token(reply: &Reply) {
    assert_eq!((reply.status, reply.text("statusCode"), &reply.json["accessToken"]), (400, "40001", &Value::Null), "{reply:?}");
}

#[tokio::test]
async fn a_partner_that_is_switched_off_gets_nothing_and_its_merchants_work_on() {
    let server = Server::start().await;
    let (id, keys, client) = (partner_of(&server), &cast().partner, server.client());
    joined(&server, "staff@platform.example", "owner", &["--partner", &id]).await;
    let granted = token(&client, keys).await.must(200);
    let key = client.with_token(Some(granted.text("accessToken")));
    let user = session(&server, "staff@platform.example").await;
    let refresh = json!({"refreshToken": granted.text("refreshToken")});
    for caller in [&key, &user] {
        caller.get("/v1/orders").await.must(200);
    }

    assert_eq!(server.run(&["partner", "deactivate", &id])["active"], false);
    for caller in [&key, &user] {
        until("the tokens end", || async { (caller.get("/v1/orders").await.status == 401).then_some(()) }).await;
        caller.get("/v1/orders").await.assert_error(40104);
    }
    assert_no_token(&token(&client, keys).await);
    assert_no_token(&login(&client, "staff@platform.example", PASSWORD).await);
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", keys.app_key, keys.app_secret);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let standard = client.send(reqwest::Method::POST, "/v1/oauth2/token", &kind, Some(form)).await.must(401);
    assert_eq!(standard.text("error"), "invalid_client");
    assert_eq!(client.post("/v1/oauth2/token", &refresh).await.must(400).text("statusCode"), "40002");
    let shop = server.shop().await;
    assert_eq!(shop.evaluate(&body::cit(card::APPROVED)).await.verdict(), ("APPROVED", None));

    // A right password that was refused is no failure: nobody is blocked for it.
    for _ in 0..10 {
        assert_no_token(&login(&client, "staff@platform.example", PASSWORD).await);
    }
    assert_eq!(server.run(&["partner", "activate", &id])["active"], true);
    until("the keys work again", || async { (key.get("/v1/orders").await.status == 200).then_some(()) }).await;
    token(&client, keys).await.must(200);
    login(&client, "staff@platform.example", PASSWORD).await.must(200);

    server.run(&["partner", "activate", &id]);
    let told = server.run(&["audit", "list", "--topic", "partner"]);
    let told: Vec<_> = told.as_array().expect("entries").iter().map(|entry| &entry["what"]).collect();
    assert_eq!(
        told,
        [&json!({"partner": id, "active": true}), &json!({"partner": id, "active": false})],
        "newest first, once each"
    );
}

#[tokio::test]
async fn an_inactive_merchants_keys_work_and_nothing_is_charged() {
    let server = Server::start().await;
    let shop = server.shop().await;
    server.run(&["merchant", "set", &cast().shop.mid, "--active", "false"]);
    until("the server knows", || async {
        let verdict = shop.evaluate(&body::cit(card::APPROVED)).await;
        (verdict.verdict() == ("DECLINED", Some("MERCHANT_INACTIVE"))).then_some(())
    })
    .await;
    let fresh = server.shop().await;
    for payment in [body::cit(card::APPROVED), body::mit(card::APPROVED)] {
        let reply = fresh.evaluate(&payment).await;
        assert_eq!(reply.verdict(), ("DECLINED", Some("MERCHANT_INACTIVE")));
        assert_eq!(fresh.order(&reply.order()).await["attempts"]["total"], 0);
    }
    fresh.post("/v1/transmit", &body::copy(true)).await.must(200);
    let shown = fresh.get(&format!("/v1/merchants/{}", cast().shop.mid)).await.must(200);
    assert_eq!((&shown.json["status"], shown.text("statusName")), (&json!(0), "INACTIVE"));
}

#[tokio::test]
async fn what_was_blocked_or_switched_off_since_is_not_charged_when_the_agent_confirms() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mid = cast().shop.mid.as_str();
    let waiting = async |email: &str| {
        let mut payment = body::cit(card::VISA);
        payment["orderSource"] = json!("callcenter");
        payment["payer"]["phone"] = json!("+99.2001a");
        payment["payer"]["email"] = json!(email);
        let reply = shop.evaluate(&payment).await;
        assert_eq!(reply.verdict().0, "CHALLENGE", "{reply:?}");
        reply.order()
    };
    let capture = async |order: &str| {
        let body = json!({"idempotencyKey": recoup_tests::guid(), "orderId": order, "amount": 1999, "currency": "USD"});
        shop.post("/v1/capture", &body).await.must(200)
    };
    let attempts = async |order: &str| shop.order(order).await["attempts"]["total"].as_u64().expect("a number");

    let (blocked, switched_off, free) =
        (waiting("eve@example.com").await, waiting("bob@example.com").await, waiting("ann@example.com").await);
    let before = attempts(&blocked).await;
    shop.post("/v1/blocklist", &json!({"kind": "email", "value": "EVE@example.com"})).await.must(201);
    assert_eq!(shop.order(&blocked).await["engineState"], "CHALLENGED", "only customers and cards are looked for at once");
    let refused = capture(&blocked).await;
    assert_eq!((refused.text("status"), &refused.json["success"]), ("FAILED", &json!(false)));
    let ended = shop.order(&blocked).await;
    assert_eq!((&ended["engineState"], &ended["statusReason"]), (&json!("CANCELLED"), &json!("BLOCKED")));
    assert_eq!(attempts(&blocked).await, before, "nothing was sent");

    let before = attempts(&switched_off).await;
    let channels = format!("/v1/merchants/{mid}/channels");
    let switch = async |mode: &str| {
        let body = json!({"cit_call_center": {"mode": mode}}).to_string();
        shop.send(reqwest::Method::PUT, &channels, &[], Some(body)).await.must(200);
    };
    switch("off").await;
    assert_eq!(capture(&switched_off).await.text("status"), "FAILED");
    assert_eq!(
        (attempts(&switched_off).await, shop.order(&switched_off).await["engineState"].clone()),
        (before, json!("CHALLENGED"))
    );
    switch("sandbox").await;
    let before = attempts(&free).await;
    capture(&free).await;
    assert_eq!(attempts(&free).await, before + 1, "what nobody blocked is attempted");
}

/// Topics, and of each entry what is told by `members`.
fn trail(server: &Server, mid: Option<&str>, topic: &str) -> Vec<Value> {
    let whose: &[&str] = &mid.map_or(vec![], |mid| vec!["--mid", mid]);
    let listed = server.run(&[&["audit", "list", "--topic", topic, "--last", "200"], whose].concat());
    let mut entries = listed.as_array().expect("entries").clone();
    entries.reverse();
    entries
}

#[tokio::test]
async fn users_and_keys_leave_a_trail_without_secrets() {
    let server = Server::start().await;
    let mid = cast().shop.mid.as_str();
    joined(&server, "owner@shop.example", "owner", &["--mid", mid]).await;
    let owner = session(&server, "owner@shop.example").await;
    let person = json!({"firstName": "Bob", "lastName": "Dylan", "phone": "+1", "email": "bob@shop.example", "role": "viewer"});
    let bob = owner.post("/v1/users", &person).await.must(201).text("id").to_owned();
    let path = format!("/v1/users/{bob}");
    owner.patch(&path, &json!({"role": "admin", "maskPii": true})).await.must(200);
    owner.patch(&path, &json!({"role": "admin"})).await.must(200);
    owner.patch(&path, &json!({"status": "BLOCKED"})).await.must(200);
    owner.post(&format!("{path}/unblock"), &json!({})).await.must(200);
    owner.delete(&path).await.must(204);

    let entries = trail(&server, Some(mid), "user");
    let seen: Vec<_> = entries
        .iter()
        .filter(|entry| entry["what"]["user"] == bob.as_str())
        .map(|entry| {
            assert_eq!(
                (&entry["changedBy"], &entry["role"], &entry["mid"]),
                (&json!("Ada Byron"), &json!("merchant"), &json!(mid))
            );
            assert_eq!((&entry["what"]["email"], &entry["what"]["password"]), (&json!("bob@shop.example"), &json!(false)));
            let of = |side: &str| {
                let standing = &entry["what"][side];
                standing
                    .is_object()
                    .then(|| format!("{} {} {}", standing["role"], standing["status"], standing["maskPii"]).replace('"', ""))
            };
            (of("from"), of("to"))
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        seen,
        [
            (None, text("viewer INVITED false")),
            (text("viewer INVITED false"), text("admin INVITED true")),
            (text("admin INVITED true"), text("admin BLOCKED true")),
            (text("admin BLOCKED true"), text("admin INVITED true")),
            (text("admin INVITED true"), None),
        ],
        "what changes nothing is not told"
    );
    let joining: Vec<_> = entries.iter().filter(|entry| entry["what"]["email"] == "owner@shop.example").collect();
    assert_eq!(joining.len(), 2);
    assert_eq!((&joining[0]["changedBy"], &joining[0]["role"]), (&json!("operator shell"), &json!("operator")));
    assert_eq!((&joining[1]["changedBy"], &joining[1]["what"]["password"]), (&json!("Ada Byron"), &json!(true)));
    assert_eq!(
        (&joining[1]["what"]["from"]["status"], &joining[1]["what"]["to"]["status"]),
        (&json!("INVITED"), &json!("ACTIVE"))
    );

    let before = trail(&server, Some(mid), "key").len();
    let made = owner
        .post("/v1/api-keys", &json!({"mid": mid, "name": "till", "type": "secret", "scopes": ["evaluate"]}))
        .await
        .must(201);
    owner.delete(&format!("/v1/api-keys/{}", made.text("id"))).await.must(204);
    let entries = trail(&server, Some(mid), "key");
    let told: Vec<_> = entries[before..]
        .iter()
        .map(|entry| {
            assert_eq!((&entry["changedBy"], &entry["what"]["name"]), (&json!("Ada Byron"), &json!("till")));
            assert_eq!((&entry["what"]["scopes"], &entry["what"]["environment"]), (&json!(["evaluate"]), &json!("sandbox")));
            (entry["what"]["kind"].as_str().expect("a kind"), entry["what"]["revoked"].as_bool().expect("a word"))
        })
        .collect();
    assert_eq!(told, [("public", false), ("secret", false), ("secret", true)]);
    assert_eq!(entries.last().map(|entry| &entry["what"]["key"]), Some(&made.json["id"]));

    // What belongs to no merchant stands in a trail of its own; another merchant's is another one.
    let operators = trail(&server, None, "key");
    assert!(operators.iter().all(|entry| entry["mid"].is_null() && entry["what"]["kind"] != "tokenization"), "{operators:?}");
    assert!(operators.iter().any(|entry| entry["what"]["partner"].is_string()), "the partner's own key: {operators:?}");
    let strangers = server.run(&["audit", "list", "--mid", &cast().stranger.mid]).to_string();
    assert!(!strangers.contains("shop.example") && strangers.contains("\"key\""), "{strangers}");

    let all =
        [mid, &cast().stranger.mid].map(|mid| server.run(&["audit", "list", "--mid", mid, "--last", "200"]).to_string()).concat();
    let secrets = [made.text("value"), &cast().shop.sandbox.app_secret, &cast().shop.tokenization, PASSWORD, "$argon2"];
    for secret in secrets {
        assert!(!all.contains(secret), "a secret in the trail");
    }
}
