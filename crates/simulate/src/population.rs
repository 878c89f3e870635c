//! Failed rebills of a world, as many as wanted.

use domain::{
    decline::Answer,
    ledger::Initiator,
    money::{Currency, Money},
    time::{DAY, HOUR, Timestamp},
};
use processor::simulator::issuer::{self, Account, Seen, World, usd_per_unit};

use crate::{draw::Draw, past, rebill::Rebill, share::in_parallel};

/// The customers of one merchant in one world.
#[derive(Debug, Clone, Copy)]
pub struct Population {
    /// The world they live in.
    pub world: &'static World,
    /// Seed of the world and of the customers.
    pub seed: u64,
    /// Days of the rescue period.
    pub days: u32,
    /// The first customer; others than those of a population learnt from.
    pub first: u64,
    /// When the first rebills fail, UTC.
    pub starts_at: Timestamp,
}

/// Rebills fail evenly over this many days, so that every day of the month is met.
const SPREAD_DAYS: u64 = 91;
/// Customers looked at in one go.
const BATCH: u64 = 4_096;
/// Customers looked at for each failed rebill that is wanted: about one in five is declined.
const PATIENCE: u64 = 60;
/// 2026-01-05, a Monday.
const YEAR_STARTS_SECS: i64 = 1_767_571_200;
/// Prices in US dollars, with their shares; `recovery.md` names none: ours, consumer subscriptions.
const PRICES_USD_CENTS: [(f64, u32); 10] = [
    (0.10, 499),
    (0.20, 999),
    (0.18, 1_499),
    (0.16, 1_999),
    (0.13, 2_999),
    (0.10, 4_999),
    (0.06, 7_999),
    (0.04, 9_999),
    (0.02, 14_999),
    (0.01, 29_900),
];

/// What draws are for.
const REBILL: u64 = 1;

impl Population {
    /// Customers whose rebills fail from a day of 2026 that the seed chooses.
    pub fn new(world: &'static World, seed: u64, days: u32) -> Self {
        let mut draw = Draw::new(seed, 0, 0);
        let starts_at = Timestamp::from_secs(YEAR_STARTS_SECS) + DAY * 120 + DAY * draw.below(140) as u32;
        Self { world, seed, days, first: 0, starts_at }
    }

    /// Other customers of the same merchant and issuers, whose rebills failed in the months before.
    #[must_use]
    pub fn before(self) -> Self {
        const OTHERS: u64 = 1 << 32;
        Self { first: self.first + OTHERS, starts_at: self.starts_at - DAY * (SPREAD_DAYS as u32 + self.days + 1), ..self }
    }

    /// So many failed rebills, in the order of customers; fewer only when the world declines next to nothing.
    pub fn failed(&self, count: usize) -> Vec<Rebill> {
        let mut failed = Vec::with_capacity(count);
        let most = self.first + PATIENCE * (count as u64 + BATCH);
        let mut next = self.first;
        while failed.len() < count && next < most {
            let numbers: Vec<u64> = (next..next + BATCH.min(8 * count as u64 + 64)).collect();
            next += numbers.len() as u64;
            failed.extend(in_parallel(&numbers, |number| self.rebill(*number)).into_iter().flatten());
        }
        failed.truncate(count);
        failed
    }

    /// The rebill of one customer, if it fails.
    fn rebill(&self, number: u64) -> Option<Rebill> {
        let mut draw = Draw::new(self.seed, REBILL, number);
        let card = issuer::card(self.seed, number)?;
        let failed_at = self.starts_at + DAY * draw.below(SPREAD_DAYS) as u32 + HOUR.mul_f64(24.0 * draw.unit());
        let failed_at = Timestamp::from_secs(failed_at.secs());
        let account = Account::of(self.world, self.seed, &card, failed_at);
        let (amount, amount_usd) = price(account.currency(), &mut draw)?;
        if account.answer(amount, failed_at, &[]).approved {
            return None;
        }
        let past = past::before(&account, amount, failed_at, &self.world.history, &mut draw);
        let seen: Vec<Seen> = past.iter().map(|past| Seen { at: past.at, approved: past.approved }).collect();
        let said = account.answer(amount, failed_at, &seen);
        (!said.approved).then(|| Rebill {
            number,
            bin: card.reveal().chars().take(8).collect(),
            network: account.network(),
            funding: account.funding(),
            issuer_country: account.country(),
            merchant_country: "US",
            offset_minutes: account.offset_minutes(),
            amount,
            amount_usd,
            failed_at,
            window_ends_at: failed_at + DAY * self.days,
            decline: Answer::iso(&said.response_code, said.advice_code.as_deref()),
            past,
            seed: draw.word(),
            cause: account.cause(amount, failed_at, &seen),
            account,
        })
    }

    /// Who initiates the rebills.
    pub const fn initiator() -> Initiator {
        Initiator::Mit
    }
}

/// A price in the customer's currency, and in US dollars.
fn price(currency: &str, draw: &mut Draw) -> Option<(Money, f64)> {
    let usd_cents = f64::from(draw.pick(&PRICES_USD_CENTS)?);
    let rate = usd_per_unit(currency);
    let minor = (usd_cents / rate).round();
    Some((Money::new(minor as i64, Currency::parse(currency)?), minor * rate / 100.0))
}
