//! The rules that keep one SQL dialect: parameters are `$1..$n` and first appear in ascending order (SQLite numbers
//! them by first appearance), nothing selects `*`; and no statement walks a big table but those that must.

extern crate recoup_store as store;

use std::{fs, path::Path};

/// String literals of a Rust source that hold SQL.
fn statements(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or(source);
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let literals = code.split('"').skip(1).step_by(2);
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
    literals.filter(|text| verbs.iter().any(|verb| text.starts_with(verb))).map(str::to_owned).collect()
}

fn first_appearances(sql: &str) -> Vec<usize> {
    let mut seen = Vec::new();
    for rest in sql.split('$').skip(1) {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if let Ok(number) = digits.parse()
            && !seen.contains(&number)
        {
            seen.push(number);
        }
    }
    seen
}

/// Every statement of the engine, with its file.
fn all_statements() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sqlite");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let read = |file: std::path::PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        statements(&fs::read_to_string(&file).unwrap()).into_iter().map(move |sql| (name.clone(), sql))
    };
    files.flat_map(read).collect()
}

#[test]
fn parameters_ascend_and_columns_are_named() {
    let all = all_statements();
    assert!(all.len() > 80, "the scan found only {} statements", all.len());
    for (file, sql) in all {
        let numbers = first_appearances(&sql);
        assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{file}: {sql}");
        assert!(!sql.contains("SELECT *") && !sql.contains('?'), "{file}: {sql}");
    }
}

/// Walks that are meant: counts for people, the one move of a merchant's timers to a new lane, small tables, and
/// tables that are purged from their beginning.
const WALKS: &[(&str, &str)] = &[
    ("stats.rs", "orders"),
    ("timers.rs", "SELECT count(*)"),
    ("timers.rs", "UPDATE timers SET lane = $1 WHERE mid"),
    ("deliveries.rs", "SELECT count(*)"),
    ("deliveries.rs", "DELETE FROM deliveries WHERE seq IN"),
    ("idempotency.rs", "DELETE FROM idempotency WHERE seq IN"),
    ("decisions.rs", "DELETE FROM decisions WHERE seq IN"),
    ("cards.rs", "DELETE FROM cvvs WHERE token IN"),
    ("events.rs", "max(seq)"),
];

#[test]
fn no_statement_walks_a_big_table_unmeant() {
    const BIG: [&str; 11] = [
        "orders",
        "attempts",
        "refunds",
        "ledger",
        "transmits",
        "idempotency",
        "timers",
        "events",
        "deliveries",
        "decisions",
        "advices",
    ];
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recoup.db");
    store::migrate(&path).unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    for (file, sql) in all_statements().into_iter().filter(|(_, sql)| !sql.contains('{') && !sql.contains("schema_migrations")) {
        let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap_or_else(|error| panic!("{file}: {sql}: {error}"));
        for n in 1..=plan.parameter_count() {
            plan.raw_bind_parameter(n, rusqlite::types::Null).unwrap();
        }
        let mut rows = plan.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get(3).unwrap();
            let walked = BIG.iter().any(|table| step.starts_with(&format!("SCAN {table}")));
            let meant = WALKS.iter().any(|(place, part)| *place == file && sql.contains(part));
            assert!(!walked || meant, "{file}: {sql}: {step}");
        }
    }
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    assert_eq!(first_appearances("SELECT a FROM b WHERE c = $2 AND d = $1 AND e = $2"), vec![2, 1]);
    assert_eq!(statements(r#"one("UPDATE a SET b = $1", "x"); // "SELECT * FROM c""#)[..1], ["UPDATE a SET b = $1"]);
}
