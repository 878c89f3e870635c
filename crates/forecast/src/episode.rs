//! From attempts to payments: a payment that was declined, the merchant's own further tries, and how it ended.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::{history::History, row::Row};

/// How a declined payment ended, as far as the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The merchant collected it without us.
    Collected,
    /// It stayed open.
    Open,
    /// The file ends before the merchant's own chance was over.
    Unseen,
}

/// A declined payment: its declines are `order[from..from + len]` of [`Episodes`].
#[derive(Debug, Clone, Copy)]
pub struct Episode {
    from: u32,
    len: u32,
    /// The row that collected it in the same payment.
    pub approval: Option<u32>,
    pub fate: Fate,
}

/// All declined payments of a file.
#[derive(Debug)]
pub struct Episodes {
    order: Vec<u32>,
    /// All rows by account and time.
    accounts: Vec<u32>,
    pub list: Vec<Episode>,
}

impl Episodes {
    /// Puts attempts together. Attempts belong to one payment when they name the same order, or, without one, the
    /// same card (or payer) and amount; a gap longer than `window_secs` or an approval ends it.
    pub fn of(history: &History, window_secs: i64) -> Self {
        let rows = &history.rows;
        let at = |index: u32| &rows[index as usize];
        let keys: Vec<u64> = rows.iter().enumerate().map(|(index, row)| key(row, index)).collect();
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.sort_unstable_by_key(|index| (keys[*index as usize], at(*index).at, *index));
        let mut accounts: Vec<u32> = (0..rows.len() as u32).filter(|index| at(*index).account != 0).collect();
        accounts.sort_unstable_by_key(|index| (at(*index).account, at(*index).at, *index));
        let mut all = Self { order, accounts, list: Vec::new() };
        let end = rows.iter().map(|row| row.at).max().unwrap_or_default();
        let mut from = 0;
        while from < all.order.len() {
            from = all.take(history, &keys, from, window_secs, end);
        }
        all
    }

    /// Takes the payment that begins at a place of the order; the place behind it.
    fn take(&mut self, history: &History, keys: &[u64], from: usize, window_secs: i64, end: i64) -> usize {
        let row = |place: usize| &history.rows[self.order[place] as usize];
        let belongs = |place: usize| {
            keys[self.order[place] as usize] == keys[self.order[from] as usize]
                && row(place).at - row(place - 1).at <= window_secs
        };
        if row(from).approved {
            return from + 1;
        }
        let mut place = from + 1;
        while place < self.order.len() && belongs(place) && !row(place).approved {
            place += 1;
        }
        let approval = (place < self.order.len() && belongs(place)).then(|| self.order[place]);
        let last = *row(place - 1);
        let fate = match approval {
            Some(_) => Fate::Collected,
            None if self.is_paid_otherwise(history, &last, window_secs) => Fate::Collected,
            None if last.at + window_secs > end => Fate::Unseen,
            None => Fate::Open,
        };
        self.list.push(Episode { from: from as u32, len: (place - from) as u32, approval, fate });
        place + usize::from(approval.is_some())
    }

    /// The same amount was approved on the same account soon after, under whatever order: it may be the same debt, so
    /// it is not ours.
    fn is_paid_otherwise(&self, history: &History, last: &Row, window_secs: i64) -> bool {
        let later = self.of_account(history, last.account, last.at + 1, last.at + window_secs);
        later
            .iter()
            .map(|index| &history.rows[*index as usize])
            .any(|row| row.approved && row.amount == last.amount && row.currency == last.currency)
    }

    /// Rows of an account between two moments, both inclusive, oldest first.
    pub fn of_account(&self, history: &History, account: u64, from: i64, to: i64) -> &[u32] {
        if account == 0 {
            return &[];
        }
        let key = |index: u32| (history.rows[index as usize].account, history.rows[index as usize].at);
        let begin = self.accounts.partition_point(|index| key(*index) < (account, from));
        let end = self.accounts.partition_point(|index| key(*index) <= (account, to));
        &self.accounts[begin..end.max(begin)]
    }

    /// The declines of a payment, oldest first.
    pub fn declines(&self, episode: &Episode) -> &[u32] {
        &self.order[episode.from as usize..(episode.from + episode.len) as usize]
    }
}

fn key(row: &Row, index: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    match (row.order, row.account) {
        (0, 0) => (0u8, index).hash(&mut hasher),
        (0, account) => (1u8, account, row.amount, row.currency).hash(&mut hasher),
        (order, _) => (2u8, order).hash(&mut hasher),
    }
    hasher.finish()
}
