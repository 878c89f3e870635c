//! `recoup policy`: what other policies would have recovered of the orders in the decision log.

use std::sync::Arc;

use clap::Subcommand;
use domain::{
    environment::Environment,
    id::Mid,
    money::Currency,
    time::{DAY, Timestamp},
};
use engine::{
    Engine,
    learn::{Asked, Estimated, Target},
};
use recovery::evaluate::{Estimate, Estimates, Warning};
use serde_json::{Value, json};

use super::{
    arguments::{guid, word},
    learn::Bar,
};
use crate::{
    failure::Failure,
    output::{Column, Output, Paint, Table},
};

/// Days looked at unless told otherwise.
const DAYS: u32 = 90;

/// What to do with policies.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Estimate what a policy would have recovered, from what the arms did: nothing is charged
    Evaluate(Args),
}

/// Which policy, on what.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "NAME is `recoup` (the model in use), `recoup@VERSION` (`recoup model list`), or a baseline: ladder, kill-bill, two-weeks, daily,\n\
                  payday, payday-4, counters, trees (the last two learn from the log first, so they flatter themselves).\n\
                  A policy that does what no arm ever did cannot be judged: mind the coverage, and explore more cards."
)]
pub struct Args {
    /// recoup, recoup@VERSION, or a baseline
    #[arg(value_name = "NAME", value_parser = target)]
    name: Target,
    /// First day or moment of the decisions, UTC; without it 90 days before the last
    #[arg(long, value_parser = first)]
    from: Option<Timestamp>,
    /// Last day or moment, UTC; without it now
    #[arg(long, value_parser = last)]
    to: Option<Timestamp>,
    /// One merchant only
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Option<Mid>,
    /// Average the amounts of this currency, such as USD, in place of orders
    #[arg(long, value_parser = currency)]
    amounts_in: Option<Currency>,
    /// sandbox or production
    #[arg(long, default_value = "production", value_parser = word(Environment::parse, Environment::ALL))]
    environment: Environment,
}

/// Runs the command.
pub async fn run(command: Command, engine: &Arc<Engine>, output: Output) -> Result<(), Failure> {
    let Command::Evaluate(args) = command;
    if let Some(mid) = args.mid {
        engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
    }
    // Sandbox merchants may be ahead of the real time.
    let to =
        args.to.unwrap_or(if args.environment == Environment::Sandbox { Timestamp::FAR_FUTURE } else { engine.clock().now() });
    let from = args.from.unwrap_or(if args.to.is_none() && args.environment == Environment::Sandbox {
        Timestamp::EPOCH
    } else {
        to - DAY * DAYS
    });
    let asked =
        Asked { target: args.name.clone(), from, to, mid: args.mid, environment: args.environment, amounts_in: args.amounts_in };
    let bar = Bar::new();
    let shown = bar.clone();
    let found = engine.estimate(asked, move |stage| shown.show(stage)).await;
    bar.finish();
    let found = found.map_err(Failure::about("policy", shown_name(&args.name)))?;
    output.answer(|| view(&found), |paint| text(&found, paint))
}

fn view(found: &Estimated) -> Value {
    json!({
        "estimates": found.estimates, "decisions": found.decisions, "unusableDecisions": found.unusable, "isCut": found.is_cut,
    })
}

fn text(found: &Estimated, paint: Paint) -> String {
    let read = format!("{} decisions read, {} of them unusable.\n", found.decisions, found.unusable);
    let Some(estimates) = &found.estimates else {
        return format!("No order whose rescue is over: nothing to estimate from yet. {read}");
    };
    let mut table = Table::new(vec![
        Column::left("ESTIMATOR"),
        Column::right("RECOVERED"),
        Column::right("STANDARD ERROR"),
        Column::right("95 % INTERVAL"),
    ]);
    let rows = [("inverse propensity", estimates.ips), ("self-normalised", estimates.snips), ("doubly robust", estimates.dr)];
    for (name, Estimate { value, standard_error, lower, upper }) in rows {
        let error = if standard_error.is_finite() { percent(standard_error) } else { "-".to_owned() };
        table.row(vec![name.to_owned(), percent(value), error, format!("{} to {}", percent(lower), percent(upper))]);
    }
    let conservative = format!("{} to {}", percent(estimates.conservative.lower), percent(estimates.conservative.upper));
    table.row(vec!["whatever the number of orders".to_owned(), String::new(), String::new(), conservative]);
    table.row(vec!["as it was (all arms)".to_owned(), percent(estimates.logged)]);
    let cut = if found.is_cut { "There are more decisions than fit; the newest were read.\n" } else { "" };
    format!("{}\n{}{}{read}{cut}", table.render(paint), basis(estimates), warnings(estimates))
}

