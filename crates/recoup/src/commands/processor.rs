//! `recoup processor`: processor accounts of the plain HTTP contract.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use domain::{
    environment::Environment,
    id::{Mid, ProcessorId},
    route::{Account, Offers, Status},
};
use engine::{Engine, admin::NewProcessor};
use serde_json::{Value, json};

use super::arguments::{guid, word};
use crate::{failure::Failure, output::Output};

/// What to do with processor accounts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an account; it gets attempts once a route names it
    Create(Create),
    /// All accounts
    List,
    /// One account
    Show {
        /// Its id
        #[arg(value_parser = guid(ProcessorId::parse))]
        id: ProcessorId,
    },
    /// Pause it, take it up again, or mark it as down; open attempts are still settled
    Set {
        /// Its id
        #[arg(value_parser = guid(ProcessorId::parse))]
        id: ProcessorId,
        /// ACTIVE, PAUSED or DOWN
        #[arg(long, value_parser = word(Status::parse, Status::ALL))]
        status: Status,
    },
}

/// What is made.
#[derive(Debug, clap::Args)]
pub struct Create {
    /// Name, shown in attempts
    #[arg(long)]
    name: String,
    /// Base URL of the plain HTTP contract
    #[arg(long, value_name = "URL")]
    base_url: String,
    /// sandbox or production
    #[arg(long, value_parser = word(Environment::parse, Environment::ALL))]
    environment: Environment,
    /// Its merchant; without it the operator's, for every merchant
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Option<Mid>,
    /// Give it the card number
    #[arg(long)]
    reveal_card: bool,
    /// File with static headers as a JSON object, such as {"Authorization": "…"}; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    headers: Option<PathBuf>,
    /// Time to connect, in milliseconds
    #[arg(long, default_value_t = 2_000)]
    connect_timeout_ms: u32,
    /// Time for a whole call, in milliseconds
    #[arg(long, default_value_t = 20_000)]
    total_timeout_ms: u32,
    /// It cannot look attempts up: unknown results then need the operator
    #[arg(long)]
    no_inquire: bool,
    /// It cannot capture later
    #[arg(long)]
    no_capture: bool,
    /// It cannot void
    #[arg(long)]
    no_void: bool,
    /// It cannot refund
    #[arg(long)]
    no_refund: bool,
    /// It offers the account updater
    #[arg(long)]
    updater: bool,
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create(create) => output.record(&view(&engine.create_processor(draft(create)?).await?)),
        Command::List => output.list(COLUMNS, engine.processors().await?.iter().map(view).collect()),
        Command::Show { id } => {
            output.record(&view(&engine.processor_account(id).await.map_err(Failure::about("processor", id))?))
        }
        Command::Set { id, status } => {
            output.record(&view(&engine.set_processor_status(id, status).await.map_err(Failure::about("processor", id))?))
        }
    }
}

fn draft(create: Create) -> Result<NewProcessor, Failure> {
    let headers = create.headers.as_deref().map(headers).transpose()?.unwrap_or_default();
    let offers = Offers {
        inquire: !create.no_inquire,
        capture: !create.no_capture,
        void: !create.no_void,
        refund: !create.no_refund,
        updater: create.updater,
    };
    Ok(NewProcessor {
        mid: create.mid,
        name: create.name,
        environment: create.environment,
        base_url: create.base_url,
        headers,
        reveal_card: create.reveal_card,
        connect_timeout_ms: create.connect_timeout_ms,
        total_timeout_ms: create.total_timeout_ms,
        offers,
    })
}

/// Reads the headers. They are secrets: messages name the file, never its text.
fn headers(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let unreadable = |error: std::io::Error| Failure::usage(format!("the headers {} cannot be read: {error}", path.display()));
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
    } else {
        text = std::fs::read_to_string(path).map_err(unreadable)?;
    }
    let headers: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("the headers {} are no JSON object of texts (line {})", path.display(), error.line()))
    })?;
    Ok(headers.into_iter().collect())
}

const COLUMNS: &[(&str, &str)] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("ENVIRONMENT", "environment"),
    ("MID", "mid"),
    ("STATUS", "status"),
    ("CARD", "revealCard"),
    ("BASE URL", "baseUrl"),
];

fn view(account: &Account) -> Value {
    json!({
        "id": account.id, "mid": account.mid, "name": account.name, "kind": account.kind, "environment": account.environment,
        "baseUrl": account.base_url, "hasHeaders": account.headers.is_some(), "revealCard": account.reveal_card,
        "connectTimeoutMs": account.connect_timeout_ms, "totalTimeoutMs": account.total_timeout_ms, "offers": account.offers,
        "status": account.status, "createdAt": account.created_at.iso6(),
    })
}
