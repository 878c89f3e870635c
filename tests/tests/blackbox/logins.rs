//! Logins of portal users: invitation, password, second factor, blocking, logout.

use aws_lc_rs::hmac;
use recoup_tests::{Client, Outbox, Reply, Rig, Server, cast, now, until};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";
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

/// Somebody who was invited by the command line and has chosen a password.
pub async fn joined(server: &Server, email: &str, role: &str, whose: &[&str]) -> String {
    let person =
        ["user", "create", "--email", email, "--first-name", "Ada", "--last-name", "Byron", "--phone", "1", "--role", role];
    let made = server.run(&[&person[..], whose].concat());
    let token = made["link"].as_str().expect("a token");
    let chosen = server.client().post("/v1/auth/password/reset", &json!({"token": token, "password": PASSWORD})).await;
    chosen.must(200);
    made["id"].as_str().expect("an id").to_owned()
}

pub async fn login(client: &Client, email: &str, password: &str) -> Reply {
    client.post("/v1/auth/login", &json!({"email": email, "password": password, "environment": "sandbox"})).await
}

/// A client with the token of a fresh login.
pub async fn session(server: &Server, email: &str) -> Client {
    let reply = login(&server.client(), email, PASSWORD).await.must(200);
    server.client().with_token(Some(reply.text("accessToken")))
}

fn assert_wrong(reply: &Reply) {
    assert_eq!(reply.status, 400, "{reply:?}");
    assert_eq!(reply.member_names(), MEMBERS);
    assert_eq!((reply.text("statusCode"), &reply.json["accessToken"]), ("40001", &Value::Null), "{reply:?}");
    assert_eq!((&reply.json["success"], &reply.json["session"]), (&json!(false), &Value::Null));
}

/// RFC 6238 by hand: the code of a secret at an instant.
pub fn code(secret: &str, at_secs: i64) -> String {
    let mut bits = 0u64;
    let (mut held, mut key) = (0, vec![]);
    for letter in secret.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            _ => letter - b'2' + 26,
        };
        bits = (bits << 5) | u64::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            key.push((bits >> held) as u8);
        }
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &(at_secs / 30).to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

#[tokio::test]
async fn an_invitation_becomes_a_session() {
    let server = Server::start().await;
    let (client, outbox) = (server.client(), Outbox::of(&server));
    let mid = cast().shop.mid.as_str();
    let made = server.shop().await;
    let body = json!({"firstName": "Ada", "lastName": "Byron", "phone": "+1555", "email": "Ada@Example.com", "role": "owner"});
    let user = made.post("/v1/users", &body).await.must(201);
    assert_eq!((user.text("status"), &user.json["mids"]), ("INVITED", &json!([mid])));
    assert_wrong(&login(&client, "ada@example.com", PASSWORD).await);

    let token = outbox.token("Ada@Example.com", 1).await;
    let reset =
        async |password: &str| client.post("/v1/auth/password/reset", &json!({"token": token, "password": password})).await;
    for (password, why) in [("short", "at least 12"), ("ada@example.com", "e-mail address"), ("aaaaaaaaaaaaaa", "repeated")] {
        let faults = reset(password).await.faults();
        assert!(faults[0].0 == "Password" && faults[0].1.contains(why), "{faults:?}");
    }
    reset(PASSWORD).await.must(200);
    reset("another password here").await.assert_error(40001);

    let reply = login(&client, " ADA@example.com", PASSWORD).await.must(200);
    assert_eq!(reply.member_names(), MEMBERS);
    assert_eq!((reply.text("id"), &reply.json["daysToEnforceMFA"]), (user.text("id"), &json!(14)));
    assert_eq!((&reply.json["skipAvailable"], &reply.json["status"]), (&json!(true), &Value::Null));
    assert!(reply.text("session").len() >= 40);
    let own = client.with_token(Some(reply.text("accessToken")));
    own.get("/v1/orders").await.must(200);
    let me = own.get(&format!("/v1/users/{}", user.text("id"))).await.must(200);
    assert!(me.text("status") == "ACTIVE" && me.json["lastLoginOn"].is_string(), "{me:?}");

    let claims: Value = {
        use base64::Engine as _;
        let part = reply.text("accessToken").split('.').nth(1).expect("claims");
        serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
    };
    assert_eq!((&claims["role"], &claims["custom:mid"], &claims["env"]), (&json!("user"), &json!(mid), &json!("sandbox")));
    assert!(claims["scope"].as_str().is_some_and(|scope| scope.contains("users") && !scope.contains("onboarding")), "{claims}");

    // Made by a sandbox key: production stays closed.
    let body = json!({"email": "ada@example.com", "password": PASSWORD, "environment": "production"});
    assert_eq!(client.post("/v1/auth/login", &body).await.must(400).text("statusCode"), "40003");
}

