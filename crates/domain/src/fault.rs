//! Validation faults: a flat map from the PascalCase path of a member to what is wrong with it.

use std::collections::BTreeMap;

/// All faults of one request, reported at once: one entry per path (the first fault of a path stays).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(BTreeMap<String, String>);

impl Faults {
    /// No fault.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a fault, unless the path already has one.
    pub fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.entry(path.into()).or_insert_with(|| message.into());
    }

    /// `The {Name} field is required.`
    pub fn required(&mut self, path: &str) {
        self.add(path, format!("The {} field is required.", last_part(path)));
    }

    /// `The field {Name} is invalid.`
    pub fn invalid(&mut self, path: &str) {
        self.add(path, format!("The field {} is invalid.", last_part(path)));
    }

    /// `The field {Name} must be a string with a maximum length of {n}.`
    pub fn too_long(&mut self, path: &str, max_chars: usize) {
        self.add(path, format!("The field {} must be a string with a maximum length of {max_chars}.", last_part(path)));
    }

    /// `The field {Name} has more than {n} items.`
    pub fn too_many(&mut self, path: &str, max_items: usize) {
        self.add(path, format!("The field {} has more than {max_items} items.", last_part(path)));
    }

    /// Whether the request is sound.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this very path has a fault.
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Paths and messages, ordered by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, message)| (path.as_str(), message.as_str()))
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
