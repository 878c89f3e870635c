//! Records: one with all its members, or many with some of them as columns. Both come from the JSON form, so that what
//! people and programs see cannot drift apart.

use serde_json::Value;

use super::{Column, Table};

/// All members of a record, one a line, nested ones with their path.
pub fn details(record: &Value) -> String {
    let mut lines = Vec::new();
    flatten("", record, &mut lines);
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    lines.iter().map(|(name, text)| format!("{name:<width$}  {text}").trim_end().to_owned() + "\n").collect()
}

/// A table with these columns: title and path of the member.
pub fn table(columns: &[(&'static str, &str)], records: &[Value]) -> Table {
    let is_number = |path: &str| !records.is_empty() && records.iter().all(|record| at(record, path).is_number());
    let headed = columns.iter().map(|(title, path)| if is_number(path) { Column::right(title) } else { Column::left(title) });
    let mut table = Table::new(headed.collect());
    for record in records {
        table.row(columns.iter().map(|(_, path)| text(at(record, path))).collect());
    }
    table
}

fn flatten(prefix: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&path, member, lines);
            }
        }
        value => lines.push((prefix.to_owned(), text(value).chars().map(|c| if c.is_control() { ' ' } else { c }).collect())),
    }
}

fn at<'a>(record: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(record, |value, name| &value[name])
}

/// A member as people read it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::output::Paint;

    #[test]
    fn a_record_is_shown_with_its_nested_members() {
        let record = json!({ "name": "Shop", "active": true, "modes": { "mit": "off" }, "urls": ["a", "b"], "partner": null });
        assert_eq!(details(&record), "active     yes\nmodes.mit  off\nname       Shop\npartner    -\nurls       a, b\n");
    }

    #[test]
    fn numbers_are_aligned_right() {
        let records = [json!({ "n": 7, "name": "a" }), json!({ "n": 1200, "name": "b" })];
        let text = table(&[("NAME", "name"), ("COUNT", "n")], &records).render(Paint::OFF);
        assert_eq!(text, "NAME  COUNT\na         7\nb      1200\n");
    }
}
