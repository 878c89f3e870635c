//! How settings are shown: to a person, to a program, and in docs/OPERATIONS.md.

use serde_json::{Value, json};

use super::Setting;
use crate::output::{Column, Table};

/// Every setting in a table.
pub fn table(settings: &[Setting]) -> Table {
    let mut table =
        Table::new(vec![Column::left("SETTING"), Column::left("VALUE"), Column::left("FROM"), Column::left("MEANING")]);
    for setting in settings {
        table.row(vec![setting.key.clone(), text(&setting.value), setting.origin.to_string(), setting.about.to_owned()]);
    }
    table
}

/// Every setting as JSON.
pub fn json(settings: &[Setting]) -> Value {
    settings
        .iter()
        .map(|setting| {
            json!({
                "setting": setting.key, "value": setting.value, "from": setting.origin.to_string(),
                "default": setting.default, "variable": setting.variable, "meaning": setting.about,
            })
        })
        .collect()
}

/// Every setting with its default, as the table of docs/OPERATIONS.md.
pub fn markdown(settings: &[Setting]) -> String {
    let mut lines = vec!["| setting | default | variable | meaning |".to_owned(), "|---|---|---|---|".to_owned()];
    for setting in settings {
        let default = if setting.default.is_null() { "none".to_owned() } else { format!("`{}`", setting.default) };
        lines.push(format!("| `{}` | {default} | `{}` | {} |", setting.key, setting.variable, setting.about));
    }
    lines.join("\n") + "\n"
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
