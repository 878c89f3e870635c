//! Tokens, retries and errors of the client, against a server that says what it is told to say.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use client::{Client, Credentials, Error, Evaluate, EventQuery, RefundDraft};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

/// A status, `Retry-After`, and a body.
type Said = (u16, Option<&'static str>, Value);

#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Said>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

#[derive(Debug, Clone)]
struct Heard {
    line: String,
    bearer: Option<String>,
    body: Value,
}

impl Script {
    async fn start(answers: impl IntoIterator<Item = Said>) -> (Self, Client) {
        let script = Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), heard: Arc::default() };
        let router = Router::new().fallback(answer).with_state(script.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (script, Client::new(&base).unwrap().with_credentials(Credentials::new("rk_1", "hush-hush")))
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    fn lines(&self) -> Vec<String> {
        self.heard().into_iter().map(|heard| heard.line).collect()
    }
}

async fn answer(State(script): State<Script>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let bearer = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let body = serde_json::from_slice(&body).unwrap_or_default();
    script.heard.lock().unwrap().push(Heard { line: format!("{method} {uri}"), bearer, body });
    let (status, retry_after, body) = script.answers.lock().unwrap().pop_front().expect("nothing more was to be asked");
    // The clock of the server is the one that counts.
    let mut response = (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response();
    response.headers_mut().insert("date", "Fri, 20 Nov 2026 10:00:00 GMT".parse().unwrap());
    if let Some(secs) = retry_after {
        response.headers_mut().insert("retry-after", secs.parse().unwrap());
    }
    response
}

/// A pair of tokens that lives so many seconds.
fn token(name: &str, life_secs: i64) -> Said {
    let now: jiff::Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
    let expires = now.as_millisecond() + life_secs * 1_000;
    (200, None, json!({"accessToken": name, "refreshToken": format!("{name}-refresh"), "expires": expires, "id": "c"}))
}

fn refused(code: u32) -> Value {
    json!({"success": false, "result": "no", "status": null, "statusCode": code.to_string(), "errors": [], "customProperties": {}})
}

fn page(cursors: &[&str], has_more: bool) -> Said {
    let event = json!({
        "Event": "order.completed", "TimeStamp": "2026-11-20T10:15:30.123456Z", "EventData": {}, "ExternalOrderId": null,
        "OrderId": null, "ConfirmationId": null, "IsTestMode": true, "IsResent": false,
    });
    let events: Vec<_> = cursors.iter().map(|cursor| json!({"cursor": cursor, "id": "msg_1", "payload": event})).collect();
    (200, None, json!({"events": events, "nextCursor": cursors.last().unwrap_or(&"end"), "hasMore": has_more}))
}

const ASK: &str = "POST /v1/oauth2/token";
const CANCEL: &str = "POST /v1/orders/o-1/cancel";
const DONE: fn() -> Said = || (200, None, Value::Null);

#[tokio::test]
async fn one_token_serves_many_calls() {
    let (script, client) = Script::start([token("one", 600), DONE(), DONE()]).await;
    client.cancel("o-1").await.unwrap();
    client.cancel("o-1").await.unwrap();
    assert_eq!(script.lines(), [ASK, CANCEL, CANCEL]);
    assert_eq!(script.heard()[0].body, json!({"AppKey": "rk_1", "AppSecret": "hush-hush"}));
    assert_eq!(script.heard()[0].bearer, None);
    assert_eq!(script.heard()[2].bearer.as_deref(), Some("Bearer one"));
}

#[tokio::test]
async fn a_token_at_its_end_is_renewed_and_the_keys_help_when_that_fails() {
    let (script, client) = Script::start([
        token("one", 0),
        DONE(),
        token("two", 0),
        DONE(),
        (400, None, refused(40002)),
        token("three", 600),
        DONE(),
    ])
    .await;
    for _ in 0..3 {
        client.cancel("o-1").await.unwrap();
    }
    assert_eq!(script.lines(), [ASK, CANCEL, ASK, CANCEL, ASK, ASK, CANCEL]);
    assert_eq!(script.heard()[2].body, json!({"refreshToken": "one-refresh"}));
    assert_eq!(script.heard()[4].body, json!({"refreshToken": "two-refresh"}));
    assert_eq!(script.heard()[5].body["AppKey"], "rk_1");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let (script, client) = Script::start([token("one", 600), (401, None, refused(40104)), token("two", 600), DONE()]).await;
    client.cancel("o-1").await.unwrap();
    assert_eq!(script.heard()[3].bearer.as_deref(), Some("Bearer two"));
    let (script, client) =
        Script::start([token("one", 600), (401, None, refused(40104)), token("two", 600), (401, None, refused(40104))]).await;
    assert_eq!(client.cancel("o-1").await.unwrap_err().code(), Some(40104));
    assert_eq!(script.lines(), [ASK, CANCEL, ASK, CANCEL]);
}

#[tokio::test]
async fn only_what_may_be_sent_twice_is() {
    let busy = || (429, Some("0"), refused(42900));
    // A refund without a key: once.
    let (script, client) = Script::start([token("one", 600), busy()]).await;
    let refund = RefundDraft { amount_to_refund: "1.00".into(), ..RefundDraft::default() };
    assert_eq!(client.refund("o-1", &refund).await.unwrap_err().code(), Some(42900));
    assert_eq!(script.lines().len(), 2);
    // With a key: again, with the same body, as often as is lawful.
    let (script, client) = Script::start([token("one", 600), busy(), busy(), busy(), busy()]).await;
    let refund = RefundDraft { idempotency_key: Some("k".into()), ..refund };
    assert_eq!(client.refund("o-1", &refund).await.unwrap_err().code(), Some(42900));
    let heard = script.heard();
    assert_eq!(heard.len(), 5);
    assert!(heard[1..].iter().all(|one| one.body == heard[1].body && one.body["idempotencyKey"] == "k"));
    // A read: until it is answered.
    let (script, client) = Script::start([token("one", 600), (503, Some("0"), refused(50302)), page(&[], false)]).await;
    client.events(&EventQuery::default()).await.unwrap();
    assert_eq!(script.lines().len(), 3);
}

#[tokio::test]
async fn faults_are_told_by_their_paths_and_secrets_never() {
    let map = json!({"TraceId": ["00-a-b-01"], "Transaction.Id": ["The Id field is required."]});
    let (_script, client) = Script::start([token("tell-nobody", 600), (400, None, map)]).await;
    let error = client.evaluate(&Evaluate::default()).await.unwrap_err();
    let Error::Invalid { faults, .. } = &error else { panic!("{error:?}") };
    assert_eq!(faults.messages["Transaction.Id"], ["The Id field is required."]);
    assert_eq!(error.to_string(), "POST /v1/evaluate: Transaction.Id: The Id field is required.");

    let (_script, client) = Script::start([(400, None, refused(40001))]).await;
    let error = client.cancel("o-1").await.unwrap_err();
    assert_eq!(error.code(), Some(40001));
    assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");

    let lost = Client::new("http://127.0.0.1:1").unwrap().with_credentials(Credentials::new("rk_1", "hush-hush"));
    let error = lost.tokenize_with_key("m-1", "rt_secretive", &client::CardDraft::default()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("rt_secretive"), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_is_none_is_told() {
    let (_script, client) = Script::start([token("one", 600), (200, None, json!({"id": 7}))]).await;
    assert!(matches!(client.order("o-1").await.unwrap_err(), Error::Unexpected { .. }));
    assert!(matches!(client.order("..").await.unwrap_err(), Error::Unsendable { .. }));
}

#[tokio::test]
async fn the_feed_goes_on_where_it_was() {
    let (script, client) =
        Script::start([token("one", 600), page(&["a", "b"], true), page(&["c"], false), page(&[], false)]).await;
    let mut feed = client.feed(EventQuery { types: Some(vec!["order.*".into(), "retry.*".into()]), ..EventQuery::default() });
    let first = feed.next_page().await.unwrap();
    assert_eq!((first.events.len(), feed.cursor()), (2, Some("b")));
    let rest: Vec<_> = feed.into_stream().try_collect().await.unwrap();
    assert_eq!(rest.iter().map(|entry| entry.cursor.as_str()).collect::<Vec<_>>(), ["c"]);
    assert_eq!(script.lines()[1], "GET /v1/events?types=order.*%2Cretry.*");
    assert_eq!(script.lines()[2], "GET /v1/events?after=b&types=order.*%2Cretry.*");
}
