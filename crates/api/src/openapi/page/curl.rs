//! Examples as command lines.

use serde_json::Value;

use super::Entry;

/// A curl line for an example body; without one, for the bare call.
pub fn line(entry: Entry<'_>, body: Option<(&str, &Value)>) -> String {
    let mut words = vec!["curl -sS".to_owned()];
    if entry.method != "get" && !(entry.method == "post" && body.is_some()) {
        words.push(format!("-X {}", entry.method.to_ascii_uppercase()));
    }
    words.push(format!("\"$RECOUP{}\"", filled(entry.path)));
    if entry.value["security"].as_array().is_some_and(|needed| needed.iter().any(|needed| needed.get("bearer").is_some())) {
        words.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    match body {
        Some(("application/x-www-form-urlencoded", value)) => {
            let fields = value.as_object().into_iter().flatten();
            words.extend(fields.map(|(name, value)| format!("--data-urlencode {}", quoted(&format!("{name}={}", plain(value))))));
        }
        Some(("multipart/form-data", value)) => {
            let fields = value.as_object().into_iter().flatten();
            words.extend(fields.map(|(name, value)| format!("-F {}", quoted(&format!("{name}={}", plain(value))))));
        }
        Some((content_type, value)) => {
            words.push(format!("-H 'Content-Type: {content_type}'"));
            words.push(format!("-d {}", quoted(&serde_json::to_string_pretty(value).unwrap_or_default())));
        }
        None => {}
    }
    words.join(" \\\n  ")
}

/// Path parameters as shell variables: `/v1/orders/$ID`.
fn filled(path: &str) -> String {
    let variable = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => format!(
            "${}",
            name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect::<String>()
        ),
        None => part.to_owned(),
    };
    path.split('/').map(variable).collect::<Vec<_>>().join("/")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
