//! What a merchant has seen of a card before the rebill that fails: rebills, its own retries of those that were
//! declined, purchases between them.

use domain::{
    decline::Answer,
    ledger::Initiator,
    money::Money,
    time::{DAY, HOUR, Timestamp},
};
use processor::simulator::issuer::{Account, PastPayments, Seen};

use crate::{draw::Draw, rebill::Past};

/// Days between rebills.
const REBILL_DAYS: u32 = 30;
/// Days after a decline at which the merchant itself used to try again.
const RETRY_DAYS: [u32; 3] = [1, 3, 6];
/// Mean days between purchases of those who buy between rebills.
const PURCHASE_DAYS: f64 = 13.0;
/// Earlier attempts that are kept.
const PAST_MAX: usize = 40;

/// The past of a card before a moment, oldest first.
pub fn before(account: &Account, amount: Money, failed_at: Timestamp, depth: &PastPayments, draw: &mut Draw) -> Vec<Past> {
    if draw.chance(depth.none) {
        return Vec::new();
    }
    let reach = DAY.mul_f64(depth.days);
    // Geometric, at least one.
    let payments = 1 + draw.exponential((depth.mean_payments - 1.0).max(0.05)) as u32;
    let retries = draw.chance(depth.retried);
    let mut due: Vec<(Timestamp, Money, Initiator)> = (1..=payments)
        .map(|n| failed_at - DAY * (REBILL_DAYS * n))
        .filter(|at| failed_at.since(*at) <= reach)
        .map(|at| (at, amount, Initiator::Mit))
        .collect();
    if draw.chance(depth.buys_between) {
        let first = due.iter().map(|(at, ..)| *at).min().unwrap_or(failed_at);
        due.extend(purchases(account, amount, first, failed_at, draw));
    }
    due.sort_by_key(|(at, ..)| *at);
    let (mut past, mut seen) = (Vec::new(), Vec::new());
    for (index, (at, amount, initiator)) in due.iter().enumerate() {
        let next = due.get(index + 1).map_or(failed_at, |(at, ..)| *at);
        let approved = attempt(account, *amount, *at, *initiator, &mut past, &mut seen);
        if !approved && retries && *initiator == Initiator::Mit {
            let later = RETRY_DAYS.iter().map(|days| *at + DAY * *days).filter(|again| *again < next);
            later.into_iter().find(|again| attempt(account, *amount, *again, Initiator::Mit, &mut past, &mut seen));
        }
    }
    past.split_off(past.len().saturating_sub(PAST_MAX))
}

fn attempt(
    account: &Account,
    amount: Money,
    at: Timestamp,
    initiator: Initiator,
    past: &mut Vec<Past>,
    seen: &mut Vec<Seen>,
) -> bool {
    let said = account.answer(amount, at, seen);
    seen.push(Seen { at, approved: said.approved });
    let answer = Answer::iso(&said.response_code, said.advice_code.as_deref());
    past.push(Past { at, amount, initiator, answer, approved: said.approved });
    said.approved
}

/// Purchases by the customer, in waking hours.
fn purchases(
    account: &Account,
    amount: Money,
    from: Timestamp,
    until: Timestamp,
    draw: &mut Draw,
) -> Vec<(Timestamp, Money, Initiator)> {
    let mut bought = Vec::new();
    let mut at = from + DAY.mul_f64(draw.exponential(PURCHASE_DAYS));
    while at < until && bought.len() < PAST_MAX {
        let midnight =
            Timestamp::from_civil(at.civil_at(account.offset_minutes()).date().at(0, 0, 0, 0), account.offset_minutes());
        let when = midnight + HOUR.mul_f64(8.0 + 14.0 * draw.unit());
        let share = 0.3 + 1.7 * draw.unit();
        let money = Money::new(((amount.minor as f64 * share) as i64).max(1), amount.currency);
        if when > from && when < until {
            bought.push((when, money, Initiator::Cit));
        }
        at = at + DAY.mul_f64(draw.exponential(PURCHASE_DAYS));
    }
    bought
}
