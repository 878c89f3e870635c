//! `recoup demo` through the binary: what is printed works, what is told was counted, and it stops when told to.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};

/// No line for so long is a failure.
const PATIENCE: Duration = Duration::from_secs(240);

/// A running demonstration; killed when the test ends early.
struct Demo {
    child: Child,
    lines: Receiver<String>,
}

impl Demo {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_recoup"));
        command.current_dir(folder).args(["demo", "--port", "0", "--data", "data"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (send, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { child, lines }
    }

    /// Everything that is printed up to and with a line that begins like this.
    fn until(&self, beginning: &str) -> Vec<String> {
        let mut told = Vec::new();
        while !told.last().is_some_and(|line: &String| line.starts_with(beginning)) {
            told.push(self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no line begins with {beginning}: {told:#?}")));
        }
        told
    }

    fn terminate(mut self) -> ExitStatus {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn credentials(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn post(credentials: &Value, path: &str, bearer: Option<&str>, body: &Value) -> Value {
    let url = format!("{}{path}", credentials["base_url"].as_str().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(url).json(body);
        let request = if let Some(bearer) = bearer { request.bearer_auth(bearer) } else { request };
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    })
}

fn token(credentials: &Value) -> String {
    let keys = json!({"AppKey": credentials["app_key"], "AppSecret": credentials["app_secret"]});
    post(credentials, "/v1/oauth2/token", None, &keys)["accessToken"].as_str().unwrap().to_owned()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_handed_out_rescues_a_payment_and_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials.json");
    let demo = Demo::start(folder.path(), &["--no-traffic", "--credentials", "credentials.json"]);
    let lines = demo.until("curl ");
    let known = credentials(&file);
    assert_eq!((mode(&file), mode(&folder.path().join("data"))), (0o600, 0o700));
    assert_eq!(lines[0], format!("Recoup serves on {}", known["base_url"].as_str().unwrap()));
    assert_ne!(known["base_url"], "http://127.0.0.1:0");

    let bearer = token(&known);
    let card = json!({"payment_method": {"credit_card": {"number": "4000001000510016", "month": 12, "year": 2031}}});
    let query = format!(
        "/v1/tokenize?mid={}&environment={}",
        known["mid"].as_str().unwrap(),
        known["tokenization_key"].as_str().unwrap()
    );
    let card = post(&known, &query, None, &card)["transaction"]["payment_method"]["token"].clone();
    let decline = json!({
        "mid": known["mid"], "siteId": known["site_id"], "orderId": "A-1", "idempotencyKey": "k-1", "isMIT": true,
        "transaction": {
            "id": "t-1", "amount": 1_999, "currency": "USD", "responseCode": "51", "responseCodeSource": "nmi",
            "avsResultCode": "NA", "cvvResultCode": "NA", "cavvResultCode": "NA",
        },
        "paymentMethod": {"Token": true, "cardNumber": card},
    });
    let answer = post(&known, "/v1/evaluate", Some(&bearer), &decline);
    assert_eq!(answer["status"], "SUBMITTED");
    let advanced = post(&known, "/v1/sandbox/clock", Some(&bearer), &json!({"action": "advance", "by": "P1D"}));
    assert_eq!(advanced["settled"], true);
    let repeated = decline_again(&decline, "k-2");
    assert_eq!(
        post(&known, "/v1/evaluate", Some(&bearer), &repeated)["status"],
        "APPROVED",
        "the tables answer, not the issuers"
    );
    pasted(&lines);
    assert!(demo.terminate().success());

    let again = Demo::start(folder.path(), &["--no-traffic", "--credentials", "credentials.json"]);
    again.until("curl ");
    let kept = credentials(&file);
    for name in ["mid", "site_id", "app_key", "app_secret", "tokenization_key", "webhook_key"] {
        assert_eq!(kept[name], known[name], "{name}");
    }
    let repeated = decline_again(&decline, "k-3");
    assert_eq!(post(&kept, "/v1/evaluate", Some(&token(&kept)), &repeated)["status"], "APPROVED");
    assert!(again.terminate().success());
}

fn decline_again(decline: &Value, key: &str) -> Value {
    let mut again = decline.clone();
    again["idempotencyKey"] = json!(key);
    again
}

/// The three lines as a shell runs them, where there is curl.
fn pasted(lines: &[String]) {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let script: Vec<&str> = lines[lines.len() - 3..].iter().map(String::as_str).collect();
    let output = Command::new("sh").arg("-c").arg(script.join("\n")).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    assert_eq!(answer["status"], "APPROVED", "{answer}");
}

#[test]
fn a_small_business_is_played_to_its_end() {
    for mode in ["managed", "sync"] {
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::start(folder.path(), &["--subscribers", "25", "--speed", "0", "--seed", "3", "--mit-mode", mode]);
        let told = demo.until("Still serving");
        let row = |name: &str| {
            let line = told.iter().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {told:#?}"));
            line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        };
        let cases = row("cases");
        assert_eq!(cases[1], cases[2], "the ladder has the same cases");
        assert!(cases[1].parse::<u32>().unwrap() > 0);
        assert_eq!(row("final events delivered")[3..], [cases[1].clone(), "of".to_owned(), cases[1].clone()]);
        assert!(row("rescued")[1].parse::<u32>().unwrap() <= cases[1].parse().unwrap());
        assert!(!told.iter().any(|line| line.contains("still open")), "{told:#?}");
        assert!(demo.terminate().success(), "the traffic met no errors");
    }
}

#[test]
fn a_stop_in_the_middle_of_the_traffic_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path(), &["--subscribers", "25", "--speed", "20"]);
    demo.until("20");
    assert!(demo.terminate().success());
}
