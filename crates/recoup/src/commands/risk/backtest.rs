//! `recoup risk backtest`: what the live system would have said of a past.

use std::path::{Path, PathBuf};

use domain::time::{DAY, Timestamp};
use recovery::risk::{Backtest, Metrics, Options, RULES_VERSION, Split, backtest};
use serde_json::{Value, json};

use super::file::{Past, instant, read};
use crate::{
    failure::Failure,
    output::{Column, Output, Table},
};

/// Which file, and which part of it teaches and judges.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Columns: transaction_id, timestamp, customer_id, terminal_id, amount, fraud, in any order and case; TX_DATETIME, \
    TX_AMOUNT, TX_FRAUD and other usual names are known. A fraud is known --delay-days after it happened, to profiles as to the lesson. \
    Measures are those of the public fraud-detection handbook: of the whole test period, and of cards that were not yet known to be \
    defrauded."
)]
pub struct Args {
    /// CSV of past payments
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// First day that is learnt from; what lies before only fills profiles [default: so that the test period ends with the file]
    #[arg(long, value_name = "DATE", value_parser = date)]
    train_start: Option<Timestamp>,
    /// Days that are learnt from
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    train_days: u32,
    /// Days until a fraud is known
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=365))]
    delay_days: u32,
    /// Days that are judged
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    test_days: u32,
    /// Write what was said of each payment of the test period into this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn date(text: &str) -> Result<Timestamp, String> {
    instant(text).ok_or_else(|| format!("{text} is no date"))
}

/// Runs the command.
pub fn run(args: &Args, output: Output) -> Result<(), Failure> {
    let past = read(&args.input)?;
    let split = split(args, &past)?;
    let tested = backtest(&past.payments, &split, &Options::new("backtest", args.seed))
        .map_err(|error| Failure::failed(error.to_string()))?;
    if let Some(path) = &args.out {
        write(path, &past, &tested).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    }
    output.answer(|| view(&tested, &split), |paint| table(&tested).render(paint))
}

/// The periods; without a begin they end with the file.
fn split(args: &Args, past: &Past) -> Result<Split, Failure> {
    let days = args.train_days + args.delay_days + args.test_days;
    let last = past.payments.iter().map(|(payment, _)| payment.at).max();
    let last = last.ok_or_else(|| Failure::usage(format!("{}: no payments", args.input.display())))?;
    let end = Timestamp::from_secs(last.secs().div_euclid(86_400) * 86_400) + DAY;
    let train_start = args.train_start.unwrap_or(end - DAY * days);
    Ok(Split { train_start, train_days: args.train_days, delay_days: args.delay_days, test_days: args.test_days })
}

fn write(path: &Path, past: &Past, tested: &Backtest) -> Result<(), csv::Error> {
    let mut file = csv::Writer::from_path(path)?;
    file.write_record(["transaction_id", "timestamp", "probability", "fraud", "known_card"])?;
    for outcome in &tested.outcomes {
        let (payment, fraud) = &past.payments[outcome.place];
        file.write_record([
            &past.ids[outcome.place],
            &payment.at.iso6(),
            &outcome.probability.to_string(),
            &u8::from(*fraud).to_string(),
            &u8::from(outcome.known_card).to_string(),
        ])?;
    }
    file.flush()?;
    Ok(())
}

fn view(tested: &Backtest, split: &Split) -> Value {
    json!({
        "trainStart": split.train_start,
        "testStart": split.test_start(),
        "testEnd": split.test_end(),
        "learntFrom": { "payments": tested.model.rows, "frauds": tested.model.frauds },
        "all": tested.all,
        "unknownCards": tested.unknown_cards,
        "rules": tested.rules,
    })
}

fn table(tested: &Backtest) -> Table {
    let mut table = Table::new(vec![
        Column::left("Scored by"),
        Column::left("Payments"),
        Column::right("Count"),
        Column::right("Frauds"),
        Column::right("AUC ROC"),
        Column::right("Average precision"),
        Column::right("Card precision at 100"),
    ]);
    let mut line = |by: &str, which: &str, metrics: &Metrics| {
        let share = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
        table.row(vec![
            by.to_owned(),
            which.to_owned(),
            metrics.payments.to_string(),
            metrics.frauds.to_string(),
            share(metrics.auc_roc),
            share(metrics.average_precision),
            share(metrics.card_precision_100),
        ]);
    };
    line("learnt model", "all of the test period", &tested.all);
    line("learnt model", "cards not yet known as defrauded", &tested.unknown_cards);
    line(RULES_VERSION, "all of the test period", &tested.rules);
    table
}
