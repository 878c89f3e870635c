//! The numbers of the structured model: priors from published figures until something is learnt.
//!
//! | number | prior | source |
//! |---|---|---|
//! | causes behind a class | 51: nearly all funds; 05: half funds, a third holds | `recovery.md` §2 (Adyen: half of 05 are NSF) |
//! | money by time since pay day | credited overnight or in the morning, spent within days | `recovery.md` §4 |
//! | holds | half-lives of hours to days, a share never | `recovery.md` §6 |
//! | limits | the issuer's midnight, the month's first | `recovery.md` §6 |
//! | outages | hours | `recovery.md` §6 |
//!
//! Where no source gives a figure it is ours, chosen before anything was measured.

use std::{collections::BTreeMap, sync::OnceLock};

use domain::{card::Funding, decline::Class, rules::Region};
use serde::{Deserialize, Serialize};

use super::{
    cause::{CAUSES, Cause},
    hypothesis::{FADES, HOLDS, IRREGULAR, LIMITS, OUTAGES},
};
use crate::calendar;

/// Upper bounds of the ages of a pay event, hours since its local midnight; the last bucket is open.
pub const AGE_HOURS: [f64; 15] =
    [3.0, 6.0, 9.0, 12.0, 18.0, 24.0, 36.0, 48.0, 72.0, 96.0, 144.0, 216.0, 336.0, 504.0, f64::INFINITY];
/// Upper bounds of the hours since the last failure; the last bucket is open.
pub const GAP_HOURS: [f64; 7] = [6.0, 24.0, 48.0, 96.0, 168.0, 336.0, f64::INFINITY];
/// Decline classes, as emissions count them.
pub const CLASSES: usize = Class::ALL.len();

/// Weights over the causes.
pub type Causes = [f64; CAUSES];

/// Everything learnable of the structured model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    /// Chance that money enough is there, by how fast it fades and by the age of the pay event.
    pub money: [[f64; AGE_HOURS.len()]; FADES],
    /// How many accounts fade so fast, by funding (in the order of [`Funding::ALL`]).
    pub fades: Vec<[f64; FADES]>,
    /// Chance after a failure when no pay event came in between, by the hours since.
    pub top_up: [f64; GAP_HOURS.len()],
    /// Chance that an irregular earner has had money within a long time.
    pub irregular: [f64; IRREGULAR],
    /// Weights of all calendars by region (in the order of [`Region::ALL`]).
    pub calendars: Vec<Vec<f64>>,
    /// How the funds hypotheses share: regular calendars, then the irregular ones.
    pub earners: [f64; 1 + IRREGULAR],
    /// Chance of approval once a hold, limit or outage is over.
    pub after_hold: [f64; HOLDS],
    /// See [`Params::after_hold`].
    pub after_limit: [f64; LIMITS],
    /// See [`Params::after_hold`].
    pub after_outage: [f64; OUTAGES],
    /// How holds, limits and outages share among their kinds.
    pub holds: [f64; HOLDS],
    /// See [`Params::holds`].
    pub limits: [f64; LIMITS],
    /// See [`Params::holds`].
    pub outages: [f64; OUTAGES],
    /// Chance that wrong data or a dead card are approved all the same.
    pub lost: [f64; 2],
    /// Causes behind a first decline, from the general to the special: a class, `class|code`,
    /// `class|code|funding|region`, `class|code|bin`. The most special one that is known counts.
    pub causes: BTreeMap<String, Causes>,
    /// How often a cause is told as each class, when a retry is declined.
    pub told_as: Vec<[f64; CLASSES]>,
}

/// What a first decline says of itself, for looking its causes up.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Its class.
    pub class: Class,
    /// Its ISO 8583 code.
    pub code: Option<&'a str>,
    /// Funding of the card.
    pub funding: Funding,
    /// Region of its issuer.
    pub region: Region,
    /// First digits of the card.
    pub bin: Option<&'a str>,
}

impl Told<'_> {
    /// The keys under which its causes may be known, the most special first.
    pub fn keys(&self) -> [String; 4] {
        let code = self.code.unwrap_or("-");
        let general = format!("{}|{code}", self.class);
        let issuer = self.bin.map_or_else(|| "-".to_owned(), |bin| bin.chars().take(8).collect());
        [format!("{general}|{issuer}"), format!("{general}|{}|{}", self.funding, self.region), general, self.class.to_string()]
    }
}

