//! A deployment on simulated issuers makes decisions, learns from them, and puts what it learnt to use.

use recoup_tests::{Client, Rig, Server, body, card, cast, until};
use serde_json::{Value, json};

const CARDS: u32 = 240;

fn a_card(n: u32) -> String {
    let bins = ["400000", "400005", "555555", "222300"];
    card::with_luhn(&format!("{}{:02}{:07}", bins[(n % 4) as usize], 20 + n % 12, n * 7_919))
}

async fn deployment() -> Server {
    let rig = Rig::default()
        .config("learn", "sandbox = true\nrows_max = 5000")
        .config("limits", "evaluate_per_sec = 0\ntokenize_per_sec = 0\nread_per_sec = 0\nmanagement_per_sec = 0")
        .set(&cast().shop, "simulator=issuer")
        .set(&cast().shop, "explorePercent=40");
    rig.start().await
}

async fn rebill(shop: &Client, n: u32) -> String {
    let codes = ["51", "05", "51", "61", "51", "91"];
    let body = body::with(body::mit(&a_card(n)), "/transaction/responseCode", json!(codes[(n % 6) as usize]));
    shop.evaluate(&body).await.order()
}

async fn model_of(shop: &Client, order: &str) -> String {
    let shown = shop.order(order).await;
    shown["decision"]["modelVersion"].as_str().unwrap_or_else(|| panic!("no decision in {shown}")).to_owned()
}

fn versions(listed: &Value) -> Vec<&str> {
    listed["learnt"].as_array().expect("learnt").iter().filter_map(|record| record["version"].as_str()).collect()
}

/// New orders are decided by this version, as soon as the server has seen it.
async fn decides_by(shop: &Client, version: &str, n: u32) {
    until("the server decides by the version in use", || async {
        let order = rebill(shop, n).await;
        (model_of(shop, &order).await == version).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_deployment_learns_from_its_own_history_and_every_decision_names_its_model() {
    let mut server = deployment().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let builtin = server.run(&["model", "list"]);
    assert_eq!((&builtin["builtIn"], versions(&builtin).len()), (&json!(true), 0));
    let nothing = builtin["inUse"].as_str().unwrap().to_owned();
    let first = rebill(&shop, 0).await;
    assert_eq!(model_of(&shop, &first).await, nothing);
    let (code, said) = fails(&server, &["learn"]);
    assert!(code == Some(4) && said.contains("attempts to learn from"), "{code:?} {said}");

    for n in 1..CARDS {
        rebill(&shop, n).await;
    }
    for _ in 0..5 {
        shop.advance("P5D").await;
    }
    let rehearsed = server.run(&["learn", "--dry-run"]);
    assert_eq!(rehearsed["stored"], false);
    assert_eq!(versions(&server.run(&["model", "list"])).len(), 0, "a rehearsal keeps nothing");
    let learnt = server.run(&["learn"]);
    let version = learnt["version"].as_str().unwrap().to_owned();
    let report = &learnt["report"];
    assert!(report["trials"].as_u64().unwrap() >= 200 && report["heldOutOrders"].as_u64().unwrap() > 20, "{report}");
    assert!(report["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{report}");
    let state = learnt["state"].as_str().unwrap();
    assert!(["candidate", "live"].contains(&state), "{learnt}");
    assert_eq!(
        state == "live",
        report["gain"]["certain"].as_f64().is_some_and(|certain| certain > 0.0)
            && report["gain"]["effective"].as_f64().unwrap() >= 50.0,
        "{learnt}"
    );

    // On the operator's word it is in use: here, in the running server, and after a restart.
    let promoted = server.run(&["model", "promote", &version]);
    assert_eq!(promoted["state"], "live");
    decides_by(&shop, &version, CARDS).await;
    let metrics = server.client().get("/metrics").await.must(200).text;
    assert!(metrics.contains(&format!("recoup_model_in_use{{kind=\"retry\",version=\"{version}\"}} 1")), "{metrics}");
    server.terminate().await;
    server.start_process().await;
    let shop = server.shop().await;
    let after = rebill(&shop, CARDS + 1).await;
    assert_eq!(model_of(&shop, &after).await, version, "from the first decision on");
    assert_eq!(model_of(&shop, &first).await, nothing, "an old decision keeps the model that made it");

    let retired = server.run(&["model", "retire"]);
    assert_eq!((&retired["state"], &retired["version"]), (&json!("retired"), &json!(version)));
    decides_by(&shop, &nothing, CARDS + 2).await;
    let shown = server.run(&["model", "show", &version]);
    assert_eq!(shown["report"], *report, "what was learnt is never forgotten");
    let trail = server.run(&["audit", "list", "--topic", "model"]);
    let told: Vec<_> =
        trail.as_array().unwrap().iter().map(|entry| (entry["what"]["from"].clone(), entry["what"]["to"].clone())).collect();
    assert_eq!(told[0], (json!(version), json!(null)), "{trail}");
    assert!(told.contains(&(json!(null), json!(version))), "{trail}");
    assert_eq!(fails(&server, &["model", "promote", "no-such"]).0, Some(3));
    assert_eq!(fails(&server, &["model", "retire"]).0, Some(3), "nothing learnt is in use");
}

/// A model of a later program is refused; what is in use stays.
#[tokio::test]
async fn a_model_that_this_program_cannot_read_is_refused() {
    let server = deployment().await;
    let shop = server.shop().await;
    let db = rusqlite::Connection::open(server.data().join("recoup.sqlite")).unwrap();
    let record = json!({"kind": "retry", "version": "2031.1", "state": "live", "createdAt": 1, "changedAt": 1, "report": {}});
    db.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    db.execute(
        "INSERT INTO models (kind, version, state, created_at, body, model) VALUES ('retry', '2031.1', 'live', 1, ?1, x'00FF')",
        [record.to_string()],
    )
    .unwrap();
    until("the refusal is counted", || async {
        let metrics = server.client().get("/metrics").await.must(200).text;
        metrics.contains("recoup_models_refused_total{kind=\"retry\"} 1").then_some(())
    })
    .await;
    let order = rebill(&shop, 3).await;
    assert_ne!(model_of(&shop, &order).await, "2031.1");
    assert!(server.logs().contains("a model was refused"));
    let (code, said) = fails(&server, &["model", "promote", "2031.1"]);
    assert!(code == Some(4) && said.contains("cannot be read"), "{code:?} {said}");
}

fn fails(server: &Server, line: &[&str]) -> (Option<i32>, String) {
    let output = server.command(line).output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}
