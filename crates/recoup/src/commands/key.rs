//! `recoup key`: API clients and their keys. A secret is shown once, when it is made.

use clap::Subcommand;
use domain::{
    client::{Client, Key, KeyKind, Role},
    environment::Environment,
    id::{ClientId, KeyId, Mid, PartnerId},
    time::Timestamp,
};
use engine::{Engine, admin::NewKey};
use serde_json::{Value, json};

use super::arguments::{guid, instant, word};
use crate::{failure::Failure, output::Output};

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a client (AppKey and AppSecret), one more secret of a client, or a tokenization key
    Create(Create),
    /// The keys of a merchant
    List {
        /// The merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Mid,
    },
    /// API clients: of a merchant, of a partner, or all
    Clients {
        /// The merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Option<Mid>,
        /// The partner
        #[arg(long, value_parser = guid(PartnerId::parse))]
        partner: Option<PartnerId>,
    },
    /// Revoke a key; its client's access tokens end with it
    Revoke {
        /// Its id
        #[arg(value_parser = guid(KeyId::parse))]
        id: KeyId,
    },
}

/// For whom.
#[derive(Debug, clap::Args)]
#[group(id = "owner", required = true, multiple = false)]
pub struct Owner {
    /// For a merchant
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Option<Mid>,
    /// For a partner
    #[arg(long, value_parser = guid(PartnerId::parse))]
    partner: Option<PartnerId>,
    /// For the operator: may act for everybody
    #[arg(long)]
    operator: bool,
    /// One more secret of this client
    #[arg(long, value_parser = guid(ClientId::parse))]
    client: Option<ClientId>,
}

/// What is made.
#[derive(Debug, clap::Args)]
pub struct Create {
    #[command(flatten)]
    owner: Owner,
    /// Name, for people
    #[arg(long)]
    name: String,
    /// `secret` for servers, `tokenization` for browsers (of a merchant)
    #[arg(long, default_value = "secret", value_parser = word(KeyKind::parse, &[KeyKind::Secret, KeyKind::Tokenization]))]
    kind: KeyKind,
    /// sandbox or production; ignored with --client
    #[arg(long, default_value = "sandbox", value_parser = word(Environment::parse, Environment::ALL))]
    environment: Environment,
    /// What it may do; may be repeated; without it everything of its role
    #[arg(long)]
    scope: Vec<String>,
    /// Until when one more secret works
    #[arg(long, value_parser = instant, requires = "client")]
    expires: Option<Timestamp>,
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create(create) => output.record(&make(create, engine).await?),
        Command::List { mid } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            output.list(KEY_COLUMNS, engine.keys(mid).await?.iter().map(key).collect())
        }
        Command::Clients { mid, partner } => {
            output.list(CLIENT_COLUMNS, engine.clients(mid, partner).await?.iter().map(client).collect())
        }
        Command::Revoke { id } => {
            engine.revoke_key(id).await.map_err(Failure::about("key", id))?;
            output.record(&json!({ "id": id, "revoked": true }))
        }
    }
}

async fn make(create: Create, engine: &Engine) -> Result<Value, Failure> {
    if create.name.trim().is_empty() || create.name.contains(['<', '>']) {
        return Err(Failure::usage("the name must not be empty or hold < or >"));
    }
    let owner = &create.owner;
    match (create.kind, owner.client, owner.mid) {
        (KeyKind::Tokenization, _, Some(mid)) => Ok(valued(
            &engine
                .create_tokenization_key(mid, create.environment, &create.name)
                .await
                .map_err(Failure::about("merchant", mid))?,
        )),
        (KeyKind::Tokenization, ..) => Err(Failure::usage("a tokenization key belongs to a merchant: --mid")),
        (_, Some(id), _) => {
            Ok(valued(&engine.create_secret(id, &create.name, create.expires).await.map_err(Failure::about("client", id))?))
        }
        (_, None, mid) => {
            let role = match (mid, owner.partner) {
                (Some(_), _) => Role::Merchant,
                (None, Some(_)) => Role::Partner,
                (None, None) => Role::Operator,
            };
            let new = engine.create_client(role, create.environment, mid, owner.partner, &create.name, create.scope).await?;
            let mut made = client(&new.client);
            made["appKey"] = json!(new.app_key);
            made["appSecret"] = json!(new.app_secret.as_str());
            Ok(made)
        }
    }
}

const KEY_COLUMNS: &[(&str, &str)] = &[
    ("ID", "id"),
    ("KIND", "kind"),
    ("NAME", "name"),
    ("ENVIRONMENT", "environment"),
    ("CLIENT", "client"),
    ("EXPIRES", "expiresAt"),
    ("REVOKED", "revokedAt"),
];

const CLIENT_COLUMNS: &[(&str, &str)] =
    &[("ID", "client"), ("NAME", "name"), ("ROLE", "role"), ("ENVIRONMENT", "environment"), ("MID", "mid"), ("ACTIVE", "active")];

fn valued(new: &NewKey) -> Value {
    let mut made = key(&new.key);
    made["value"] = json!(new.value.as_str());
    made
}

/// A key without what finds or checks it; an AppKey is public.
fn key(key: &Key) -> Value {
    let app_key = (key.kind == KeyKind::Public).then_some(&key.check);
    json!({
        "id": key.id, "client": key.client, "mid": key.mid, "environment": key.environment, "kind": key.kind, "name": key.name,
        "appKey": app_key, "expiresAt": key.expires_at.map(Timestamp::iso6), "revokedAt": key.revoked_at.map(Timestamp::iso6),
        "createdAt": key.created_at.iso6(),
    })
}

fn client(client: &Client) -> Value {
    json!({
        "client": client.id, "name": client.name, "role": client.role, "environment": client.environment, "mid": client.mid,
        "partner": client.partner, "scopes": client.scopes, "active": client.active, "createdAt": client.created_at.iso6(),
    })
}
