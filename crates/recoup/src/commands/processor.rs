//! `recoup processor`: processor accounts of the plain HTTP contract.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use domain::{
    audit::{Entry, What},
    card::Network,
    environment::Environment,
    id::{Mid, ProcessorId},
    money::Currency,
    route::{Account, Status},
};
use engine::{
    Engine, PageAt, Principal,
    routing::{Capable, Draft},
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

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
    /// Pause it, take it up again, mark it as down, or give it new credentials; open attempts are still settled
    Set {
        /// Its id
        #[arg(value_parser = guid(ProcessorId::parse))]
        id: ProcessorId,
        /// ACTIVE, PAUSED or DOWN
        #[arg(long, value_parser = word(Status::parse, Status::ALL))]
        status: Option<Status>,
        #[command(flatten)]
        credentials: Credentials,
        #[command(flatten)]
        takes: Takes,
    },
    /// Take it out of use for good; refused while routes or unsettled attempts name it
    Remove {
        /// Its id
        #[arg(value_parser = guid(ProcessorId::parse))]
        id: ProcessorId,
    },
    /// Who made, changed or removed which account, newest first
    History {
        /// A merchant's; without it the operator's
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Option<Mid>,
        /// How many entries
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        last: u32,
    },
}

/// Secrets, from files or standard input: never from the command line.
#[derive(Debug, Default, clap::Args)]
pub struct Credentials {
    /// File with static headers as a JSON object, such as {"Authorization": "…"}; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    headers: Option<PathBuf>,
    /// File with the secret (base64) that it signs its notifications with; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    webhook_secret: Option<PathBuf>,
}

/// Payments that it takes.
#[derive(Debug, Default, clap::Args)]
pub struct Takes {
    /// It takes only this currency; may be repeated
    #[arg(long, value_parser = currency)]
    currency: Vec<Currency>,
    /// It takes only this network; may be repeated
    #[arg(long, value_parser = word(Network::parse, Network::ALL))]
    network: Vec<Network>,
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
    #[command(flatten)]
    credentials: Credentials,
    #[command(flatten)]
    takes: Takes,
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
        Command::Create(create) => {
            let mid = create.mid;
            output.record(&view(&engine.create_processor(mid, &draft(create)?).await?))
        }
        Command::List => output.list(COLUMNS, engine.processors().await?.iter().map(view).collect()),
        Command::Show { id } => {
            output.record(&view(&engine.processor_account(id).await.map_err(Failure::about("processor", id))?))
        }
        Command::Set { id, status, credentials, takes } => {
            let draft = Draft { status, ..said(&credentials, takes)? };
            output.record(&view(&engine.change_processor(id, &draft).await.map_err(Failure::about("processor", id))?))
        }
        Command::Remove { id } => {
            engine.remove_processor(id).await.map_err(Failure::about("processor", id))?;
            output.record(&json!({"id": id, "removed": true}))
        }
        Command::History { mid, last } => {
            if let Some(mid) = mid {
                engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            }
            let shell = Principal::operator(Environment::Production);
            let page = engine.account_history(&shell, mid, PageAt { number: 1, size: last }).await?;
            output.list(HISTORY, page.rows.iter().filter_map(told).collect())
        }
    }
}

fn draft(create: Create) -> Result<Draft, Failure> {
    let said = said(&create.credentials, create.takes)?;
    Ok(Draft {
        name: Some(create.name),
        kind: Some("http".into()),
        environment: Some(create.environment),
        base_url: Some(create.base_url),
        reveal_card: Some(create.reveal_card),
        connect_timeout_ms: Some(create.connect_timeout_ms),
        total_timeout_ms: Some(create.total_timeout_ms),
        capable: Capable {
            lookup: Some(!create.no_inquire),
            auth_capture: Some(!create.no_capture),
            void: Some(!create.no_void),
            refund: Some(!create.no_refund),
            updater: Some(create.updater),
            ..said.capable
        },
        ..said
    })
}

/// Credentials and what it takes; lists that were not given stay as they are.
fn said(credentials: &Credentials, takes: Takes) -> Result<Draft, Failure> {
    let listed = |given: bool| given.then_some(());
    Ok(Draft {
        headers: credentials.headers.as_deref().map(headers).transpose()?.unwrap_or_default(),
        webhook_secret: credentials.webhook_secret.as_deref().map(|path| text(path, "secret")).transpose()?,
        capable: Capable {
            currencies: listed(!takes.currency.is_empty()).map(|()| takes.currency),
            networks: listed(!takes.network.is_empty()).map(|()| takes.network),
            ..Capable::default()
        },
        ..Draft::default()
    })
}

/// Reads the headers. They are secrets: messages name the file, never its text.
fn headers(path: &Path) -> Result<Vec<(String, Zeroizing<String>)>, Failure> {
    let text = text(path, "headers")?;
    let headers: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("the headers {} are no JSON object of texts (line {})", path.display(), error.line()))
    })?;
    Ok(headers.into_iter().map(|(name, value)| (name, Zeroizing::new(value))).collect())
}

fn text(path: &Path, what: &str) -> Result<Zeroizing<String>, Failure> {
    let unreadable = |error: std::io::Error| Failure::usage(format!("the {what} {} cannot be read: {error}", path.display()));
    let mut text = Zeroizing::new(String::new());
    if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
    } else {
        *text = std::fs::read_to_string(path).map_err(unreadable)?;
    }
    Ok(text)
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).ok_or_else(|| "must be an ISO 4217 code, such as USD".to_owned())
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

const HISTORY: &[(&str, &str)] =
    &[("CHANGED", "changedOn"), ("PROCESSOR", "processor"), ("CHANGE", "change"), ("MEMBERS", "members"), ("BY", "changedBy")];

/// What an entry of the audit trail says: the members that changed, with their values before and since.
fn told(entry: &Entry) -> Option<Value> {
    let What::Processor { processor, from, to, credentials } = &entry.what else { return None };
    let change = match (from, to) {
        (None, _) => "created",
        (Some(_), Some(_)) => "changed",
        (Some(_), None) => "removed",
    };
    let (before, since) = (json!(from), json!(to));
    let mut members: Vec<&str> = match (from, to, since.as_object()) {
        (Some(_), Some(_), Some(members)) => {
            members.iter().filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name.as_str()).collect()
        }
        _ => vec![],
    };
    if *credentials {
        members.push("credentials");
    }
    Some(json!({
        "changedOn": entry.at.iso6(), "processor": processor, "change": change, "members": members, "from": from, "to": to,
        "changedBy": entry.by.name, "role": entry.by.role,
    }))
}

fn view(account: &Account) -> Value {
    json!({
        "id": account.id, "mid": account.mid, "name": account.name, "kind": account.kind, "environment": account.environment,
        "baseUrl": account.base_url, "hasHeaders": account.headers.is_some(),
        "hasWebhookSecret": account.webhook_secret.is_some(), "takes": account.takes, "revealCard": account.reveal_card,
        "connectTimeoutMs": account.connect_timeout_ms, "totalTimeoutMs": account.total_timeout_ms, "offers": account.offers,
        "status": account.status, "createdAt": account.created_at.iso6(),
    })
}