impl Params {
    /// The causes behind a first decline.
    pub fn causes_of(&self, told: &Told<'_>) -> Causes {
        let known = |key: &String| self.causes.get(key).copied();
        told.keys().iter().find_map(known).unwrap_or_else(|| prior(told.class))
    }

    /// What is published, before anything is learnt.
    pub fn priors() -> Self {
        let all_calendars = Region::ALL.iter().map(|region| calendar::priors(*region)).collect();
        let of_class = |class: &Class| (class.to_string(), prior(*class));
        Self {
            money: [money(1.5, 0.85), money(3.5, 0.85), money(9.0, 0.88)],
            fades: Funding::ALL.iter().map(|funding| fades(*funding)).collect(),
            top_up: [0.01, 0.02, 0.04, 0.06, 0.08, 0.10, 0.10],
            irregular: [0.45, 0.45],
            calendars: all_calendars,
            earners: [0.86, 0.07, 0.07],
            after_hold: [0.8; HOLDS],
            after_limit: [0.75; LIMITS],
            after_outage: [0.85; OUTAGES],
            holds: [0.35, 0.35, 0.3],
            limits: [0.55, 0.25, 0.2],
            outages: [0.6, 0.4],
            lost: [0.02, 0.01],
            causes: Class::ALL.iter().map(of_class).collect(),
            told_as: Cause::ALL.iter().map(|cause| told_as(*cause)).collect(),
        }
    }

    /// Whether every table has the shape that this version of the program expects, with probabilities in it.
    pub fn is_sound(&self) -> bool {
        let share = |value: &f64| value.is_finite() && (0.0..=1.0).contains(value);
        let shapes = self.fades.len() == Funding::ALL.len()
            && self.calendars.len() == Region::ALL.len()
            && self.calendars.iter().all(|weights| weights.len() == calendar::all().len())
            && self.told_as.len() == CAUSES;
        let tables = self.money.iter().flatten().chain(&self.top_up).chain(&self.irregular).chain(&self.earners);
        let more = self.after_hold.iter().chain(&self.after_limit).chain(&self.after_outage).chain(&self.lost);
        let kinds = self.holds.iter().chain(&self.limits).chain(&self.outages).chain(self.fades.iter().flatten());
        let rest = self.calendars.iter().flatten().chain(self.causes.values().flatten()).chain(self.told_as.iter().flatten());
        shapes && tables.chain(more).chain(kinds).chain(rest).all(share)
    }
}

/// Money after a pay event: posted at midnight or during the morning, then spent with a half-life in days.
fn money(half_spent_days: f64, peak: f64) -> [f64; AGE_HOURS.len()] {
    // Share of pay that is on the account by then; direct deposits post at midnight, the rest until noon.
    const POSTED: [f64; 4] = [0.62, 0.70, 0.84, 0.96];
    const FLOOR: f64 = 0.03;
    let mut from = 0.0;
    let mut place = 0;
    AGE_HOURS.map(|until| {
        let middle: f64 = if until.is_finite() { f64::midpoint(from, until) } else { from * 1.2 };
        from = until;
        let posted = POSTED.get(place).copied().unwrap_or(1.0);
        place += 1;
        FLOOR + (peak - FLOOR) * posted * (-(middle / 24.0) / half_spent_days).exp2()
    })
}

fn fades(funding: Funding) -> [f64; FADES] {
    match funding {
        Funding::Credit => [0.25, 0.40, 0.35],
        Funding::Prepaid => [0.50, 0.35, 0.15],
        Funding::Debit | Funding::Unknown => [0.35, 0.40, 0.25],
    }
}

/// Causes by class: funds, hold, limit, outage, data, dead.
fn prior(class: Class) -> Causes {
    match class {
        Class::Nsf => [0.92, 0.02, 0.02, 0.0, 0.01, 0.03],
        Class::Generic => [0.48, 0.33, 0.03, 0.03, 0.03, 0.10],
        Class::Limit => [0.25, 0.06, 0.65, 0.01, 0.0, 0.03],
        Class::Tech => [0.06, 0.05, 0.02, 0.84, 0.01, 0.02],
        Class::Fraud => [0.06, 0.62, 0.04, 0.0, 0.02, 0.26],
        Class::Sca => [0.02, 0.30, 0.0, 0.0, 0.58, 0.10],
        Class::DataFix | Class::Lifecycle | Class::Config => [0.02, 0.03, 0.0, 0.0, 0.80, 0.15],
        Class::StopCard | Class::StopMandate => [0.0, 0.02, 0.0, 0.0, 0.08, 0.90],
    }
}

