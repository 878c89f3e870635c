//! Why an order was worked as it was: over HTTP, at the terminal, and made again from the data folder.

use std::fs;

use recoup_tests::{Client, Keys, Server, body, card, cast, guid, program};
use serde_json::{Value, json};
use tempfile::TempDir;

const MEMBERS: [&str; 14] = [
    "decisionId",
    "decidedAtUtc",
    "attemptNumber",
    "action",
    "chosen",
    "candidates",
    "rules",
    "features",
    "propensity",
    "experimentArm",
    "modelVersion",
    "rulesVersion",
    "seed",
    "summary",
];

async fn decisions(client: &Client, order: &str, which: &str) -> Vec<Value> {
    let reply = client.get(&format!("/v1/orders/{order}/explanation{which}")).await.must(200);
    assert_eq!(reply.member_names(), ["orderId", "decisions"]);
    assert_eq!(reply.json["orderId"], order);
    let decisions = reply.json["decisions"].as_array().expect("decisions").clone();
    for decision in &decisions {
        for member in MEMBERS {
            assert!(decision.get(member).is_some(), "{member} is missing: {decision}");
        }
        assert_eq!((&decision["replayed"], &decision["replayNote"]), (&json!(true), &Value::Null), "{decision:#}");
        assert!(decision["seed"].as_str().is_some_and(|seed| seed.len() == 16 && u64::from_str_radix(seed, 16).is_ok()));
        assert!(decision["summary"].as_str().is_some_and(|text| text.ends_with('.')), "{decision}");
    }
    decisions
}

