//! All profiles of one tenant, in memory.

use std::collections::HashMap;

use super::{
    features::Seen,
    profile::Profile,
    subject::{Kind, Subject},
    transaction::Transaction,
};

/// Profiles by subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    profiles: HashMap<Subject, Profile>,
}

impl Book {
    /// No profiles yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is known of a subject.
    pub fn get(&self, subject: &Subject) -> Option<&Profile> {
        self.profiles.get(subject)
    }

    /// Puts a profile in its place.
    pub fn put(&mut self, subject: Subject, profile: Profile) {
        self.profiles.insert(subject, profile);
    }

    /// All profiles, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Subject, &Profile)> {
        self.profiles.iter()
    }

    /// Profiles of what a transaction touches, as they are now.
    pub fn seen(&self, transaction: &Transaction) -> Seen<'_> {
        Seen::of(transaction.subjects.iter().filter_map(|subject| Some((subject.kind, self.get(subject)?))))
    }

    /// Takes in a transaction.
    pub fn observe(&mut self, transaction: &Transaction) {
        for subject in &transaction.subjects {
            self.profiles.entry(*subject).or_default().observe(transaction, subject.kind);
        }
    }

    /// Takes in that a transaction is known to be fraud.
    pub fn fraud(&mut self, transaction: &Transaction) {
        let card = transaction.subject(Kind::Card).and_then(|card| self.get(card));
        let plain = card.is_some_and(|card| card.is_usual(transaction.hundredths));
        for subject in &transaction.subjects {
            self.profiles.entry(*subject).or_default().fraud(transaction, subject.kind, plain);
        }
    }
}
