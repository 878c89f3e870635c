//! `recoup simulate` in worlds: the same seed gives the same figures, files are complete, nonsense is refused.

use std::{fs, process::Output};

use recoup_tests::Shell;
use serde_json::Value;
use tempfile::TempDir;

fn simulated(folder: &TempDir, line: &[&str]) -> Output {
    let shell = Shell::in_folder(folder.path(), &[]);
    shell.command(&[&["simulate"], line].concat()).output().expect("the program runs")
}

fn results(folder: &TempDir, line: &[&str]) -> Value {
    let said = simulated(folder, &[line, &["--json"]].concat());
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("JSON")
}

const SMALL: [&str; 6] = ["--cases", "60", "--explore-trials", "300", "--seed", "5"];

fn policy<'a>(world: &'a Value, name: &str) -> &'a Value {
    let policies = world["policies"].as_array().expect("policies");
    policies.iter().find(|policy| policy["policy"] == name).unwrap_or_else(|| panic!("{name} in {world}"))
}

#[test]
fn a_world_is_played_by_all_policies_into_a_folder() {
    let folder = TempDir::new().expect("a temporary folder");
    let out = folder.path().join("out").join("deep");
    let told = results(&folder, &[&SMALL[..], &["--world", "default,thin", "--out", out.to_str().expect("a path")]].concat());
    let kept: Value = serde_json::from_str(&fs::read_to_string(out.join("results.json")).expect("results")).expect("JSON");
    assert_eq!(told, kept);
    assert_eq!(
        (&told["seed"], &told["casesPerSeed"], &told["attemptsMax"], &told["days"]),
        (&5.into(), &60.into(), &8.into(), &21.into())
    );
    assert!(told["modelVersion"].is_string() && told["rulesVersion"].is_string() && told["version"].is_string());
    let worlds = told["worlds"].as_array().expect("worlds");
    assert_eq!(worlds.iter().map(|world| world["world"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["default", "thin"]);
    for world in worlds {
        let oracle = policy(world, "oracle");
        for name in ["recoup", "ladder", "kill-bill", "two-weeks", "daily", "payday", "payday-4", "counters", "trees"] {
            let played = policy(world, name);
            assert_eq!(played["breaches"], 0, "{name}");
            let share = |of: &Value| of["recoveredShare"]["value"].as_f64().expect("a share");
            assert!(share(played) > 0.1 && share(played) <= share(oracle), "{name}: {played}");
            let amount = &played["recoveredAmountShare"];
            assert!(amount["low"].as_f64() <= amount["value"].as_f64() && amount["value"].as_f64() <= amount["high"].as_f64());
        }
        assert!(world["parameters"]["velocity"]["fatigue"].is_number(), "{}", world["parameters"]);
        let best = policy(world, world["bestBaseline"].as_str().expect("a name"));
        assert_eq!(best["amountOverReference"]["value"], 0.0);
        for chart in ["amount", "share", "difference", "attempts", "net", "days", "causes"] {
            let file = out.join(format!("{}-{chart}.svg", world["world"].as_str().expect("a name")));
            let svg = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{}", file.display());
        }
    }
    let page = fs::read_to_string(out.join("report.html")).expect("a page");
    assert!(page.contains("World: thin") && page.contains("two-weeks") && !page.contains("<script"));
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    let folder = TempDir::new().expect("a temporary folder");
    let run = |seed: &str| {
        results(
            &folder,
            &["--cases", "40", "--explore-trials", "0", "--policies", "recoup,ladder,oracle", "--seed", seed, "--seeds", "2"],
        )
    };
    let (first, again, other) = (run("7"), run("7"), run("9"));
    assert_eq!(first, again);
    assert_ne!(first["worlds"], other["worlds"]);
    let seeds = first["worlds"][0]["bySeed"].as_array().expect("seeds");
    assert_eq!(seeds.iter().map(|seed| seed["seed"].as_u64()).collect::<Vec<_>>(), [Some(7), Some(8)]);
    assert_eq!(first["worlds"][0]["cases"], 80);
}

#[test]
fn amounts_are_compared_by_the_values_of_a_file() {
    let folder = TempDir::new().expect("a temporary folder");
    let rates = folder.path().join("rates.csv");
    fs::write(&rates, "currency,usd\nUSD,2\n").expect("a file");
    let line = ["--cases", "40", "--explore-trials", "0", "--policies", "payday", "--world", "domestic"];
    let usd = |line: &[&str]| results(&folder, line)["worlds"][0]["policies"][0]["recoveredUsd"].as_f64().expect("an amount");
    let (usual, doubled) = (usd(&line), usd(&[&line[..], &["--rates", rates.to_str().expect("a path")]].concat()));
    assert!(usual > 0.0 && (doubled - 2.0 * usual).abs() < 1e-6 * usual, "{usual} {doubled}");
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let folder = TempDir::new().expect("a temporary folder");
    for (line, word) in [
        (&["--world", "mars"][..], "volatile"),
        (&["--policies", "recoup,guess"], "payday-4"),
        (&["--cases", "0"], "--cases 0"),
        (&["--cases", "cases.jsonl"], "--processor"),
        (&["--attempts-max", "0"], "--attempts-max"),
        (&["--cases", "5", "--rates", "nowhere.csv"], "nowhere.csv"),
    ] {
        let said = simulated(&folder, line);
        let complaint = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(2), "{line:?}: {complaint}");
        assert!(complaint.contains(word), "{line:?}: {complaint}");
        assert!(said.stdout.is_empty());
    }
    let said = simulated(&folder, &["--cases", "5", "--explore-trials", "0", "--policies", "ladder", "--out", "/dev/null/x"]);
    assert_eq!(said.status.code(), Some(1), "{}", String::from_utf8_lossy(&said.stderr));
}
