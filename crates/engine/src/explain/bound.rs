//! The rules behind a decision: every limit of the network with its use, and whatever else moved the moment.

use domain::{
    card::Network,
    limits::{self, Usage},
    rules::{Region, Rules},
    time::Timestamp,
};
use recovery::{Case, Decided};

use super::candidate::fees;

domain::words! {
    /// What a rule did (`wire-api` §9).
    pub enum Effect {
        /// It forbids the attempt.
        Forbid = "forbid",
        /// It counts, and there is room left.
        Cap = "cap",
        /// It moves the attempt to a later moment.
        Earliest = "earliest",
        /// The attempt must come before it.
        Latest = "latest",
        /// It makes the attempt cost.
        Fee = "fee",
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `visa.m30`, `code.65`, `mac.24`, …
    pub id: String,
    /// The day it came into force; empty when it was always there.
    pub version: String,
    /// The network.
    pub network: Network,
    /// ISO 8601 duration; none for what is no counter.
    pub window: Option<String>,
    /// The network's limit.
    pub limit: Option<u32>,
    /// What planning stays below.
    pub headroom_limit: Option<u32>,
    /// Attempts counted.
    pub used: Option<u32>,
    /// When it gives room again; for a period, when it ends.
    pub resets_at: Option<Timestamp>,
    /// What it did.
    pub effect: Effect,
    /// Where it is written.
    pub source: String,
}

/// The rules of a decision: limits, floors that bound it, fees of the chosen moment, the end of the rescue period.
pub fn all(case: &Case<'_>, rules: &Rules, decided: &Decided, chosen_at: Option<Timestamp>) -> Vec<Rule> {
    let (usages, bound_by) = match decided {
        Decided::Plan(plan) => (&plan.limits, &plan.bound_by),
        Decided::Realtime(assessed) => (&assessed.limits, &assessed.rules),
    };
    let mut found: Vec<Rule> = usages.iter().map(of_limit).collect();
    for id in bound_by {
        if !found.iter().any(|rule| rule.id == *id) {
            found.extend(of_answer(id, case, rules));
        }
    }
    for fee in chosen_at.map(|at| fees(case, rules, at)).unwrap_or_default() {
        found.push(Rule { effect: Effect::Fee, ..plain(fee.rule.clone(), String::new(), case.network, &fee.source) });
    }
    let period = plain("rescue.window".into(), String::new(), case.network, "the merchant's rescue period");
    found.push(Rule { effect: Effect::Latest, resets_at: Some(case.expires_at), ..period });
    found
}

fn of_limit(usage: &Usage) -> Rule {
    let effect = match usage.effect {
        limits::Effect::Forbid => Effect::Forbid,
        limits::Effect::Cap => Effect::Cap,
        limits::Effect::Earliest => Effect::Earliest,
    };
    Rule {
        id: usage.id.clone(),
        version: usage.version.clone(),
        network: usage.network,
        window: Some(usage.window.clone()),
        limit: usage.limit,
        headroom_limit: usage.headroom_limit,
        used: Some(usage.used),
        resets_at: usage.resets_at,
        effect,
        source: usage.source.clone(),
    }
}

/// The rule of a code or an advice that set a floor; of classifying rules only those that do.
fn of_answer(id: &str, case: &Case<'_>, rules: &Rules) -> Option<Rule> {
    let region = Region::of_country(case.issuer_country.unwrap_or(case.merchant_country));
    case.observed.iter().rev().find_map(|seen| {
        let classified = rules.classify(&seen.answer, case.network, region, seen.at);
        classified.floors().find(|(_, rule)| rule == id)?;
        if let Some(advice) = classified.advice.filter(|advice| advice.id() == id) {
            return Some(plain(id.to_owned(), advice.version(), case.network, &advice.source));
        }
        let code = rules.code(classified.iso_code.as_deref()?, case.network, region, seen.at)?;
        Some(plain(id.to_owned(), code.version(), case.network, &code.source))
    })
}

fn plain(id: String, version: String, network: Network, source: &str) -> Rule {
    Rule {
        id,
        version,
        network,
        window: None,
        limit: None,
        headroom_limit: None,
        used: None,
        resets_at: None,
        effect: Effect::Earliest,
        source: source.to_owned(),
    }
}
