//! `recoup forecast` as a prospect types it: a file in, a table, a page and JSON out, and nothing else.

use std::{
    fs,
    process::{Command, Output},
};

use recoup_tests::program;
use serde_json::Value;
use tempfile::TempDir;

const SMALL: &str = include_str!("../../../crates/forecast/tests/small.csv");

fn types(folder: &TempDir, line: &[&str]) -> Output {
    fs::write(folder.path().join("history.csv"), SMALL).expect("the file is written");
    Command::new(program()).current_dir(folder.path()).arg("forecast").args(line).output().expect("the program runs")
}

#[test]
fn a_forecast_is_a_table_a_page_and_json() {
    let folder = TempDir::new().expect("a temporary folder");
    let output = types(&folder, &["history.csv", "--out", "out"]);
    let said = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{said} {}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("16 lines: 12 read, 1 not readable, 3 left out") && said.contains("line 14"), "{said}");
    assert!(said.contains("CLASS") && said.contains("NSF") && said.contains("all rebills"), "{said}");
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).expect(name);
    assert!(read("report.html").contains("What would have been recovered") && read("chart-01.svg").starts_with("<svg"));
    let json: Value = serde_json::from_str(&read("forecast.json")).expect("JSON");
    assert_eq!(json["currencies"][0]["mit"]["open"]["amountMinor"], 3_499);
    for file in ["report.html", "forecast.json"] {
        assert!(!read(file).contains("4111 1111"), "{file}");
    }
}

#[test]
fn json_is_the_same_for_the_same_seed() {
    let folder = TempDir::new().expect("a temporary folder");
    let json = |seed: &str| types(&folder, &["history.csv", "--json", "--seed", seed]).stdout;
    let first = json("7");
    assert_eq!(first, json("7"));
    let found: Value = serde_json::from_slice(&first).expect("JSON");
    assert_eq!(found["reading"]["lines"]["total"], 16);
}

#[test]
fn what_cannot_be_read_is_said_with_an_exit_code() {
    let folder = TempDir::new().expect("a temporary folder");
    assert_eq!(types(&folder, &["nowhere.csv"]).status.code(), Some(3));
    fs::write(folder.path().join("short.csv"), "order,amount\n1,2\n").expect("written");
    let output = types(&folder, &["short.csv"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("no column says when"), "{said}");
}
