//! One folder per resource, one file per verb. [`operations`] is the table of contents.

pub mod advice;
pub mod auth;
pub mod blocklist;
pub mod capture;
pub mod challenge;
pub mod chargebacks;
pub mod evaluate;
pub mod events;
pub mod health;
pub mod keys;
pub mod merchants;
pub mod onboarding;
pub mod orders;
pub mod outcome;
pub mod payouts;
pub mod processors;
pub mod reference;
pub mod reports;
pub mod routes;
pub mod sandbox;
pub mod sense;
pub mod settlements;
pub mod sites;
pub mod token;
pub mod tokenize;
pub mod transmit;
pub mod users;
pub mod webhooks;

use crate::operation::Operation;

/// Every call of the interface, in the order of the document within a chapter.
pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(token::operations());
    all.extend(auth::operations());
    all.extend(tokenize::operations());
    all.extend(transmit::operations());
    all.extend(evaluate::operations());
    all.extend(outcome::operations());
    all.extend(capture::operations());
    all.extend(orders::operations());
    all.extend(advice::operations());
    all.extend(webhooks::operations());
    all.extend(users::operations());
    all.extend(keys::operations());
    all.extend(events::operations());
    all.extend(settlements::operations());
    all.extend(payouts::operations());
    all.extend(chargebacks::operations());
    all.extend(blocklist::operations());
    all.extend(processors::operations());
    all.extend(routes::operations());
    all.extend(reports::operations());
    all.extend(onboarding::operations());
    all.extend(merchants::operations());
    all.extend(sites::operations());
    all.extend(sandbox::operations());
    all.extend(sense::operations());
    all.extend(challenge::operations());
    all.extend(health::operations());
    all.extend(reference::operations());
    all
}
