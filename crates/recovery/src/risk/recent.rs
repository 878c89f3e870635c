//! The last day by ten minutes.

use super::series::Series;

/// Length of a bucket, microseconds.
const BUCKET_MICROS: i64 = 600 * 1_000_000;
/// Buckets of an hour.
pub(super) const HOUR_BUCKETS: u32 = 6;
/// Buckets of a day, and what is kept.
pub(super) const DAY_BUCKETS: u32 = 144;

/// What happened in ten minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Burst {
    pub(super) count: u32,
    pub(super) declined: u32,
    pub(super) hundredths: i64,
}

/// The last day.
pub(super) type Recent = Series<Burst, DAY_BUCKETS>;

/// The bucket of an instant.
pub(super) fn bucket(micros: i64) -> u32 {
    micros.div_euclid(BUCKET_MICROS).clamp(0, i64::from(u32::MAX)) as u32
}

/// The sum of the buckets up to an instant.
pub(super) fn sum(recent: &Recent, now: i64, buckets: u32) -> Burst {
    let newest = bucket(now);
    recent.since(newest.saturating_sub(buckets - 1)).filter(|(bucket, _)| *bucket <= newest).fold(
        Burst::default(),
        |sum, (_, burst)| Burst {
            count: sum.count.saturating_add(burst.count),
            declined: sum.declined.saturating_add(burst.declined),
            hundredths: sum.hundredths.saturating_add(burst.hundredths),
        },
    )
}
