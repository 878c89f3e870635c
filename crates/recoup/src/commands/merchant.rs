//! `recoup merchant`: merchants and their settings.

use clap::Subcommand;
use domain::{
    id::{Mid, PartnerId},
    merchant::Merchant,
    settings::Settings,
};
use engine::{Engine, admin::NewMerchant};
use serde_json::{Value, json};

use super::{
    arguments::{assignment, guid, mcc},
    assign::assign,
};
use crate::{failure::Failure, output::Output};

/// What to do with merchants.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a merchant; its channels start in sandbox mode
    Create {
        /// Trading name
        #[arg(long)]
        name: String,
        /// Country of the acceptor, two letters
        #[arg(long, default_value = "US")]
        country: String,
        /// Merchant category code
        #[arg(long, value_parser = mcc)]
        mcc: Option<String>,
        /// Its partner
        #[arg(long, value_parser = guid(PartnerId::parse))]
        partner: Option<PartnerId>,
        /// Its id, when it has one already
        #[arg(long, value_parser = guid(Mid::parse))]
        id: Option<Mid>,
        /// Settings, such as mitMode=sync; may be repeated
        #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
        set: Vec<(String, String)>,
    },
    /// All merchants, or a partner's
    List {
        /// Its partner
        #[arg(long, value_parser = guid(PartnerId::parse))]
        partner: Option<PartnerId>,
    },
    /// One merchant with its settings
    Show {
        /// Its id
        #[arg(value_parser = guid(Mid::parse))]
        mid: Mid,
    },
    /// Change a merchant
    Set {
        /// Its id
        #[arg(value_parser = guid(Mid::parse))]
        mid: Mid,
        /// Settings, such as mitMode=sync or rescueWindowDays=none
        #[arg(value_name = "NAME=VALUE", value_parser = assignment)]
        set: Vec<(String, String)>,
        /// Trading name
        #[arg(long)]
        name: Option<String>,
        /// Whether its orders are worked
        #[arg(long)]
        active: Option<bool>,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create { name, country, mcc, partner, id, set } => {
            let settings = Some(assign(&Settings::default(), &set)?);
            let new = NewMerchant { id, partner, name, country: Some(country), mcc, settings, ..NewMerchant::default() };
            output.record(&view(&engine.create_merchant(new).await?))
        }
        Command::List { partner } => output.list(COLUMNS, engine.merchants(partner).await?.iter().map(view).collect()),
        Command::Show { mid } => output.record(&view(&engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?)),
        Command::Set { mid, set, name, active } => {
            let mut merchant = engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            merchant.settings = assign(&merchant.settings, &set)?;
            merchant.name = name.filter(|name| !name.trim().is_empty()).unwrap_or(merchant.name);
            merchant.active = active.unwrap_or(merchant.active);
            output.record(&view(&engine.put_merchant(merchant).await?))
        }
    }
}

const COLUMNS: &[(&str, &str)] = &[
    ("MID", "mid"),
    ("NAME", "name"),
    ("COUNTRY", "country"),
    ("MCC", "mcc"),
    ("ACTIVE", "active"),
    ("MIT MODE", "settings.mitMode"),
    ("CREATED", "createdAt"),
];

fn view(merchant: &Merchant) -> Value {
    json!({
        "mid": merchant.id, "partner": merchant.partner, "name": merchant.name, "country": merchant.country, "mcc": merchant.mcc,
        "active": merchant.active, "settings": merchant.settings, "channels": super::channel::modes(&merchant.modes),
        "createdAt": merchant.created_at.iso6(),
    })
}
