//! `/v1/api-keys`: made, told once, changed without an outage, revoked one by one.

use recoup_tests::{Client, Reply, Server, cast, guid, until};
use serde_json::{Value, json};

const MEMBERS: [&str; 13] = [
    "id",
    "mid",
    "name",
    "type",
    "value",
    "scopes",
    "created_at",
    "errors",
    "clientId",
    "environment",
    "appKey",
    "expiresOn",
    "lastUsedOn",
];

async fn grant(client: &Client, key: &str, secret: &str) -> Reply {
    client.post("/v1/oauth2/token", &json!({"AppKey": key, "AppSecret": secret})).await
}

async fn refresh(client: &Client, token: &str) -> Reply {
    client.post("/v1/oauth2/token", &json!({"refreshToken": token})).await
}

#[tokio::test]
async fn secrets_change_without_an_outage() {
    let server = Server::start().await;
    let (shop, client) = (server.shop().await, server.client());
    let old = shop.post("/v1/api-keys", &json!({"mid": cast().shop.mid, "name": "old", "type": "secret"})).await.must(201);
    assert_eq!(old.member_names(), MEMBERS);
    assert_eq!((old.text("type"), old.text("environment"), &old.json["errors"]), ("secret", "sandbox", &json!([])));
    assert_eq!(old.json["scopes"].as_array().map(Vec::len), Some(18));
    let app_key = old.text("appKey");
    let body = json!({"name": "new", "type": "secret", "clientId": old.text("clientId"), "expiresOn": "2099-01-01"});
    let new = shop.post("/v1/api-keys", &body).await.must(201);
    assert_eq!((new.text("appKey"), new.text("clientId")), (app_key, old.text("clientId")));
    let (before, after) =
        (grant(&client, app_key, old.text("value")).await.must(200), grant(&client, app_key, new.text("value")).await.must(200));

    let path = |key: &Reply| format!("/v1/api-keys/{}", key.text("id"));
    let seen = shop.get(&path(&old)).await.must(200);
    assert!(seen.json["value"].is_null() && seen.json["lastUsedOn"].is_string(), "{seen:?}");
    shop.delete(&path(&old)).await.must(204);
    client.with_token(Some(before.text("accessToken"))).get("/v1/orders").await.assert_error(40104);
    assert_eq!(refresh(&client, before.text("refreshToken")).await.must(400).text("statusCode"), "40002");
    grant(&client, app_key, old.text("value")).await.must(400);
    // What came from the other secret works on.
    client.with_token(Some(after.text("accessToken"))).get("/v1/orders").await.must(200);
    refresh(&client, after.text("refreshToken")).await.must(200);
    shop.get(&path(&old)).await.assert_error(40401);
    shop.delete(&path(&old)).await.assert_error(40401);
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_keys_own_shape() {
    let server = Server::start().await;
    let (shop, partner) = (server.shop().await, server.login(&cast().partner).await);
    for (client, body, error) in [
        (&shop, json!({"type": "secret"}), "The Name field is required."),
        (&shop, json!({"name": "a<b", "type": "secret"}), "The field Name is invalid."),
        (&shop, json!({"name": "a", "type": "gold"}), "The field Type is invalid."),
        (
            &shop,
            json!({"name": "a", "type": "secret", "environment": "production"}),
            "A sandbox caller cannot create production keys.",
        ),
        (&shop, json!({"name": "a", "type": "secret", "expiresOn": "2020-01-01"}), "The field ExpiresOn must lie in the future."),
        (&shop, json!({"name": "a", "type": "secret", "clientId": guid()}), "The field ClientId is invalid."),
        (
            &shop,
            json!({"name": "a", "type": "secret", "clientId": cast().stranger.sandbox.client}),
            "The field ClientId is invalid.",
        ),
        (
            &shop,
            json!({"name": "a", "type": "secret", "clientId": cast().shop.production.client}),
            "The field ClientId is invalid.",
        ),
        (&partner, json!({"name": "a", "type": "secret"}), "The Mid field is required."),
    ] {
        let reply = client.post("/v1/api-keys", &body).await.must(400);
        assert_eq!(reply.member_names(), MEMBERS);
        assert!(reply.json["errors"].as_array().is_some_and(|errors| errors.contains(&json!(error))), "{body}: {reply:?}");
        for name in MEMBERS.iter().filter(|name| **name != "errors") {
            assert_eq!(reply.json[name], Value::Null, "{name}");
        }
    }
}

#[tokio::test]
async fn no_key_gets_what_its_maker_lacks() {
    let server = Server::start().await;
    let (shop, client) = (server.shop().await, server.client());
    let body = json!({"name": "narrow", "type": "secret", "scopes": ["keys", "transmit", "from:the:future"]});
    let narrow = shop.post("/v1/api-keys", &body).await.must(201);
    assert_eq!(narrow.json["scopes"], json!(["from:the:future", "keys", "transmit"]));
    let token = grant(&client, narrow.text("appKey"), narrow.text("value")).await.must(200);
    let own = client.with_token(Some(token.text("accessToken")));
    own.get("/v1/orders").await.assert_error(40302);
    own.post("/v1/api-keys", &json!({"name": "x", "type": "secret", "scopes": ["evaluate"]})).await.assert_error(40302);
    own.post("/v1/api-keys", &json!({"name": "x", "type": "tokenization"})).await.assert_error(40302);
    let child = own.post("/v1/api-keys", &json!({"name": "child", "type": "secret"})).await.must(201);
    assert_eq!(child.json["scopes"], json!(["transmit", "keys"]));
    // Joining a client of more scopes gives no more either.
    let wide = shop.post("/v1/api-keys", &json!({"name": "wide", "type": "secret"})).await.must(201);
    let joined =
        own.post("/v1/api-keys", &json!({"name": "y", "type": "secret", "clientId": wide.text("clientId")})).await.must(201);
    let token = grant(&client, wide.text("appKey"), joined.text("value")).await.must(200);
    client.with_token(Some(token.text("accessToken"))).get("/v1/orders").await.assert_error(40302);
    shop.post("/v1/api-keys", &json!({"name": "x", "type": "secret", "scopes": ["onboarding"]})).await.assert_error(40302);
}

#[tokio::test]
async fn keys_of_others_are_as_good_as_none() {
    let server = Server::start().await;
    let (shop, stranger, partner) =
        (server.shop().await, server.login(&cast().stranger.sandbox).await, server.login(&cast().partner).await);
    let live = server.login(&cast().shop.production).await;
    let key = shop.post("/v1/api-keys", &json!({"name": "browser", "type": "tokenization"})).await.must(201);
    let path = format!("/v1/api-keys/{}", key.text("id"));
    for (who, client) in [("stranger", &stranger), ("other environment", &live)] {
        assert_eq!(client.get(&path).await.status, 404, "{who}");
        client.delete(&path).await.assert_error(40401);
    }
    stranger.get(&format!("/v1/api-keys/{}", cast().shop.mid)).await.assert_error(40401);
    stranger.post("/v1/api-keys", &json!({"mid": cast().shop.mid, "name": "x", "type": "secret"})).await.assert_error(40301);
    partner.get(&path).await.must(200);
    partner.post("/v1/api-keys", &json!({"mid": cast().stranger.mid, "name": "x", "type": "secret"})).await.assert_error(40301);

    let keys = shop.get(&format!("/v1/api-keys/{}", cast().shop.mid.to_uppercase())).await.must(200);
    let rows = keys.json.as_array().expect("an array");
    assert!(
        rows.iter().any(|row| row["id"] == key.json["id"]) && rows.iter().all(|row| row["environment"] == "sandbox"),
        "{keys:?}"
    );
    assert!(
        !keys.text.contains(key.text("value"))
            && rows.iter().filter(|row| row["type"] != "public").all(|row| row["value"].is_null())
    );
    let vault = |value: &str| format!("/v1/tokenize?mid={}&environment={value}", cast().shop.mid);
    let card =
        json!({"payment_method": {"credit_card": {"number": "4111111111111111", "month": 12, "year": 2031, "full_name": "A B"}}});
    server.client().post(&vault(key.text("value")), &card).await.must(200);
    shop.delete(&path).await.must(204);
    until("the key ends", || async {
        (server.client().post(&vault(key.text("value")), &card).await.status == 401).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_kept_nowhere() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let body = json!({"name": "x", "type": "secret", "idempotencyKey": "same"});
    let made = shop.post_with("/v1/api-keys", &[("idempotency-key", "same")], &body).await.must(201);
    for name in ["recoup.sqlite", "recoup.sqlite-wal"] {
        let kept = std::fs::read(server.data().join(name)).unwrap_or_default();
        let secret = made.text("value").as_bytes();
        assert!(!kept.windows(secret.len()).any(|window| window == secret), "{name}");
    }
    assert!(!server.logs().contains(made.text("value")));
}
