//! `recoup partner`: platforms that act for many merchants.

use clap::Subcommand;
use domain::{id::PartnerId, partner::Partner};
use engine::Engine;
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
    }
}

const COLUMNS: &[(&str, &str)] = &[("ID", "id"), ("NAME", "name"), ("ACTIVE", "active"), ("CREATED", "createdAt")];

fn view(partner: &Partner) -> Value {
    json!({ "id": partner.id, "name": partner.name, "active": partner.active, "createdAt": partner.created_at.iso6() })
}
