//! `/v1/users`: who may manage whom.

use recoup_tests::{Client, Server, cast};
use serde_json::{Value, json};

use crate::logins::{joined, session};

fn draft(email: &str, role: &str) -> Value {
    json!({"firstName": "Ada", "lastName": "Byron", "phone": "+1555", "email": email, "role": role})
}

async fn invite(client: &Client, email: &str, role: &str) -> String {
    client.post("/v1/users", &draft(email, role)).await.must(201).text("id").to_owned()
}

#[tokio::test]
async fn the_object_has_its_members_and_faults_are_told_at_once() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let made = shop.post("/v1/users", &draft("ada@example.com", "viewer")).await.must(201);
    assert_eq!(
        made.member_names()[..13],
        [
            "id",
            "firstName",
            "lastName",
            "phone",
            "email",
            "maskPii",
            "role",
            "mids",
            "status",
            "mfaEnabled",
            "lastLoginOn",
            "language",
            "timezoneName",
        ]
    );
    let path = format!("/v1/users/{}", made.text("id"));
    assert_eq!(shop.get(&path).await.must(200).json, made.json);
    let faults = |reply: recoup_tests::Reply| reply.faults().into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert_eq!(faults(shop.post("/v1/users", &json!({})).await), ["Email", "FirstName", "LastName", "Phone", "Role"]);
    let bad = json!({"firstName": "A", "lastName": "B", "phone": "1", "email": "ada", "role": "king", "timezoneName": "Mars/Base", "language": "_"});
    assert_eq!(faults(shop.post("/v1/users", &bad).await), ["Email", "Language", "Role", "TimezoneName"]);
    shop.post("/v1/users", &draft("ADA@example.com", "viewer")).await.assert_error(40904);
    assert_eq!(faults(shop.patch(&path, &json!({"email": "other@example.com"})).await), ["Email"]);

    let changed =
        shop.patch(&path, &json!({"lastName": "Lovelace", "maskPii": true, "timezoneName": "Europe/Berlin"})).await.must(200);
    assert_eq!(
        (changed.text("lastName"), &changed.json["maskPii"], changed.text("timezoneName")),
        ("Lovelace", &json!(true), "Europe/Berlin")
    );
    let list = shop.get("/v1/users?pageSize=1").await.must(200);
    assert_eq!((&list.json["totalItemCount"], &list.json["pageSize"]), (&json!(1), &json!(1)));
    assert_eq!(list.member_names(), ["totalItemCount", "pageNumber", "pageSize", "rows"]);
    shop.post(&format!("{path}/resend-invitation"), &json!({})).await.must(200);
    shop.delete(&path).await.must(204);
    shop.get(&path).await.assert_error(40401);
}

#[tokio::test]
async fn the_last_owner_stays() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let first = invite(&shop, "one@example.com", "owner").await;
    let path = format!("/v1/users/{first}");
    shop.delete(&path).await.assert_error(40903);
    shop.patch(&path, &json!({"role": "admin"})).await.assert_error(40903);
    shop.patch(&path, &json!({"status": "BLOCKED"})).await.assert_error(40903);
    invite(&shop, "two@example.com", "owner").await;
    shop.patch(&path, &json!({"role": "admin"})).await.must(200);
    shop.delete(&path).await.must(204);
}

#[tokio::test]
async fn owners_and_admins_manage_and_nobody_makes_himself_more() {
    let server = Server::start().await;
    let mid = cast().shop.mid.as_str();
    let owner = joined(&server, "owner@example.com", "owner", &["--mid", mid]).await;
    let admin_id = joined(&server, "admin@example.com", "admin", &["--mid", mid]).await;
    joined(&server, "viewer@example.com", "viewer", &["--mid", mid]).await;
    let (admin, viewer) = (session(&server, "admin@example.com").await, session(&server, "viewer@example.com").await);

    invite(&admin, "new@example.com", "developer").await;
    admin.post("/v1/users", &draft("boss@example.com", "owner")).await.assert_error(40303);
    admin.patch(&format!("/v1/users/{admin_id}"), &json!({"role": "owner"})).await.assert_error(40303);
    for (path, body) in [("", json!({"role": "viewer"})), ("/reset-password", json!({})), ("/unblock", json!({}))] {
        let path = format!("/v1/users/{owner}{path}");
        let reply = if path.ends_with(&owner) { admin.patch(&path, &body).await } else { admin.post(&path, &body).await };
        reply.assert_error(40303);
    }
    admin.delete(&format!("/v1/users/{owner}")).await.assert_error(40303);

    viewer.get("/v1/users").await.assert_error(40303);
    viewer.post("/v1/users", &draft("x@example.com", "viewer")).await.assert_error(40303);
    viewer.get(&format!("/v1/users/{owner}")).await.assert_error(40303);
    viewer.post("/v1/api-keys", &json!({"name": "x", "type": "secret"})).await.assert_error(40303);
    viewer.get("/v1/orders").await.must(200);
    viewer.get("/v1/webhooks").await.assert_error(40303);
    // A changed role counts at once, in the session that is open.
    let owners = session(&server, "owner@example.com").await;
    owners.patch(&format!("/v1/users/{admin_id}"), &json!({"role": "viewer"})).await.must(200);
    admin.get("/v1/users").await.assert_error(40303);
}

