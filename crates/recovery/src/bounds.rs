//! The earliest moment at which an attempt is lawful, and the earliest at which we plan one.

use domain::{
    decline::Reason,
    limits::{self, Permit, Planned, Usage},
    rules::{Floor, Kind},
    time::Timestamp,
};

use crate::view::View;

/// What the rules leave open.
pub struct Bounds {
    /// The earliest moment by the floors of codes and advice alone.
    pub floor: Timestamp,
    /// The earliest lawful moment: by the networks' own limits, too.
    pub lawful: Timestamp,
    /// The earliest that also keeps our headroom below the limits.
    pub planned: Timestamp,
    /// Rules that moved the one or the other, in the order met.
    pub bound_by: Vec<String>,
    /// No lawful attempt in the rescue period: why, and by which rule.
    pub never: Option<Never>,
    /// The same when our headroom is kept.
    pub exhausted: Option<Never>,
    /// Every limit with its use at the earliest lawful moment.
    pub usages: Vec<Usage>,
}

/// Why there is no attempt, and the rule.
pub type Never = (Reason, String);

/// Computes the bounds of the next attempt.
pub fn of(view: &View<'_>) -> Bounds {
    let (floor, mut bound_by) = floors(view);
    let verdict = check(view, floor);
    let lawful = settle(view, floor, &mut bound_by, |verdict| verdict.lawful);
    let planned = lawful.clone().and_then(|at| settle(view, at, &mut bound_by, |verdict| verdict.planned));
    Bounds {
        floor,
        never: unreachable(view, floor, &lawful, &verdict.lawful),
        exhausted: unreachable(view, floor, &planned, &verdict.planned),
        lawful: lawful.unwrap_or(Timestamp::FAR_FUTURE),
        planned: planned.unwrap_or(Timestamp::FAR_FUTURE),
        bound_by,
        usages: verdict.rules,
    }
}

/// The latest floor of the answers to the account data in use: a new credential may be tried at once.
fn floors(view: &View<'_>) -> (Timestamp, Vec<String>) {
    let (mut earliest, mut bound_by) = (view.case.now, Vec::new());
    for read in view.of_this_credential() {
        for (floor, rule) in read.classified.floors() {
            let at = match floor {
                Floor::After(wait) => read.at + wait,
                Floor::NextLocalDay => view.zone.next_day(read.at),
            };
            if at > earliest {
                earliest = at;
                bound_by.push(rule);
            }
        }
    }
    (earliest, bound_by)
}

/// Moves a moment forward until a permit allows it.
fn settle(
    view: &View<'_>,
    from: Timestamp,
    bound_by: &mut Vec<String>,
    permit: impl Fn(limits::Verdict) -> Permit,
) -> Result<Timestamp, Never> {
    // Each round leaves one window behind; a network has fewer rules than this.
    const ROUNDS_MAX: usize = 8;
    let mut at = from;
    for _ in 0..ROUNDS_MAX {
        match permit(check(view, at)) {
            Permit::Allowed => return Ok(at),
            Permit::Never { rule, reason } => return Err((reason, rule)),
            Permit::NotBefore { at: later, rule } => {
                at = later.max(at);
                if !bound_by.contains(&rule) {
                    bound_by.push(rule);
                }
            }
        }
    }
    Err((Reason::LimitReached, "network_limits".to_owned()))
}

fn check(view: &View<'_>, at: Timestamp) -> limits::Verdict {
    let case = view.case;
    let planned = Planned {
        at,
        network: case.network,
        initiator: case.initiator,
        amount: case.amount,
        merchant_country: case.merchant_country,
        credential_changed_at: case.credential_changed_at,
    };
    limits::check(view.rules, case.ledger, &planned)
}

/// A limit forbids the attempt or moves it past the end of the rescue period: a stop says "hard decline", a
/// counter "limit reached".
fn unreachable(view: &View<'_>, floor: Timestamp, earliest: &Result<Timestamp, Never>, permit: &Permit) -> Option<Never> {
    match earliest {
        Err(never) => Some(never.clone()),
        Ok(at) if *at > floor && *at >= view.case.expires_at => {
            let rule = permit.rule()?.to_owned();
            let of_network = view.rules.limits(view.case.network, view.case.merchant_country, floor);
            let stops = of_network.iter().any(|limit| limit.id == rule && limit.kind == Kind::Stop);
            Some((if stops { Reason::HardDecline } else { Reason::LimitReached }, rule))
        }
        Ok(_) => None,
    }
}
