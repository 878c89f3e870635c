//! The last months by day, and what is known of their frauds.

use super::series::Series;

/// Length of a day, microseconds.
pub(super) const DAY_MICROS: i64 = 86_400 * 1_000_000;
/// Days that are kept: a month, seen through a delay of three.
pub(super) const DAYS_KEPT: u32 = 130;

/// What happened on a day (UTC), and which of it is known to be fraud.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) count: u32,
    pub(super) declined: u32,
    pub(super) hundredths: i64,
    /// The largest amount.
    pub(super) top: i64,
    /// Known frauds.
    pub(super) frauds: u32,
    /// Of these, with an amount that was usual for the card: where it was paid is to blame, not the card.
    pub(super) plain: u32,
    /// A bit for each partner, hashed.
    pub(super) partners: u32,
}

/// The last months.
pub(super) type Days = Series<Day, DAYS_KEPT>;

/// The day of an instant.
pub(super) fn day(micros: i64) -> u32 {
    micros.div_euclid(DAY_MICROS).clamp(0, i64::from(u32::MAX)) as u32
}

/// Sums over days.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Window {
    pub(super) count: u32,
    pub(super) declined: u32,
    pub(super) hundredths: i64,
    pub(super) top: i64,
    pub(super) frauds: u32,
    partners: u32,
}

impl Window {
    /// The days from one up to, and without, another.
    pub(super) fn of(days: &Days, from: u32, until: u32) -> Self {
        days.since(from).filter(|(day, _)| *day < until).fold(Self::default(), |sum, (_, day)| Self {
            count: sum.count.saturating_add(day.count),
            declined: sum.declined.saturating_add(day.declined),
            hundredths: sum.hundredths.saturating_add(day.hundredths),
            top: sum.top.max(day.top),
            frauds: sum.frauds.saturating_add(day.frauds),
            partners: sum.partners | day.partners,
        })
    }

    /// How many different partners, estimated from the bits that are free.
    pub(super) fn distinct(&self) -> f32 {
        let free = self.partners.count_zeros().max(1);
        -32.0 * (free as f32 / 32.0).ln()
    }

    /// Mean amount.
    pub(super) fn mean(&self) -> Option<f32> {
        (self.count > 0).then(|| self.hundredths as f32 / self.count as f32)
    }
}

/// Known frauds in a row: the latest run of days with frauds, without a day that is known to be clean between.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// First day with a fraud.
    pub(super) first: u32,
    /// Last day with a fraud.
    pub(super) last: u32,
    /// Frauds.
    pub(super) frauds: u32,
    /// Of these with a usual amount.
    pub(super) plain: u32,
    /// Payments on its days that were no frauds.
    pub(super) mixed: u32,
    /// Payments after it that are known to be good.
    pub(super) clean_after: u32,
    /// Days from the last good day before it to its first; zero when there is none.
    pub(super) gap: u32,
}

/// The latest run; payments of days before `mature` are good unless they are known to be fraud.
pub(super) fn run(days: &Days, mature: u32) -> Option<Run> {
    let mut run: Option<Run> = None;
    let mut clean_after = 0_u32;
    for (number, day) in days.since(0) {
        let good = if number < mature { day.count.saturating_sub(day.frauds) } else { 0 };
        match &mut run {
            None if day.frauds == 0 => clean_after = clean_after.saturating_add(good),
            None => {
                let Day { frauds, plain, .. } = *day;
                run = Some(Run { first: number, last: number, frauds, plain, mixed: good, clean_after, gap: 0 });
            }
            Some(run) if day.frauds > 0 => {
                run.first = number;
                run.frauds = run.frauds.saturating_add(day.frauds);
                run.plain = run.plain.saturating_add(day.plain);
                run.mixed = run.mixed.saturating_add(good);
            }
            Some(run) if good > 0 => {
                run.gap = run.first - number;
                break;
            }
            Some(_) => {}
        }
    }
    run
}
