//! The retry model as bytes: JSON with the number of its format first.

use recovery::Model;
use serde_json::{Value, json};

/// The format that this program writes, and the only one it reads.
const FORMAT: u64 = 1;

/// As the store keeps it.
pub fn write(model: &Model) -> Vec<u8> {
    json!({ "format": FORMAT, "version": model.version, "params": model.params, "correction": model.correction })
        .to_string()
        .into_bytes()
}

/// From the store.
///
/// # Errors
/// Another format, or what is no model at all.
pub fn read(bytes: &[u8]) -> Result<Model, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match value["format"].as_u64() {
        Some(FORMAT) => {}
        Some(other) => return Err(format!("its format {other} is not known")),
        None => return Err("it is no model".to_owned()),
    }
    let version = value["version"].as_str().unwrap_or_default().to_owned();
    let params = serde_json::from_value(value["params"].clone()).map_err(|error| error.to_string())?;
    let correction = serde_json::from_value(value["correction"].clone()).map_err(|error| error.to_string())?;
    let model = Model { version, params, correction };
    if model.is_sound() { Ok(model) } else { Err("its numbers are not those of a model".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_reads_back_and_another_format_is_refused() {
        let model = Model { version: "2026.11.2+test".into(), ..Model::builtin().clone() };
        assert_eq!(read(&write(&model)).as_ref(), Ok(&model));
        let newer = String::from_utf8(write(&model)).unwrap().replace("\"format\":1", "\"format\":2");
        assert_eq!(read(newer.as_bytes()), Err("its format 2 is not known".into()));
        for broken in [&b""[..], b"{}", b"[1]", b"{\"format\":1,\"version\":\"x\"}"] {
            assert!(read(broken).is_err());
        }
    }
}
