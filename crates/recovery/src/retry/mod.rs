//! When a retry would be approved: a belief over hidden causes, each with its own course over time.
//!
//! A decline is a noisy observation of a hidden cause (`recovery.md` §6): funds missing until money comes by one of
//! many pay calendars, a hold of the issuer, a limit of the card, an outage, wrong data, a dead card. Every cause is
//! split into [`hypothesis`]es that say how likely an approval is at any moment; [`belief`] weighs them by Bayes with
//! every answer and with the card's transmitted history; [`choose`] picks the set of moments that most likely holds
//! one that works. All numbers are [`params`] that [`learn`] replaces by what a deployment has seen; [`correct`] adds
//! what boosted trees find beyond that structure.

pub mod belief;
pub mod cause;
pub mod choose;
pub mod correct;
pub mod features;
pub mod hypothesis;
pub mod learn;
pub mod params;
pub mod slots;
