//! `recoup rules`: whether rule files are sound, what changes when, what a code means.

use std::{fs, path::Path, process::Output};

use recoup_tests::Shell;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Operator {
    folder: TempDir,
    shell: Shell,
}

impl Operator {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let shell = Shell::in_folder(folder.path(), &[]);
        Self { folder, shell }
    }

    fn types(&self, line: &[&str]) -> Output {
        self.shell.command(&[&["rules"], line].concat()).output().expect("the program runs")
    }

    /// Exit code, what it printed and what it complained of.
    fn hears(&self, line: &[&str]) -> (Option<i32>, String, String) {
        let said = self.types(line);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (said.status.code(), text(&said.stdout), text(&said.stderr))
    }

    fn reads(&self, line: &[&str]) -> Value {
        self.shell.run(&[&["rules"], line].concat())
    }

    fn folder(&self, name: &str, files: &[(&str, &str)]) -> String {
        let dir = self.folder.path().join(name);
        fs::create_dir_all(&dir).expect("a folder");
        for (file, text) in files {
            fs::write(dir.join(file), text).expect("a file");
        }
        dir.display().to_string()
    }
}

fn built_in(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules").join(file)).expect("a rule file")
}

#[test]
fn sound_rules_are_told_so_and_every_fault_has_its_place() {
    let operator = Operator::new();
    let (code, said, _) = operator.hears(&["check"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("0 errors, 0 warnings\n"), "{said}");

    let fees = built_in("fees.csv");
    let line = fees.lines().count() + 1;
    let broken = format!("{fees}visa.m30,visa,MARS,domestic,USX,0.1,,,,,\n");
    let dir = operator.folder("broken", &[("fees.csv", &broken), ("fee.csv", "")]);
    let (code, said, complaint) = operator.hears(&["check", &dir]);
    assert_eq!(code, Some(1), "{said}{complaint}");
    for place in [
        format!("error: fees.csv:{line}:source: every rule names its source"),
        format!("error: fees.csv:{line}:currency: unknown value USX"),
        "warning: fee.csv:0: no rule file has this name; nothing reads it".to_owned(),
    ] {
        assert!(said.contains(&place), "{place}\n{said}");
    }
    let told: Value = serde_json::from_slice(&operator.types(&["check", &dir, "--json"]).stdout).expect("JSON");
    assert_eq!((&told["sound"], &told["version"], &told["warnings"]), (&json!(false), &json!(null), &json!(1)));
    assert!(
        told["findings"].as_array().unwrap().iter().any(|found| found["line"] == line && found["column"] == "currency"),
        "{told}"
    );

    let gap = built_in("visa_categories.csv").replace("9G,2,2025-04-11", "9G,2,2025-05-11");
    let dir = operator.folder("gap", &[("visa_categories.csv", &gap)]);
    let (code, said, _) = operator.hears(&["check", &dir]);
    assert!(code == Some(0) && said.contains("nothing is said about 9G from 2025-04-11 to 2025-05-11"), "{said}");
    assert_eq!(operator.hears(&["check", &dir, "--strict"]).0, Some(1), "warnings fail when they are asked to");
    assert_eq!(operator.hears(&["check", "/no/such/folder"]).0, Some(3));
}

#[test]
fn what_changes_between_days_and_folders() {
    let operator = Operator::new();
    let changes = operator.reads(&["diff", "--from", "2025-05-24", "--to", "2025-05-25"]);
    let limit = changes.as_array().unwrap().iter().find(|change| change["column"] == "limit").expect("the limit changes");
    assert_eq!((&limit["rule"], &limit["before"], &limit["after"]), (&json!("visa.m30 visa"), &json!("15"), &json!("20")));
    let (code, said, _) = operator.hears(&["diff", "--from", "2026-10-24", "--to", "2026-10-25"]);
    assert!(code == Some(0) && said.contains("visa_categories") && said.contains('4'), "{said}");
    assert_eq!(operator.hears(&["diff", "--from", "2026-11-01", "--to", "2026-11-02"]).1, "nothing changes\n");

    let limits = built_in("network_limits.csv").replace("P30D,,20,15", "P30D,,20,12");
    let dir = operator.folder("own", &[("network_limits.csv", &limits)]);
    let changes = operator.reads(&["diff", "builtin", &dir]);
    assert_eq!(changes.as_array().map(Vec::len), Some(1), "{changes}");
    assert_eq!(
        (&changes[0]["column"], &changes[0]["before"], &changes[0]["after"]),
        (&json!("headroom"), &json!("15"), &json!("12"))
    );
    for line in
        [&["diff"][..], &["diff", &dir], &["diff", "--from", "2026-01-01"], &["diff", "--from", "soon", "--to", "2026-01-01"]]
    {
        assert_eq!(operator.hears(line).0, Some(2), "{line:?}");
    }
    let listed = operator.reads(&["list", "--date", "2026-10-24"]);
    let files = listed["files"].as_array().unwrap();
    assert_eq!(files.len(), 7);
    assert!(files.iter().any(|file| file["file"] == "visa_categories.csv" && file["next"] == "2026-10-25"), "{listed}");
}

#[test]
fn a_code_is_explained_in_words_and_by_the_planner_itself() {
    let operator = Operator::new();
    let explain = |line: &[&str]| operator.reads(&[&["explain"], line].concat());
    let date = ["--date", "2026-11-20"];

    let nsf = explain(&[&["51"], &date[..]].concat());
    assert_eq!(
        (&nsf["class"], &nsf["visaCategory"]["category"], &nsf["plan"]["plan"]["action"]),
        (&json!("NSF"), &json!(2), &json!("attempt"))
    );
    let limits: Vec<&str> = nsf["limits"].as_array().unwrap().iter().filter_map(|limit| limit["id"].as_str()).collect();
    assert_eq!(limits, ["visa.m30"], "a decline for money sets off no stop");
    assert_eq!(nsf["limits"][0]["fee"]["amountMicros"], 100_000);

    let advised = explain(&[&["51", "--advice", "28"], &date[..]].concat());
    assert_eq!((&advised["network"], &advised["advice"]["minWait"]), (&json!("mastercard"), &json!("6 days")));
    assert!(advised["plan"]["notBefore"].as_str().unwrap() >= "2026-11-26", "{}", advised["plan"]);
    assert!(advised["plan"]["boundBy"].as_array().unwrap().contains(&json!("mac.28")), "{}", advised["plan"]);
    assert_eq!(advised["answerFee"]["amountMicros"], 20_000, "the advice is charged for");

    let never = explain(&[&["04"], &date[..]].concat());
    assert_eq!(never["plan"]["plan"]["action"], "stop");
    assert!(
        never["limits"]
            .as_array()
            .unwrap()
            .iter()
            .any(|limit| limit["id"] == "visa.cat1" && limit["fee"]["amountMicros"] == 100_000),
        "{never}"
    );
    let expired = explain(&[&["54"], &date[..]].concat());
    assert!(
        expired["limits"].as_array().unwrap().iter().any(|limit| limit["id"] == "visa.cat3"),
        "counted on all cards: {expired}"
    );

    let stripe = explain(&[&["insufficient_funds", "--source", "stripe"], &date[..]].concat());
    assert_eq!((&stripe["class"], &stripe["code"]["code"]), (&json!("NSF"), &json!("51")));
    let europe = explain(&[&["65", "--network", "mastercard", "--region", "EEA"], &date[..]].concat());
    assert_eq!((&europe["class"], &europe["code"]["rule"]), (&json!("SCA"), &json!("code.65@mastercard/EEA")));
    let approved = explain(&[&["00"], &date[..]].concat());
    assert_eq!((&approved["approved"], &approved["plan"]), (&json!(true), &json!(null)));
    let announced = explain(&["83", "--date", "2026-10-01"]);
    assert_eq!(announced["announced"][0]["since"], "2026-10-25", "{announced}");
    let unknown = explain(&[&["Q7"], &date[..]].concat());
    assert_eq!((&unknown["class"], &unknown["code"]), (&json!("GENERIC"), &json!(null)));

    let (code, said, _) = operator.hears(&["explain", "51", "--advice", "24", "--date", "2026-11-20"]);
    assert_eq!(code, Some(0));
    for words in [
        "insufficient funds",
        "NSF: the account lacks the money now",
        "retry after 1 hour",
        "plans keep below 7",
        "USD 0.50",
        "https://",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert_eq!(operator.hears(&["explain"]).0, Some(2));
    assert_eq!(operator.hears(&["explain", "51", "--region", "MARS"]).0, Some(2));
}
