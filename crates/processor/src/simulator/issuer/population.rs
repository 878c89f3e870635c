//! Cardholders for demonstrations: test cards outside the tables, as many as wanted.

use domain::card::Pan;

use crate::simulator::{
    draw::{Draw, For},
    magic::number,
};

/// Test BINs and their shares: about half of US consumer cards on file are debit.
const BINS: [(f64, &str); 5] = [(0.32, "400000"), (0.34, "400005"), (0.16, "555555"), (0.12, "222300"), (0.06, "601100")];
/// Issuers under one BIN, by the seventh and eighth digit; `10` belongs to the tables.
const FIRST_ISSUER: u64 = 20;
const ISSUERS_PER_BIN: u64 = 24;

/// The card number of the n-th cardholder; `None` never in practice (no Luhn digit fits).
pub fn card(seed: u64, n: u64) -> Option<Pan> {
    let mut draw = Draw::new(seed, For::Population, n, 0);
    let bin = draw.pick(&BINS, BINS[0].1);
    // Few issuers have most of the cards.
    let issuer = FIRST_ISSUER + (draw.unit().powi(2) * ISSUERS_PER_BIN as f64) as u64;
    number::with_luhn(&format!("{bin}{issuer:02}{:07}", draw.word() % 10_000_000))
}
