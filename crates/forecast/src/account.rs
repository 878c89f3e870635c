//! Every line of the file, accounted for.

use serde::Serialize;

/// Bad lines that are named; the others are only counted.
pub const NAMED_MAX: usize = 50;

/// A line that could not be read. It holds nothing of the line itself: that could be anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bad {
    /// Its number in the file, the header being 1.
    pub line: u64,
    /// The column, by the file's own name where there is one.
    pub column: String,
    /// What is wrong, in words.
    pub problem: &'static str,
}

domain::words! {
    /// Why a sound line is not counted.
    pub enum Skip {
        /// Something in it looks like a card number: refused, and nothing of it kept.
        CardNumber = "card_number",
        /// Not a charge: a refund, void, verification.
        NotACharge = "not_a_charge",
        /// Amount zero.
        Zero = "zero_amount",
        /// An empty line, or one of empty cells.
        Empty = "empty",
        /// Beyond the number of rows that one forecast reads.
        TooMany = "too_many",
    }
}

/// Lines by what became of them. `total = good + bad + skipped`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// All lines behind the header.
    pub total: u64,
    /// Read and counted.
    pub good: u64,
    /// Not readable.
    pub bad: u64,
    /// Left out, by reason.
    pub skipped: std::collections::BTreeMap<Skip, u64>,
    /// The first unreadable ones.
    pub named: Vec<Bad>,
}

impl Tally {
    pub(crate) fn bad(&mut self, bad: Bad) {
        self.total += 1;
        self.bad += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(bad);
        }
    }

    pub(crate) fn skip(&mut self, why: Skip) {
        self.total += 1;
        *self.skipped.entry(why).or_default() += 1;
    }

    pub(crate) const fn good(&mut self) {
        self.total += 1;
        self.good += 1;
    }

    /// How many were left out.
    pub fn skipped(&self) -> u64 {
        self.skipped.values().sum()
    }
}
