//! Settlements and payouts (`wire-api` §12): items written in the commit that moved the money, booked behind it, closed when
//! the period is over, paid out.

mod book;
mod close;
mod items;
mod payout;
mod run;
mod view;

pub(crate) use items::{disputed, moved};
pub(crate) use run::run;