#[tokio::test]
async fn refresh_tokens_of_users_rotate_and_a_spent_one_ends_their_family() {
    let server = Server::start().await;
    let client = server.client();
    joined(&server, "ada@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    let first = login(&client, "ada@example.com", PASSWORD).await.must(200);
    let refresh = async |token: &str| client.post("/v1/oauth2/token", &json!({"refreshToken": token})).await;
    let second = refresh(first.text("refreshToken")).await.must(200);
    assert_eq!((second.member_names().len(), second.text("id")), (13, first.text("id")));
    client.with_token(Some(second.text("accessToken"))).get("/v1/orders").await.must(200);
    assert_eq!(refresh(first.text("refreshToken")).await.must(400).text("statusCode"), "40002");
    assert_eq!(refresh(second.text("refreshToken")).await.must(400).text("statusCode"), "40002");
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_no_code_works_twice() {
    let server = Server::start().await;
    let client = server.client();
    joined(&server, "ada@example.com", "admin", &[]).await;
    let own = session(&server, "ada@example.com").await;
    let offered = own.post("/v1/auth/mfa/setup", &json!({})).await.must(200);
    let secret = offered.text("secret").to_owned();
    assert!(offered.text("otpauthUri").starts_with("otpauth://totp/") && offered.json["mfaEnabled"] == false);
    own.post("/v1/auth/mfa/setup", &json!({"code": "000000000"})).await.assert_error(40001);
    // The code of the step before: the running one stays free for the login.
    let at = now().as_second();
    let on = own.post("/v1/auth/mfa/setup", &json!({"code": code(&secret, at - 30)})).await.must(200);
    assert_eq!(on.json["mfaEnabled"], true);
    let recovery: Vec<String> = serde_json::from_value(on.json["recoveryCodes"].clone()).expect("codes");
    assert_eq!(recovery.len(), 10);
    own.post("/v1/auth/mfa/setup", &json!({})).await.assert_error(40903);

    let due = login(&client, "ada@example.com", PASSWORD).await.must(200);
    assert_eq!(due.member_names(), MEMBERS);
    assert_eq!((due.text("status"), &due.json["success"]), ("MFA_REQUIRED", &json!(true)));
    for name in ["accessToken", "refreshToken", "expires", "id"] {
        assert_eq!(due.json[name], Value::Null, "{name}");
    }
    let pending = due.text("session").to_owned();
    let confirm = async |session: &str, code: &str| client.post("/v1/auth/mfa", &json!({"session": session, "code": code})).await;
    assert_wrong(&confirm(&pending, "12").await);
    assert_wrong(&confirm("nothing", &code(&secret, at)).await);
    // A pending session is no way round the second factor.
    client.post("/v1/auth/logout", &json!({"session": "unknown"})).await.must(200);
    let right = code(&secret, now().as_second());
    let granted = confirm(&pending, &right).await.must(200);
    assert_eq!((&granted.json["daysToEnforceMFA"], &granted.json["skipAvailable"]), (&json!(0), &json!(false)));
    client.with_token(Some(granted.text("accessToken"))).get("/v1/orders").await.must(200);

    assert_wrong(&confirm(&pending, &right).await);
    let again = login(&client, "ada@example.com", PASSWORD).await.must(200);
    assert_wrong(&confirm(again.text("session"), &right).await);
    confirm(again.text("session"), &recovery[0].to_lowercase()).await.must(200);
    let third = login(&client, "ada@example.com", PASSWORD).await.must(200);
    assert_wrong(&confirm(third.text("session"), &recovery[0]).await);
    let last = confirm(third.text("session"), &recovery[1]).await.must(200);

    let own = client.with_token(Some(last.text("accessToken")));
    own.post("/v1/auth/mfa/remove", &json!({"code": "123"})).await.assert_error(40001);
    own.post("/v1/auth/mfa/remove", &json!({"code": recovery[2]})).await.must(200);
    assert!(login(&client, "ada@example.com", PASSWORD).await.must(200).json["accessToken"].is_string());
}

#[tokio::test]
async fn ten_failures_block_and_an_owner_unblocks() {
    let server = Rig::default().config("limits", "failures_per_min = 0").start().await;
    let (client, outbox) = (server.client(), Outbox::of(&server));
    let id = joined(&server, "ada@example.com", "viewer", &["--mid", &cast().shop.mid]).await;
    joined(&server, "boss@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    let open = session(&server, "ada@example.com").await;
    for round in 0..9 {
        assert_wrong(&login(&client, "ada@example.com", "wrong password 1").await);
        assert_wrong(&login(&client, "nobody@example.com", "wrong password 1").await);
        assert_eq!(open.get("/v1/orders").await.status, 200, "round {round}");
    }
    assert_wrong(&login(&client, "ada@example.com", "wrong password 1").await);
    assert_wrong(&login(&client, "ada@example.com", PASSWORD).await);
    open.get("/v1/orders").await.assert_error(40104);
    assert!(outbox.newest("ada@example.com", 2).await.contains("blocked"));

    let boss = session(&server, "boss@example.com").await;
    let path = format!("/v1/users/{id}");
    assert_eq!(boss.get(&path).await.must(200).text("status"), "BLOCKED");
    let unblocked = boss.post(&format!("{path}/unblock"), &json!({})).await.must(200);
    assert_eq!(unblocked.text("status"), "ACTIVE");
    login(&client, "ada@example.com", PASSWORD).await.must(200);
}

#[tokio::test]
async fn logout_ends_the_session_and_its_tokens() {
    let server = Server::start().await;
    let client = server.client();
    joined(&server, "ada@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    let (one, two) = (
        login(&client, "ada@example.com", PASSWORD).await.must(200),
        login(&client, "ada@example.com", PASSWORD).await.must(200),
    );
    let with = |reply: &Reply| client.with_token(Some(reply.text("accessToken")));
    with(&one).post("/v1/auth/logout", &json!({})).await.must(200);
    with(&one).get("/v1/orders").await.assert_error(40104);
    assert_eq!(
        client.post("/v1/oauth2/token", &json!({"refreshToken": one.text("refreshToken")})).await.must(400).text("statusCode"),
        "40002"
    );
    with(&two).get("/v1/orders").await.must(200);
    client.post("/v1/auth/logout", &json!({"session": two.text("session")})).await.must(200);
    with(&two).get("/v1/orders").await.assert_error(40104);
    client.post("/v1/auth/logout", &json!({})).await.assert_error(40101);
}

#[tokio::test]
async fn forgotten_passwords_are_chosen_anew_once() {
    let server = Server::start().await;
    let (client, outbox) = (server.client(), Outbox::of(&server));
    joined(&server, "ada@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    let open = session(&server, "ada@example.com").await;
    for email in ["nobody@example.com", "ada@example.com"] {
        let reply = client.post("/v1/auth/password/forgot", &json!({"email": email})).await.must(202);
        assert_eq!(reply.json["success"], true);
    }
    let token = outbox.token("ada@example.com", 2).await;
    assert!(outbox.to("nobody@example.com").is_empty());
    let reset =
        async |password: &str| client.post("/v1/auth/password/reset", &json!({"token": token, "password": password})).await;
    reset("an entirely new one").await.must(200);
    reset("an entirely new one").await.assert_error(40001);
    open.get("/v1/orders").await.assert_error(40104);
    assert_wrong(&login(&client, "ada@example.com", PASSWORD).await);
    login(&client, "ada@example.com", "an entirely new one").await.must(200);
}

#[tokio::test]
async fn nothing_secret_is_kept_or_told() {
    let server = Server::start().await;
    joined(&server, "ada@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    let reply = login(&server.client(), "ada@example.com", PASSWORD).await.must(200);
    until("the mail left the queue", || async { (!Outbox::of(&server).to("ada@example.com").is_empty()).then_some(()) }).await;
    let logs = server.logs();
    let mut kept = vec![];
    for name in ["recoup.sqlite", "recoup.sqlite-wal"] {
        kept.extend(std::fs::read(server.data().join(name)).unwrap_or_default());
    }
    for secret in [PASSWORD, reply.text("refreshToken"), reply.text("session"), reply.text("accessToken")] {
        assert!(!logs.contains(secret), "in the log");
        assert!(!kept.windows(secret.len()).any(|window| window == secret.as_bytes()), "in the database");
    }
    assert!(!logs.contains("ada@example.com"), "an address in the log");
}
