//! `recoup simulate --cases`: the whole engine over a file of failed rebills, against any issuer behind the `http`
//! processor contract that judges by the time in the request.

mod breach;
mod case;
mod explore;
mod figures;
mod house;
mod open;
mod policy;
pub mod rates;
mod read;
mod report;
mod result;
mod run;

use std::path::{Path, PathBuf};

use domain::{
    rules::Rules,
    time::{HOUR, Timestamp},
};
use engine::evaluate::Shares;
use indicatif::{ProgressBar, ProgressStyle};
use recovery::Trial;

use self::{
    case::Case,
    figures::{Figure, Terms},
    rates::Rates,
    read::Read,
    report::{Report, Told},
    run::{Issuer, Pace},
};
use crate::{
    failure::Failure,
    output::{Output, Paint},
};

/// Bad lines that are named on standard error.
const FAULTS_TOLD_MAX: usize = 20;

/// What is asked of a run over a file.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Over a file of failed rebills")]
pub struct Args {
    /// How many failed rebills of a world and seed [default: 4000]; or with --processor a file of failed rebills, one JSON
    /// object a line, which the whole engine works
    #[arg(long, value_name = "NUMBER|FILE")]
    pub cases: Option<PathBuf>,
    /// The issuer: base URL of a processor of the plain HTTP contract, which judges by `attempt_time`
    #[arg(long, value_name = "URL", requires = "cases")]
    pub processor: Option<String>,
    /// Logged attempts to learn from first: the same lines with `attempts`
    #[arg(long, value_name = "FILE", requires = "cases")]
    explore: Option<PathBuf>,
    /// What a unit of a currency is worth in US dollars, CSV or JSON [default: approximate built-in values]
    #[arg(long, value_name = "FILE")]
    pub rates: Option<PathBuf>,
    /// Who plans: `recoup` or, for comparison, one of the baselines
    #[arg(long, value_name = "NAME", default_value = "recoup", requires = "cases", value_parser = policy::name)]
    policy: String,
    /// Virtual hours after which the engine learns from the run's own attempts, again and again; 0: never. Each lesson takes
    /// seconds; with --explore or another --policy there are none
    #[arg(long, value_name = "HOURS", default_value_t = 168, requires = "cases")]
    learn_every: u32,
    /// Cases in a hundred that stay on the fixed ladder
    #[arg(long, value_name = "PERCENT", default_value_t = 0, requires = "cases", value_parser = clap::value_parser!(u32).range(0..=100))]
    holdout_percent: u32,
    /// Cases in a hundred whose moments are drawn, so that others than the best known are learnt about
    #[arg(long, value_name = "PERCENT", default_value_t = 0, requires = "cases", value_parser = clap::value_parser!(u32).range(0..=100))]
    explore_percent: u32,
    /// Attempts on their way at once
    #[arg(long, value_name = "NUMBER", default_value_t = 32, requires = "cases", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: u16,
    /// What one attempt costs, US dollars, for the net value
    #[arg(long, value_name = "USD", default_value_t = 0.10, requires = "cases", value_parser = cost)]
    attempt_cost: f64,
}

/// What this half of the command shares with the other.
#[derive(Debug, Clone, Copy)]
pub struct Common<'a> {
    /// Where the files go.
    pub out: &'a Path,
    /// What chance follows from.
    pub seed: u64,
    /// Attempts of one case, at most.
    pub attempts_max: u32,
}

/// Runs the file.
pub fn run(args: &Args, common: Common<'_>, output: Output) -> Result<(), Failure> {
    let (Some(file), Some(processor)) = (&args.cases, &args.processor) else {
        return Err(Failure::usage("--cases and --processor belong together"));
    };
    let terms = Terms { rates: Rates::load(args.rates.as_deref())?, attempt_usd: args.attempt_cost };
    let Read { mut cases, faults } = read::file(file)?;
    tell_faults(file, &faults);
    if cases.is_empty() {
        return Err(Failure::usage(format!("{}: no line can be used", file.display())));
    }
    check_rates(&cases, &terms.rates)?;
    cases.sort_by_key(|case| (case.failed_at, case.line));
    std::fs::create_dir_all(common.out)?;
    let taught = learn(args)?;
    let planner = policy::named(&args.policy, &taught, Rules::builtin());
    let started = std::time::Instant::now();
    crate::runtime::once(async {
        let issuer = Issuer::at(processor)?;
        if !issuer.answers().await {
            return Err(Failure::failed(format!("nothing answers at {processor}")));
        }
        let begins = cases[0].failed_at;
        let shares = Shares { holdout_percent: args.holdout_percent, explore_percent: args.explore_percent };
        let plan = house::Plan { processor, attempts_max: common.attempts_max, seed: common.seed, planner, shares, begins };
        let house = house::House::build(&plan, &cases).await?;
        let bar = bar(&cases);
        // A planner that was chosen stays: lessons would change the model of somebody else.
        let learn_every = Some(HOUR * args.learn_every).filter(|every| !every.is_zero() && plan.planner.is_none());
        let pace = Pace { at_once: usize::from(args.concurrency), seed: common.seed, learn_every };
        let ran = run::run(&house, &cases, &issuer, pace, &bar).await?;
        bar.finish_and_clear();
        let outcomes = result::outcomes(&house, &cases, &ran.orders).await?;
        result::write(&outcomes, &common.out.join("attempts.jsonl"))?;
        let breaches = breach::find(&outcomes, common.attempts_max);
        let report = Report {
            outcomes: &outcomes,
            faults: &faults,
            breaches: &breaches,
            terms: &terms,
            policy: &args.policy,
            learnt: (!taught.is_empty())
                .then(|| format!("Before the run {} logged attempts were there to learn from.", taught.len())),
            lessons: &ran.lessons,
            seed: common.seed,
            attempts_max: common.attempts_max,
            broken_off: ran.broken_off.as_deref(),
        };
        let told = report.write(common.out)?;
        answer(output, &told, &breaches, common.out, started.elapsed())?;
        let _ = house.engine.store().close().await;
        match ran.broken_off {
            Some(why) => Err(Failure::failed(format!("{why}; what happened until then is in {}", common.out.display()))),
            None => Ok(()),
        }
    })
}

