//! `recoup route`: which processor account gets an attempt. The first line that takes the payment decides; a merchant
//! without a table of its own uses the general one.

use clap::{Args, Subcommand};
use domain::{
    audit::{Entry, What},
    card::Network,
    channel::Channel,
    environment::Environment,
    id::{Mid, ProcessorId, SiteId},
    money::Currency,
    route::Route,
};
use engine::{Engine, PageAt, Principal, routing::Line};
use serde_json::{Value, json};

use super::arguments::{guid, word};
use crate::{failure::Failure, output::Output};

/// Which table.
#[derive(Debug, Args)]
pub struct Which {
    /// A merchant's; without it the general one
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Option<Mid>,
    /// sandbox or production
    #[arg(long, default_value = "production", value_parser = word(Environment::parse, Environment::ALL))]
    environment: Environment,
}

/// What to do with routes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a line
    #[command(visible_alias = "create")]
    Add {
        #[command(flatten)]
        which: Which,
        /// The account
        #[arg(long, value_parser = guid(ProcessorId::parse))]
        processor: ProcessorId,
        /// Order of the lines: lower goes first
        #[arg(long, default_value_t = 100)]
        priority: u32,
        /// Share among the lines of its priority; 0: none
        #[arg(long, default_value_t = 1)]
        weight: u32,
        /// Only for issuers of this country (ISO 3166 alpha-2); may be repeated
        #[arg(long, value_parser = country)]
        country: Vec<String>,
        /// Only from this amount on, minor units
        #[arg(long)]
        min_amount: Option<i64>,
        /// Only up to this amount, minor units
        #[arg(long)]
        max_amount: Option<i64>,
        /// Only from this attempt on, from 1
        #[arg(long)]
        attempt_from: Option<u32>,
        /// Only up to this attempt
        #[arg(long)]
        attempt_to: Option<u32>,
        /// Only for this site; may be repeated
        #[arg(long, value_parser = guid(SiteId::parse))]
        site: Vec<SiteId>,
        /// Only for this channel; may be repeated
        #[arg(long, value_parser = word(Channel::parse, Channel::ALL))]
        channel: Vec<Channel>,
        /// Only for this network; may be repeated
        #[arg(long, value_parser = word(Network::parse, Network::ALL))]
        network: Vec<Network>,
        /// Only for this currency; may be repeated
        #[arg(long, value_parser = currency)]
        currency: Vec<Currency>,
    },
    /// The lines in their order
    List {
        #[command(flatten)]
        which: Which,
    },
    /// Remove the lines of an account
    Remove {
        #[command(flatten)]
        which: Which,
        /// The account
        #[arg(long, value_parser = guid(ProcessorId::parse))]
        processor: ProcessorId,
    },
    /// Who replaced the table by what, newest first
    History {
        /// A merchant's; without it the general one
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Option<Mid>,
        /// How many changes
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        last: u32,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    let table = match command {
        Command::Add {
            which,
            processor,
            priority,
            weight,
            country,
            min_amount,
            max_amount,
            attempt_from,
            attempt_to,
            site,
            channel,
            network,
            currency,
        } => {
            let line = Line {
                priority: Some(priority),
                processor: Some(processor),
                weight: Some(weight),
                sites: site,
                channels: channel,
                networks: network,
                currencies: currency,
                countries: country,
                min_amount,
                max_amount,
                attempt_from,
                attempt_to,
            };
            engine.processor_account(processor).await.map_err(Failure::about("processor", processor))?;
            engine.add_route(existing(&which, engine).await?, which.environment, line).await?
        }
        Command::List { which } => engine.route_table(existing(&which, engine).await?, which.environment).await?,
        Command::Remove { which, processor } => {
            let mut table = engine.route_table(existing(&which, engine).await?, which.environment).await?;
            let before = table.len();
            table.retain(|route| route.processor != processor);
            if table.len() == before {
                return Err(Failure::not_found(format!("no line of this table names {processor}")));
            }
            let lines = table.into_iter().map(Line::from).collect();
            engine.set_routes(which.mid, which.environment, lines).await?
        }
        Command::History { mid, last } => {
            let environment = Environment::Production;
            existing(&Which { mid, environment }, engine).await?;
            let page = engine.table_history(&Principal::operator(environment), mid, PageAt { number: 1, size: last }).await?;
            return output.list(HISTORY, page.rows.iter().filter_map(told).collect());
        }
    };
    output.list(COLUMNS, table.iter().map(view).collect())
}

/// The merchant of the table, which must exist.
async fn existing(which: &Which, engine: &Engine) -> Result<Option<Mid>, Failure> {
    if let Some(mid) = which.mid {
        engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
    }
    Ok(which.mid)
}

const COLUMNS: &[(&str, &str)] = &[
    ("PRIORITY", "priority"),
    ("PROCESSOR", "processor"),
    ("WEIGHT", "weight"),
    ("SITES", "sites"),
    ("CHANNELS", "channels"),
    ("NETWORKS", "networks"),
    ("CURRENCIES", "currencies"),
    ("COUNTRIES", "countries"),
    ("AMOUNT FROM", "minAmount"),
    ("TO", "maxAmount"),
    ("ATTEMPT FROM", "attemptFrom"),
    ("TO", "attemptTo"),
];

const HISTORY: &[(&str, &str)] = &[
    ("CHANGED", "changedOn"),
    ("ENVIRONMENT", "environment"),
    ("LINES BEFORE", "before"),
    ("LINES SINCE", "since"),
    ("BY", "changedBy"),
];

fn told(entry: &Entry) -> Option<Value> {
    let What::Routes { environment, from, to } = &entry.what else { return None };
    Some(json!({
        "changedOn": entry.at.iso6(), "environment": environment, "before": from.len(), "since": to.len(), "from": from,
        "to": to, "changedBy": entry.by.name, "role": entry.by.role,
    }))
}

fn view(route: &Route) -> Value {
    json!(route)
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).ok_or_else(|| "must be an ISO 4217 code, such as USD".to_owned())
}

fn country(text: &str) -> Result<String, String> {
    let sound = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
    sound.then(|| text.to_ascii_uppercase()).ok_or_else(|| "must be two letters, such as US".to_owned())
}
