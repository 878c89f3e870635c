//! `recoup site`: the sites of a merchant.

use clap::Subcommand;
use domain::{
    id::{Mid, SiteId},
    settings::Overrides,
    site::Site,
};
use engine::{Engine, admin::NewSite};
use serde_json::{Value, json};

use super::{
    arguments::{assignment, guid, mcc},
    assign::assign,
};
use crate::{failure::Failure, output::Output};

/// What to do with sites.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a site; the first of a merchant is its default
    Create {
        /// Its merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Mid,
        /// Its name
        #[arg(long)]
        name: String,
        /// Address, such as https://shop.example/eu; may be repeated
        #[arg(long)]
        url: Vec<String>,
        /// Statement descriptor; may be repeated, the first is sent to the processor
        #[arg(long)]
        descriptor: Vec<String>,
        /// Takes what matches no other site
        #[arg(long)]
        default: bool,
        /// Merchant category code, when it differs from the merchant's
        #[arg(long, value_parser = mcc)]
        mcc: Option<String>,
        /// Browser origin that may tokenise, such as https://shop.example; may be repeated
        #[arg(long)]
        origin: Vec<String>,
        /// Its id, when it has one already
        #[arg(long, value_parser = guid(SiteId::parse))]
        id: Option<SiteId>,
        /// Settings that differ from the merchant's, such as mitMode=sync; may be repeated
        #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
        set: Vec<(String, String)>,
    },
    /// The sites of a merchant
    List {
        /// The merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Mid,
    },
    /// One site
    Show {
        /// Its id
        #[arg(value_parser = guid(SiteId::parse))]
        id: SiteId,
    },
    /// Change what differs from the merchant's settings
    Set {
        /// Its id
        #[arg(value_parser = guid(SiteId::parse))]
        id: SiteId,
        /// Settings, such as mitMode=sync or mitMode=inherit
        #[arg(value_name = "NAME=VALUE", value_parser = assignment, required = true)]
        set: Vec<(String, String)>,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create { mid, name, url, descriptor, default, mcc, origin, id, set } => {
            let overrides = assign(&Overrides::default(), &set)?;
            let (urls, descriptors, allowed_origins) = (url, descriptor, origin);
            let new = NewSite { id, name, urls, descriptors, is_default: default, mcc, allowed_origins, overrides };
            output.record(&view(&engine.create_site(mid, new).await.map_err(Failure::about("merchant", mid))?))
        }
        Command::List { mid } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            output.list(COLUMNS, engine.sites(mid).await?.iter().map(view).collect())
        }
        Command::Show { id } => output.record(&view(&engine.site(id).await.map_err(Failure::about("site", id))?)),
        Command::Set { id, set } => {
            let mut site = engine.site(id).await.map_err(Failure::about("site", id))?;
            site.overrides = assign(&site.overrides, &set)?;
            output.record(&view(&engine.put_site(site).await?))
        }
    }
}

const COLUMNS: &[(&str, &str)] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("DEFAULT", "isDefault"),
    ("URLS", "urls"),
    ("DESCRIPTORS", "descriptors"),
    ("ARCHIVED", "archived"),
];

fn view(site: &Site) -> Value {
    json!({
        "id": site.id, "mid": site.mid, "name": site.name, "urls": site.urls, "descriptors": site.descriptors,
        "isDefault": site.is_default, "mcc": site.mcc, "allowedOrigins": site.allowed_origins, "settings": site.overrides,
        "channels": super::channel::modes(&site.modes), "archived": site.archived, "createdAt": site.created_at.iso6(),
    })
}
