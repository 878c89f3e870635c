//! `recoup init` and the commands that administer what it made.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::common::{House, stdout};

const UNKNOWN: &str = "0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6071";

fn house() -> House {
    let house = House::empty();
    house.json(&["init"]);
    house
}

fn merchant(house: &House) -> String {
    text(&house.json(&["merchant", "create", "--name", "Shop"])["mid"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn init_makes_what_is_missing_and_leaves_what_is_there() {
    let house = House::empty();
    let first = house.json(&["init"]);
    assert_eq!((&first["madeKeyRing"], &first["schemaBefore"]), (&json!(true), &json!(0)));
    let ring = house.path().join("recoup-data/keyring.json");
    let before = std::fs::read(&ring).unwrap();
    assert_eq!(std::fs::metadata(&ring).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(house.path().join("recoup-data")).unwrap().permissions().mode() & 0o777, 0o700);
    let second = house.json(&["init"]);
    assert_eq!((&second["madeKeyRing"], &second["schemaBefore"]), (&json!(false), &first["schema"]));
    assert_eq!(std::fs::read(&ring).unwrap(), before);
}

#[test]
fn a_lost_key_ring_is_never_replaced() {
    let house = house();
    std::fs::remove_file(house.path().join("recoup-data/keyring.json")).unwrap();
    assert!(house.fails(4, &["init"]).contains("bring it back from its backup"));
    assert!(house.fails(2, &["merchant", "list"]).contains("there is no key ring"));
}

#[test]
fn without_init_the_next_step_is_named() {
    let house = House::empty();
    assert!(house.fails(2, &["merchant", "list"]).contains("recoup init"));
    assert!(house.fails(2, &["serve"]).contains("recoup init"));
    assert!(house.fails(3, &["migrate"]).contains("recoup init"));
    house.json(&["init"]);
    assert!(stdout(&house.run(&["migrate"])).contains("already"));
}

#[test]
fn merchants_are_made_listed_and_changed() {
    let house = house();
    let partner = text(&house.json(&["partner", "create", "--name", "Platform"])["id"]);
    let made = house.json(&[
        "merchant",
        "create",
        "--name",
        "Shop",
        "--country",
        "de",
        "--mcc",
        "5968",
        "--partner",
        &partner,
        "--set",
        "mitMode=sync",
    ]);
    let mid = text(&made["mid"]);
    assert_eq!(
        (&made["country"], &made["settings"]["mitMode"], &made["partner"]),
        (&json!("DE"), &json!("sync"), &json!(partner))
    );
    let set = house.json(&["merchant", "set", &mid, "rescueWindowDays=none", "--active", "false"]);
    assert_eq!((&set["settings"]["rescueWindowDays"], &set["active"]), (&Value::Null, &json!(false)));
    assert_eq!(house.json(&["merchant", "show", &mid]), set);
    assert_eq!(house.json(&["merchant", "list", "--partner", &partner]), json!([set]));
    assert!(stdout(&house.run(&["merchant", "list"])).lines().nth(1).unwrap().starts_with(&mid));
}

#[test]
fn failures_say_what_is_wrong_and_their_exit_codes_mean_it() {
    let house = house();
    let mid = merchant(&house);
    house.json(&["site", "create", "--mid", &mid, "--name", "A", "--url", "https://a.example"]);
    for (code, arguments, said) in [
        (3, vec!["merchant", "show", UNKNOWN], "there is no merchant 0190b0a2"),
        (3, vec!["site", "show", UNKNOWN], "there is no site"),
        (3, vec!["site", "create", "--mid", UNKNOWN, "--name", "A"], "there is no merchant"),
        (3, vec!["key", "revoke", UNKNOWN], "there is no key"),
        (3, vec!["processor", "show", UNKNOWN], "there is no processor"),
        (3, vec!["webhook", "show", UNKNOWN], "there is no webhook"),
        (3, vec!["route", "add", "--processor", UNKNOWN], "there is no processor"),
        (4, vec!["merchant", "create", "--name", "B", "--id", &mid], "has this id already"),
        (4, vec!["site", "create", "--mid", &mid, "--name", "B", "--url", "https://a.example"], "https://a.example"),
        (2, vec!["merchant", "show", "17"], "must be a GUID"),
        (2, vec!["merchant", "create", "--name", " "], "Name"),
        (2, vec!["merchant", "set", &mid, "rescueWindowDays=99"], "from 1 to 60"),
        (2, vec!["channel", "set", "--mid", &mid, "mit=inherit"], "nobody to inherit from"),
        (2, vec!["channel", "set", "--mid", &mid, "mit=live"], "must be one of off, sandbox, production"),
        (2, vec!["key", "create", "--name", "x"], "required"),
        (2, vec!["webhook", "create", "--mid", &mid, "--url", "https://127.0.0.1/x"], "private"),
    ] {
        let message = house.fails(code, &arguments);
        assert!(message.starts_with("error: ") && message.contains(said), "{arguments:?}: {message}");
    }
}

#[test]
fn a_secret_is_shown_once_and_lists_hold_none() {
    let house = house();
    let mid = merchant(&house);
    let client = house.json(&["key", "create", "--mid", &mid, "--name", "server"]);
    let id = text(&client["client"]);
    let second = house.json(&["key", "create", "--client", &id, "--name", "next"]);
    let browser = house.json(&["key", "create", "--mid", &mid, "--name", "web", "--kind", "tokenization"]);
    let secrets = [text(&client["appSecret"]), text(&second["value"]), text(&browser["value"])];
    let listed = house.json(&["key", "list", "--mid", &mid]);
    assert_eq!(listed.as_array().unwrap().len(), 4);
    for secret in &secrets {
        assert!(secret.len() > 20 && !listed.to_string().contains(secret));
    }
    assert!(!listed.to_string().contains("argon2"), "hashes are nobody's business");
    let revoked = listed.as_array().unwrap().iter().find(|key| key["id"] == second["id"]).unwrap();
    assert!(revoked["revokedAt"].is_null());
    house.json(&["key", "revoke", second["id"].as_str().unwrap()]);
    let listed = house.json(&["key", "list", "--mid", &mid]);
    let revoked = listed.as_array().unwrap().iter().find(|key| key["id"] == second["id"]).unwrap();
    assert!(revoked["revokedAt"].is_string());
}

#[test]
fn a_site_follows_its_merchants_channels_until_it_has_its_own() {
    let house = house();
    let mid = merchant(&house);
    let site = text(&house.json(&["site", "create", "--mid", &mid, "--name", "A"])["id"]);
    let mode = |channels: &Value, name: &str| {
        let row = channels.as_array().unwrap().iter().find(|row| row["channel"] == name).unwrap();
        (text(&row["mode"]), text(&row["effectiveMode"]))
    };
    let pair = |own: &str, in_force: &str| (own.to_owned(), in_force.to_owned());
    house.json(&["channel", "set", "--mid", &mid, "mit=production"]);
    let channels = house.json(&["channel", "set", "--site", &site, "cit_web=off"]);
    assert_eq!(mode(&channels, "mit"), pair("inherit", "production"));
    assert_eq!(mode(&channels, "cit_web"), pair("off", "off"));
    let channels = house.json(&["channel", "set", "--site", &site, "cit_web=inherit"]);
    assert_eq!(mode(&channels, "cit_web"), pair("inherit", "sandbox"));
}

#[test]
fn processors_are_routed_to_and_their_headers_stay_hidden() {
    let house = house();
    std::fs::write(house.path().join("headers.json"), r#"{"Authorization":"Bearer hush-hush"}"#).unwrap();
    let create = ["processor", "create", "--name", "gw", "--base-url", "https://gw.example", "--environment", "production"];
    let made = house.json(&[&create[..], &["--headers", "headers.json"]].concat());
    assert_eq!(made["hasHeaders"], json!(true));
    let id = text(&made["id"]);
    house.json(&["route", "add", "--processor", &id, "--priority", "20", "--currency", "USD"]);
    let table = house.json(&["route", "add", "--processor", &id, "--priority", "10", "--channel", "mit"]);
    let priorities: Vec<_> = table.as_array().unwrap().iter().map(|route| route["priority"].as_u64().unwrap()).collect();
    assert_eq!(priorities, [10, 20]);
    assert_eq!(house.json(&["processor", "set", &id, "--status", "paused"])["status"], json!("PAUSED"));
    assert_eq!(house.json(&["route", "remove", "--processor", &id]), json!([]));
    let database = std::fs::read(house.path().join("recoup-data/recoup.sqlite")).unwrap();
    assert!(!database.windows(9).any(|bytes| bytes == b"hush-hush"));
}

#[test]
fn the_vault_is_rotated_and_webhook_keys_stay_what_they_are() {
    let house = house();
    let mid = merchant(&house);
    house.json(&["webhook", "create", "--mid", &mid, "--url", "https://hooks.example.com/recoup"]);
    let first = house.json(&["vault", "rotate"]);
    let second = house.json(&["vault", "rotate"]);
    assert_ne!(first["key"], second["key"]);
    assert!(second["values"].as_u64().unwrap() >= 2, "{second}");
    let ring = std::fs::read_to_string(house.path().join("recoup-data/keyring.json")).unwrap();
    assert!(ring.contains(first["key"].as_str().unwrap()) && ring.contains(second["key"].as_str().unwrap()));
}