fn basis(estimates: &Estimates) -> String {
    let Estimates { target, episodes, units, matched, effective, coverage, .. } = estimates;
    format!(
        "{target}: from {episodes} orders of {units} cards, of which {matched} did all that it would have done; they say as much as \
         {effective:.0} equal ones.\nCoverage {coverage:.2} (1.00: all that it does was tried).\n"
    )
}

fn warnings(estimates: &Estimates) -> String {
    let told = |warning: &Warning| match warning {
        Warning::NoMatch => "no order was worked as this policy would: nothing is known of it".to_owned(),
        Warning::FewEffective => "few effective orders: trust the last interval, not the normal ones".to_owned(),
        Warning::Uncovered => "part of what it does was never tried: the estimates disagree where they guess".to_owned(),
        Warning::Clipped => format!("{} weights were clipped: the estimates lean to the low side", estimates.clipped),
    };
    estimates.warnings.iter().flat_map(|warning| ["! ".to_owned(), told(warning), "\n".to_owned()]).collect()
}

fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

fn shown_name(target: &Target) -> String {
    match target {
        Target::InUse => "recoup".to_owned(),
        Target::Version(version) => format!("recoup@{version}"),
        Target::Baseline(name) => name.clone(),
    }
}

fn target(text: &str) -> Result<Target, String> {
    let names = || recovery::baseline::NAMES.join(", ");
    Target::parse(text).ok_or_else(|| format!("must be recoup, recoup@VERSION, or one of {}", names()))
}

const DATE: &str = "must be a date such as 2026-11-30, or a time such as 2026-11-30T12:00:00Z";

fn first(text: &str) -> Result<Timestamp, String> {
    Timestamp::first_of(text).ok_or_else(|| DATE.to_owned())
}

fn last(text: &str) -> Result<Timestamp, String> {
    Timestamp::last_of(text).ok_or_else(|| DATE.to_owned())
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).ok_or_else(|| "must be a currency code such as USD".to_owned())
}

#[cfg(test)]
mod tests {
    use recovery::evaluate::Conservative;

    use super::*;

    fn found(warnings: Vec<Warning>) -> Estimated {
        let estimate = Estimate { value: 0.412, standard_error: 0.02, lower: 0.372, upper: 0.452 };
        let estimates = Estimates {
            target: "payday".into(),
            episodes: 900,
            units: 800,
            matched: 60,
            effective: 48.6,
            coverage: 0.93,
            clipped: 2,
            logged: 0.4,
            ips: estimate,
            snips: estimate,
            dr: Estimate { standard_error: f64::INFINITY, ..estimate },
            conservative: Conservative { lower: 0.1, upper: 0.9 },
            warnings,
        };
        Estimated { estimates: Some(estimates), decisions: 2_000, unusable: 3, is_cut: false }
    }

    #[test]
    fn three_estimates_stand_beside_each_other_with_what_they_rest_on() {
        let told = text(&found(vec![Warning::FewEffective, Warning::Clipped]), Paint::OFF);
        for part in [
            "41.2 %",
            "37.2 % to 45.2 %",
            "10.0 % to 90.0 %",
            "payday: from 900 orders of 800 cards, of which 60 did all",
            "as much as 49 equal ones",
            "Coverage 0.93",
            "! few effective orders",
            "! 2 weights were clipped",
            "2000 decisions read, 3 of them unusable",
        ] {
            assert!(told.contains(part), "{part}\n{told}");
        }
        assert!(!told.contains("inf"));
    }

    #[test]
    fn nothing_to_estimate_from_is_said() {
        let none = Estimated { estimates: None, decisions: 0, unusable: 0, is_cut: false };
        assert!(text(&none, Paint::OFF).contains("nothing to estimate from yet"));
    }
}
