//! Simulated worlds × policies.

use domain::rules::Rules;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use simulate::{Bench, Comparison, Setting, Tally, World, Worth, compare, policies};

use super::{Args, cases::rates::Rates, report};
use crate::{
    failure::Failure,
    output::{Column, Output, Table},
};

/// What came of one world, over all seeds.
pub struct Found {
    /// The world.
    pub world: &'static World,
    /// Outcomes of every policy, seed after seed.
    pub tallies: Vec<Tally>,
    /// Figures of every policy over all seeds.
    pub figures: Vec<Comparison>,
    /// Figures by seed.
    pub by_seed: Vec<(u64, Vec<Comparison>)>,
    /// The baseline that differences are to: the one that recovered the largest amount.
    pub reference: String,
    /// Recovered share by cause, for each policy.
    pub causes: report::Causes,
}

/// Runs all worlds.
pub fn run(args: &Args, cases: usize, output: Output) -> Result<(), Failure> {
    let rules = Rules::builtin();
    let names = names(args);
    let rates = args.file.rates.as_deref().map(|path| Rates::load(Some(path))).transpose()?;
    let worlds = worlds(args);
    let steps = worlds.len() as u64 * args.seeds * (names.len() as u64 + 1);
    let bar = bar(steps)?;
    let found: Vec<Found> =
        worlds.into_iter().map(|world| one(args, cases, world, &names, rates.as_ref(), rules, &bar)).collect::<Result<_, _>>()?;
    bar.finish_and_clear();
    let results = results(args, cases, &found, rules);
    if let Some(dir) = &args.out {
        report::write(dir, args, cases, &found, &results)?;
    }
    output.answer(|| results, |paint| found.iter().map(|found| text(found, paint)).collect::<Vec<_>>().join("\n"))
}

fn names(args: &Args) -> Vec<String> {
    if args.policies.is_empty() {
        return policies::names().into_iter().map(str::to_owned).collect();
    }
    let mut names: Vec<String> = Vec::new();
    for name in &args.policies {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn worlds(args: &Args) -> Vec<&'static World> {
    let mut worlds: Vec<&'static World> = Vec::new();
    for world in args.world.iter().flat_map(|worlds| &worlds.0) {
        if !worlds.iter().any(|known| known.name == world.name) {
            worlds.push(world);
        }
    }
    worlds
}

fn one(
    args: &Args,
    cases: usize,
    world: &'static World,
    names: &[String],
    rates: Option<&Rates>,
    rules: &Rules,
    bar: &ProgressBar,
) -> Result<Found, Failure> {
    let mut tallies: Vec<Tally> = names.iter().map(|name| Tally::new(name, Vec::new())).collect();
    let mut by_seed = Vec::new();
    let mut causes = report::Causes::default();
    for seed in args.seed..args.seed.saturating_add(args.seeds) {
        bar.set_message(format!("{} {seed}: failed rebills", world.name));
        let setting = Setting {
            world,
            seed,
            cases,
            days: args.days,
            attempts_max: args.attempts_max,
            trials: args.explore_trials as usize,
        };
        let mut bench = Bench::new(setting, rules);
        if let Some(rates) = rates {
            revalue(&mut bench, rates)?;
        }
        bar.inc(1);
        let mut of_seed = Vec::new();
        for (name, all) in names.iter().zip(&mut tallies) {
            bar.set_message(format!("{} {seed}: {name}", world.name));
            let tally = bench.tally(name, rules).ok_or_else(|| Failure::usage(format!("no policy is named {name}")))?;
            causes.add(name, &bench.rebills, &tally);
            all.outcomes.extend_from_slice(&tally.outcomes);
            of_seed.push(tally);
            bar.inc(1);
        }
        let reference = reference(&of_seed);
        by_seed.push((seed, compare(&of_seed, &reference, &Worth::default(), seed)));
    }
    let reference = reference(&tallies);
    let figures = compare(&tallies, &reference, &Worth::default(), args.seed);
    Ok(Found { world, tallies, figures, by_seed, reference, causes })
}

/// The baseline that recovered the largest amount; without one, the first policy.
fn reference(tallies: &[Tally]) -> String {
    let recovered =
        |tally: &Tally| -> f64 { tally.outcomes.iter().filter(|outcome| outcome.recovered).map(|outcome| outcome.due_usd).sum() };
    let baselines = tallies.iter().filter(|tally| recovery::baseline::NAMES.contains(&tally.policy.as_str()));
    let best = baselines.max_by(|a, b| recovered(a).total_cmp(&recovered(b)));
    best.or(tallies.first()).map(|tally| tally.policy.clone()).unwrap_or_default()
}

fn revalue(bench: &mut Bench, rates: &Rates) -> Result<(), Failure> {
    for rebill in &mut bench.rebills {
        let currency = rebill.amount.currency;
        if !rates.knows(currency) {
            return Err(Failure::usage(format!("--rates: no value for {currency}")));
        }
        rebill.amount_usd = rates.usd(rebill.amount);
    }
    Ok(())
}

/// Shown on terminals only.
fn bar(steps: u64) -> Result<ProgressBar, Failure> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed_precise}  {msg}");
    let bar = ProgressBar::new(steps).with_style(style.map_err(|error| Failure::failed(error.to_string()))?);
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    Ok(bar)
}

