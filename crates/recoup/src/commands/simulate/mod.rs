//! `recoup simulate`: policies side by side, in simulated worlds or over a file of failed rebills.

mod cases;
mod report;
mod world;

use std::path::{Path, PathBuf};

use simulate::World;

use crate::{failure::Failure, output::Output};

/// What to simulate.
#[derive(Debug, clap::Args)]
#[group(id = "simulate")]
#[command(
    after_help = "Policies: recoup (learnt from the explored attempts), recoup-builtin (published priors alone), the baselines ladder,\n\
                        kill-bill, two-weeks, daily, payday, payday-4, counters, trees, and oracle, which knows what only the bank knows.\n\
                        On request: informed, which knows every habit of cardholder and issuer, but not what happens (slow).\n\
                        With --out: results.json, report.html, and every chart as SVG."
)]
pub struct Args {
    /// Simulated worlds, comma separated, or all: default, domestic, abroad, thin, rich, evasive, harsh, midnight, volatile
    #[arg(long, default_value = "default", value_delimiter = ',', value_parser = worlds)]
    world: Vec<Worlds>,
    /// Seed of the world, its customers and everything that is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// This seed and the ones after it
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    seeds: u64,
    /// Policies, comma separated [default: all]
    #[arg(long, value_delimiter = ',', value_parser = policy)]
    policies: Vec<String>,
    /// Attempts on one failed rebill
    #[arg(long, visible_alias = "max-attempts", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=60))]
    attempts_max: u32,
    /// Days of the rescue period
    #[arg(long, default_value_t = 21, value_parser = clap::value_parser!(u32).range(1..=60))]
    days: u32,
    /// Attempts at random moments, on other customers, that policies may learn from first
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    explore_trials: u32,
    /// Where results, report and charts go
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A file in place of a world.
    #[command(flatten)]
    file: cases::Args,
}

/// Failed rebills of a world and seed, unless their number is told.
const CASES: usize = 4_000;
const CASES_MAX: usize = 1_000_000;
/// Where the results of a file go, unless told.
const OUT: &str = "simulation";

/// One world, or all of them.
#[derive(Debug, Clone)]
struct Worlds(Vec<&'static World>);

/// Runs the command.
pub fn run(args: &Args, output: Output) -> Result<(), Failure> {
    if args.file.processor.is_none() {
        return world::run(args, cases_of_world(args.file.cases.as_deref())?, output);
    }
    let out = args.out.as_deref().unwrap_or(Path::new(OUT));
    cases::run(&args.file, cases::Common { out, seed: args.seed, attempts_max: args.attempts_max }, output)
}

fn cases_of_world(told: Option<&Path>) -> Result<usize, Failure> {
    let Some(told) = told else { return Ok(CASES) };
    let number = told.to_str().and_then(|text| text.parse::<usize>().ok()).filter(|number| (1..=CASES_MAX).contains(number));
    number.ok_or_else(|| {
        Failure::usage(format!(
            "--cases {}: must be a number up to {CASES_MAX}; a file of cases needs --processor",
            told.display()
        ))
    })
}

fn worlds(name: &str) -> Result<Worlds, String> {
    if name == "all" {
        return Ok(Worlds(simulate::WORLDS.to_vec()));
    }
    let names = || simulate::WORLDS.iter().map(|world| world.name).collect::<Vec<_>>().join(", ");
    World::named(name).map(|world| Worlds(vec![world])).ok_or_else(|| format!("must be all or one of {}", names()))
}

fn policy(name: &str) -> Result<String, String> {
    let mut names = simulate::policies::names();
    names.push(simulate::policies::INFORMED);
    if names.contains(&name) { Ok(name.to_owned()) } else { Err(format!("must be one of {}", names.join(", "))) }
}
