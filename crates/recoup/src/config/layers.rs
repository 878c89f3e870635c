//! The layers a setting is taken from: environment over file over default.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    path::PathBuf,
};

use serde_json::Value;

use super::{Problem, field::Field, field::Given, file::Entries, nearest, origin::Origin};

/// What a variable's name begins with.
pub const PREFIX: &str = "RECOUP_";

/// A setting as it was declared.
pub struct Declared {
    /// Section.
    pub section: &'static str,
    /// Name within the section.
    pub field: &'static str,
    /// What it means.
    pub about: &'static str,
    /// Lawful sizes.
    pub range: Option<RangeInclusive<u64>>,
}

/// A setting as it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// `section.field`.
    pub key: String,
    /// What overrides the file.
    pub variable: String,
    /// What it means.
    pub about: &'static str,
    /// Value when nobody says otherwise; null for none.
    pub default: Value,
    /// Value in force; null for none.
    pub value: Value,
    /// Where the value came from.
    pub origin: Origin,
}

/// Where settings are taken from, and what was found so far.
pub struct Layers<'a> {
    /// The file's path and values.
    pub file: Option<(PathBuf, Entries<'a>)>,
    /// Environment variables that begin with [`PREFIX`].
    pub environment: BTreeMap<String, String>,
    /// Settings found, in declaration order.
    pub found: Vec<Setting>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Layers<'_> {
    /// Takes one setting. A value that is wrong becomes a problem, and the default stands.
    pub(super) fn take<T: Field>(&mut self, declared: &Declared, default: T) -> T {
        let key = format!("{}.{}", declared.section, declared.field);
        let variable = format!("{PREFIX}{}__{}", declared.section, declared.field).to_ascii_uppercase();
        let (given, origin) = self.given(&key, &variable);
        let shown_default = default.value();
        let value = match given.map(|given| read(&key, &given, declared.range.as_ref())) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(message)) => {
                self.problems.push(Problem { origin: origin.clone(), message });
                default
            }
        };
        self.found.push(Setting { key, variable, about: declared.about, default: shown_default, value: value.value(), origin });
        value
    }

    fn given(&self, key: &str, variable: &str) -> (Option<Given<'_>>, Origin) {
        if let Some(text) = self.environment.get(variable) {
            return (Some(Given::Word(text)), Origin::Environment(variable.to_owned()));
        }
        let entry = self.file.as_ref().and_then(|(path, entries)| Some((path, entries.get(key)?)));
        match entry {
            Some((path, entry)) => (Some(entry.given()), Origin::File { path: path.clone(), line: entry.line }),
            None => (None, Origin::Default),
        }
    }

    /// Adds a problem for everything given that no setting asked for.
    pub(super) fn refuse_the_rest(&mut self) {
        let keys: BTreeSet<&str> = self.found.iter().map(|setting| setting.key.as_str()).collect();
        let variables: BTreeSet<&str> = self.found.iter().map(|setting| setting.variable.as_str()).collect();
        let mut unknown = Vec::new();
        if let Some((path, entries)) = &self.file {
            for (key, entry) in entries.iter().filter(|(key, _)| !keys.contains(key.as_str())) {
                let message = format!("unknown setting `{key}`{}", nearest::hint(key, &keys));
                unknown.push(Problem { origin: Origin::File { path: path.clone(), line: entry.line }, message });
            }
        }
        for name in self.environment.keys().filter(|name| name.contains("__") && !variables.contains(name.as_str())) {
            let message = format!("no setting has this variable{}", nearest::hint(name, &variables));
            unknown.push(Problem { origin: Origin::Environment(name.clone()), message });
        }
        self.problems.extend(unknown);
    }
}

fn read<T: Field>(key: &str, given: &Given<'_>, range: Option<&RangeInclusive<u64>>) -> Result<T, String> {
    let wanted =
        range.map_or_else(|| T::FORM.to_owned(), |range| format!("{} from {} to {}", T::FORM, range.start(), range.end()));
    let lawful = |value: &T| value.size().is_none_or(|size| range.is_none_or(|range| range.contains(&size)));
    T::read(given).filter(lawful).ok_or_else(|| format!("`{key}` must be {wanted}, not {}", given.shown()))
}
