//! A quick look at policies in a world:
//! `cargo run --release -p recoup-simulate --example bench -- --cases 4000 --seed 1 --policies recoup,ladder,payday --trials 20000`.

use std::{collections::BTreeMap, time::Instant};

use domain::rules::Rules;
use recoup_simulate::{Bench, Setting, WORLDS, World, Worth, compare, policies};

struct Options {
    setting: Setting,
    worlds: Vec<&'static World>,
    seeds: u64,
    policies: Vec<String>,
    by: bool,
}

fn options() -> Result<Options, String> {
    let setting = Setting { world: World::builtin(), seed: 1, cases: 4_000, days: 21, attempts_max: 8, trials: 20_000 };
    let mut options = Options {
        setting,
        worlds: vec![World::builtin()],
        seeds: 1,
        policies: policies::names().into_iter().map(str::to_owned).collect(),
        by: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--by-cause" {
            options.by = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|error| format!("{name} {value}: {error}"));
        match name.as_str() {
            "--world" if value == "all" => options.worlds = WORLDS.to_vec(),
            "--world" => {
                let named = value.split(',').map(|name| World::named(name).ok_or_else(|| format!("no world {name}")));
                options.worlds = named.collect::<Result<_, _>>()?;
            }
            "--policies" if value == "all" => {}
            "--policies" => options.policies = value.split(',').map(str::to_owned).collect(),
            "--seed" => options.setting.seed = number()?,
            "--seeds" => options.seeds = number()?,
            "--cases" => options.setting.cases = number()? as usize,
            "--trials" => options.setting.trials = number()? as usize,
            "--days" => options.setting.days = number()? as u32,
            "--attempts-max" => options.setting.attempts_max = number()? as u32,
            _ => return Err(format!("unknown option {name}")),
        }
    }
    Ok(options)
}

fn main() -> Result<(), String> {
    let options = options()?;
    let rules = Rules::builtin();
    for world in &options.worlds {
        for seed in options.setting.seed..options.setting.seed + options.seeds {
            run(&options, Setting { world, seed, ..options.setting }, rules)?;
        }
    }
    Ok(())
}

fn run(options: &Options, setting: Setting, rules: &Rules) -> Result<(), String> {
    let started = Instant::now();
    let bench = Bench::new(setting, rules);
    println!(
        "\nworld {}, seed {}: {} cases, {} trials in {:.1} s",
        setting.world.name,
        setting.seed,
        bench.rebills.len(),
        bench.trials.len(),
        started.elapsed().as_secs_f64()
    );
    if options.by {
        let mut mix: BTreeMap<String, usize> = BTreeMap::new();
        for rebill in &bench.rebills {
            *mix.entry(format!("{:?} {}", rebill.cause, rebill.decline.response_code)).or_default() += 1;
        }
        println!("{mix:?}");
    }
    let mut tallies = Vec::new();
    for name in &options.policies {
        let started = Instant::now();
        tallies.push(bench.tally(name, rules).ok_or_else(|| format!("no policy {name}"))?);
        eprintln!("{name}: {:.1} s", started.elapsed().as_secs_f64());
    }
    println!("policy       recovered         amount            attempts/rec.  days  breaches  net USD/case  amount over payday");
    for figures in compare(&tallies, "payday", &Worth::default(), setting.seed) {
        println!(
            "{:<11} {:5.2} % ±{:4.2}   {:5.2} % ±{:4.2}   {:5.2} ±{:4.2}    {:5.2}  {:>6}   {:7.3}      {:+6.2} % ({:+.2} … {:+.2})",
            figures.policy,
            figures.recovered_share.value * 100.0,
            (figures.recovered_share.high - figures.recovered_share.low) * 50.0,
            figures.recovered_amount_share.value * 100.0,
            (figures.recovered_amount_share.high - figures.recovered_amount_share.low) * 50.0,
            figures.attempts_per_recovery.value,
            (figures.attempts_per_recovery.high - figures.attempts_per_recovery.low) / 2.0,
            figures.median_days,
            figures.breaches,
            figures.net_value_usd.value,
            figures.amount_over_reference.value * 100.0,
            figures.amount_over_reference.low * 100.0,
            figures.amount_over_reference.high * 100.0,
        );
    }
    Ok(())
}
