//! Made-up payments with three kinds of fraud, to try the backtest on: the design of the fraud-detection handbook's
//! public simulator (Le Borgne et al., 2022), seeded.
//!
//! Cards and terminals lie on a square of 100 by 100; a card pays at terminals within a radius, an amount around its
//! own mean, a few times a day. Frauds: every amount above a limit; every payment at a terminal that is compromised
//! (some a day, for weeks); a share of the payments of a card that is (some a day, for days), at a multiple of their amount.

use domain::time::{DAY, Timestamp};
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};

use super::{
    subject::{Kind, Subject},
    transaction::Transaction,
};

/// Parameters of a world.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// What chance is drawn from.
    pub seed: u64,
    /// Cards.
    pub cards: u32,
    /// Terminals.
    pub terminals: u32,
    /// Days.
    pub days: u32,
    /// How far a card goes.
    pub radius: f64,
    /// Amounts above are fraud, in hundredths.
    pub limit_hundredths: i64,
    /// Terminals that are compromised each day, and for how many days.
    pub bad_terminals: (u32, u32),
    /// Cards that are compromised each day, and for how many days.
    pub bad_cards: (u32, u32),
    /// A compromised card's amounts are multiplied by this, for one payment in three.
    pub multiple: i64,
}

impl World {
    /// The handbook's parameters.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            cards: 5_000,
            terminals: 10_000,
            days: 183,
            radius: 5.0,
            limit_hundredths: 22_000,
            bad_terminals: (2, 28),
            bad_cards: (3, 14),
            multiple: 5,
        }
    }
}

/// One made-up payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// When, UTC.
    pub at: Timestamp,
    /// Number of the card.
    pub card: u32,
    /// Number of the terminal.
    pub terminal: u32,
    /// Amount in hundredths.
    pub hundredths: i64,
    /// Whether it is fraud.
    pub fraud: bool,
}

impl Made {
    /// As risk sees it.
    pub fn transaction(&self) -> Transaction {
        let subject = |kind, number: u32| Subject { kind, key: key(number) };
        Transaction {
            at: self.at,
            hundredths: self.hundredths,
            declined: false,
            subjects: vec![subject(Kind::Card, self.card), subject(Kind::Terminal, self.terminal)],
        }
    }
}

/// A key for a number, spread over all bytes.
fn key(number: u32) -> [u8; 16] {
    let spread = (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    spread.to_be_bytes()
}

impl World {
    /// Its payments from an instant on, in order of time.
    pub fn payments(&self, from: Timestamp) -> Vec<Made> {
        let mut chance = ChaCha8Rng::seed_from_u64(self.seed);
        let place = |chance: &mut ChaCha8Rng| (chance.random_range(0.0..100.0_f64), chance.random_range(0.0..100.0_f64));
        let terminals: Vec<(f64, f64)> = (0..self.terminals).map(|_| place(&mut chance)).collect();
        let mut made = Vec::new();
        for card in 0..self.cards {
            let (x, y) = place(&mut chance);
            let near: Vec<u32> = (0..self.terminals)
                .zip(&terminals)
                .filter(|(_, (tx, ty))| (tx - x).hypot(ty - y) < self.radius)
                .map(|(terminal, _)| terminal)
                .collect();
            if !near.is_empty() {
                self.pay(card, &near, from, &mut chance, &mut made);
            }
        }
        made.sort_by_key(|payment| (payment.at, payment.card, payment.terminal));
        for payment in &mut made {
            payment.fraud = payment.hundredths > self.limit_hundredths;
        }
        self.compromise_terminals(from, &mut chance, &mut made);
        self.compromise_cards(from, &mut chance, &mut made);
        made
    }

    /// The payments of one card.
    fn pay(&self, card: u32, near: &[u32], from: Timestamp, chance: &mut ChaCha8Rng, made: &mut Vec<Made>) {
        let (mean, a_day) = (chance.random_range(5.0..100.0), chance.random_range(0.0..4.0));
        for day in 0..self.days {
            for _ in 0..poisson(a_day, chance) {
                let second = normal(43_200.0, 20_000.0, chance) as i64;
                let amount = normal(mean, mean / 2.0, chance);
                let amount = if amount < 0.0 { chance.random_range(0.0..mean * 2.0) } else { amount };
                let terminal = near[chance.random_range(0..near.len())];
                if (0..86_400).contains(&second) {
                    let at = Timestamp::from_micros((from + DAY * day).micros() + second * 1_000_000);
                    made.push(Made { at, card, terminal, hundredths: (amount * 100.0).round() as i64, fraud: false });
                }
            }
        }
    }

    fn compromise_terminals(&self, from: Timestamp, chance: &mut ChaCha8Rng, made: &mut [Made]) {
        let (a_day, for_days) = self.bad_terminals;
        for (terminal, start, end) in self.periods(from, self.terminals, a_day, for_days, chance) {
            let within = |it: &&mut Made| it.terminal == terminal && it.at < end;
            let first = made.partition_point(|it| it.at < start);
            made[first..].iter_mut().take_while(|it| it.at < end).filter(within).for_each(|it| it.fraud = true);
        }
    }

    fn compromise_cards(&self, from: Timestamp, chance: &mut ChaCha8Rng, made: &mut [Made]) {
        let (a_day, for_days) = self.bad_cards;
        for (card, start, end) in self.periods(from, self.cards, a_day, for_days, chance) {
            let first = made.partition_point(|it| it.at < start);
            let theirs = made[first..].iter_mut().take_while(|it| it.at < end).filter(|it| it.card == card);
            for payment in theirs {
                if chance.random_bool(1.0 / 3.0) {
                    payment.hundredths *= self.multiple;
                    payment.fraud = true;
                }
            }
        }
    }

    /// Who is compromised, from when until when.
    fn periods(
        &self,
        from: Timestamp,
        of: u32,
        a_day: u32,
        for_days: u32,
        chance: &mut ChaCha8Rng,
    ) -> Vec<(u32, Timestamp, Timestamp)> {
        let starts = (0..self.days).flat_map(|day| (0..a_day).map(move |_| day));
        starts.map(|day| (chance.random_range(0..of.max(1)), from + DAY * day, from + DAY * (day + for_days))).collect()
    }
}

/// Box and Muller's way to a normal number.
fn normal(mean: f64, deviation: f64, chance: &mut ChaCha8Rng) -> f64 {
    let (one, other): (f64, f64) = (chance.random_range(f64::MIN_POSITIVE..1.0), chance.random_range(0.0..1.0));
    mean + deviation * (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}

/// Knuth's way to a Poisson number; for small means.
fn poisson(mean: f64, chance: &mut ChaCha8Rng) -> u32 {
    let (limit, mut product, mut count) = ((-mean).exp(), chance.random_range(0.0..1.0_f64), 0);
    while product > limit {
        product *= chance.random_range(0.0..1.0_f64);
        count += 1;
    }
    count
}
