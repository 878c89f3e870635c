//! A transaction beside the profiles of what it touches, as numbers. Missing is `NaN`.

use std::{sync::OnceLock, time::Duration};

use domain::time::Timestamp;

use super::{
    days::{Run, Window, day, run},
    habit::Habit,
    profile::{PARTS_OF_DAY, Profile, part_of_day},
    recent::{DAY_BUCKETS, HOUR_BUCKETS, sum},
    subject::Kind,
    transaction::Transaction,
};

/// Fraud rates are drawn to this one.
const PRIOR_RATE: f32 = 0.005;
/// As if so many payments had been seen at the prior rate.
const PRIOR_COUNT: f32 = 8.0;
/// A payment above so many times the card's mean stands out.
const STANDS_OUT: f32 = 2.5;

/// Profiles of what a transaction touches, by kind.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen<'a>([Option<&'a Profile>; Kind::ALL.len()]);

impl<'a> Seen<'a> {
    /// From kinds and profiles.
    pub fn of(profiles: impl IntoIterator<Item = (Kind, &'a Profile)>) -> Self {
        let mut seen = Self::default();
        for (kind, profile) in profiles {
            seen.0[usize::from(kind.number())] = Some(profile);
        }
        seen
    }

    /// The profile of a kind.
    pub fn get(&self, kind: Kind) -> Option<&'a Profile> {
        self.0[usize::from(kind.number())]
    }
}

/// The numbers of one transaction, in the order of [`names()`].
#[derive(Debug, Clone, PartialEq)]
pub struct Features(Vec<f32>);

impl Features {
    /// Numbers in the order of [`names()`].
    pub(super) const fn of(values: Vec<f32>) -> Self {
        Self(values)
    }

    /// The numbers.
    pub fn values(&self) -> &[f32] {
        &self.0
    }

    /// One number by name; `NaN` when it is missing or there is none of that name.
    pub fn get(&self, name: &str) -> f32 {
        names().iter().position(|other| other == name).map_or(f32::NAN, |place| self.0[place])
    }
}

/// Names of the features, in order.
pub fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let nothing = Transaction { at: Timestamp::EPOCH, hundredths: 0, declined: false, subjects: Vec::new() };
        let mut sheet = Sheet { values: Vec::new(), names: Some(Vec::new()) };
        fill(&mut sheet, &nothing, &Seen::default(), Duration::ZERO);
        sheet.names.unwrap_or_default()
    })
}

/// The features of a transaction beside the profiles as they were before it. `delay`: how long after a payment it is
/// known to be no fraud.
pub fn features(transaction: &Transaction, seen: &Seen<'_>, delay: Duration) -> Features {
    let mut sheet = Sheet { values: Vec::with_capacity(names().len()), names: None };
    fill(&mut sheet, transaction, seen, delay);
    Features(sheet.values)
}

/// Numbers as they come, with their names when these are asked for.
struct Sheet {
    values: Vec<f32>,
    names: Option<Vec<String>>,
}

impl Sheet {
    fn put(&mut self, block: &str, name: &str, value: impl Into<Option<f32>>) {
        self.values.push(value.into().filter(|value| value.is_finite()).unwrap_or(f32::NAN));
        if let Some(names) = &mut self.names {
            names.push(format!("{block}.{name}"));
        }
    }
}

/// The moment that a transaction is looked at.
#[derive(Clone, Copy)]
struct Moment {
    micros: i64,
    day: u32,
    /// Payments of days before are good unless they are known to be fraud.
    mature: u32,
}

fn fill(sheet: &mut Sheet, transaction: &Transaction, seen: &Seen<'_>, delay: Duration) {
    let micros = transaction.at.micros();
    let delay = i64::try_from(delay.as_micros()).unwrap_or(i64::MAX);
    let moment = Moment { micros, day: day(micros), mature: day(micros.saturating_sub(delay)) };
    sheet.put("payment", "amount", transaction.hundredths as f32 / 100.0);
    sheet.put("payment", "hour", (micros.div_euclid(3_600_000_000).rem_euclid(24)) as f32);
    for kind in Kind::ALL {
        let profile = seen.get(kind);
        pace(sheet, kind.name(), profile, moment);
        frauds(sheet, kind.name(), profile, moment);
    }
    habits(sheet, transaction, seen.get(Kind::Card), moment);
}

/// How often and how much.
fn pace(sheet: &mut Sheet, block: &str, profile: Option<&Profile>, moment: Moment) {
    let days_back = |days: u32| profile.map(|it| Window::of(&it.days, (moment.day + 1).saturating_sub(days), moment.day + 1));
    let recent = |buckets: u32| profile.map(|it| sum(&it.recent, moment.micros, buckets));
    let (hour, one) = (recent(HOUR_BUCKETS), recent(DAY_BUCKETS));
    let (week, month) = (days_back(7), days_back(30));
    let age = profile.map(|it| moment.micros.saturating_sub(it.first).max(0) as f32 / 86_400e6);
    sheet.put(block, "age_days", age);
    sheet.put(block, "count_1h", hour.map(|it| it.count as f32));
    sheet.put(block, "count_1d", one.map(|it| it.count as f32));
    sheet.put(block, "count_7d", week.map(|it| it.count as f32));
    sheet.put(block, "count_30d", month.map(|it| it.count as f32));
    sheet.put(block, "declined_1h", hour.map(|it| it.declined as f32));
    sheet.put(block, "declined_1d", one.map(|it| it.declined as f32));
    sheet.put(block, "declined_share_30d", month.map(|it| it.declined as f32 / (it.count as f32 + 1.0)));
    sheet.put(block, "partners_1d", days_back(1).map(|it| it.distinct()));
    sheet.put(block, "partners_7d", week.map(|it| it.distinct()));
}

