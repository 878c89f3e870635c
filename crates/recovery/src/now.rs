//! Whether an attempt may be made at this very moment because somebody asks for one, outside of the plan.
//!
//! What binds is what is not ours to waive: the classes that end an order or need new data, the waits of codes and advice,
//! the networks' own limits, the budget of attempts. Our own waits and the headroom below the limits do not bind.

use domain::{decline::Reason, rules::Rules, time::Timestamp};

use crate::{
    bounds,
    case::Case,
    plan::Action,
    verdict,
    view::{Read, View},
};

/// Why no attempt may be made now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// An answer forbids every further attempt.
    Never {
        /// How an order ends that has no other way.
        reason: Reason,
        /// The rules that say so, by id.
        rules: Vec<String>,
    },
    /// Only new account data help.
    NewData {
        /// The rules that say so, by id.
        rules: Vec<String>,
    },
    /// The attempts that the order may have are made.
    UsedUp {
        /// The rules that say so, by id; none: the budget itself.
        rules: Vec<String>,
    },
    /// It is too early.
    NotBefore {
        /// From then on, UTC.
        at: Timestamp,
        /// The rules that say so, by id.
        rules: Vec<String>,
    },
}

/// Whether the rules allow an attempt now.
///
/// # Errors
/// Why not.
pub fn may_attempt_now(case: &Case<'_>, rules: &Rules) -> Result<(), Refused> {
    let view = View::new(case, rules);
    let said = || view.last().map(|last| last.classified.rules.clone()).unwrap_or_default();
    match verdict::of(&view) {
        Some(Action::AskUpdater | Action::AskCustomer | Action::Stop { reason: Reason::CustomerAction }) => {
            return Err(Refused::NewData { rules: said() });
        }
        Some(Action::Stop { reason }) => return Err(Refused::Never { reason, rules: stopped_by(&view) }),
        Some(Action::Attempt { .. } | Action::LetExpire) | None => {}
    }
    if verdict::attempts_borne(&view) == 0 {
        let by_budget = case.own_attempts >= case.max_attempts;
        return Err(Refused::UsedUp { rules: if by_budget { vec![] } else { said() } });
    }
    let bounds = bounds::of(&view);
    if let Some((reason, rule)) = bounds.never {
        return Err(Refused::Never { reason, rules: vec![rule] });
    }
    if bounds.lawful > case.now {
        return Err(Refused::NotBefore { at: bounds.lawful, rules: bounds.bound_by });
    }
    Ok(())
}

/// The rules behind the newest answer that ends an order by itself; else behind the newest of all.
fn stopped_by(view: &View<'_>) -> Vec<String> {
    let stops = |read: &&Read<'_>| read.revokes() || read.classified.class == domain::decline::Class::StopCard;
    let found = view.answers.iter().rev().find(stops).or_else(|| view.last());
    found.map(|read| read.classified.rules.clone()).unwrap_or_default()
}