fn text(found: &Found, paint: crate::output::Paint) -> String {
    let mut table = Table::new(vec![
        Column::left("policy"),
        Column::right("recovered"),
        Column::right("of amount"),
        Column::right("95 %"),
        Column::right("over best baseline"),
        Column::right("95 %"),
        Column::right("attempts/rec."),
        Column::right("median days"),
        Column::right("breaches"),
        Column::right("net USD/case"),
    ]);
    for figures in &found.figures {
        let percent = |value: f64| format!("{:.1} %", value * 100.0);
        let signed = |value: f64| format!("{:+.1}", value * 100.0);
        let (amount, over) = (figures.recovered_amount_share, figures.amount_over_reference);
        table.row(vec![
            figures.policy.clone(),
            percent(figures.recovered_share.value),
            percent(amount.value),
            format!("{:.1}–{:.1}", amount.low * 100.0, amount.high * 100.0),
            signed(over.value) + " %",
            format!("{} … {}", signed(over.low), signed(over.high)),
            format!("{:.2}", figures.attempts_per_recovery.value),
            format!("{:.1}", figures.median_days),
            figures.breaches.to_string(),
            format!("{:.2}", figures.net_value_usd.value),
        ]);
    }
    let head = format!(
        "World {}: {}. {} cases, {} seeds; the best baseline is {}.",
        found.world.name,
        found.world.about,
        found.tallies.first().map_or(0, |tally| tally.outcomes.len()),
        found.by_seed.len(),
        found.reference
    );
    format!("{}\n{}", paint.bold(&head), table.render(paint))
}

fn results(args: &Args, cases: usize, found: &[Found], rules: &Rules) -> Value {
    let worlds: Vec<Value> = found
        .iter()
        .map(|found| {
            let by_seed = found.by_seed.iter().map(|(seed, figures)| json!({ "seed": seed, "policies": figures }));
            json!({
                "world": found.world.name,
                "about": found.world.about,
                "parameters": found.world,
                "cases": found.tallies.first().map_or(0, |tally| tally.outcomes.len()),
                "bestBaseline": found.reference,
                "policies": found.figures,
                "bySeed": by_seed.collect::<Vec<_>>(),
                "recoveredShareByCause": found.causes.json(),
            })
        })
        .collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "modelVersion": recovery::MODEL_VERSION,
        "rulesVersion": rules.version(),
        "seed": args.seed,
        "seeds": args.seeds,
        "casesPerSeed": cases,
        "days": args.days,
        "attemptsMax": args.attempts_max,
        "exploreTrials": args.explore_trials,
        "worth": Worth::default(),
        "confidence": 0.95,
        "worlds": worlds,
    })
}
