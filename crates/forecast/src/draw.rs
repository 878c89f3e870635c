//! Intervals: worlds are drawn, each with its own truth about the model, and each payment succeeds or not.

use std::collections::BTreeMap;

use domain::decline::Class;
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};

use crate::{
    calibration::{CARRY, CARRY_SPREAD, Shift},
    estimate::Options,
    gauss::{logistic, logit, normal},
    group::Range,
};

/// A payment with a chance.
#[derive(Debug, Clone)]
pub struct Worked {
    pub class: Class,
    pub mit: bool,
    pub amount: f64,
    /// By the model.
    pub chance: f64,
    /// How many payments it stands for.
    pub weight: f64,
    /// The chance that the merchant does not collect it alone after the end of the file.
    pub still_open: f64,
    /// The chance by each day.
    pub by_day: Vec<f32>,
    /// The groups it counts in.
    pub groups: Vec<usize>,
}

/// What was drawn.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    /// Amount and count of each group.
    pub groups: Vec<(Range, Range)>,
    /// Recovered share of the amount of merchant-initiated payments by day.
    pub days: Vec<Range>,
}

/// Correlation of the shifts of any two classes: what is wrong with the published rates is mostly wrong with all.
const SHARED: f64 = 0.5;

/// Draws the worlds. In each the shifts of all classes are drawn, then every payment on its own.
pub fn draw(worked: &[Worked], groups: usize, shifts: &BTreeMap<Class, Shift>, options: &Options) -> Drawn {
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let odds: Vec<f64> = worked.iter().map(|one| logit(one.chance)).collect();
    let whole: f64 = worked.iter().filter(|one| one.mit).map(|one| one.amount * one.weight).sum();
    let mut amounts = vec![Vec::with_capacity(options.draws); groups];
    let mut counts = amounts.clone();
    let mut days = vec![Vec::with_capacity(options.draws); usize::from(options.window_days) + 1];
    let curves = Curves::of(worked, days.len());
    for _ in 0..options.draws {
        let world = World::draw(&mut rng, shifts);
        let (mut amount, mut count) = (vec![0.0; groups], vec![0.0; groups]);
        for (one, odds) in worked.iter().zip(&odds) {
            let chance = logistic(odds + world.shift(one)) * world.carry * one.still_open;
            if rng.random::<f64>() < chance {
                for group in &one.groups {
                    amount[*group] += one.amount * one.weight;
                    count[*group] += one.weight;
                }
            }
        }
        for group in 0..groups {
            amounts[group].push(amount[group]);
            counts[group].push(count[group]);
        }
        for (day, share) in days.iter_mut().zip(curves.shares(&world, whole)) {
            day.push(share);
        }
    }
    Drawn {
        groups: amounts.iter_mut().zip(&mut counts).map(|(amount, count)| (Range::of(amount), Range::of(count))).collect(),
        days: days.iter_mut().map(|draws| Range::of(draws)).collect(),
    }
}

/// One truth about the model.
struct World<'s> {
    shifts: &'s BTreeMap<Class, Shift>,
    shared: f64,
    own: BTreeMap<Class, f64>,
    realtime: f64,
    /// The share of every chance that holds in practice.
    carry: f64,
}

impl<'s> World<'s> {
    fn draw(rng: &mut ChaCha8Rng, shifts: &'s BTreeMap<Class, Shift>) -> Self {
        let shared = normal(rng);
        let own = Class::ALL.iter().map(|class| (*class, normal(rng))).collect();
        let carry = (CARRY + CARRY_SPREAD * normal(rng)).clamp(0.0, 1.0);
        Self { shifts, shared, own, carry, realtime: Shift::REALTIME.mean + Shift::REALTIME.spread * normal(rng) }
    }

    fn shift(&self, one: &Worked) -> f64 {
        if one.mit { self.of_class(one.class) } else { self.realtime }
    }

    fn of_class(&self, class: Class) -> f64 {
        let shift = self.shifts.get(&class).copied().unwrap_or(Shift::PRIOR);
        let own = self.own.get(&class).copied().unwrap_or_default();
        shift.mean + shift.spread * (SHARED.sqrt() * self.shared + (1.0 - SHARED).sqrt() * own)
    }
}

/// Expected amounts by class, chance and day: the curve of a world needs no draw of its own.
struct Curves {
    by_class: BTreeMap<Class, Bins>,
}

/// Payments of like chances, so that one shift moves them alike.
type Bins = Vec<(f64, Vec<f64>)>;

const BINS: usize = 40;

impl Curves {
    fn of(worked: &[Worked], days: usize) -> Self {
        let mut by_class: BTreeMap<Class, Bins> = BTreeMap::new();
        for one in worked.iter().filter(|one| one.mit && one.chance > 0.0) {
            let bins = by_class.entry(one.class).or_insert_with(|| vec![(0.0, vec![0.0; days]); BINS]);
            let (_, sums) = &mut bins[bin(one.chance)];
            for (sum, by) in sums.iter_mut().zip(&one.by_day) {
                *sum += one.amount * one.weight * one.still_open * f64::from(*by) / one.chance;
            }
        }
        for bins in by_class.values_mut() {
            for (at, bin) in bins.iter_mut().enumerate() {
                bin.0 = (at as f64 + 0.5) / BINS as f64;
            }
        }
        Self { by_class }
    }

    fn shares(&self, world: &World<'_>, whole: f64) -> Vec<f64> {
        let mut out: Vec<f64> = Vec::new();
        for (class, bins) in &self.by_class {
            let shift = world.of_class(*class);
            for (chance, sums) in bins {
                let moved = logistic(logit(*chance) + shift) * world.carry;
                out.resize(sums.len(), 0.0);
                for (share, sum) in out.iter_mut().zip(sums) {
                    *share += if whole > 0.0 { moved * sum / whole } else { 0.0 };
                }
            }
        }
        out
    }
}

fn bin(chance: f64) -> usize {
    ((chance * BINS as f64) as usize).min(BINS - 1)
}
