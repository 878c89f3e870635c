//! `recoup webhook`: where a merchant's events go.

use clap::Subcommand;
use domain::{
    environment::Environment,
    id::{Mid, WebhookId},
    time::Timestamp,
    webhook::Endpoint,
};
use engine::{Engine, Principal, admin::NewWebhook, webhook::Created};
use serde_json::{Value, json};

use super::arguments::{guid, word};
use crate::{failure::Failure, output::Output};

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an endpoint; its signing key is shown once
    Create {
        /// Its merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Mid,
        /// Where to
        #[arg(long)]
        url: String,
        /// `*`, `order.*` or a name; may be repeated; without it all
        #[arg(long)]
        event: Vec<String>,
        /// sandbox or production
        #[arg(long, default_value = "sandbox", value_parser = word(Environment::parse, Environment::ALL))]
        environment: Environment,
    },
    /// The endpoints of a merchant
    List {
        /// The merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Mid,
        /// sandbox or production; both without it
        #[arg(long, value_parser = word(Environment::parse, Environment::ALL))]
        environment: Option<Environment>,
    },
    /// One endpoint
    Show {
        /// Its id
        #[arg(value_parser = guid(WebhookId::parse))]
        id: WebhookId,
    },
    /// Give an endpoint a new signing key, shown once; the old one signs beside it for a while
    Rotate {
        /// Its id
        #[arg(value_parser = guid(WebhookId::parse))]
        id: WebhookId,
        /// How long both sign, in hours
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=168))]
        overlap_hours: u32,
    },
    /// Remove an endpoint; what was not delivered to it is dropped
    Delete {
        /// Its id
        #[arg(value_parser = guid(WebhookId::parse))]
        id: WebhookId,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create { mid, url, event, environment } => output.record(&created(
            &engine
                .create_endpoint(NewWebhook { mid, environment, url, events: event })
                .await
                .map_err(Failure::about("merchant", mid))?,
        )),
        Command::List { mid, environment } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            let mut rows = Vec::new();
            for environment in environment.as_ref().map_or(Environment::ALL, std::slice::from_ref) {
                rows.extend(engine.endpoints(mid, *environment).await?.iter().map(view));
            }
            output.list(COLUMNS, rows)
        }
        Command::Show { id } => output.record(&view(&find(engine, id).await?)),
        Command::Rotate { id, overlap_hours } => {
            let operator = operator(find(engine, id).await?.environment);
            output.record(&created(&engine.rotate_webhook_key(&operator, id, overlap_hours).await?))
        }
        Command::Delete { id } => {
            engine.delete_webhook(&operator(find(engine, id).await?.environment), id).await?;
            output.record(&json!({ "id": id, "deleted": true }))
        }
    }
}

async fn find(engine: &Engine, id: WebhookId) -> Result<Endpoint, Failure> {
    let endpoint = engine.store().endpoint(id).await.map_err(engine::Error::from)?;
    endpoint.ok_or_else(|| Failure::not_found(format!("there is no webhook {id}")))
}

/// Who has the shell of the machine acts for everybody.
fn operator(environment: Environment) -> Principal {
    Principal::operator(environment)
}

const COLUMNS: &[(&str, &str)] = &[
    ("ID", "id"),
    ("URL", "url"),
    ("EVENTS", "events"),
    ("ENVIRONMENT", "environment"),
    ("STATE", "state"),
    ("LAST SUCCESS", "lastSuccessAt"),
];

fn created(new: &Created) -> Value {
    let mut made = view(&new.endpoint);
    made["key"] = json!(new.key.as_str());
    made
}

fn view(endpoint: &Endpoint) -> Value {
    json!({
        "id": endpoint.id, "mid": endpoint.mid, "environment": endpoint.environment, "url": endpoint.url, "events": endpoint.events,
        "state": endpoint.state, "ordering": endpoint.ordering, "failingSince": endpoint.failing_since.map(Timestamp::iso6),
        "lastSuccessAt": endpoint.last_success_at.map(Timestamp::iso6), "createdAt": endpoint.created_at.iso6(),
    })
}