/// The logged attempts to learn from; none without a file.
fn learn(args: &Args) -> Result<Vec<Trial>, Failure> {
    let Some(path) = &args.explore else { return Ok(vec![]) };
    let Read { cases, faults } = read::file(path)?;
    tell_faults(path, &faults);
    let trials = explore::trials(&cases);
    if trials.is_empty() {
        return Err(Failure::usage(format!("{}: no attempt to learn from", path.display())));
    }
    Ok(trials)
}

fn check_rates(cases: &[Case], rates: &Rates) -> Result<(), Failure> {
    let mut unknown: Vec<&str> =
        cases.iter().filter(|case| !rates.knows(case.amount.currency)).map(|case| case.amount.currency.as_str()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    if unknown.is_empty() { Ok(()) } else { Err(Failure::usage(format!("--rates: no value for {}", unknown.join(", ")))) }
}

fn tell_faults(file: &Path, faults: &[read::Fault]) {
    for fault in faults.iter().take(FAULTS_TOLD_MAX) {
        eprintln!("{}: line {}: {}", file.display(), fault.line, fault.fault);
    }
    if faults.len() > FAULTS_TOLD_MAX {
        eprintln!("{}: {} more lines could not be used", file.display(), faults.len() - FAULTS_TOLD_MAX);
    }
}

fn bar(cases: &[Case]) -> ProgressBar {
    let first = cases.first().map_or(Timestamp::EPOCH, |case| case.failed_at);
    let last = cases.iter().map(|case| case.ends_at).max().unwrap_or(first);
    // Hidden by itself where standard error is no terminal.
    let bar = ProgressBar::new(last.secs().max(0) as u64);
    let style = ProgressStyle::with_template("{elapsed_precise} {wide_bar} {percent}% of virtual time, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_position(first.secs().max(0) as u64);
    bar.reset_eta();
    bar
}

fn answer(
    output: Output,
    told: &Told,
    breaches: &breach::Breaches,
    out: &Path,
    took: std::time::Duration,
) -> Result<(), Failure> {
    let overall = &told.overall;
    let percent =
        |figure: Figure| format!("{:.2} % ({:.2} to {:.2})", figure.value * 100.0, figure.low * 100.0, figure.high * 100.0);
    let plain = |figure: Option<Figure>| {
        figure.map_or("–".to_owned(), |figure| format!("{:.2} ({:.2} to {:.2})", figure.value, figure.low, figure.high))
    };
    let breached: usize = breaches.values().map(|breach| breach.count).sum();
    let text = |_: Paint| {
        let rows = [
            ("cases", overall.cases.to_string()),
            ("recovered by count", percent(overall.share)),
            ("recovered by amount", percent(overall.amount_share)),
            ("attempts", overall.attempts.to_string()),
            ("attempts per recovery", plain(overall.attempts_per_recovery)),
            ("days to recovery", plain(overall.days)),
            ("net value, USD", plain(Some(overall.net_usd))),
            ("limit breaches", breached.to_string()),
            ("time taken", format!("{:.1} s; a throw-away store that would not have outlived a crash", took.as_secs_f64())),
            ("files", out.display().to_string()),
        ];
        rows.iter().flat_map(|(name, value)| [format!("{name:<22} "), value.clone(), "\n".to_owned()]).collect()
    };
    output.answer(|| told.summary.clone(), text)
}

/// Reads a cost.
fn cost(text: &str) -> Result<f64, String> {
    let sound = |cost: &f64| cost.is_finite() && (0.0..=1_000.0).contains(cost);
    text.parse::<f64>().ok().filter(sound).ok_or_else(|| "must be an amount from 0 to 1000".to_owned())
}
