//! `recoup partner`: platforms that act for many merchants.

use clap::Subcommand;
use domain::{
    audit::{Entry, What},
    environment::Environment,
    id::{Mid, PartnerId},
    partner::{Grant, Partner},
};
use engine::{Engine, PageAt, Principal};
use serde_json::{Value, json};

use super::arguments::guid;
use crate::{failure::Failure, output::Output};

/// What to do with partners.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a partner
    Create {
        /// Its name
        #[arg(long)]
        name: String,
    },
    /// All partners
    List,
    /// One partner
    Show {
        /// Its id
        #[arg(value_parser = guid(PartnerId::parse))]
        id: PartnerId,
    },
    /// Let the keys and users of a partner work again
    Activate {
        /// Its id
        #[arg(value_parser = guid(PartnerId::parse))]
        id: PartnerId,
    },
    /// Stop the keys and users of a partner; its merchants work on
    Deactivate {
        /// Its id
        #[arg(value_parser = guid(PartnerId::parse))]
        id: PartnerId,
    },
    /// Let a partner act for a merchant that it did not onboard
    Grant {
        #[command(flatten)]
        of: Pair,
    },
    /// Take that back
    Revoke {
        #[command(flatten)]
        of: Pair,
    },
    /// Which merchants a partner was granted, or who granted a merchant to whom
    Grants {
        /// A partner: what it holds now
        #[arg(long, value_parser = guid(PartnerId::parse), required_unless_present = "mid", conflicts_with = "mid")]
        partner: Option<PartnerId>,
        /// A merchant: everything that was granted and taken back, newest first
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Option<Mid>,
    },
}

/// A partner and a merchant.
#[derive(Debug, clap::Args)]
pub struct Pair {
    /// The partner
    #[arg(long, value_parser = guid(PartnerId::parse))]
    partner: PartnerId,
    /// The merchant
    #[arg(long, value_parser = guid(Mid::parse))]
    mid: Mid,
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create { name } if name.trim().is_empty() => Err(Failure::usage("the name is empty")),
        Command::Create { name } => output.record(&view(&engine.create_partner(&name).await?)),
        Command::List => output.list(COLUMNS, engine.partners().await?.iter().map(view).collect()),
        Command::Show { id } => {
            let partner = engine.partners().await?.into_iter().find(|partner| partner.id == id);
            output.record(&view(&partner.ok_or_else(|| Failure::not_found(format!("there is no partner {id}")))?))
        }
        Command::Activate { id } => switch(id, true, engine, output).await,
        Command::Deactivate { id } => switch(id, false, engine, output).await,
        Command::Grant { of: Pair { partner, mid } } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            engine.give_grant(&operator(), partner, mid).await.map_err(Failure::about("partner", partner))?;
            held(partner, engine, output).await
        }
        Command::Revoke { of: Pair { partner, mid } } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            engine.take_grant(&operator(), partner, mid).await.map_err(Failure::about("partner", partner))?;
            held(partner, engine, output).await
        }
        Command::Grants { partner: Some(partner), .. } => held(partner, engine, output).await,
        Command::Grants { mid: Some(mid), .. } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            let page = engine.grant_history(&operator(), mid, PageAt { number: 1, size: 200 }).await?;
            output.list(TRAIL, page.rows.iter().filter_map(trail).collect())
        }
        Command::Grants { .. } => Err(Failure::usage("whose grants?")),
    }
}

async fn switch(id: PartnerId, active: bool, engine: &Engine, output: Output) -> Result<(), Failure> {
    output.record(&view(&engine.switch_partner(id, active).await.map_err(Failure::about("partner", id))?))
}

async fn held(partner: PartnerId, engine: &Engine, output: Output) -> Result<(), Failure> {
    let grants = engine.grants_of_partner(partner).await.map_err(Failure::about("partner", partner))?;
    let row = |grant: &Grant| json!({ "partner": grant.partner, "mid": grant.mid, "createdAt": grant.created_at.iso6() });
    output.list(&[("PARTNER", "partner"), ("MID", "mid"), ("SINCE", "createdAt")], grants.iter().map(row).collect())
}

/// Who runs the process acts for everybody.
const fn operator() -> Principal {
    Principal::operator(Environment::Production)
}

const TRAIL: &[(&str, &str)] = &[("CHANGED", "changedOn"), ("PARTNER", "partner"), ("GRANTED", "granted"), ("BY", "changedBy")];

fn trail(entry: &Entry) -> Option<Value> {
    let What::Grant { partner, given } = entry.what else { return None };
    Some(json!({ "changedOn": entry.at.iso6(), "partner": partner, "granted": given, "changedBy": entry.by.name }))
}

const COLUMNS: &[(&str, &str)] = &[("ID", "id"), ("NAME", "name"), ("ACTIVE", "active"), ("CREATED", "createdAt")];

fn view(partner: &Partner) -> Value {
    json!({ "id": partner.id, "name": partner.name, "active": partner.active, "createdAt": partner.created_at.iso6() })
}
