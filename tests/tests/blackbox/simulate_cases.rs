//! `recoup simulate --cases`: failed rebills of a file, worked by the whole engine against an issuer that judges by the
//! time in the request.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::post};
use jiff::{SignedDuration, Timestamp};
use recoup_tests::{Shell, Simulator};
use serde_json::{Value, json};
use tempfile::TempDir;

const CASES: usize = 36;
const WINDOW_DAYS: i64 = 21;

struct Desk {
    folder: TempDir,
    shell: Shell,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let shell = Shell::in_folder(folder.path(), &[]);
        Self { folder, shell }
    }

    fn file(&self, lines: &[String]) -> PathBuf {
        let path = self.folder.path().join("cases.jsonl");
        fs::write(&path, lines.join("\n")).expect("the cases are written");
        path
    }

    /// Runs the file without blocking whoever plays the issuer.
    async fn works(&self, file: &Path, issuer: &str, out: &str, further: &[&str]) -> (Output, PathBuf) {
        let out = self.folder.path().join(out);
        let (file, folder) = (file.to_string_lossy(), out.to_string_lossy());
        let line = ["simulate", "--cases", &file, "--processor", issuer, "--out", &folder, "--json"];
        let mut command = self.shell.command(&[&line[..], further].concat());
        let done = tokio::task::spawn_blocking(move || command.output().expect("the program runs"));
        (done.await.expect("the program ends"), out)
    }
}

/// Failed rebills of many kinds: countries, currencies, brands, codes; every third has a history.
fn cases(count: usize) -> Vec<Value> {
    let codes = ["51", "51", "05", "61", "91", "51", "05", "54", "59"];
    let places = [("US", "USD", -5), ("GB", "GBP", 0), ("BR", "BRL", -3), ("JP", "JPY", 9)];
    let cards = [("visa", "411111"), ("mastercard", "545454"), ("visa", "400005")];
    let begins: Timestamp = "2026-07-01T08:00:00Z".parse().expect("a time");
    let after = |hours: i64| begins + SignedDuration::from_hours(hours);
    let case = |n: usize| {
        let (country, currency, offset) = places[n % places.len()];
        let (brand, bin) = cards[n % cards.len()];
        let failed = after(5 * n as i64);
        let history: Vec<Value> = (1..=3)
            .filter(|_| n.is_multiple_of(3))
            .map(|month| json!({"time": (failed - SignedDuration::from_hours(24 * 30 * month)).to_string(), "approved": month != 2, "response_code": if month == 2 { "51" } else { "00" }}))
            .collect();
        json!({
            "case_id": format!("case-{n}"), "token": format!("tok_{n}"), "bin": bin, "brand": brand, "funding": "debit",
            "issuer_country": country, "merchant_country": if n.is_multiple_of(5) { "US" } else { country },
            "amount": if currency == "JPY" { json!(1480) } else { json!(19.99) }, "currency": currency, "utc_offset_hours": offset,
            "failed_at": failed.to_string(),
            "window_ends_at": (failed + SignedDuration::from_hours(24 * WINDOW_DAYS)).to_string(),
            "response_code": codes[n % codes.len()], "merchant_advice_code": null,
            "network_transaction_id": format!("nti-{n}"), "history": history, "what_is_this": {"unknown": true},
        })
    };
    (0..count).map(case).collect()
}

fn lines(cases: &[Value]) -> Vec<String> {
    cases.iter().map(Value::to_string).collect()
}

fn attempts(out: &Path) -> Vec<Value> {
    let text = fs::read_to_string(out.join("attempts.jsonl")).expect("the attempts");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn summary(out: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(out.join("summary.json")).expect("the summary")).expect("JSON")
}

