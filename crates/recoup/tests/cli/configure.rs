//! `recoup config` through the binary.

use std::process::Output;

use crate::common::{House, stderr, stdout};

/// Runs the binary in an empty folder that holds this configuration file.
fn recoup(file: Option<&str>, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
    let house = House::empty();
    if let Some(text) = file {
        std::fs::write(house.path().join("recoup.toml"), text).unwrap();
    }
    house.command(arguments).envs(environment.iter().copied()).output().unwrap()
}

#[test]
fn the_defaults_are_sound() {
    let output = recoup(None, &[], &["config", "check"]);
    assert_eq!(
        (output.status.code(), stdout(&output).as_str()),
        (Some(0), "The configuration is sound (no file, defaults and environment)\n")
    );
}

#[test]
fn a_bad_file_is_refused_with_its_lines() {
    let output = recoup(Some("[listen]\nadress = \"here\"\naddress = \"there\"\n"), &[], &["config", "check"]);
    assert_eq!(output.status.code(), Some(2));
    let text = stderr(&output);
    assert!(text.starts_with("error: the configuration is refused:\n"), "{text}");
    assert!(text.contains("recoup.toml:2: unknown setting `listen.adress`; did you mean `listen.address`?"), "{text}");
    assert!(text.contains("recoup.toml:3: `listen.address` must be an IP address with a port"), "{text}");
}

#[test]
fn a_missing_file_is_named() {
    let output = recoup(None, &[], &["config", "check", "--config", "nowhere.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nowhere.toml cannot be read"), "{}", stderr(&output));
}

#[test]
fn print_says_where_each_value_came_from() {
    let environment = [("RECOUP_ENGINE__POLL_MS", "50")];
    let output = recoup(Some("[engine]\nlease_secs = 20\n"), &environment, &["config", "print", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let settings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let find = |key: &str| settings.as_array().unwrap().iter().find(|setting| setting["setting"] == key).unwrap();
    for (key, value, from) in [
        ("engine.poll_ms", "50", "RECOUP_ENGINE__POLL_MS"),
        ("engine.lease_secs", "20", "recoup.toml:2"),
        ("engine.timers_batch", "256", "default"),
        ("tls.cert", "null", "default"),
    ] {
        let setting = find(key);
        assert_eq!((setting["value"].to_string().as_str(), setting["from"].as_str()), (value, Some(from)), "{key}");
    }
}

#[test]
fn the_printed_table_is_aligned_and_without_colours() {
    let text = stdout(&recoup(None, &[], &["config", "print"]));
    let column = text.lines().next().unwrap().find("MEANING").unwrap();
    for line in text.lines() {
        assert!(!line.contains('\u{1b}'));
        assert_eq!(&line[column - 2..column], "  ", "{line}");
    }
}

#[test]
fn print_shows_the_settings_of_a_refused_configuration_too() {
    let output = recoup(Some("[engine]\nlease_secs = 0\n"), &[], &["config", "print"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("engine.lease_secs"));
    assert!(stderr(&output).contains("recoup.toml:2"));
}

#[test]
fn the_operations_handbook_holds_the_current_settings() {
    let table = stdout(&recoup(None, &[("RECOUP_ENGINE__POLL_MS", "50")], &["config", "print", "--markdown"]));
    let handbook = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/OPERATIONS.md")).unwrap();
    assert!(handbook.contains(table.trim()), "docs/OPERATIONS.md is stale: paste `recoup config print --markdown`");
}
