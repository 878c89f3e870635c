//! `recoup webhook`: where a merchant's events go.

use clap::Subcommand;
use domain::{
    environment::Environment,
    id::{Mid, PartnerId, WebhookId},
    owner::Owner,
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
        /// Whose it is
        #[command(flatten)]
        owner: Whose,
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
    /// The endpoints of a merchant, or of a partner itself
    List {
        /// Whose
        #[command(flatten)]
        owner: Whose,
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

/// Whose an endpoint is.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Whose {
    /// A merchant's
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Option<Mid>,
    /// A partner's: it gets what concerns the partner and all its merchants
    #[arg(long, value_parser = guid(PartnerId::parse))]
    partner: Option<PartnerId>,
}

impl Whose {
    fn owner(&self) -> Result<Owner, Failure> {
        let owner = self.mid.map(Owner::from).or(self.partner.map(Owner::from));
        owner.ok_or_else(|| Failure::usage("name a merchant (--mid) or a partner (--partner)"))
    }
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create { owner, url, event, environment } => {
            let owner = known(engine, &owner).await?;
            output.record(&created(&engine.create_endpoint(NewWebhook { owner, environment, url, events: event }).await?))
        }
        Command::List { owner, environment } => {
            let owner = known(engine, &owner).await?;
            let mut rows = Vec::new();
            for environment in environment.as_ref().map_or(Environment::ALL, std::slice::from_ref) {
                rows.extend(engine.endpoints(owner, *environment).await?.iter().map(view));
            }
            output.list(COLUMNS, rows)
        }
        Command::Show { id } => output.record(&view(&find(engine, id).await?)),
        Command::Rotate { id, overlap_hours } => {
            let operator = operator(find(engine, id).await?.environment);
            output.record(&created(
                &engine.rotate_webhook_key(&operator, id, overlap_hours, &engine::Precondition::default()).await?,
            ))
        }
        Command::Delete { id } => {
            engine.delete_webhook(&operator(find(engine, id).await?.environment), id, &engine::Precondition::default()).await?;
            output.record(&json!({ "id": id, "deleted": true }))
        }
    }
}

async fn known(engine: &Engine, whose: &Whose) -> Result<Owner, Failure> {
    let owner = whose.owner()?;
    match owner {
        Owner::Merchant(mid) => drop(engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?),
        Owner::Partner(partner) => {
            let found = engine.store().partner(partner).await.map_err(engine::Error::from)?;
            found.ok_or_else(|| Failure::not_found(format!("there is no partner {partner}")))?;
        }
    }
    Ok(owner)
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
        "id": endpoint.id, "mid": endpoint.owner.mid(), "partner": endpoint.owner.partner(), "environment": endpoint.environment, "url": endpoint.url, "events": endpoint.events,
        "state": endpoint.state, "ordering": endpoint.ordering, "failingSince": endpoint.failing_since.map(Timestamp::iso6),
        "lastSuccessAt": endpoint.last_success_at.map(Timestamp::iso6), "createdAt": endpoint.created_at.iso6(),
    })
}
