//! The plan beside fixed schedules in simulated declined rebills: the same customers, the same seeds.
//!
//! The world is not the model's own: balances are numbers that are paid in and spent, some do-not-honours hide an
//! empty account, salaries post at different hours of different habits, every sixth account is never filled
//! again, holds of issuers clear late or never. It shows the order of the policies, not what they would earn.

#[expect(dead_code, reason = "this test needs no ledger")]
mod support;

use domain::{
    ledger::Origin,
    rules::Rules,
    time::{DAY, HOUR, Timestamp},
};
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use recoup_recovery::{Action, Case, Model, Observed, ladder, plan};
use support::{case, declined, start};

/// Local offset of the simulated cardholders, minutes.
const OFFSET_MINUTES: i32 = -300;

struct Customer {
    /// Salary events, by the hour since 60 days before the start, and the balance at each hour in cents.
    balance: Vec<i64>,
    code: &'static str,
    /// An issuer's hold that clears by itself, if that is what the decline is.
    hold_until: Option<Timestamp>,
    placed_at: Timestamp,
    amount: i64,
}

const PAST_HOURS: i64 = 60 * 24;
const HOURS: i64 = PAST_HOURS + 60 * 24;

fn hour(at: Timestamp) -> i64 {
    (at.secs() - start().secs()).div_euclid(3_600) + PAST_HOURS
}

fn local(at_hour: i64) -> jiff::civil::DateTime {
    (start() - HOUR * PAST_HOURS as u32 + HOUR * at_hour as u32).civil_at(OFFSET_MINUTES)
}

/// Whether a salary posts in this hour: five habits of being paid, each posting at its own hour.
fn is_paid(habit: u32, phase: i64, posts_at: i8, at_hour: i64) -> bool {
    let now = local(at_hour);
    let week = (at_hour - i64::from(now.hour())).div_euclid(24).div_euclid(7);
    let friday = now.weekday() == jiff::civil::Weekday::Friday;
    now.hour() == posts_at
        && match habit {
            0 => matches!(now.day(), 1 | 15),
            1 => friday && week.rem_euclid(2) == phase,
            2 => friday,
            3 => now.day() == 3,
            _ => now.date() == now.date().last_of_month() || now.day() == 15,
        }
}

fn balances(rng: &mut ChaCha8Rng) -> Vec<i64> {
    // Most credits are booked at midnight, some during the morning.
    let posts_at = [0, 0, 0, 0, 2, 4, 6, 9][rng.random_range(0..8usize)];
    let (habit, phase) = (rng.random_range(0..5u32), rng.random_range(0..2i64));
    let salary = rng.random_range(8_000..120_000i64);
    let ends_at = if rng.random_range(0..6) == 0 { PAST_HOURS } else { HOURS };
    let share_per_hour = 1.0 / (24.0 * rng.random_range(0.5..6.0f64));
    let mut left = rng.random_range(0..salary);
    let mut hour = |at_hour: i64| {
        let spent = (left as f64 * share_per_hour * rng.random_range(0.0..2.0)) as i64 + rng.random_range(0..60);
        left = (left - spent).max(0) + if at_hour < ends_at && is_paid(habit, phase, posts_at, at_hour) { salary } else { 0 };
        left
    };
    (0..HOURS).map(&mut hour).collect()
}

/// A customer whose rebill was declined: for lack of money, or for nothing by an issuer's hold.
fn customer(rng: &mut ChaCha8Rng) -> Customer {
    loop {
        let balance = balances(rng);
        let placed_at = start() + HOUR * rng.random_range(0..7 * 24u32);
        let amount = rng.random_range(1_000..9_000i64);
        let poor = balance[hour(placed_at) as usize] < amount;
        let hold = rng.random_range(0..100) < 18;
        if !poor && !hold {
            continue;
        }
        let clears = rng.random_range(6..900u32);
        let code = if hold || rng.random_range(0..100) < 25 { "05" } else { "51" };
        return Customer { balance, code, hold_until: hold.then(|| placed_at + HOUR * clears), placed_at, amount };
    }
}

