//! What is known of one subject. Its size is bounded: by days and bursts that are kept and by steps of amounts.

use super::{
    days::{Days, day},
    habit::Habit,
    recent::{Recent, bucket},
    subject::Kind,
    transaction::Transaction,
};

/// Parts of the day that hours are counted in.
pub(super) const PARTS_OF_DAY: usize = 8;

/// What is known of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// First and last transaction, microseconds.
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) count: u64,
    pub(super) declined: u64,
    pub(super) frauds: u64,
    pub(super) hours: [u32; PARTS_OF_DAY],
    pub(super) recent: Recent,
    pub(super) days: Days,
    pub(super) habit: Habit,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            first: i64::MAX,
            last: i64::MIN,
            count: 0,
            declined: 0,
            frauds: 0,
            hours: [0; PARTS_OF_DAY],
            recent: Recent::default(),
            days: Days::default(),
            habit: Habit::default(),
        }
    }
}

/// The part of the day of an instant, UTC.
pub(super) fn part_of_day(micros: i64) -> usize {
    let hour = micros.div_euclid(3_600 * 1_000_000).rem_euclid(24);
    hour as usize * PARTS_OF_DAY / 24
}

impl Profile {
    /// Transactions seen.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Frauds known.
    pub fn frauds(&self) -> u64 {
        self.frauds
    }

    /// Takes in a transaction, seen from the subject of this kind. Transactions may come in any order.
    pub fn observe(&mut self, transaction: &Transaction, kind: Kind) {
        let micros = transaction.at.micros();
        let amount = transaction.hundredths.max(0);
        let declined = u32::from(transaction.declined);
        self.first = self.first.min(micros);
        self.last = self.last.max(micros);
        self.count += 1;
        self.declined += u64::from(declined);
        let hour = &mut self.hours[part_of_day(micros)];
        *hour = hour.saturating_add(1);
        if let Some(burst) = self.recent.entry(bucket(micros)) {
            burst.count = burst.count.saturating_add(1);
            burst.declined = burst.declined.saturating_add(declined);
            burst.hundredths = burst.hundredths.saturating_add(amount);
        }
        if let Some(day) = self.days.entry(day(micros)) {
            day.count = day.count.saturating_add(1);
            day.declined = day.declined.saturating_add(declined);
            day.hundredths = day.hundredths.saturating_add(amount);
            day.top = day.top.max(amount);
            day.partners |= transaction.partner(kind);
        }
        // A declined amount says what somebody tried, not what the owner usually spends.
        if kind == Kind::Card && !transaction.declined {
            self.habit.add(amount);
        }
    }

    /// Takes in that a transaction is known to be fraud. `plain`: its amount was usual for the card.
    pub fn fraud(&mut self, transaction: &Transaction, kind: Kind, plain: bool) {
        self.frauds += 1;
        if let Some(day) = self.days.entry(day(transaction.at.micros())) {
            day.frauds = day.frauds.saturating_add(1);
            day.plain = day.plain.saturating_add(plain.into());
        }
        if kind == Kind::Card && !transaction.declined {
            self.habit.remove(transaction.hundredths.max(0));
        }
    }

    /// Whether an amount is usual for this card; never, when little is known of it.
    pub fn is_usual(&self, hundredths: i64) -> bool {
        const ENOUGH: i64 = 5;
        const USUAL_TIMES: f32 = 2.0;
        self.habit.count > ENOUGH && self.habit.mean().is_some_and(|mean| hundredths as f32 <= mean * USUAL_TIMES)
    }
}
