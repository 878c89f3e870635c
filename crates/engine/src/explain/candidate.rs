//! The moments that a decision weighed, with what each would cost and which rule stands before it.

use domain::{
    limits::{self, Permit, Planned},
    rules::{Fee, Rules},
    time::Timestamp,
};
use recovery::{Action, Case, Decided, Realtime};

/// One moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// When, UTC.
    pub at: Timestamp,
    /// Chance of approval there.
    pub probability: f64,
    /// Chance times what is due, minor units.
    pub expected_value_minor: i64,
    /// What the networks would charge for the attempt, minor units of the fee's currency.
    pub fee_minor: i64,
    /// Probability with which this moment is chosen.
    pub propensity: f64,
    /// The rules allow it.
    pub allowed: bool,
    /// The rules that do not.
    pub bound_by: Vec<String>,
}

/// The moments of a decision, ascending.
pub fn all(case: &Case<'_>, rules: &Rules, decided: &Decided) -> Vec<Candidate> {
    match decided {
        Decided::Plan(plan) => {
            let chosen = if let Action::Attempt { at } = plan.action { Some(at) } else { None };
            let of = |candidate: &recovery::Candidate| Candidate {
                expected_value_minor: candidate.expected_value_minor,
                propensity: if Some(candidate.at) == chosen { plan.propensity } else { 0.0 },
                ..weighed(case, rules, candidate.at, candidate.probability, plan.not_before, &plan.bound_by)
            };
            plan.candidates.iter().map(of).collect()
        }
        Decided::Realtime(assessed) => {
            let attempt = assessed.action == Realtime::Attempt;
            // Without an attempt in mind no limit was counted.
            if !attempt && assessed.limits.is_empty() {
                return vec![];
            }
            let now = weighed(case, rules, case.now, assessed.probability, case.now, &[]);
            let propensity = if attempt { 1.0 } else { 0.0 };
            vec![Candidate { propensity, allowed: now.allowed && attempt, ..now }]
        }
    }
}

fn weighed(
    case: &Case<'_>,
    rules: &Rules,
    at: Timestamp,
    probability: f64,
    not_before: Timestamp,
    bound_by: &[String],
) -> Candidate {
    let planned = planned(case, at);
    let permit = limits::check(rules, case.ledger, &planned).lawful;
    let mut bounds: Vec<String> = permit.rule().map(str::to_owned).into_iter().collect();
    if at < not_before {
        bounds.extend(bound_by.iter().filter(|rule| !bounds.contains(rule)).cloned().collect::<Vec<_>>());
    }
    let value = probability * case.amount.minor as f64;
    Candidate {
        at,
        probability,
        expected_value_minor: value.round() as i64,
        fee_minor: fees(case, rules, at).iter().map(|fee| minor(fee)).sum(),
        propensity: 0.0,
        allowed: permit == Permit::Allowed && at >= not_before && at < case.expires_at,
        bound_by: bounds,
    }
}

/// What the networks would charge for an attempt at a moment.
pub fn fees<'r>(case: &Case<'_>, rules: &'r Rules, at: Timestamp) -> Vec<&'r Fee> {
    limits::fees(rules, case.ledger, &planned(case, at), case.issuer_country)
}

/// Fractions of a minor unit are rounded up.
fn minor(fee: &Fee) -> i64 {
    const MICROS_DIGITS: u32 = 6;
    let digits = fee.currency.decimals().min(MICROS_DIGITS);
    i64::try_from(fee.amount_micros.div_ceil(10_u64.pow(MICROS_DIGITS - digits))).unwrap_or(i64::MAX)
}

const fn planned<'a>(case: &'a Case<'_>, at: Timestamp) -> Planned<'a> {
    Planned {
        at,
        network: case.network,
        initiator: case.initiator,
        amount: case.amount,
        merchant_country: case.merchant_country,
        credential_changed_at: case.credential_changed_at,
    }
}