#[tokio::test]
async fn a_rescue_is_explained_from_its_first_plan_to_its_last() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    let order = shop.evaluate(&body::mit(card::NSF[1])).await.order();
    let first = decisions(&shop, &order, "").await;
    assert_eq!((first.len(), &first[0]["action"], &first[0]["attemptNumber"]), (1, &json!("schedule"), &json!(1)));
    let chosen = &first[0]["chosen"];
    assert_eq!((&chosen["route"], &chosen["credential"]), (&json!("simulator"), &json!("same")));
    let shown = shop.order(&order).await;
    assert_eq!(first[0]["decisionId"], shown["decision"]["decisionId"]);
    assert_eq!(chosen["atUtc"], shown["decision"]["nextAttemptUtc"]);
    assert_eq!(first[0]["features"]["declineClass"], "NSF");
    let limit = first[0]["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == "visa.m30").expect("Visa's limit");
    assert_eq!((&limit["limit"], &limit["headroomLimit"], &limit["effect"]), (&json!(20), &json!(15), &json!("cap")));

    for _ in 0..6 {
        shop.advance("P3D").await;
    }
    assert_eq!(shop.order(&order).await["engineState"], "RECOVERED");
    let all = decisions(&shop, &order, "?decision=all").await;
    let numbers: Vec<_> = all.iter().filter_map(|decision| decision["attemptNumber"].as_u64()).collect();
    assert_eq!(numbers, [1, 2], "one decision before each attempt, and none twice: {all:#?}");
    assert_eq!(decisions(&shop, &order, "?decision=latest").await, all[1..], "the newest alone");
    let learnt = all[1]["causes"].as_array().unwrap();
    assert_eq!(learnt.len(), 2, "the decline that came in, and our own");
    assert!(!all[1]["curve"].as_array().unwrap().is_empty());
    assert!(all[1]["waitsFor"].as_str().unwrap().contains("money"), "{}", all[1]["waitsFor"]);
    let timeline = shop.get(&format!("/v1/orders/{order}/timeline")).await.must(200).json;
    let decided: Vec<_> = timeline["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "decided").collect();
    let ids: Vec<_> = decided.iter().map(|item| item["data"]["decisionId"].clone()).collect();
    assert_eq!(ids, all.iter().map(|decision| decision["decisionId"].clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_present_customer_s_answer_is_explained_too() {
    let server = Server::start().await;
    let shop = server.shop().await;
    for (number, action) in [(card::APPROVED, "attempt_now"), (card::NSF[0], "stop")] {
        let order = shop.evaluate(&body::cit(number)).await.order();
        let all = decisions(&shop, &order, "?decision=all").await;
        let last = all.last().expect("a decision");
        assert_eq!(last["action"], action, "{all:#?}");
        assert_eq!(last["features"]["initiator"], "CIT");
    }
}

#[tokio::test]
async fn an_advice_s_wait_is_kept_and_told() {
    let server = Server::start().await;
    let shop = server.shop().await;
    shop.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await.must(200);
    // Advice 30: not before ten days; the first attempt then is approved.
    let order = shop.evaluate(&body::mit(&card::of_pattern("555555", 3051, 1))).await.order();
    let planned = &decisions(&shop, &order, "").await[0];
    let rule = |id: &str| planned["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).cloned();
    let floor = rule("mac.30").unwrap_or_else(|| panic!("the advice bounds it: {planned:#}"));
    assert_eq!((&floor["effect"], &floor["network"], &floor["used"]), (&json!("earliest"), &json!("mastercard"), &Value::Null));
    assert!(rule("mc.m30").is_some_and(|limit| limit["effect"] == "cap") && rule("rescue.window").is_some());
    assert_eq!((&planned["features"]["responseCode"], &planned["features"]["merchantAdviceCode"]), (&json!("51"), &json!("30")));
    let at: jiff::Timestamp = planned["chosen"]["atUtc"].as_str().unwrap().parse().unwrap();
    assert!(at >= shop.now().await + jiff::SignedDuration::from_hours(240), "{planned:#}");
    assert!(planned["summary"].as_str().unwrap().contains("advice 30"), "{}", planned["summary"]);
    for _ in 0..7 {
        shop.advance("P3D").await;
    }
    assert_eq!(shop.order(&order).await["engineState"], "RECOVERED");
    assert_eq!(decisions(&shop, &order, "?decision=all").await.len(), 1, "one decision, carried out: timers write none");
}

#[tokio::test]
async fn nobody_else_s_decisions_are_told() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let order = shop.evaluate(&body::mit(card::NSF[0])).await.order();
    let path = format!("/v1/orders/{order}/explanation");
    shop.get(&path).await.must(200);
    for keys in [&cast().sync.sandbox, &cast().stranger.sandbox] {
        server.login(keys).await.get(&path).await.assert_error(40401);
    }
    server.login(&cast().shop.production).await.get(&path).await.assert_error(40401);
    shop.get(&format!("/v1/orders/{}/explanation", guid())).await.assert_error(40401);
    shop.get("/v1/orders/no-id/explanation").await.assert_error(40401);
    shop.with_token(None).get(&path).await.must(401);
}

#[tokio::test]
async fn a_key_without_the_scope_and_another_partner_are_told_nothing() {
    let server = Server::start().await;
    let order = server.shop().await.evaluate(&body::mit(card::NSF[0])).await.order();
    let path = format!("/v1/orders/{order}/explanation");
    let login = async |whose: &[&str]| {
        let made = server.run(&[&["key", "create", "--name", "reader"], whose].concat());
        let text = |member: &str| made[member].as_str().expect("a text").to_owned();
        server.login(&Keys { app_key: text("appKey"), app_secret: text("appSecret"), client: text("client") }).await
    };
    login(&["--mid", &cast().shop.mid, "--scope", "evaluate"]).await.get(&path).await.assert_error(40302);
    login(&["--mid", &cast().shop.mid, "--scope", "orders:read"]).await.get(&path).await.must(200);
    server.login(&cast().partner).await.get(&path).await.must(200);
    let rival = server.run(&["partner", "create", "--name", "Rival"])["id"].as_str().expect("an id").to_owned();
    login(&["--partner", &rival]).await.get(&path).await.assert_error(40401);
}

#[tokio::test]
async fn the_terminal_tells_it_and_the_data_folder_proves_it() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let order = shop.evaluate(&body::mit(card::NSF[1])).await.order();
    let paid = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let folder = TempDir::new().unwrap();
    let keys = &cast().shop.sandbox;
    let base = format!("http://{}", server.address());
    let file = json!({"base_url": base, "app_key": keys.app_key, "app_secret": keys.app_secret});
    fs::write(folder.path().join("credentials.json"), file.to_string()).unwrap();
    let types = async |line: &[&str]| {
        let mut command = std::process::Command::new(program());
        command.current_dir(folder.path()).env_remove("RECOUP_URL").env_remove("RECOUP_CREDENTIALS").arg("explain").args(line);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    };
    let told = types(&[&order]).await;
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(told.status.success(), "{text}");
    for part in ["attempt 1: schedule", "there was not enough money", "Waits for:", "█", "visa.m30", "bit for bit"] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours where nobody sees them");
    let json: Value = serde_json::from_slice(&types(&[&order, "--all", "--json"]).await.stdout).unwrap();
    assert_eq!((&json["orderId"], &json["decisions"][0]["replayed"]), (&json!(order), &json!(true)));
    assert_eq!(types(&[&guid()]).await.status.code(), Some(3));

    let again = server.run(&["explain", "--replay"]);
    assert!(again["total"].as_u64().is_some_and(|total| total >= 2), "{again}");
    assert_eq!((&again["different"], &again["unavailable"], &again["decisions"]), (&json!(0), &json!(0), &json!([])));
    let one = server.run(&["explain", "--replay", &paid]);
    assert_eq!((&one["total"], &one["same"], &one["decisions"][0]["orderId"]), (&json!(1), &json!(1), &json!(paid)));
}
