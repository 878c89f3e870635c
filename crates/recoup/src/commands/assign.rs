//! `NAME=VALUE` applied to a merchant's settings and a site's overrides, by the names of the HTTP interface.

use std::ops::RangeInclusive;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::failure::Failure;

/// What takes a value away, so that the merchant's (or no) value is in force.
const NONE: [&str; 3] = ["inherit", "none", "null"];

/// Not one value but many, with ranges of their own that the HTTP interface checks.
const TERMS: &str = "settlement";
/// Lawful sizes (`wire-api` §10.1); what is not here is a switch or a word.
const RANGES: [(&str, RangeInclusive<i64>); 7] = [
    ("rescueWindowDays", 1..=60),
    ("captureWindowSecs", 300..=604_800),
    ("challengeTtlMinutes", 1..=1_440),
    ("realtimeBudgetMs", 500..=25_000),
    ("refundPartialMaxPercent", 0..=100),
    ("holdoutPercent", 0..=100),
    ("explorePercent", 0..=100),
];

/// The settings with the assignments applied, in their order.
pub fn assign<T: Serialize + DeserializeOwned>(settings: &T, assignments: &[(String, String)]) -> Result<T, Failure> {
    let mut document = serde_json::to_value(settings).map_err(|error| Failure::failed(error.to_string()))?;
    for (name, text) in assignments {
        if name == TERMS {
            return Err(Failure::usage("terms of settlement are set by PATCH /v1/merchants/{mid}/settings"));
        }
        let value = read(name, text)?;
        match document.get_mut(name) {
            Some(member) => *member = value,
            None => return Err(Failure::usage(format!("there is no setting `{name}`; there are {}", names(&document)))),
        }
        T::deserialize(&document).map_err(|_| Failure::usage(format!("`{name}` cannot be `{text}`")))?;
    }
    T::deserialize(document).map_err(|error| Failure::failed(error.to_string()))
}

fn read(name: &str, text: &str) -> Result<Value, Failure> {
    if NONE.contains(&text) {
        return Ok(Value::Null);
    }
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    let range = RANGES.iter().find(|(limited, _)| *limited == name).map(|(_, range)| range);
    match range {
        Some(range) if !value.as_i64().is_some_and(|size| range.contains(&size)) => {
            Err(Failure::usage(format!("`{name}` must be from {} to {}, not `{text}`", range.start(), range.end())))
        }
        _ => Ok(value),
    }
}

fn names(document: &Value) -> String {
    document.as_object().map(|members| members.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::settings::{MitMode, Overrides, Settings};

    use super::*;

    fn pairs(text: &[&str]) -> Vec<(String, String)> {
        text.iter().map(|pair| super::super::arguments::assignment(pair).unwrap()).collect()
    }

    #[test]
    fn settings_take_what_is_lawful() {
        let set = assign(
            &Settings::default(),
            &pairs(&["mitMode=sync", "rescueWindowDays=none", "allowPartial=true", "holdoutPercent=0"]),
        );
        let set = set.unwrap();
        assert_eq!(
            (set.mit_mode, set.rescue_window_days, set.allow_partial, set.holdout_percent),
            (MitMode::Sync, None, true, 0)
        );
        assert_eq!(set.realtime_budget_ms, Settings::default().realtime_budget_ms);
    }

    #[test]
    fn settings_refuse_the_rest() {
        for (pair, said) in [
            ("mitmode=sync", "there is no setting `mitmode`"),
            ("mitMode=auto", "`mitMode` cannot be `auto`"),
            ("mitMode=none", "`mitMode` cannot be `none`"),
            ("allowPartial=1", "`allowPartial` cannot be `1`"),
            ("rescueWindowDays=61", "must be from 1 to 60"),
            ("realtimeBudgetMs=fast", "must be from 500 to 25000"),
            ("refundPartialMaxPercent=-1", "must be from 0 to 100"),
        ] {
            let failure = assign(&Settings::default(), &pairs(&[pair])).unwrap_err().to_string();
            assert!(failure.contains(said), "{pair}: {failure}");
        }
    }

    #[test]
    fn overrides_may_inherit_again() {
        let set = assign(&Overrides::default(), &pairs(&["mitMode=sync", "captureWindowSecs=600"])).unwrap();
        assert_eq!((set.mit_mode, set.capture_window_secs), (Some(MitMode::Sync), Some(600)));
        assert_eq!(assign(&set, &pairs(&["mitMode=inherit"])).unwrap().mit_mode, None);
    }
}
