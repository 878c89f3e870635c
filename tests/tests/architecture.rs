//! Who knows whom: the arrows between our crates are those of ARCHITECTURE.md, and nothing else.

use std::{collections::BTreeMap, process::Command};

/// Crate, and the crates of ours that it may know (dev-dependencies aside).
const ARROWS: &[(&str, &[&str])] = &[
    ("recoup-domain", &[]),
    ("recoup-recovery", &["recoup-domain"]),
    ("recoup-vault", &["recoup-domain"]),
    ("recoup-store", &["recoup-domain"]),
    ("recoup-processor", &["recoup-domain"]),
    ("recoup-engine", &["recoup-domain", "recoup-recovery", "recoup-vault", "recoup-store", "recoup-processor"]),
    ("recoup-api", &["recoup-domain", "recoup-engine"]),
    ("recoup-chart", &[]),
    ("recoup-portal", &["recoup-engine", "recoup-domain", "recoup-chart"]),
    ("recoup-forecast", &["recoup-domain", "recoup-recovery", "recoup-chart"]),
    ("recoup-client", &[]),
    ("recoup-simulate", &["recoup-domain", "recoup-recovery", "recoup-processor"]),
];

#[test]
fn no_crate_knows_more_than_it_may() {
    let known = dependencies();
    for (name, lawful) in ARROWS {
        let uses = known.get(*name).unwrap_or_else(|| panic!("{name} is not in the workspace"));
        let unlawful: Vec<_> = uses.iter().filter(|used| !lawful.contains(&used.as_str())).collect();
        assert!(unlawful.is_empty(), "{name} may not know {unlawful:?}");
    }
}

/// Each of our crates with those of ours that it depends on, as cargo tells it.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline", "--manifest-path", manifest])
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages").iter();
    packages.map(|package| (text(&package["name"]), ours(&package["dependencies"]))).collect()
}

fn ours(dependencies: &serde_json::Value) -> Vec<String> {
    let all = dependencies.as_array().into_iter().flatten();
    let normal = all.filter(|dependency| dependency["kind"].as_str() != Some("dev"));
    normal.map(|dependency| text(&dependency["name"])).filter(|name| name.starts_with("recoup")).collect()
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
