//! `recoup order` against a running server: what a support agent types.

use std::{
    fs,
    process::{Command, Output},
};

use recoup_tests::{Keys, Server, body, card, cast, program};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Agent {
    folder: TempDir,
}

impl Agent {
    fn of(server: &Server, keys: &Keys) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let base = format!("http://{}", server.address());
        let file = json!({"base_url": base, "app_key": keys.app_key, "app_secret": keys.app_secret});
        fs::write(folder.path().join("credentials.json"), file.to_string()).expect("the credentials are written");
        Self { folder }
    }

    async fn types(&self, line: &[&str]) -> Output {
        let mut command = Command::new(program());
        command.current_dir(self.folder.path()).env_remove("RECOUP_URL").env_remove("RECOUP_CREDENTIALS").arg("order").args(line);
        tokio::task::spawn_blocking(move || command.output().expect("the program runs")).await.expect("it ends")
    }

    async fn reads(&self, line: &[&str]) -> Value {
        let output = self.types(&[line, &["--json"]].concat()).await;
        assert!(output.status.success(), "{line:?}: {output:?}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    async fn fails(&self, line: &[&str]) -> (Option<i32>, String) {
        let output = self.types(line).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains(&cast().shop.sandbox.app_secret), "{said}");
        (output.status.code(), said)
    }
}

#[tokio::test]
async fn an_order_is_looked_up_stopped_and_given_back() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let agent = Agent::of(&server, &cast().shop.sandbox);
    let sent = body::mit(card::NSF[3]);
    let open = shop.evaluate(&sent).await.order();
    let paid = shop.evaluate(&body::cit(card::APPROVED)).await.order();
    let external = sent["orderId"].as_str().unwrap();

    let table = String::from_utf8(agent.types(&["list"]).await.stdout).unwrap();
    assert!(table.lines().next().unwrap().starts_with("ID") && table.contains(&open) && table.contains(&paid), "{table}");
    let done = agent.reads(&["list", "--status", "completed"]).await;
    assert_eq!((&done["totalItemCount"], &done["orders"][0]["id"]), (&json!(1), &json!(paid)));
    assert_eq!(agent.reads(&["list", external]).await["orders"][0]["id"], open);
    assert_eq!(agent.reads(&["show", external, "--external"]).await["id"], open);
    let told = String::from_utf8(agent.types(&["timeline", &open]).await.stdout).unwrap();
    assert!(told.contains("received") && told.contains("ACTOR"), "{told}");

    assert_eq!(agent.reads(&["cancel", external, "--external"]).await["engineState"], "CANCELLED");
    assert_eq!(agent.reads(&["refund", &paid, "9.99", "--message", "sorry"]).await["responseCode"], "1000");
    assert_eq!(agent.reads(&["show", &paid]).await["amountRefunded"], 999);
}

#[tokio::test]
async fn exit_codes_tell_what_was_wrong() {
    let server = Server::start().await;
    let paid = server.shop().await.evaluate(&body::cit(card::APPROVED)).await.order();
    let agent = Agent::of(&server, &cast().shop.sandbox);
    assert_eq!(agent.fails(&["show", &recoup_tests::guid()]).await.0, Some(3));
    assert_eq!(agent.fails(&["cancel", &paid]).await.0, Some(4));
    let (code, said) = agent.fails(&["refund", &paid, "99.00"]).await;
    assert!(code == Some(4) && said.contains("2001"), "{said}");
    let (code, said) = agent.fails(&["refund", &paid, "-1"]).await;
    assert!(code == Some(2), "{said}");
    let (code, said) = agent.fails(&["refund", &paid, "much"]).await;
    assert!(code == Some(2) && said.contains("AmountToRefund"), "{said}");
    assert_eq!(agent.fails(&["list", "--credentials", "nowhere.json"]).await.0, Some(2));
    assert_eq!(agent.fails(&["list", "--url", "http://127.0.0.1:1"]).await.0, Some(1));
    // Another merchant's order is not there.
    let stranger = Agent::of(&server, &cast().stranger.sandbox);
    for line in [&["show", paid.as_str()][..], &["timeline", &paid], &["cancel", &paid], &["refund", &paid, "1.00"]] {
        assert_eq!(stranger.fails(line).await.0, Some(3), "{line:?}");
    }
    let mut wrong = cast().shop.sandbox.clone();
    wrong.app_secret = "guessed".to_owned();
    assert_eq!(Agent::of(&server, &wrong).fails(&["list"]).await.0, Some(1));
}
