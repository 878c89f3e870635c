//! Readers of arguments that several commands take.

use domain::time::Timestamp;

/// Reads an id.
pub fn guid<T>(parse: fn(&str) -> Option<T>) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: 'static,
{
    move |text| parse(text).ok_or_else(|| "must be a GUID, such as 0190b0a2-7c3e-7d4f-8a1b-2c3d4e5f6071".to_owned())
}

/// Reads one of a list of words.
pub fn word<T>(
    parse: fn(&str) -> Option<T>,
    all: &'static [T],
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: std::fmt::Display + Sync + 'static,
{
    move |text| {
        let words = || all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        parse(text.trim()).ok_or_else(|| format!("must be one of {}", words()))
    }
}

/// Reads a merchant category code.
pub fn mcc(text: &str) -> Result<String, String> {
    let sound = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| text.to_owned()).ok_or_else(|| "must be four digits".to_owned())
}

/// Reads a date or an instant.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "must be a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z".to_owned())
}

/// Reads `name=value`.
pub fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| "must be NAME=VALUE".to_owned())?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use domain::{environment::Environment, id::Mid};

    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        assert!(guid(Mid::parse)("17").unwrap_err().contains("GUID"));
        let environment = word(Environment::parse, Environment::ALL);
        assert_eq!(environment("Production"), Ok(Environment::Production));
        assert_eq!(environment("test").unwrap_err(), "must be one of sandbox, production");
        assert!(mcc("59").is_err() && mcc("59a4").is_err() && mcc("5968").is_ok());
        assert!(instant("soon").is_err() && instant("2027-01-31").is_ok());
        assert_eq!(assignment("mitMode = sync"), Ok(("mitMode".to_owned(), "sync".to_owned())));
        assert!(assignment("mitMode").is_err());
    }
}
