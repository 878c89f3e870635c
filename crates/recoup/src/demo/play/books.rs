//! What the shop writes down: its cases, its sign-ups, and whatever went wrong.

use crate::demo::{ladder::Declined, summary::Present, trouble::Trouble};

/// A declined rebill in Recoup's hands.
pub struct Case {
    /// Index of the rebill in the business.
    pub rebill: usize,
    /// Recoup's id.
    pub order: String,
    /// As the ladder sees it.
    pub declined: Declined,
    /// Sync mode: still worth asking again.
    pub asks_again: bool,
}

/// The shop's books.
#[derive(Default)]
pub struct Books {
    /// Declined rebills.
    pub cases: Vec<Case>,
    /// Declined sign-ups.
    pub present: Present,
    /// Charges that the shop's own processor approved, all transmitted.
    pub approved: u32,
    /// What went wrong.
    pub troubles: Vec<Trouble>,
}
