use super::*;

fn resolved(text: &str, environment: &[(&str, &str)]) -> Loaded {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    resolve(Some((Path::new("recoup.toml"), text)), environment)
}

fn setting<'a>(loaded: &'a Loaded, key: &str) -> &'a Setting {
    loaded.settings.iter().find(|setting| setting.key == key).unwrap()
}

#[test]
fn defaults_are_sound_and_every_setting_is_explained_once() {
    let loaded = resolve(None, BTreeMap::new());
    assert_eq!(loaded.problems, []);
    let keys: std::collections::BTreeSet<_> = loaded.settings.iter().map(|setting| &setting.key).collect();
    assert_eq!(keys.len(), loaded.settings.len());
    for setting in &loaded.settings {
        assert_eq!(setting.origin, Origin::Default);
        assert_eq!(setting.value, setting.default, "{}", setting.key);
        assert!(setting.about.len() > 10 && setting.about.ends_with('.'), "{}", setting.key);
    }
}

#[test]
fn the_environment_overrides_the_file_and_the_file_the_default() {
    for (text, environment, value, origin) in [
        ("", &[][..], "256", "default"),
        ("[engine]\ntimers_batch = 7", &[], "7", "recoup.toml:2"),
        ("engine.timers_batch = 7", &[], "7", "recoup.toml:1"),
        ("engine = { timers_batch = 0x10 }", &[], "16", "recoup.toml:1"),
        ("", &[("RECOUP_ENGINE__TIMERS_BATCH", "9")], "9", "RECOUP_ENGINE__TIMERS_BATCH"),
        ("[engine]\n\ntimers_batch = 7", &[("RECOUP_ENGINE__TIMERS_BATCH", "9")], "9", "RECOUP_ENGINE__TIMERS_BATCH"),
    ] {
        let loaded = resolved(text, environment);
        assert_eq!(loaded.problems, [], "{text}");
        let found = setting(&loaded, "engine.timers_batch");
        assert_eq!((found.value.to_string().as_str(), found.origin.to_string().as_str()), (value, origin), "{text}");
        assert_eq!(loaded.config.engine.timers_batch.to_string(), value);
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (text, environment, expected) in [
        ("[listen]\nadress = \"x\"", &[][..], "recoup.toml:2: unknown setting `listen.adress`; did you mean `listen.address`?"),
        ("# first\n\ncolour = true", &[], "recoup.toml:3: unknown setting `colour`"),
        ("[webhook.x]\ny = 1", &[], "recoup.toml:1: unknown setting `webhook.x`"),
        (
            "[log.level]\ny = 1",
            &[],
            "recoup.toml:1: `log.level` must be a log level, such as \"info\", or directives, such as \"info,engine=debug\", not a table",
        ),
        ("[engine]\nworkers = 1\n", &[("RECOUP_LOG__FORMAT", "json")], "recoup.toml:2: unknown setting `engine.workers`"),
        (
            "\n[engine]\nlease_secs = \"long\"",
            &[],
            "recoup.toml:3: `engine.lease_secs` must be a whole number from 5 to 3600, not \"long\"",
        ),
        ("[engine]\nlease_secs = 4", &[], "recoup.toml:2: `engine.lease_secs` must be a whole number from 5 to 3600, not 4"),
        (
            "[engine]\nlease_secs = 99999999999999999999",
            &[],
            "recoup.toml:2: `engine.lease_secs` must be a whole number from 5 to 3600, not a very large number",
        ),
        ("[listen]\nbehind_proxy = 1", &[], "recoup.toml:2: `listen.behind_proxy` must be true or false, not 1"),
        ("[log]\nformat = 'xml'", &[], "recoup.toml:2: `log.format` must be \"auto\", \"text\" or \"json\", not \"xml\""),
        (
            "[webhooks]\nallow_private = [\"10.0.0.0\"]",
            &[],
            "recoup.toml:2: `webhooks.allow_private` must be a list of networks in CIDR notation, such as [\"10.1.0.0/16\"], not [\"10.0.0.0\"]",
        ),
        (
            "[runtime]\nworker_threads = 1.5",
            &[],
            "recoup.toml:2: `runtime.worker_threads` must be a whole number from 1 to 1024, not 1.5",
        ),
        (
            "",
            &[("RECOUP_ENGINE__LEASE_SECS", "x")],
            "RECOUP_ENGINE__LEASE_SECS: `engine.lease_secs` must be a whole number from 5 to 3600, not \"x\"",
        ),
        (
            "",
            &[("RECOUP_ENGINE__LEASE_SEC", "9")],
            "RECOUP_ENGINE__LEASE_SEC: no setting has this variable; did you mean `RECOUP_ENGINE__LEASE_SECS`?",
        ),
        ("[tls]\ncert = 'a.pem'", &[], "recoup.toml:2: `tls.cert` needs `tls.key` beside it"),
        ("[engine]\nrules_dir = '/nowhere/at/all'", &[], "recoup.toml:2: `engine.rules_dir`: /nowhere/at/all is not a folder"),
        (
            "[listen]\nsandbox = '127.0.0.1:8080'",
            &[],
            "recoup.toml:2: `listen.sandbox` and `listen.address` are both 127.0.0.1:8080",
        ),
    ] {
        let problems: Vec<String> = resolved(text, environment).problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, [expected], "{text}");
    }
}

