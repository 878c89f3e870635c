//! `recoup serve` and `recoup simulator`: they listen, answer, and stop when they are told.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
};

use serde_json::{Value, json};

use crate::common::House;

/// A running server; killed when the test ends early.
struct Running {
    child: Child,
    lines: BufReader<ChildStderr>,
    address: String,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let line = next(&mut lines).expect("the server ended before it listened");
            if let Some(address) = line["address"].as_str() {
                break address.to_owned();
            }
        };
        Self { child, lines, address }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        (status, text.split_once("\r\n\r\n").unwrap().1.to_owned())
    }

    /// Sends the signal and waits for the end; answers what was logged meanwhile.
    fn end(mut self, signal: &str) -> (ExitStatus, Vec<Value>) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut logged = Vec::new();
        while let Some(line) = next(&mut self.lines) {
            logged.push(line);
        }
        (self.child.wait().unwrap(), logged)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next log line.
fn next(lines: &mut BufReader<ChildStderr>) -> Option<Value> {
    let mut line = String::new();
    (lines.read_line(&mut line).unwrap() > 0).then(|| serde_json::from_str(&line).unwrap_or_else(|_| json!({ "text": line })))
}

fn house() -> House {
    let house = House::empty();
    house.json(&["init"]);
    house
}

fn server(house: &House) -> Command {
    let mut command = house.command(&["serve"]);
    command.env("RECOUP_LISTEN__ADDRESS", "127.0.0.1:0");
    command
}

#[test]
fn the_server_answers_and_stops_cleanly_on_either_signal() {
    let house = house();
    for signal in ["-TERM", "-INT"] {
        let running = Running::start(server(&house));
        assert_eq!(running.get("/healthz"), (200, r#"{"status":"ok"}"#.to_owned()));
        let (status, body) = running.get("/readyz");
        assert_eq!((status, &serde_json::from_str::<Value>(&body).unwrap()["checks"]["database"]), (200, &json!("ok")));
        assert!(running.get("/metrics").1.contains("recoup_http_seconds_bucket"));
        let (status, logged) = running.end(signal);
        assert!(status.success());
        assert_eq!(logged.last().unwrap()["message"], "stopped");
    }
}

#[test]
fn each_listener_is_told_and_serves() {
    let house = house();
    let mut command = server(&house);
    command.env("RECOUP_LISTEN__SANDBOX", "127.0.0.1:0").env("RECOUP_LISTEN__PRODUCTION", "127.0.0.1:0");
    let mut running = Running::start(command);
    for serves in ["sandbox", "production"] {
        let line = next(&mut running.lines).unwrap();
        assert_eq!(line["serves"], serves);
        TcpStream::connect(line["address"].as_str().unwrap()).unwrap();
    }
    assert!(running.end("-TERM").0.success());
}

#[test]
fn administration_works_beside_a_running_server() {
    let house = house();
    let running = Running::start(server(&house));
    house.json(&["merchant", "create", "--name", "Shop"]);
    house.json(&["vault", "rotate"]);
    assert_eq!(running.get("/readyz").0, 200);
    assert!(running.end("-TERM").0.success());
    assert_eq!(house.json(&["merchant", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn an_address_in_use_is_a_clear_failure() {
    let house = house();
    let running = Running::start(server(&house));
    let output = house.command(&["serve"]).env("RECOUP_LISTEN__ADDRESS", &running.address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = crate::common::stderr(&output);
    assert!(said.contains(&format!("error: cannot listen on {}: ", running.address)), "{said}");
}

#[test]
fn the_simulator_speaks_the_plain_contract() {
    let house = House::empty();
    let running = Running::start(house.command(&["simulator", "--listen", "127.0.0.1:0", "--seed", "7"]));
    assert_eq!(running.get("/health"), (200, r#"{"ok":true}"#.to_owned()));
    assert!(running.end("-TERM").0.success());
}