fn time(value: &Value) -> Timestamp {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{value} is no time"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_worked_and_every_output_tells_the_same() {
    let issuers = Simulator::issuers(7).await;
    let desk = Desk::new();
    let cases = cases(CASES);
    let mut file = lines(&cases);
    file.insert(2, "{\"case_id\": \"broken\"".to_owned());
    file.push(json!({"case_id": "no-amount", "token": "t", "currency": "USD", "failed_at": "2026-07-01T00:00:00Z"}).to_string());
    let (done, out) = desk.works(&desk.file(&file), &issuers.base, "out", &[]).await;
    let complaint = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{complaint}");
    assert!(complaint.contains("line 3:") && complaint.contains(&format!("line {}: amount", file.len())), "{complaint}");
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(told, summary(&out));
    assert_eq!((told["overall"]["cases"].as_u64(), told["badLines"].as_u64()), (Some(CASES as u64), Some(2)));
    assert_eq!((&told["breaches"], &told["openOrders"], &told["brokenOff"]), (&json!({}), &json!(0), &Value::Null));

    let made = attempts(&out);
    let by_id: HashMap<&str, &Value> = cases.iter().map(|case| (case["case_id"].as_str().unwrap(), case)).collect();
    let mut of_case: HashMap<&str, Vec<&Value>> = HashMap::new();
    for attempt in &made {
        of_case.entry(attempt["case_id"].as_str().unwrap()).or_default().push(attempt);
    }
    let mut recovered = 0;
    for (id, made) in &of_case {
        let case = by_id[id];
        assert!(made.len() <= 8, "{id} was attempted {} times", made.len());
        for (place, attempt) in made.iter().enumerate() {
            assert_eq!(attempt["attempt"], place + 1, "{id}");
            let at = time(&attempt["time"]);
            assert!(at >= time(&case["failed_at"]) && at < time(&case["window_ends_at"]), "{id} was attempted at {at}");
            assert!(attempt["response_code"].is_string());
            if place > 0 {
                assert!(at > time(&made[place - 1]["time"]));
                assert_eq!(made[place - 1]["approved"], false, "{id} was charged again");
            }
        }
        recovered += usize::from(made.last().is_some_and(|last| last["approved"] == true));
    }
    assert!(recovered > 0, "nothing was recovered");
    assert_eq!(told["overall"]["recovered"], recovered);
    assert_eq!(told["overall"]["attempts"], made.len());
    for (number, part) in ["class", "country", "brand", "funding"].iter().enumerate() {
        let groups = told["groups"].as_array().unwrap().iter().filter(|group| group["by"] == *part);
        let sum: u64 = groups.map(|group| group["cases"].as_u64().unwrap()).sum();
        assert_eq!(sum, CASES as u64, "group {number}");
        assert!(fs::read_to_string(out.join(format!("recovered-by-{part}.svg"))).unwrap().starts_with("<svg"));
    }
    let share = &told["overall"]["share"];
    assert!(share["low"].as_f64() < share["value"].as_f64() && share["value"].as_f64() < share["high"].as_f64());
    assert!(fs::read_to_string(out.join("report.html")).unwrap().contains("</html>"));
    assert_eq!(fs::read_to_string(out.join("cases.csv")).unwrap().lines().count(), CASES + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_makes_the_same_attempts_however_many_at_once() {
    let desk = Desk::new();
    let file = desk.file(&lines(&cases(CASES)));
    let mut made = vec![];
    for (run, at_once) in ["32", "3"].iter().enumerate() {
        let issuers = Simulator::issuers(7).await;
        let (done, out) =
            desk.works(&file, &issuers.base, &format!("out-{run}"), &["--seed", "5", "--concurrency", at_once]).await;
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        made.push(fs::read_to_string(out.join("attempts.jsonl")).expect("the attempts"));
    }
    assert!(!made[0].is_empty());
    assert_eq!(made[0], made[1]);
}

/// An issuer that writes down what it is asked, and now and then loses its answer after having decided.
#[derive(Default)]
struct Witness {
    asked: Vec<Value>,
    answers: HashMap<String, Value>,
    /// After so many it ends.
    ends_after: Option<usize>,
    ended: Option<tokio::sync::oneshot::Sender<()>>,
}

type Shared = Arc<Mutex<Witness>>;

async fn authorize(State(witness): State<Shared>, Json(asked): Json<Value>) -> axum::response::Response {
    let mut witness = witness.lock().expect("one at a time");
    let place = witness.asked.len();
    // Approved on a case's third attempt.
    let before = witness.asked.iter().filter(|earlier| earlier["token"] == asked["token"]).count();
    let answer = if before >= 2 {
        json!({"approved": true, "response_code": "00"})
    } else {
        json!({"approved": false, "response_code": "51", "merchant_advice_code": null})
    };
    witness.answers.insert(asked["attempt_id"].as_str().unwrap_or_default().to_owned(), answer.clone());
    witness.asked.push(asked);
    if witness.ends_after == Some(place + 1)
        && let Some(ended) = witness.ended.take()
    {
        let _ = ended.send(());
    }
    match place % 5 {
        1 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        3 => "{\"approved\": tr".into_response(),
        _ => Json(answer).into_response(),
    }
}

async fn inquire(State(witness): State<Shared>, Json(asked): Json<Value>) -> axum::response::Response {
    let known = witness.lock().expect("one at a time").answers.get(asked["attempt_id"].as_str().unwrap_or_default()).cloned();
    known.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |answer| Json(answer).into_response())
}

/// Serves a witness, until it has seen enough if it is told how much that is.
async fn witness(ends_after: Option<usize>) -> (Shared, String) {
    let (ended, end) = tokio::sync::oneshot::channel::<()>();
    let shared = Shared::new(Mutex::new(Witness { ends_after, ended: Some(ended), ..Witness::default() }));
    let routes = Router::new().route("/authorize", post(authorize)).route("/inquire", post(inquire)).with_state(shared.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        tokio::select! {
            served = axum::serve(listener, routes) => served.expect("it serves"),
            Ok(()) = end => {}
        }
    });
    (shared, base)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_issuer_is_asked_by_the_contract_and_lost_answers_are_looked_up() {
    let (witness, base) = witness(None).await;
    let desk = Desk::new();
    let cases: Vec<Value> = cases(CASES).into_iter().filter(|case| case["response_code"] == "51").collect();
    let (done, out) = desk.works(&desk.file(&lines(&cases)), &base, "out", &[]).await;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let by_token: HashMap<&str, &Value> = cases.iter().map(|case| (case["token"].as_str().unwrap(), case)).collect();
    let witness = witness.lock().expect("it is over");
    let (mut ids, mut last, mut approved) = (HashSet::new(), HashMap::<&str, Timestamp>::new(), HashMap::<&str, usize>::new());
    for asked in &witness.asked {
        let token = asked["token"].as_str().expect("a token");
        let case = by_token[token];
        for name in ["bin", "brand", "funding", "issuer_country", "network_transaction_id", "currency"] {
            assert_eq!(asked[name], case[name], "{name}");
        }
        assert_eq!((&asked["is_mit"], &asked["mit_reason"]), (&json!(true), &json!("recurring")));
        assert_eq!(asked["amount_minor"], if case["currency"] == "JPY" { 1480 } else { 1999 });
        assert!(asked.get("card").is_none());
        let at = time(&asked["attempt_time"]);
        assert!(at >= time(&case["failed_at"]) && at < time(&case["window_ends_at"]));
        assert!(last.insert(token, at).is_none_or(|before| before < at), "virtual time went back for {token}");
        let id = asked["attempt_id"].as_str().expect("an id");
        assert!(ids.insert(id), "{id} was sent twice");
        assert!(!approved.contains_key(token), "{token} was charged again");
        if witness.answers[id]["approved"] == true {
            approved.insert(token, ids.len());
        }
    }
    let made = attempts(&out);
    assert_eq!(made.len(), witness.asked.len(), "every attempt that the issuer saw is told, whether its answer was lost or not");
    assert_eq!(made.iter().filter(|made| made["approved"] == true).count(), approved.len());
    assert!(!approved.is_empty() && made.iter().all(|made| made["response_code"].is_string()));
    assert_eq!(summary(&out)["overall"]["recovered"], approved.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_that_dies_ends_the_run_and_what_was_done_is_kept() {
    let (witness, base) = witness(Some(12)).await;
    let desk = Desk::new();
    let (done, out) = desk.works(&desk.file(&lines(&cases(CASES))), &base, "out", &[]).await;
    let complaint = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("stopped answering"), "{complaint}");
    let made = attempts(&out);
    assert!(!made.is_empty() && made.len() <= witness.lock().expect("it is over").asked.len());
    let summary = summary(&out);
    assert!(summary["brokenOff"].as_str().is_some_and(|why| why.contains("stopped answering")));
    assert!(summary["openOrders"].as_u64() > Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_run_is_refused_with_a_word() {
    let desk = Desk::new();
    let good = desk.file(&lines(&cases(2)));
    let missing = desk.folder.path().join("nowhere.jsonl");
    for (file, issuer, further, word) in [
        (&missing, "http://127.0.0.1:9", &[][..], "nowhere.jsonl"),
        (&good, "http://127.0.0.1:9", &[], "nothing answers"),
        (&good, "http://127.0.0.1:9", &["--policy", "guessing"], "must be one of"),
        (&good, "http://127.0.0.1:9", &["--rates", "/nowhere.csv"], "nowhere.csv"),
    ] {
        let (done, _) = desk.works(file, issuer, "out", further).await;
        let complaint = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && complaint.contains(word), "{word}: {complaint}");
    }
    let empty = desk.file(&["nonsense".to_owned()]);
    let (done, _) = desk.works(&empty, "http://127.0.0.1:9", "out", &[]).await;
    assert!(String::from_utf8_lossy(&done.stderr).contains("no line can be used"));
}
