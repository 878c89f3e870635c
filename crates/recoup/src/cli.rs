//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::commands;

/// Rescues declined card payments.
#[derive(Debug, Parser)]
#[command(name = "recoup", version, about, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 command line or configuration, 3 not found, 4 conflict.")]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Configuration file [default: recoup.toml, when it is there]
    #[arg(long, short, global = true, env = "RECOUP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the data folder, the database and the key ring
    Init,
    /// Bring the database to the schema of this program
    Migrate,
    /// Run the server
    Serve,
    /// Set up a server with everything and watch declined payments being rescued
    Demo(crate::demo::Args),
    /// Check and explain the configuration
    #[command(subcommand)]
    Config(commands::config::Command),
    /// Serve the simulated issuers as a processor of the plain HTTP contract
    Simulator(commands::simulator::Args),
    /// Work failed rebills against simulated issuers, in virtual time
    Simulate(commands::simulate::Args),
    /// Platforms that act for many merchants
    #[command(subcommand)]
    Partner(commands::partner::Command),
    /// Merchants and their settings
    #[command(subcommand)]
    Merchant(commands::merchant::Command),
    /// The sites of a merchant
    #[command(subcommand)]
    Site(commands::site::Command),
    /// People who use the portal
    #[command(subcommand)]
    User(commands::user::Command),
    /// API clients and keys
    #[command(subcommand)]
    Key(commands::key::Command),
    /// Where a merchant's events go
    #[command(subcommand)]
    Webhook(commands::webhook::Command),
    /// Channels: off, sandbox or production
    #[command(subcommand)]
    Channel(commands::channel::Command),
    /// Processor accounts
    #[command(subcommand)]
    Processor(commands::processor::Command),
    /// Which processor account gets an attempt
    #[command(subcommand)]
    Route(commands::route::Command),
    /// Settlements: what was rescued in a period, less fees, refunds and chargebacks
    #[command(subcommand)]
    Settlement(commands::settlement::Command),
    /// What was rescued, what it cost, and why the rest was not
    Report(commands::report::Args),
    /// Estimate from a file of past transactions what would have been recovered
    Forecast(commands::forecast::Args),
    /// Fraud: backtest profiles and the risk model on a file of past payments
    #[command(subcommand)]
    Risk(commands::risk::Command),
    /// Orders of a running server: look them up, stop them, give money back
    Order(commands::order::Args),
    /// Why an order was worked as it was: causes, moments, rules, and what it waits for
    Explain(commands::explain::Args),
    /// Describe the HTTP interface: OpenAPI 3.1, or a Postman collection
    Openapi(commands::openapi::Args),
    /// Applications of new merchants and their review
    #[command(subcommand)]
    Application(commands::application::Command),
    /// Who changed what: channels, grants, processors, routes, users, keys, partners
    #[command(subcommand)]
    Audit(commands::audit::Command),
    /// The networks' rules: are they sound, what changes when, what a decline code means
    #[command(subcommand)]
    Rules(commands::rules::Command),
    /// Learn from the deployment's own history; what is better for certain goes live
    Learn(commands::learn::Args),
    /// Policies: what another one would have recovered, from the decision log
    #[command(subcommand)]
    Policy(commands::policy::Command),
    /// Learnt models: which were learnt, which is in use, and why
    #[command(subcommand)]
    Model(commands::model::Command),
    /// The keys that protect cards
    #[command(subcommand)]
    Vault(commands::vault::Command),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn common_options_stand_before_or_after_the_command() {
        for line in [
            ["recoup", "--json", "--config", "a.toml", "config", "print"],
            ["recoup", "config", "print", "--config", "a.toml", "--json"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert!(cli.common.json);
            assert_eq!(cli.common.config, Some(PathBuf::from("a.toml")));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [&["recoup", "dance"][..], &["recoup", "config"], &["recoup", "config", "print", "--yaml"]] {
            assert!(Cli::try_parse_from(line).is_err(), "{line:?}");
        }
    }
}