#[tokio::test]
async fn users_of_others_are_as_good_as_none() {
    let server = Server::start().await;
    let (shop, stranger) = (server.shop().await, server.login(&cast().stranger.sandbox).await);
    let (partner, operator) = (server.login(&cast().partner).await, server.login(&cast().operator).await);
    let ours = invite(&shop, "ours@example.com", "owner").await;
    let path = format!("/v1/users/{ours}");
    for foreign in
        [stranger.get(&path).await, stranger.patch(&path, &json!({"role": "viewer"})).await, stranger.delete(&path).await]
    {
        foreign.assert_error(40401);
    }
    stranger.post(&format!("{path}/reset-password"), &json!({})).await.assert_error(40401);
    assert_eq!(stranger.get("/v1/users").await.must(200).json["totalItemCount"], 0);
    stranger.get(&format!("/v1/users?mid={}", cast().shop.mid)).await.assert_error(40301);
    let mut theirs = draft("x@example.com", "owner");
    theirs["mids"] = json!([cast().shop.mid]);
    stranger.post("/v1/users", &theirs).await.assert_error(40301);

    // The partner manages the users of its merchant, and its own staff; not those of others.
    partner.get(&path).await.must(200);
    let staff = invite(&partner, "staff@example.com", "admin").await;
    assert_eq!(partner.get("/v1/users").await.must(200).json["totalItemCount"], 2);
    shop.get(&format!("/v1/users/{staff}")).await.assert_error(40401);
    theirs["mids"] = json!([cast().stranger.mid]);
    partner.post("/v1/users", &theirs).await.assert_error(40301);
    let house = invite(&operator, "operator@example.com", "viewer").await;
    partner.get(&format!("/v1/users/{house}")).await.assert_error(40401);
    assert_eq!(operator.get("/v1/users").await.must(200).json["totalItemCount"], 3);
}

#[tokio::test]
async fn a_sandbox_key_never_reaches_production() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let id = joined(&server, "live@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    shop.patch(&format!("/v1/users/{id}"), &json!({"role": "viewer"})).await.assert_error(40303);
    let mut wide = draft("wide@example.com", "viewer");
    wide["environment"] = json!("production");
    shop.post("/v1/users", &wide).await.assert_error(40303);
    let made = shop.post("/v1/users", &draft("narrow@example.com", "viewer")).await.must(201);
    assert_eq!(made.text("environment"), "sandbox");
    shop.patch(&format!("/v1/users/{}", made.text("id")), &json!({"environment": "production"})).await.assert_error(40303);
}

#[tokio::test]
async fn customers_are_masked_for_some() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let mut order = recoup_tests::body::cit(recoup_tests::card::APPROVED);
    order["payer"] = json!({"id": "p-1", "email": "john@example.com", "phone": "+15551234"});
    order["billingInformation"] = json!({"firstName": "John", "lastName": "Doe", "phone": "+15551234", "addressLine1": "1 Main St", "country": "US", "city": "Reno"});
    let order = shop.evaluate(&order).await.order();
    joined(&server, "support@example.com", "support", &["--mid", &cast().shop.mid, "--mask-pii"]).await;
    let support = session(&server, "support@example.com").await;
    let (plain, masked) = (shop.order(&order).await, support.order(&order).await);
    assert_eq!((plain["firstName"].as_str(), plain["email"].as_str()), (Some("John"), Some("john@example.com")));
    for (name, shown) in [("firstName", "J***"), ("lastName", "D***"), ("email", "j***"), ("phone", "+***")] {
        assert_eq!(masked[name], shown, "{name}");
    }
    assert_eq!((&masked["billingAddress"]["firstName"], &masked["billingAddress"]["city"]), (&json!("J***"), &json!("Reno")));
    let list = support.get("/v1/orders").await.must(200);
    assert_eq!(list.json["orders"][0]["lastName"], "D***");
    for hidden in ["John", "Doe", "john@example.com", "5551234", "Main St"] {
        assert!(!list.text.contains(hidden), "{hidden}");
    }
}

#[tokio::test]
async fn the_command_line_manages_users() {
    let server = Server::start().await;
    let id = joined(&server, "ada@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    let client = server.client();
    let own = session(&server, "ada@example.com").await;
    let list = server.run(&["user", "list"]);
    assert_eq!((list[0]["id"].as_str(), list[0]["status"].as_str()), (Some(id.as_str()), Some("ACTIVE")));
    joined(&server, "bob@example.com", "owner", &["--mid", &cast().shop.mid]).await;
    assert_eq!(server.run(&["user", "block", "ada@example.com"])["status"], "BLOCKED");
    recoup_tests::until("the session ends", || async { (own.get("/v1/orders").await.status == 401).then_some(()) }).await;
    assert_eq!(server.run(&["user", "unblock", &id])["status"], "ACTIVE");
    let reset = server.run(&["user", "reset-password", "ada@example.com"]);
    let chosen = json!({"token": reset["link"], "password": "another password 2"});
    client.post("/v1/auth/password/reset", &chosen).await.must(200);
    crate::logins::login(&client, "ada@example.com", "another password 2").await.must(200);
}
