//! `recoup risk sample`: a file of made-up payments.

use std::path::PathBuf;

use recovery::risk::World;
use serde_json::json;

use super::file::instant;
use crate::{failure::Failure, output::Output};

/// Which world.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write them
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Seed of everything that is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Cards
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    cards: u32,
    /// Terminals
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    terminals: u32,
    /// Days, from 2018-04-01 on
    #[arg(long, default_value_t = 183, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    days: u32,
    /// How far a card goes, on a square of 100 by 100
    #[arg(long, default_value_t = 5.0)]
    radius: f64,
}

/// Runs the command.
pub fn run(args: &Args, output: Output) -> Result<(), Failure> {
    let &Args { seed, cards, terminals, days, radius, .. } = args;
    let from = instant("2018-04-01").ok_or_else(|| Failure::failed("no such day"))?;
    let made = World { cards, terminals, days, radius, ..World::new(seed) }.payments(from);
    let written = || -> Result<(), csv::Error> {
        let mut file = csv::Writer::from_path(&args.out)?;
        file.write_record(["transaction_id", "timestamp", "customer_id", "terminal_id", "amount", "fraud"])?;
        for (number, payment) in made.iter().enumerate() {
            let amount = format!("{}.{:02}", payment.hundredths / 100, payment.hundredths % 100);
            file.write_record([
                &number.to_string(),
                &payment.at.iso6(),
                &payment.card.to_string(),
                &payment.terminal.to_string(),
                &amount,
                &u8::from(payment.fraud).to_string(),
            ])?;
        }
        file.flush()?;
        Ok(())
    };
    written().map_err(|error| Failure::failed(format!("{}: {error}", args.out.display())))?;
    let frauds = made.iter().filter(|payment| payment.fraud).count();
    output.answer(
        || json!({ "payments": made.len(), "frauds": frauds }),
        |_| format!("{} payments, {frauds} of them fraud, in {}", made.len(), args.out.display()),
    )
}
