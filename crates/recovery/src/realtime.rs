//! The answer inside the customer's visit: `wire-api` §5.10, column "real-time answer".

use domain::{
    decline::{Class, Reason},
    limits::Usage,
    order::ChallengeField,
    rules::Rules,
};
use serde::Serialize;

use crate::{
    bounds,
    case::{Case, Updater},
    view::{Read, View},
};

/// One other route or format for answers without a reason, two for technical ones.
const GENERIC_ATTEMPTS_MAX: u32 = 1;
const TECH_ATTEMPTS_MAX: u32 = 2;

/// What to do while the customer waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Realtime {
    /// Charge now, by another route or format where there is one.
    Attempt,
    /// Ask the account updater now, then decide again.
    AskUpdater,
    /// Ask the customer for this.
    Challenge {
        /// What is missing.
        fields: Vec<ChallengeField>,
    },
    /// Decline.
    Decline {
        /// Why.
        reason: Reason,
    },
}

/// What the widget may do and has brought. `true` and `false` stand for a widget that has brought nothing yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge<'a> {
    /// The merchant shows challenges.
    pub enabled: bool,
    /// Fields that the customer gave since the newest decline.
    pub answered: &'a [ChallengeField],
}

impl From<bool> for Challenge<'_> {
    fn from(enabled: bool) -> Self {
        Self { enabled, answered: &[] }
    }
}

/// A decision and what explains it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessed {
    /// What to do.
    pub action: Realtime,
    /// The class that decided.
    pub class: Class,
    /// Chance of success of the attempt (prior); zero when none is made.
    pub probability: f64,
    /// Rules that classified the newest decline, then those that bounded the decision, by id.
    pub rules: Vec<String>,
    /// The network's limits with their use; empty when no attempt was thought of.
    pub limits: Vec<Usage>,
    /// The rules.
    pub rules_version: String,
}

/// Decides while the customer is present. Pure: the same case gives the same decision.
pub fn realtime<'c>(case: &Case<'_>, rules: &Rules, challenge: impl Into<Challenge<'c>>) -> Assessed {
    let view = View::new(case, rules);
    let mut assessed = Assessed {
        action: by_class(&view, challenge.into()),
        class: view.class(),
        probability: 0.0,
        rules: view.last().map(|last| last.classified.rules.clone()).unwrap_or_default(),
        limits: Vec::new(),
        rules_version: rules.version().to_owned(),
    };
    if assessed.action == Realtime::Attempt {
        bounded(&view, &mut assessed);
    }
    assessed
}

/// An attempt now must be lawful now.
fn bounded(view: &View<'_>, assessed: &mut Assessed) {
    let bounds = bounds::of(view);
    if let Some((reason, rule)) = bounds.never {
        assessed.rules.push(rule);
        assessed.action = decline(reason);
    } else if bounds.lawful > view.case.now {
        let limited = bounds.lawful > bounds.floor;
        assessed.rules.extend(bounds.bound_by);
        assessed.action = decline(if limited { Reason::LimitReached } else { Reason::NotRescued });
    } else {
        assessed.probability = chance(view);
    }
    assessed.limits = bounds.usages;
}

/// Priors for an attempt at once by another route or with better data (`recovery.md` §1, §6): none is published.
fn chance(view: &View<'_>) -> f64 {
    match view.class() {
        _ if view.has_new_credential() => 0.6,
        Class::Sca | Class::DataFix | Class::Lifecycle => 0.6,
        Class::Tech => 0.5,
        Class::Fraud => 0.4,
        _ => 0.2,
    }
}

fn by_class(view: &View<'_>, challenge: Challenge<'_>) -> Realtime {
    if view.paid {
        return decline(Reason::NotDeclined);
    }
    if view.case.now >= view.case.expires_at || view.case.own_attempts >= view.case.max_attempts {
        return decline(Reason::NotRescued);
    }
    if view.answers.iter().any(|read| forbids(view, read)) {
        return decline(Reason::HardDecline);
    }
    if view.has_new_credential() {
        return Realtime::Attempt;
    }
    let Some(last) = view.last() else { return Realtime::Attempt };
    let code = last.classified.iso_code.as_deref();
    match last.classified.class {
        Class::Generic => attempt_up_to(view, GENERIC_ATTEMPTS_MAX),
        // The original was the merchant's: we cannot look it up, and a second charge is worse than none.
        Class::Tech if last.classified.lookup_first => decline(Reason::NotRescued),
        Class::Tech => attempt_up_to(view, TECH_ATTEMPTS_MAX),
        // A country the card is not open for: the customer must change that with the bank.
        Class::Fraud if code == Some("62") => decline(Reason::CustomerAction),
        Class::Fraud | Class::Sca => ask(challenge, vec![ChallengeField::ThreeDs]),
        Class::DataFix => ask(challenge, data_fields(code)),
        Class::Lifecycle if last.classified.asks_for_step_up() => ask(challenge, vec![ChallengeField::ThreeDs]),
        Class::Lifecycle if view.case.updater == Updater::Untried => Realtime::AskUpdater,
        Class::Lifecycle => ask(challenge, vec![ChallengeField::CardExpiry, ChallengeField::Cvv]),
        Class::Config => decline(Reason::Configuration),
        Class::Nsf | Class::Limit => decline(Reason::NotRescued),
        Class::StopCard | Class::StopMandate => decline(Reason::HardDecline),
    }
}

fn forbids(view: &View<'_>, read: &Read<'_>) -> bool {
    let newer = view.case.credential_changed_at.is_some_and(|changed| changed > read.at);
    let stops = matches!(read.classified.class, Class::StopCard | Class::StopMandate);
    read.revokes() || (stops && !(newer && read.is_lifted_by_new_credential()))
}

fn attempt_up_to(view: &View<'_>, most: u32) -> Realtime {
    if view.own_of_class() < most { Realtime::Attempt } else { decline(Reason::NotRescued) }
}

/// A challenge, once: what the customer has given is not asked again, it is sent.
fn ask(challenge: Challenge<'_>, fields: Vec<ChallengeField>) -> Realtime {
    if fields.iter().all(|field| challenge.answered.contains(field)) {
        return Realtime::Attempt;
    }
    if challenge.enabled { Realtime::Challenge { fields } } else { decline(Reason::CustomerAction) }
}

fn data_fields(code: Option<&str>) -> Vec<ChallengeField> {
    match code {
        Some("6P") => vec![ChallengeField::BillingAddress],
        // PINs cannot be asked for; the issuer's own authentication takes their place.
        Some("55" | "70" | "Q1") => vec![ChallengeField::ThreeDs],
        _ => vec![ChallengeField::Cvv],
    }
}

fn decline(reason: Reason) -> Realtime {
    Realtime::Decline { reason }
}

#[cfg(test)]
mod tests;
