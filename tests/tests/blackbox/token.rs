//! `POST /v1/oauth2/token`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use recoup_tests::{Client, Reply, Server, body, card, cast};
use reqwest::Method;
use serde_json::{Value, json};

const MEMBERS: [&str; 13] = [
    "accessToken",
    "refreshToken",
    "expires",
    "id",
    "session",
    "daysToEnforceMFA",
    "skipAvailable",
    "success",
    "result",
    "status",
    "statusCode",
    "errors",
    "customProperties",
];

async fn ask(client: &Client, body: Value) -> Reply {
    client.post("/v1/oauth2/token", &body).await
}

async fn works(client: &Client, token: &str) -> bool {
    client.with_token(Some(token)).get("/v1/orders").await.status == 200
}

async fn form(client: &Client, headers: &[(&str, &str)], form: &str) -> Reply {
    let headers = [&[("content-type", "application/x-www-form-urlencoded")], headers].concat();
    client.send(Method::POST, "/v1/oauth2/token", &headers, Some(form.to_owned())).await
}

#[tokio::test]
async fn thirteen_members_in_order_and_a_jwt() {
    let server = Server::start().await;
    let keys = &cast().shop.sandbox;
    let before = recoup_tests::now().as_millisecond();
    let reply = ask(&server.client(), json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret})).await.must(200);
    assert_eq!(reply.member_names(), MEMBERS);
    assert!(!reply.text.contains("access_token"));
    assert_eq!(reply.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.json["success"], true);
    assert_eq!(reply.json["id"], keys.client.as_str());
    for name in ["session", "daysToEnforceMFA", "skipAvailable", "result", "status", "statusCode"] {
        assert_eq!(reply.json[name], Value::Null, "{name}");
    }
    let life = reply.json["expires"].as_i64().expect("milliseconds") - before;
    assert!((595_000..=660_000).contains(&life), "ten minutes: {life}");

    let jwt = reply.text("accessToken");
    let part = |index: usize| -> Value {
        let text = jwt.split('.').nth(index).expect("three parts");
        serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
    };
    let (head, claims) = (part(0), part(1));
    assert_eq!((&head["alg"], &head["typ"]), (&json!("HS256"), &json!("JWT")));
    assert!(head["kid"].is_string());
    assert_eq!(claims["sub"], keys.client.as_str());
    assert_eq!(claims["unique_name"], claims["sub"]);
    assert_eq!(claims["custom:mid"], cast().shop.mid.as_str());
    assert_eq!(
        (&claims["iss"], &claims["env"], &claims["role"]),
        (&json!("Api-Client-Service"), &json!("sandbox"), &json!("merchant"))
    );
    assert!(claims["iat"].is_string() && claims["nbf"].is_number() && claims["jti"].is_string(), "{claims}");
    assert_eq!(claims["exp"].as_i64().map(|exp| exp * 1000), reply.json["expires"].as_i64());
    assert_eq!(claims["aud"], json!(["payments", "orders", "merchants", "eligibility-sftp", "eligibility", "contact"]));
}

#[tokio::test]
async fn bad_keys_are_400_and_missing_members_a_map() {
    let server = Server::start().await;
    let client = server.client();
    let keys = &cast().shop.sandbox;
    for (key, secret) in [
        (keys.app_key.as_str(), "wrong"),
        ("unknown", keys.app_secret.as_str()),
        (cast().stranger.sandbox.app_key.as_str(), keys.app_secret.as_str()),
    ] {
        let reply = ask(&client, json!({"appKey": key, "appSecret": secret})).await.must(400);
        assert_eq!(reply.member_names(), MEMBERS);
        assert_eq!((reply.text("result"), reply.text("statusCode")), ("Invalid API credentials", "40001"));
        for name in ["accessToken", "refreshToken", "expires", "id"] {
            assert_eq!(reply.json[name], Value::Null, "{name}");
        }
        assert_eq!(reply.json["success"], false);
    }
    let missing = |name: &str| (name.to_owned(), format!("The {name} field is required."));
    for (body, faults) in [
        (json!({}), vec![missing("AppKey"), missing("AppSecret")]),
        (json!({"AppKey": keys.app_key}), vec![missing("AppSecret")]),
        (json!({"AppKey": "  ", "AppSecret": "x"}), vec![missing("AppKey")]),
    ] {
        assert_eq!(ask(&client, body).await.faults(), faults);
    }
    let empty = client.send(Method::POST, "/v1/oauth2/token", &[], None).await;
    assert_eq!(empty.faults().len(), 2);
}

#[tokio::test]
async fn spellings_stale_bearers_and_many_tokens() {
    let server = Server::start().await;
    let client = server.client();
    let keys = &cast().shop.sandbox;
    let mut tokens = vec![];
    for body in [
        json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret}),
        json!({"appkey": keys.app_key, "APPSECRET": keys.app_secret, "extra": {"a": [1]}}),
        json!({"client_id": keys.app_key, "client_secret": keys.app_secret}),
    ] {
        for stale in [None, Some("x.y.z")] {
            let reply = ask(&client.with_token(stale), body.clone()).await.must(200);
            tokens.push(reply.text("accessToken").to_owned());
        }
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 6, "every grant yields a token of its own");
    for token in &tokens {
        assert!(works(&client, token).await);
        assert!(works(&client, token).await, "a token works any number of times");
    }
}

