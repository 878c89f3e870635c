//! `recoup demo`: declined payments rescued before your eyes.

use std::path::PathBuf;

use domain::settings::MitMode;

use super::arguments::word;
use crate::failure::Failure;

/// What the demo is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Data folder [default: demo-data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Write the credentials to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<PathBuf>,
    /// `managed`: Recoup retries alone; `sync`: the shop repeats its request
    #[arg(long, default_value = "managed", value_parser = word(MitMode::parse, MitMode::ALL))]
    pub mit_mode: MitMode,
    /// Serve, but play no business
    #[arg(long)]
    pub no_traffic: bool,
    /// Seed: the same seed plays the same business
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How fast the business is played: 1 is the usual pace, 2 twice as fast
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
}

/// Runs the demo.
pub fn run(args: &Args) -> Result<(), Failure> {
    crate::demo::run(args)
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed: &f64| (0.01..=1_000.0).contains(speed));
    speed.ok_or_else(|| "must be from 0.01 to 1000".to_owned())
}