fn approves(customer: &Customer, at: Timestamp) -> bool {
    let rich = customer.balance.get(hour(at) as usize).is_some_and(|balance| *balance >= customer.amount);
    rich && customer.hold_until.is_none_or(|until| at >= until)
}

/// A schedule to compare, with its attempts and its days.
#[derive(Clone, Copy)]
struct Policy {
    next: fn(&Case<'_>) -> Action,
    attempts_max: u32,
    days: u32,
}

fn planned(case: &Case<'_>) -> Action {
    plan(case, Rules::builtin(), Model::builtin()).action
}

fn fixed(case: &Case<'_>) -> Action {
    ladder(case, Rules::builtin()).action
}

/// Eight attempts, evenly over the same three weeks.
fn even(case: &Case<'_>) -> Action {
    let at = case.placed_at + HOUR * 60 * (case.own_attempts + 1);
    if case.own_attempts < 8 { Action::Attempt { at } } else { Action::LetExpire }
}

/// Works one order to its end: whether it was paid, and by how many attempts.
fn work(customer: &Customer, seed: u64, policy: Policy) -> (bool, u32) {
    let mut observed: Vec<Observed> = vec![declined(customer.placed_at, customer.code, None, Origin::Evaluated)];
    let mut now = customer.placed_at;
    loop {
        let base = case(&observed);
        let amount = domain::money::Money::new(customer.amount, base.amount.currency);
        let expires_at = customer.placed_at + DAY * policy.days;
        let max_attempts = policy.attempts_max;
        let case = Case { now, placed_at: customer.placed_at, expires_at, amount, seed, max_attempts, ..base };
        let own = case.own_attempts;
        match (policy.next)(&case) {
            Action::Attempt { at } if approves(customer, at) => return (true, own + 1),
            Action::Attempt { at } => {
                observed.push(declined(at, customer.code, None, Origin::Own));
                now = at;
            }
            _ => return (false, own),
        }
    }
}

/// Whether any hour after the first day would have been the right one.
fn is_rescuable(customer: &Customer, days: u32) -> bool {
    (24..days * 24).any(|hours| approves(customer, customer.placed_at + HOUR * hours))
}

/// Orders rescued, and attempts made for all.
fn score(customers: &[Customer], next: fn(&Case<'_>) -> Action, attempts_max: u32, days: u32) -> (f64, f64) {
    let policy = Policy { next, attempts_max, days };
    let results = customers.iter().enumerate().map(|(seed, customer)| work(customer, seed as u64, policy));
    results
        .fold((0.0, 0.0), |(paid, attempts), (is_paid, used)| (paid + f64::from(u8::from(is_paid)), attempts + f64::from(used)))
}

#[test]
fn the_plan_rescues_more_with_fewer_attempts_than_fixed_schedules() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_261_120);
    let customers: Vec<Customer> = (0..500).map(|_| customer(&mut rng)).collect();
    let by_plan = score(&customers, planned, 8, 21);
    let by_even = score(&customers, even, 8, 21);
    let short_plan = score(&customers, planned, 4, 8);
    let by_ladder = score(&customers, fixed, 4, 8);
    let rescuable = |days: u32| customers.iter().filter(|customer| is_rescuable(customer, days)).count() as f64;
    println!("three weeks, eight attempts: plan {by_plan:?}, even {by_even:?}, clairvoyant {}", rescuable(21));
    println!("eight days, four attempts: plan {short_plan:?}, ladder {by_ladder:?}, clairvoyant {}", rescuable(8));
    // Four attempts in a week: where they fall decides.
    assert!(short_plan.0 > by_ladder.0 * 1.05 && short_plan.1 < by_ladder.1 * 0.9);
    // Eight in three weeks find most money anyhow: no fewer rescues, with clearly fewer attempts.
    assert!(by_plan.0 >= by_even.0 && by_plan.1 < by_even.1 * 0.9);
    assert!(by_plan.0 <= rescuable(21) && short_plan.0 <= rescuable(8));
}
