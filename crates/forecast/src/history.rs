//! A file that was read.

use domain::money::Currency;

use crate::{account::Tally, cell::amount::Written, names::Names, row::Row};

/// The answer behind a number: what the issuer said, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub code: String,
    pub source: Option<String>,
    pub advice: Option<String>,
}

/// A file that was read.
#[derive(Debug, Clone)]
pub struct History {
    pub(crate) rows: Vec<Row>,
    pub(crate) said: Vec<Said>,
    pub(crate) countries: Names,
    pub(crate) sites: Names,
    pub(crate) currencies: Vec<Currency>,
    pub(crate) tally: Tally,
    pub(crate) written: Written,
    /// How it was decided in which unit amounts are, in words.
    pub(crate) written_why: &'static str,
}

impl History {
    /// What became of each line.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// In which unit the amounts were read.
    pub const fn written(&self) -> Written {
        self.written
    }
}