#[test]
fn broken_toml_names_the_line() {
    let loaded = resolved("[listen]\naddress = \n", &[]);
    assert_eq!(loaded.problems.len(), 1);
    assert!(loaded.problems[0].to_string().starts_with("recoup.toml:2: this is not TOML: "), "{}", loaded.problems[0]);
}

#[test]
fn every_problem_is_reported_at_once() {
    let loaded = resolved("[engine]\nlease_secs = 1\npoll_ms = true\nnonsense = 1", &[("RECOUP_LISTEN__ADDRESS", "here")]);
    assert_eq!(loaded.problems.len(), 4);
}

#[test]
fn plain_http_stays_on_loopback_unless_told_otherwise() {
    for (text, sound) in [
        ("[listen]\naddress = '127.0.0.1:80'", true),
        ("[listen]\naddress = '127.3.2.1:80'", true),
        ("[listen]\naddress = '[::1]:80'", true),
        ("[listen]\naddress = '0.0.0.0:80'", false),
        ("[listen]\nproduction = '10.0.0.1:80'", false),
        ("[listen]\naddress = '0.0.0.0:80'\nbehind_proxy = true", true),
    ] {
        let loaded = resolved(text, &[]);
        assert_eq!(loaded.problems.is_empty(), sound, "{text}");
        assert!(sound || loaded.problems[0].message.contains("loopback"), "{text}");
    }
}

#[test]
fn variables_without_a_section_are_not_settings() {
    let loaded = resolved("", &[("RECOUP_CONFIG", "a"), ("RECOUP_LOG__LEVEL", "debug")]);
    assert_eq!(loaded.problems, []);
    assert_eq!(setting(&loaded, "log.level").value, "debug");
}

#[test]
fn files_lie_in_the_data_folder_unless_they_are_named() {
    let loaded = resolved("[data]\ndir = '/srv/recoup'\n[database]\npath = '/fast/db'", &[]);
    assert_eq!(loaded.config.database_path(), Path::new("/fast/db"));
    assert_eq!(loaded.config.key_ring_path(), Path::new("/srv/recoup/keyring.json"));
    assert_eq!(loaded.config.simulator_book(), Path::new("/srv/recoup/simulator.sqlite"));
}

#[test]
fn the_example_file_is_sound() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../recoup.example.toml");
    let text = std::fs::read_to_string(example).unwrap();
    let loaded = resolved(&text, &[]);
    assert_eq!(loaded.problems, []);
    let commented: String = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line).to_owned() + "\n")
        .collect();
    let full = resolved(&commented, &[]);
    let unknown: Vec<_> = full
        .problems
        .iter()
        .filter(|problem| problem.message.starts_with("unknown") || problem.message.contains("TOML"))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

proptest::proptest! {
    #[test]
    fn no_file_makes_it_panic(text in "(\\[?[a-z.]{0,12}\\]?( = )?[\"'0-9a-z\\[\\]{}]{0,12}\n){0,8}") {
        let _ = resolved(&text, &[]);
    }

    #[test]
    fn no_variable_makes_it_panic(value in "\\PC{0,40}") {
        let keys = ["ENGINE__LEASE_SECS", "LISTEN__ADDRESS", "LOG__LEVEL", "LOG__FORMAT", "WEBHOOKS__ALLOW_PRIVATE", "DATA__DIR", "LISTEN__BEHIND_PROXY"];
        for key in keys {
            let _ = resolved("", &[(&format!("RECOUP_{key}"), &value)]);
        }
    }
}
