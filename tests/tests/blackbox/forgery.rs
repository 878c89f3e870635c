//! Access tokens that were tampered with.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use recoup_tests::{Server, cast};
use serde_json::{Value, json};

fn part(value: &Value) -> String {
    BASE64.encode(value.to_string())
}

fn signed(head: &Value, claims: &Value, algorithm: hmac::Algorithm, key: &[u8]) -> String {
    let text = format!("{}.{}", part(head), part(claims));
    let tag = hmac::sign(&hmac::Key::new(algorithm, key), text.as_bytes());
    format!("{text}.{}", BASE64.encode(tag.as_ref()))
}

#[tokio::test]
async fn no_forged_token_is_accepted() {
    let server = Server::start().await;
    let client = server.client();
    let good = server.shop().await.token().expect("a token").to_owned();
    let foreign = server.login(&cast().stranger.sandbox).await.token().expect("a token").to_owned();
    let parts: Vec<&str> = good.split('.').collect();
    let read = |text: &str| -> Value { serde_json::from_slice(&BASE64.decode(text).expect("base64url")).expect("JSON") };
    let (head, claims) = (read(parts[0]), read(parts[1]));
    let with = |of: &Value, name: &str, value: Value| {
        let mut of = of.clone();
        of[name] = value;
        of
    };
    let unsigned = |head: &Value, claims: &Value, tag: &str| format!("{}.{}.{tag}", part(head), part(claims));
    let guess = b"secret-secret-secret-secret-secret";
    client.with_token(Some(&good)).get("/v1/orders").await.must(200);
    for (why, token) in [
        ("no algorithm", unsigned(&json!({"alg": "none", "typ": "JWT", "kid": head["kid"]}), &claims, "")),
        ("no algorithm, in capitals", unsigned(&json!({"alg": "NONE", "kid": head["kid"]}), &claims, parts[2])),
        ("another algorithm named", unsigned(&with(&head, "alg", json!("HS512")), &claims, parts[2])),
        ("another algorithm used", signed(&with(&head, "alg", json!("HS512")), &claims, hmac::HMAC_SHA512, guess)),
        ("a public-key algorithm", unsigned(&with(&head, "alg", json!("RS256")), &claims, parts[2])),
        ("an unknown key", signed(&with(&head, "kid", json!("2026-11zzzz")), &claims, hmac::HMAC_SHA256, guess)),
        ("a key that is a path", signed(&with(&head, "kid", json!("../../dev/null")), &claims, hmac::HMAC_SHA256, b"")),
        ("no key named", signed(&json!({"alg": "HS256", "typ": "JWT"}), &claims, hmac::HMAC_SHA256, guess)),
        ("a guessed key", signed(&head, &claims, hmac::HMAC_SHA256, guess)),
        ("a longer life", unsigned(&head, &with(&claims, "exp", json!(4_102_444_800_i64)), parts[2])),
        ("production", unsigned(&head, &with(&claims, "env", json!("production")), parts[2])),
        ("the operator", unsigned(&head, &with(&claims, "role", json!("operator")), parts[2])),
        ("another merchant", unsigned(&head, &with(&claims, "custom:mid", json!(cast().stranger.mid)), parts[2])),
        ("another's signature", format!("{}.{}.{}", parts[0], parts[1], foreign.split('.').nth(2).expect("a tag"))),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("half a signature", format!("{}.{}.{}", parts[0], parts[1], &parts[2][..20])),
        ("four parts", format!("{good}.x")),
        ("much", "a".repeat(20_000)),
    ] {
        let reply = client.with_token(Some(&token)).get("/v1/orders").await;
        assert_eq!(reply.status, 401, "{why}: {reply:?}");
        reply.assert_error(40101);
    }
    // A token of the sandbox on the listener for production alone.
    server.live_client().with_token(Some(&good)).get("/v1/orders").await.assert_error(40103);
    // A refresh token is no access token.
    client.with_token(Some("q0w")).get("/v1/orders").await.assert_error(40101);
}