#[tokio::test]
async fn refresh_tokens_rotate_and_a_spent_one_ends_its_family() {
    let server = Server::start().await;
    let client = server.client();
    let keys = &cast().shop.sandbox;
    let login = async || ask(&client, json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret})).await.must(200);
    let (first, other) = (login().await, login().await);
    let second = ask(&client, json!({"refreshToken": first.text("refreshToken")})).await.must(200);
    assert_eq!(second.member_names(), MEMBERS);
    assert_ne!(second.text("refreshToken"), first.text("refreshToken"));
    assert!(works(&client, second.text("accessToken")).await);
    let third = ask(&client, json!({"RefreshToken": second.text("refreshToken")})).await.must(200);

    let reused = ask(&client, json!({"refreshToken": first.text("refreshToken")})).await.must(400);
    assert_eq!((reused.member_names().len(), reused.text("statusCode")), (13, "40002"));
    let heir = ask(&client, json!({"refreshToken": third.text("refreshToken")})).await.must(400);
    assert_eq!(heir.text("statusCode"), "40002", "the family is revoked");
    assert!(works(&client, third.text("accessToken")).await, "access tokens of the family run out");
    ask(&client, json!({"refreshToken": other.text("refreshToken")})).await.must(200);
    assert_eq!(ask(&client, json!({"refreshToken": "never seen"})).await.must(400).text("statusCode"), "40002");
}

#[tokio::test]
async fn standard_oauth_form_and_basic() {
    let server = Server::start().await;
    let client = server.client();
    let keys = &cast().shop.sandbox;
    let own = format!("client_id={}&client_secret={}", keys.app_key, keys.app_secret);
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", keys.app_key, keys.app_secret)));
    let wrong = format!("Basic {}", STANDARD.encode(format!("{}:nope", keys.app_key)));

    for (headers, text) in [
        (vec![], format!("grant_type=client_credentials&{own}")),
        (vec![("authorization", basic.as_str())], "grant_type=client_credentials".to_owned()),
    ] {
        let reply = form(&client, &headers, &text).await.must(200);
        assert_eq!(reply.member_names(), ["access_token", "token_type", "expires_in", "scope"]);
        assert_eq!((reply.text("token_type"), reply.json["expires_in"].as_i64()), ("Bearer", Some(600)));
        assert_eq!(reply.header("cache-control"), "no-store");
        assert!(works(&client, reply.text("access_token")).await);
    }
    let narrow = form(&client, &[], &format!("grant_type=client_credentials&scope=transmit&{own}")).await.must(200);
    assert_eq!(narrow.text("scope"), "transmit");
    let narrow = client.with_token(Some(narrow.text("access_token")));
    narrow.post("/v1/transmit", &body::copy(false)).await.must(200);
    narrow.post("/v1/evaluate", &body::cit(card::APPROVED)).await.assert_error(40302);

    for (headers, text, status, error) in [
        (vec![], own.clone(), 400, "invalid_request"),
        (vec![], format!("grant_type=password&{own}"), 400, "unsupported_grant_type"),
        (vec![], format!("grant_type=client_credentials&scope=money%3Asteal&{own}"), 400, "invalid_scope"),
        (vec![], format!("grant_type=client_credentials&client_id={}&client_secret=nope", keys.app_key), 401, "invalid_client"),
        (vec![("authorization", wrong.as_str())], "grant_type=client_credentials".to_owned(), 401, "invalid_client"),
    ] {
        let reply = form(&client, &headers, &text).await.must(status);
        assert_eq!(reply.text("error"), error, "{text}");
        assert!(reply.json["error_description"].is_string() && !reply.text.contains(&keys.app_secret), "{reply:?}");
        if status == 401 {
            assert_eq!(reply.header("www-authenticate"), "Basic realm=\"recoup\"");
        }
    }
}

#[tokio::test]
async fn calls_without_a_good_bearer_are_401() {
    let server = Server::start().await;
    let client = server.client();
    let good = server.shop().await.token().expect("a token").to_owned();
    let parts: Vec<_> = good.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", parts[1]);
    let foreign_key = format!("{}.{}.{}", parts[0], parts[1], "A".repeat(parts[2].len()));
    for token in [None, Some("nonsense"), Some(unsigned.as_str()), Some(foreign_key.as_str())] {
        for path in ["/v1/orders", "/v1/webhooks", "/v1/events", "/v1/sandbox/clock"] {
            let reply = client.with_token(token).get(path).await;
            reply.assert_error(40101);
            assert_eq!(reply.json["errors"], json!([]), "the errors of a 401 are empty");
            assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"recoup\", error=\"invalid_token\"");
        }
    }
    let basic = client.send(Method::GET, "/v1/orders", &[("authorization", "Basic Zm9vOmJhcg==")], None).await;
    basic.assert_error(40101);
}
