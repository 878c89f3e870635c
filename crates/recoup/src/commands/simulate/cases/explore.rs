//! Logged attempts as trials: each with everything that was known before it, and nothing that came later.

use domain::{
    card::CardKey,
    decision::Arm,
    environment::Environment,
    id::Mid,
    ledger::{Entry, Initiator, Origin, Outcome},
};
use recovery::{Allowed, Case as Known, Observed, Snapshot, Trial, Updater};
use uuid::Uuid;

use super::case::{Case, Earlier};

/// The trials of logged cases, in the order of time.
pub fn trials(cases: &[Case]) -> Vec<Trial> {
    let mut trials: Vec<Trial> = cases.iter().flat_map(of).collect();
    trials.sort_by_key(|trial| trial.at);
    trials
}

fn of(case: &Case) -> impl Iterator<Item = Trial> + '_ {
    case.attempts.iter().enumerate().map(|(before, attempt)| Trial {
        case: snapshot(case, before),
        at: attempt.at,
        answer: attempt.answer(),
        approved: attempt.approved,
        propensity: 1.0,
    })
}

/// The case as it stood after the first `before` attempts.
fn snapshot(case: &Case, before: usize) -> Snapshot {
    let made = &case.attempts[..before];
    let failure = Earlier {
        at: case.failed_at,
        approved: false,
        response_code: Some(case.answer.response_code.clone()).filter(|code| !code.is_empty()),
        advice_code: case.answer.advice_code.clone(),
    };
    let row = |earlier: &Earlier, origin| entry(case, earlier, origin);
    let mut ledger: Vec<Entry> = case.history.iter().map(|earlier| row(earlier, Origin::Transmitted)).collect();
    ledger.push(row(&failure, Origin::Evaluated));
    ledger.extend(made.iter().map(|earlier| row(earlier, Origin::Own)));
    let mut observed =
        vec![Observed { at: case.failed_at, answer: case.answer.clone(), origin: Origin::Evaluated, approved: false }];
    observed.extend(made.iter().map(|earlier| Observed {
        at: earlier.at,
        answer: earlier.answer(),
        origin: Origin::Own,
        approved: earlier.approved,
    }));
    Snapshot::of(&Known {
        now: made.last().map_or(case.failed_at, |last| last.at),
        placed_at: case.failed_at,
        expires_at: case.ends_at,
        network: case.network,
        funding: case.funding,
        issuer_country: case.issuer_country.as_deref(),
        merchant_country: &case.merchant_country,
        bin: Some(case.bin.as_str()).filter(|bin| !bin.is_empty()),
        offset_minutes: case.offset_minutes,
        amount: case.amount,
        initiator: Initiator::Mit,
        observed: &observed,
        ledger: &ledger,
        own_attempts: before as u32,
        max_attempts: case.attempts.len().max(before + 1) as u32,
        credential_version: 1,
        credential_changed_at: None,
        updater: Updater::NotOffered,
        first_at: None,
        allowed: Allowed::default(),
        arm: Arm::Explore,
        seed: 0,
    })
}

fn entry(case: &Case, earlier: &Earlier, origin: Origin) -> Entry {
    Entry {
        mid: Mid::from_bytes([0; 16]),
        environment: Environment::Production,
        card: CardKey([0; 16]),
        at: earlier.at,
        id: Uuid::nil(),
        origin,
        initiator: Initiator::Mit,
        amount: case.amount,
        network: case.network,
        outcome: if earlier.approved { Outcome::Approved } else { Outcome::Declined },
        response_code: earlier.response_code.clone(),
        advice_code: earlier.advice_code.clone(),
        order: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::simulate::cases::read;

    #[test]
    fn a_trial_knows_what_came_before_it_and_nothing_else() {
        let line = serde_json::json!({
            "case_id": "c", "token": "t", "brand": "visa", "amount": 10, "currency": "USD", "failed_at": "2026-07-02T00:00:00Z",
            "response_code": "51", "history": [{"time": "2026-06-01T00:00:00Z", "approved": true}],
            "attempts": [
                {"time": "2026-07-09T00:00:00Z", "approved": true, "response_code": "00"},
                {"time": "2026-07-05T00:00:00Z", "approved": false, "response_code": "05"},
            ],
        });
        let case = read::line(line.to_string().as_bytes(), 1).unwrap();
        let trials = trials(std::slice::from_ref(&case));
        let known: Vec<_> =
            trials.iter().map(|trial| (trial.case.ledger.len(), trial.case.observed.len(), trial.case.own_attempts)).collect();
        assert_eq!(known, [(2, 1, 0), (3, 2, 1)]);
        assert!(trials.iter().all(|trial| trial.case.now < trial.at));
        assert!(trials.iter().all(|trial| trial.case.ledger.iter().all(|past| past.at < trial.at)));
        assert_eq!(trials.iter().map(|trial| trial.approved).collect::<Vec<_>>(), [false, true]);
    }
}
