//! Sums by time bucket: what happened in each of the latest buckets, sparse, and the same whatever the order of events.

/// Entries by bucket number, oldest first; those that are `KEEP` buckets or more behind the newest are forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Series<E, const KEEP: u32> {
    entries: Vec<(u32, E)>,
}

impl<E, const KEEP: u32> Default for Series<E, KEEP> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<E: Default, const KEEP: u32> Series<E, KEEP> {
    /// The entry of a bucket, made when missing. `None`: the bucket is forgotten already.
    pub(super) fn entry(&mut self, bucket: u32) -> Option<&mut E> {
        let newest = self.entries.last().map_or(bucket, |(newest, _)| *newest);
        if newest.saturating_sub(bucket) >= KEEP {
            return None;
        }
        if bucket > newest {
            let kept = self.entries.partition_point(|(old, _)| bucket - old >= KEEP);
            self.entries.drain(..kept);
        }
        let place = self.entries.partition_point(|(other, _)| *other < bucket);
        if self.entries.get(place).is_none_or(|(other, _)| *other != bucket) {
            self.entries.insert(place, (bucket, E::default()));
        }
        Some(&mut self.entries[place].1)
    }

    /// Entries from a bucket on, newest first.
    pub(super) fn since(&self, bucket: u32) -> impl Iterator<Item = (u32, &E)> {
        self.entries.iter().rev().take_while(move |(other, _)| *other >= bucket).map(|(bucket, entry)| (*bucket, entry))
    }

    /// All entries, oldest first.
    pub(super) fn entries(&self) -> &[(u32, E)] {
        &self.entries
    }

    /// Takes entries from outside: rising, and none forgotten.
    pub(super) fn of(entries: Vec<(u32, E)>) -> Option<Self> {
        let rising = entries.is_sorted_by(|(one, _), (next, _)| one < next);
        let span = entries.last().zip(entries.first()).map_or(0, |((last, _), (first, _))| last.saturating_sub(*first));
        (rising && span < KEEP).then_some(Self { entries })
    }
}
