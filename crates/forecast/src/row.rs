//! One attempt, compact: a million of them are some sixty megabytes.

use domain::card::{Funding, Network};

/// One attempt. Texts are numbers of [`crate::names::Names`]; persons and cards are hashes that lead nowhere.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Card, or payer where no card is told; 0 when neither is.
    pub account: u64,
    /// Merchant's order; 0 when none is told.
    pub order: u64,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// As written, in thousandths; in minor units after [`crate::history::History`] has settled it.
    pub amount: i64,
    /// First digits of the card; 0 when they are not told.
    pub bin: u32,
    pub currency: u16,
    pub answer: u16,
    pub country: u16,
    pub site: u16,
    /// Minutes east of UTC; [`NO_OFFSET`] when it is not told.
    pub offset: i16,
    pub network: Network,
    pub funding: Funding,
    pub approved: bool,
    pub mit: bool,
}

/// No offset is told.
pub const NO_OFFSET: i16 = i16::MIN;
