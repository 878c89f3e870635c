//! A plain boosted-tree hazard: the chance of an attempt from what every merchant logs, nothing about causes, calendars
//! or the card's own past. It makes a set of the best hours on different days and uses the first of them.

use domain::{
    card::{Funding, Network},
    decline::Answer,
    rules::Rules,
    time::{DAY, HOUR, Timestamp},
};

use super::{payday::Payday, step::step};
use crate::{
    case::{Case, Observed},
    plan::Plan,
    policy::Policy,
    trees::{Forest, Options, train},
    trial::Trial,
    view::View,
    zone::Zone,
};

/// The plain hazard.
#[derive(Debug, Clone, PartialEq)]
pub struct Hazard(Option<Forest>);

/// Trials below which there is nothing to learn.
const TRIALS_MIN: usize = 200;
const COLUMNS: usize = 14;
/// Hours between the moments that are weighed.
const STEP_HOURS: u32 = 2;
/// Moments weighed at most.
const MOMENTS_MAX: usize = 600;
/// Worth of a day: rather sooner than later, all else being equal.
const DISCOUNT_PER_DAY: f64 = 0.004;

impl Hazard {
    /// Trees grown on trials.
    pub fn learnt(trials: &[Trial]) -> Self {
        if trials.len() < TRIALS_MIN {
            return Self(None);
        }
        let rows: Vec<f32> = trials
            .iter()
            .flat_map(|trial| {
                let country = trial.case.issuer_country.as_deref().unwrap_or(&trial.case.merchant_country);
                let known = Known {
                    observed: &trial.case.observed,
                    placed_at: trial.case.placed_at,
                    country,
                    zone: Zone::of(trial.case.offset_minutes, country),
                    network: trial.case.network,
                    funding: trial.case.funding,
                    amount: major(trial.case.amount),
                    own_attempts: trial.case.own_attempts,
                };
                known.row(trial.at)
            })
            .collect();
        let labels: Vec<f32> = trials.iter().map(|trial| f32::from(u8::from(trial.approved))).collect();
        Self(train(&rows, COLUMNS, &labels, None, &Options::default()).ok())
    }

    fn moment(forest: &Forest, view: &View<'_>, earliest: Timestamp) -> Option<Timestamp> {
        let case = view.case;
        let known = Known {
            observed: case.observed,
            placed_at: case.placed_at,
            country: view.issuer_country(),
            zone: view.zone,
            network: case.network,
            funding: case.funding,
            amount: major(case.amount),
            own_attempts: case.own_attempts,
        };
        let moments = (0..MOMENTS_MAX as u32).map(|n| earliest + HOUR * (n * STEP_HOURS)).take_while(|at| *at < case.expires_at);
        let worth = |at: Timestamp| {
            let days = at.since(earliest).as_secs_f64() / DAY.as_secs_f64();
            chance(forest.predict(&known.row(at))) * (1.0 - DISCOUNT_PER_DAY * days)
        };
        let mut weighed: Vec<(f64, Timestamp)> = moments.map(|at| (worth(at), at)).collect();
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let left = case.max_attempts.saturating_sub(case.own_attempts) as usize;
        let mut chosen: Vec<Timestamp> = Vec::new();
        for (_, at) in weighed {
            if chosen.len() == left {
                break;
            }
            if chosen.iter().all(|other| at.since(*other).max(other.since(at)) >= HOUR * 20) {
                chosen.push(at);
            }
        }
        chosen.into_iter().min()
    }
}

impl Policy for Hazard {
    fn name(&self) -> &'static str {
        "trees"
    }

    fn plan(&self, case: &Case<'_>, rules: &Rules) -> Plan {
        match &self.0 {
            None => Plan { model_version: "trees".to_owned(), ..Payday::EIGHT.plan(case, rules) },
            Some(forest) => step(case, rules, "trees", |view, earliest| Self::moment(forest, view, earliest)),
        }
    }
}

/// What a row is made of.
struct Known<'a> {
    observed: &'a [Observed],
    placed_at: Timestamp,
    country: &'a str,
    zone: Zone,
    network: Network,
    funding: Funding,
    amount: f32,
    own_attempts: u32,
}

impl Known<'_> {
    fn row(&self, at: Timestamp) -> [f32; COLUMNS] {
        let local = at.civil_at(self.zone.offset_minutes);
        let days_since = |since: Timestamp| (at.since(since).as_secs_f64() / DAY.as_secs_f64()) as f32;
        let first = self.observed.first();
        let last = self.observed.iter().max_by_key(|observed| observed.at);
        [
            first.map_or(f32::NAN, |observed| code(&observed.answer)),
            last.map_or(f32::NAN, |observed| code(&observed.answer)),
            last.and_then(|observed| observed.answer.advice_code.as_deref()?.parse().ok()).unwrap_or(f32::NAN),
            f32::from(local.hour()),
            f32::from(local.weekday().to_monday_zero_offset()),
            f32::from(local.day()),
            f32::from(local.date().days_in_month() - local.day()),
            days_since(self.placed_at),
            last.map_or(f32::NAN, |observed| days_since(observed.at)),
            self.own_attempts as f32,
            self.amount,
            f32::from(self.network as u8),
            f32::from(self.funding as u8),
            letters(self.country),
        ]
    }
}

/// The response code as a number: its letters in base 36.
fn code(answer: &Answer) -> f32 {
    letters(answer.network_response_code.as_deref().unwrap_or(&answer.response_code))
}

fn letters(text: &str) -> f32 {
    text.chars().take(2).fold(0.0, |sum, letter| sum * 36.0 + letter.to_digit(36).map_or(35.0, |digit| digit as f32))
}

fn major(amount: domain::money::Money) -> f32 {
    amount.minor as f32 / 10f32.powi(amount.currency.decimals() as i32)
}

fn chance(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
