//! Rate limits (`wire-api` §1.8).

use recoup_tests::{Client, Reply, Rig, Server, body, card, cast, until};
use serde_json::{Value, json};

fn assert_throttled(reply: &Reply) {
    let wait: u64 = reply.header("retry-after").parse().unwrap_or_else(|_| panic!("no whole seconds: {reply:?}"));
    assert!(wait >= 1, "{reply:?}");
    reply.assert_error(42900);
}

/// Calls until the first refusal; how many passed before it.
async fn passed(most: usize, mut call: impl AsyncFnMut() -> Reply) -> usize {
    for count in 0..most {
        let reply = call().await;
        if reply.status == 429 {
            assert_throttled(&reply);
            return count;
        }
        assert!(reply.status < 400, "{reply:?}");
    }
    panic!("{most} calls passed");
}

#[tokio::test]
async fn thirty_requests_at_once_pass() {
    let server = Server::start().await;
    let shop = server.shop().await;
    let sent = (0..30).map(|_| {
        let shop = shop.clone();
        tokio::spawn(async move { shop.post("/v1/evaluate", &body::mit(card::NSF[3])).await.status })
    });
    for status in futures_util::future::join_all(sent).await {
        assert_eq!(status.expect("an answer"), 200);
    }
}

#[tokio::test]
async fn each_class_has_its_budget_and_each_client_its_own() {
    // One token in a minute and a half or so: nothing comes back while the test runs.
    let limits = [
        "evaluate_per_sec = 1\nevaluate_burst = 3\ntokenize_per_sec = 1\ntokenize_burst = 4",
        "transmit_per_sec = 1\ntransmit_burst = 5\nread_per_sec = 1\nread_burst = 6",
        "management_per_sec = 1\nmanagement_burst = 7",
    ];
    let server = limits.iter().fold(Rig::default(), |rig, lines| rig.config("limits", lines)).start().await;
    let shop = server.shop().await;
    let other = server.login(&cast().sync.sandbox).await;
    let classes: [(&str, usize, Box<dyn AsyncCall>); 5] = [
        ("evaluate", 3, Box::new(|client: Client| async move { client.post("/v1/evaluate", &body::mit(card::NSF[3])).await })),
        ("tokenize", 4, Box::new(|client: Client| async move { client.post("/v1/tokenize", &a_card()).await })),
        ("transmit", 5, Box::new(|client: Client| async move { client.post("/v1/transmit", &body::copy(true)).await })),
        ("read", 6, Box::new(|client: Client| async move { client.get("/v1/orders").await })),
        (
            "management",
            7,
            Box::new(|client: Client| async move { client.post("/v1/sandbox/clock", &json!({"action": "freeze"})).await }),
        ),
    ];
    for (class, burst, call) in &classes {
        let count = passed(10 * burst, async || call.call(shop.clone()).await).await;
        assert!(count >= *burst, "{class}: {count} passed");
        let theirs = call.call(other.clone()).await;
        assert_ne!(theirs.status, 429, "{class}: another client has its own");
    }
    let metrics = server.client().get("/metrics").await.must(200).text;
    for (class, ..) in &classes {
        assert!(metrics.contains(&format!("recoup_throttled_total{{class=\"{class}\"}}")), "{class}\n{metrics}");
    }
    // The bucket fills again.
    until("a read passes", || async {
        let reply = shop.get("/v1/orders").await;
        (reply.status == 200).then_some(())
    })
    .await;
}

trait AsyncCall {
    fn call(&self, client: Client) -> std::pin::Pin<Box<dyn Future<Output = Reply> + Send>>;
}

impl<C: Fn(Client) -> F, F: Future<Output = Reply> + Send + 'static> AsyncCall for C {
    fn call(&self, client: Client) -> std::pin::Pin<Box<dyn Future<Output = Reply> + Send>> {
        Box::pin(self(client))
    }
}

fn a_card() -> Value {
    json!({"payment_method": {"credit_card": {"number": card::APPROVED, "month": 12, "year": 2031}}})
}

#[tokio::test]
async fn a_tokenization_key_has_a_budget_of_its_own() {
    let server = Rig::default().config("limits", "tokenize_per_sec = 1\ntokenize_burst = 3").start().await;
    let (shop, browser) = (server.shop().await, server.client());
    let path = format!("/v1/tokenize?mid={}&environment={}", cast().shop.mid, cast().shop.tokenization);
    assert!(passed(30, async || browser.post(&path, &a_card()).await).await >= 3);
    shop.post("/v1/tokenize", &a_card()).await.must(200);
}

#[tokio::test]
async fn nought_is_unlimited() {
    let server = Rig::default().config("limits", "management_per_sec = 0\nread_per_sec = 0").start().await;
    let shop = server.shop().await;
    for _ in 0..300 {
        shop.get("/v1/sandbox/clock").await.must(200);
    }
}

#[tokio::test]
async fn who_guesses_secrets_must_wait() {
    let server = Rig::default().config("limits", "failures_per_min = 4").start().await;
    let client = server.client();
    let keys = &cast().shop.sandbox;
    let wrong = json!({"AppKey": keys.app_key, "AppSecret": "guessed"});
    for _ in 0..2 {
        assert_eq!(client.post("/v1/oauth2/token", &wrong).await.must(400).text("statusCode"), "40001");
    }
    assert_eq!(client.post("/v1/oauth2/token", &json!({"refreshToken": "made up"})).await.must(400).text("statusCode"), "40002");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let asked = "grant_type=client_credentials&client_id=a&client_secret=b".to_owned();
    client.send(reqwest::Method::POST, "/v1/oauth2/token", &form, Some(asked)).await.must(401);
    // Right or wrong no longer matters, and the wait is told.
    let right = json!({"AppKey": keys.app_key, "AppSecret": keys.app_secret});
    for body in [&wrong, &right] {
        let reply = client.post("/v1/oauth2/token", body).await;
        assert!((1..=15).contains(&reply.header("retry-after").parse::<u64>().expect("seconds")), "{reply:?}");
        assert_throttled(&reply);
    }
}

#[tokio::test]
async fn behind_a_proxy_each_caller_is_counted() {
    let server = Rig::default().config("limits", "failures_per_min = 2").config("listen", "behind_proxy = true").start().await;
    let client = server.client();
    let wrong = json!({"AppKey": "nobody", "AppSecret": "guessed"});
    let guess = async |forwarded: &str| client.post_with("/v1/oauth2/token", &[("x-forwarded-for", forwarded)], &wrong).await;
    for _ in 0..2 {
        guess("198.51.100.7").await.must(400);
    }
    // What stands before the proxy's own word is the caller's invention.
    assert_throttled(&guess("203.0.113.9, 198.51.100.7").await);
    guess("198.51.100.8").await.must(400);
}