/// What is known of frauds.
fn frauds(sheet: &mut Sheet, block: &str, profile: Option<&Profile>, moment: Moment) {
    let rate = |days: u32| {
        profile.map(|it| {
            // Frauds are counted in full, payments only as far as they are known.
            let from = moment.mature.saturating_sub(days);
            let known = Window::of(&it.days, from, moment.mature).count as f32;
            let frauds = Window::of(&it.days, from, moment.day + 1).frauds as f32;
            (frauds + PRIOR_RATE * PRIOR_COUNT) / (known.max(frauds) + PRIOR_COUNT)
        })
    };
    let latest = profile.map(|it| run(&it.days, moment.mature));
    let of_run = |value: fn(&Run, u32) -> u32| latest.map(|run| run.map_or(f32::NAN, |run| value(&run, moment.day) as f32));
    sheet.put(block, "fraud_rate_1d", rate(1));
    sheet.put(block, "fraud_rate_7d", rate(7));
    sheet.put(block, "fraud_rate_30d", rate(30));
    sheet.put(block, "frauds", profile.map(|it| it.frauds as f32));
    sheet.put(block, "last_fraud_days", of_run(|run, day| day.saturating_sub(run.last)));
    sheet.put(block, "run_age_days", of_run(|run, day| day.saturating_sub(run.first)));
    sheet.put(block, "run_frauds", of_run(|run, _| run.frauds));
    sheet.put(block, "run_plain", of_run(|run, _| run.plain));
    sheet.put(block, "run_mixed", of_run(|run, _| run.mixed));
    sheet.put(block, "run_gap_days", of_run(|run, _| run.gap));
    sheet.put(block, "good_since_fraud", of_run(|run, _| run.clean_after));
}

/// How far from the card's own habits.
fn habits(sheet: &mut Sheet, transaction: &Transaction, card: Option<&Profile>, moment: Moment) {
    let amount = transaction.hundredths as f32;
    let block = "card";
    let usual = card.map(|it| &it.habit);
    let mean = usual.and_then(Habit::mean);
    let times = |of: Option<f32>| of.map(|of| amount / of.max(1.0));
    let window = |days: u32| card.map(|it| Window::of(&it.days, (moment.day + 1).saturating_sub(days), moment.day + 1));
    sheet.put(block, "known_payments", usual.map(|it| it.count as f32));
    sheet.put(block, "mean_amount", mean.map(|mean| mean / 100.0));
    sheet.put(block, "times_mean", times(mean));
    sheet.put(block, "times_median", times(usual.and_then(|it| it.quantile(0.5))));
    sheet.put(block, "times_p90", times(usual.and_then(|it| it.quantile(0.9))));
    sheet.put(block, "times_p98", times(usual.and_then(|it| it.quantile(0.98))));
    let deviation = usual.and_then(Habit::deviation);
    sheet.put(block, "deviations", mean.zip(deviation).map(|(mean, deviation)| (amount - mean) / deviation.max(1.0)));
    sheet.put(block, "share_above", usual.map(|it| it.share_above(transaction.hundredths)));
    for (days, name) in [(1, "mean_1d_times"), (7, "mean_7d_times"), (14, "mean_14d_times"), (30, "mean_30d_times")] {
        sheet.put(block, name, window(days).and_then(|it| it.mean()).zip(mean).map(|(window, mean)| window / mean));
    }
    for (days, name) in [(1, "top_1d_times"), (7, "top_7d_times"), (14, "top_14d_times")] {
        sheet.put(block, name, window(days).zip(mean).map(|(window, mean)| window.top as f32 / mean));
    }
    for (days, name) in [(7, "outstanding_7d"), (14, "outstanding_14d")] {
        sheet.put(block, name, card.zip(mean).map(|(card, mean)| outstanding(card, mean, moment.day, days)));
    }
    sheet.put(block, "hour_share", card.map(|it| hour_share(it, moment.micros)));
    sheet.put(block, "idle_days", card.map(|it| moment.micros.saturating_sub(it.last).max(0) as f32 / 86_400e6));
}

/// Days of the last ones with an amount that stands out.
fn outstanding(card: &Profile, mean: f32, today: u32, days: u32) -> f32 {
    let from = (today + 1).saturating_sub(days);
    card.days.since(from).filter(|(day, it)| *day <= today && it.top as f32 > mean * STANDS_OUT).count() as f32
}

/// The share of the card's payments in this part of the day, as if each had seen one more.
fn hour_share(card: &Profile, micros: i64) -> f32 {
    let all: u64 = card.hours.iter().map(|count| u64::from(*count)).sum();
    (card.hours[part_of_day(micros)] as f32 + 1.0) / (all as f32 + PARTS_OF_DAY as f32)
}