/// How a cause is told, by class: most of it by its own name, some of it by another.
fn told_as(cause: Cause) -> [f64; CLASSES] {
    const ELSE: f64 = 0.01;
    let named: &[(Class, f64)] = match cause {
        Cause::Funds => &[(Class::Nsf, 0.70), (Class::Generic, 0.22)],
        Cause::Hold => &[(Class::Generic, 0.58), (Class::Fraud, 0.33)],
        Cause::Limit => &[(Class::Limit, 0.78), (Class::Generic, 0.14)],
        Cause::Outage => &[(Class::Tech, 0.80), (Class::Generic, 0.12)],
        Cause::Data => &[(Class::Lifecycle, 0.55), (Class::DataFix, 0.20), (Class::Generic, 0.15)],
        Cause::Dead => &[(Class::Generic, 0.45), (Class::Fraud, 0.20), (Class::StopCard, 0.25)],
    };
    let mut row = [ELSE; CLASSES];
    for (place, class) in Class::ALL.iter().enumerate() {
        if let Some((_, share)) = named.iter().find(|(of, _)| of == class) {
            row[place] = *share;
        }
    }
    let sum: f64 = row.iter().sum();
    row.map(|share| share / sum)
}

/// The bucket of an age in [`AGE_HOURS`], without looking through them.
pub fn age_bucket(hours: f64) -> usize {
    /// All bounds but the last are multiples of three hours: one place for each of those.
    const STEP_HOURS: f64 = 3.0;
    static PLACES: OnceLock<Vec<u8>> = OnceLock::new();
    let places = PLACES.get_or_init(|| {
        let steps = (AGE_HOURS[AGE_HOURS.len() - 2] / STEP_HOURS) as usize;
        (0..steps).map(|step| bucket(&AGE_HOURS, step as f64 * STEP_HOURS) as u8).collect()
    });
    let step = (hours.max(0.0) / STEP_HOURS) as usize;
    places.get(step).map_or(AGE_HOURS.len() - 1, |place| usize::from(*place))
}

/// The bucket of a value among ascending upper bounds.
pub fn bucket(bounds: &[f64], value: f64) -> usize {
    bounds.iter().position(|bound| value < *bound).unwrap_or(bounds.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_priors_are_sound_distributions() {
        let priors = Params::priors();
        assert!(priors.is_sound());
        let sums = priors.causes.values().map(|row| row.iter().sum::<f64>());
        let sums = sums.chain(priors.told_as.iter().map(|row| row.iter().sum()));
        let sums = sums.chain(priors.fades.iter().map(|row| row.iter().sum()));
        let sums = sums.chain(priors.calendars.iter().map(|row| row.iter().sum()));
        for sum in sums.chain([priors.earners.iter().sum()]) {
            assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        }
    }

    #[test]
    fn the_most_special_causes_count() {
        let mut params = Params::priors();
        let told =
            Told { class: Class::Generic, code: Some("05"), funding: Funding::Debit, region: Region::Us, bin: Some("400000123") };
        let same = |one: Causes, other: Causes| one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-12);
        assert!(same(params.causes_of(&told), prior(Class::Generic)));
        params.causes.insert("GENERIC|05|40000012".into(), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(params.causes_of(&told)[0] > 0.999);
        assert!(same(params.causes_of(&Told { bin: None, ..told }), prior(Class::Generic)));
    }

    #[test]
    fn ages_fall_into_their_buckets() {
        for hours in 0..700 {
            let hours = f64::from(hours) + 0.5;
            assert_eq!(age_bucket(hours), bucket(&AGE_HOURS, hours), "{hours}");
        }
    }

    #[test]
    fn money_comes_in_the_morning_and_goes() {
        for row in Params::priors().money {
            assert!(row[3] > row[0], "posted during the morning");
            assert!(row[4..].is_sorted_by(|a, b| a >= b), "and spent afterwards: {row:?}");
        }
    }
}
