//! What the demonstration is told on the command line, and the settings that follow from it.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use domain::settings::MitMode;

use crate::config::{self, Config, Limits};

/// What the demonstration is told.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Folder of the database, the key ring and the log; made when it is missing, used again when it is there
    #[arg(long, default_value = "demo-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Where the credentials are written, as JSON [default: credentials.json in the data folder]
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<PathBuf>,
    /// Who retries declined rebills: `managed` (Recoup alone) or `sync` (the shop asks again)
    #[arg(long, default_value = "managed", value_parser = mit_mode, value_name = "MODE")]
    pub mit_mode: MitMode,
    /// Only set up and serve
    #[arg(long)]
    pub no_traffic: bool,
    /// Seed of the shop's customers and of the simulated issuers: the same seed plays the same business
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    pub seed: u64,
    /// Virtual days that pass in a second, at most; 0: as fast as it goes
    #[arg(long, default_value_t = 1.0, value_parser = speed, value_name = "DAYS")]
    pub speed: f64,
    /// Customers of the shop at its start
    #[arg(long, default_value_t = 2_400, value_parser = clap::value_parser!(u32).range(1..=100_000), hide = true)]
    pub subscribers: u32,
}

impl Args {
    /// The server's settings: the defaults, whatever stands in files and the environment of a real server.
    pub fn config(&self) -> Config {
        let mut config = config::resolve(None, BTreeMap::new()).config;
        config.data.dir.clone_from(&self.data);
        config.listen.address = SocketAddr::from(([127, 0, 0, 1], self.port));
        config.simulator.seed = self.seed;
        // A port that the system chooses is known too late for mails.
        config.mail.portal_url = (self.port != 0).then(|| format!("http://127.0.0.1:{}/portal", self.port));
        unlimited(&mut config.limits);
        config
    }

    /// The file of the credentials.
    pub fn credentials_path(&self) -> PathBuf {
        self.credentials.clone().unwrap_or_else(|| self.data.join("credentials.json"))
    }
}

/// The shop's years pass in seconds: one client does the work of many.
const fn unlimited(limits: &mut Limits) {
    limits.token_per_sec = 0;
    limits.evaluate_per_sec = 0;
    limits.tokenize_per_sec = 0;
    limits.transmit_per_sec = 0;
    limits.read_per_sec = 0;
    limits.management_per_sec = 0;
}

fn mit_mode(text: &str) -> Result<MitMode, String> {
    MitMode::parse(text).ok_or_else(|| "must be `managed` or `sync`".to_owned())
}

fn speed(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|days: &f64| days.is_finite() && (0.0..=10_000.0).contains(days))
        .ok_or_else(|| "must be a number of days from 0 to 10000".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn the_defaults_are_those_of_the_documentation() {
        let args = Line::try_parse_from(["demo"]).unwrap().args;
        assert_eq!((args.port, args.seed, args.mit_mode, args.no_traffic), (8080, 1, MitMode::Managed, false));
        assert_eq!(args.credentials_path(), PathBuf::from("demo-data/credentials.json"));
        let config = args.config();
        assert_eq!(config.listen.address.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_path(), PathBuf::from("demo-data/recoup.sqlite"));
    }

    #[test]
    fn nonsense_is_refused() {
        for line in
            [["demo", "--mit-mode", "auto"], ["demo", "--speed", "-1"], ["demo", "--speed", "NaN"], ["demo", "--seed", "-3"]]
        {
            assert!(Line::try_parse_from(line).is_err(), "{line:?}");
        }
    }
}
