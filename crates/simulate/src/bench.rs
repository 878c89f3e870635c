//! A world, failed rebills of it, and policies that work them: what `recoup simulate` and the test bench run.

use domain::rules::Rules;
use processor::simulator::issuer::World;
use recovery::{Policy, Trial};

use crate::{
    explore::{Explorer, explore},
    informed, oracle,
    play::{Played, play},
    policies,
    population::Population,
    rebill::Rebill,
    share::in_parallel,
    tally::{Outcome, Tally},
};

/// What is run.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The world.
    pub world: &'static World,
    /// Seed of the world, its customers and everything drawn.
    pub seed: u64,
    /// Failed rebills.
    pub cases: usize,
    /// Days of the rescue period.
    pub days: u32,
    /// Attempts on one case.
    pub attempts_max: u32,
    /// Attempts at random moments that policies may learn from first.
    pub trials: usize,
}

/// A world with its failed rebills, ready to be played.
#[derive(Debug)]
pub struct Bench {
    /// What it was made from.
    pub setting: Setting,
    /// The failed rebills.
    pub rebills: Vec<Rebill>,
    /// What policies may learn from.
    pub trials: Vec<Trial>,
}

impl Bench {
    /// Makes the failed rebills, and explores.
    pub fn new(setting: Setting, rules: &Rules) -> Self {
        let population = Population::new(setting.world, setting.seed, setting.days);
        let explorer = Explorer { attempts_max: setting.attempts_max, seed: setting.seed };
        let trials = explore(&population, setting.trials, explorer, rules);
        Self { setting, rebills: population.failed(setting.cases), trials }
    }

    /// Lets a policy work all cases.
    pub fn play(&self, policy: &dyn Policy, rules: &Rules) -> Vec<Played> {
        in_parallel(&self.rebills, |rebill| play(rebill, policy, rules, self.setting.attempts_max))
    }

    /// What one could achieve who knew what only the bank knows.
    pub fn oracle(&self, rules: &Rules) -> Vec<Played> {
        in_parallel(&self.rebills, |rebill| oracle::play(rebill, rules))
    }

    /// What one could achieve who knew every habit but no event.
    pub fn informed(&self, rules: &Rules) -> Vec<Played> {
        in_parallel(&self.rebills, |rebill| informed::play(rebill, rules, self.setting.attempts_max))
    }

    /// The outcomes of a policy, or an oracle, by its name; `None` when there is none of that name.
    pub fn tally(&self, name: &str, rules: &Rules) -> Option<Tally> {
        let played = match name {
            policies::ORACLE => self.oracle(rules),
            policies::INFORMED => self.informed(rules),
            _ => self.play(&*policies::named(name, &self.trials, rules)?, rules),
        };
        Some(self.outcomes(name, &played))
    }

    /// The outcomes of played cases.
    pub fn outcomes(&self, name: &str, played: &[Played]) -> Tally {
        Tally::new(name, self.rebills.iter().zip(played).map(|(rebill, played)| Outcome::of(rebill, played)).collect())
    }
}
