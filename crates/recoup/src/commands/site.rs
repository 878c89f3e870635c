//! `recoup site`: the sites of a merchant.

use clap::Subcommand;
use domain::{
    id::{Mid, SiteId},
    settings::Overrides,
    site::{Site, Ui},
};
use engine::{Engine, Precondition, Principal, admin::NewSite};
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
    /// Take a site out of use; its orders go on
    Archive {
        /// Its id
        #[arg(value_parser = guid(SiteId::parse))]
        id: SiteId,
    },
    /// Which site a transaction belongs to
    Resolve {
        /// The merchant
        #[arg(long, value_parser = guid(Mid::parse))]
        mid: Mid,
        /// As `siteUrl` of a request
        #[arg(long)]
        url: Option<String>,
        /// As the transaction's descriptor
        #[arg(long)]
        descriptor: Option<String>,
    },
    /// Change a site: what is named replaces what was there
    Set {
        /// Its id
        #[arg(value_parser = guid(SiteId::parse))]
        id: SiteId,
        /// Settings, such as mitMode=sync or mitMode=inherit
        #[arg(value_name = "NAME=VALUE", value_parser = assignment)]
        set: Vec<(String, String)>,
        /// Its name
        #[arg(long)]
        name: Option<String>,
        /// Addresses; may be repeated
        #[arg(long)]
        url: Vec<String>,
        /// Statement descriptors; may be repeated, the first is sent to the processor
        #[arg(long)]
        descriptor: Vec<String>,
        /// Takes what matches no other site from now on
        #[arg(long)]
        default: bool,
    },
}

/// Runs the command.
pub async fn run(command: Command, engine: &Engine, output: Output) -> Result<(), Failure> {
    match command {
        Command::Create { mid, name, url, descriptor, default, mcc, origin, id, set } => {
            let overrides = assign(&Overrides::default(), &set)?;
            let (urls, descriptors, allowed_origins) = (url, descriptor, origin);
            let new =
                NewSite { id, name, urls, descriptors, is_default: default, mcc, allowed_origins, ui: Ui::default(), overrides };
            output.record(&view(&engine.create_site(mid, new).await.map_err(Failure::about("merchant", mid))?))
        }
        Command::List { mid } => {
            engine.merchant(mid).await.map_err(Failure::about("merchant", mid))?;
            output.list(COLUMNS, engine.sites(mid).await?.iter().map(view).collect())
        }
        Command::Show { id } => output.record(&view(&engine.site(id).await.map_err(Failure::about("site", id))?)),
        Command::Archive { id } => {
            let archived = engine.archive_site(&operator(), id, &Precondition::default()).await;
            output.record(&view(&archived.map_err(Failure::about("site", id))?))
        }
        Command::Resolve { mid, url, descriptor } => {
            let faults = domain::fault::Faults::new();
            let found = engine.resolve_site(&operator(), Some(mid), url.as_deref(), descriptor.as_deref(), faults).await;
            let found = found.map_err(Failure::about("merchant", mid))?;
            output.record(&json!({ "siteId": found.site, "matchedBy": found.matched_by }))
        }
        Command::Set { id, set, name, url, descriptor, default } => {
            let overrides = assign(&engine.site(id).await.map_err(Failure::about("site", id))?.overrides, &set)?;
            let given = |new: &Vec<String>, old: &Vec<String>| if new.is_empty() { old.clone() } else { new.clone() };
            let change = |site: &Site| {
                let changed = Site {
                    name: name.clone().unwrap_or_else(|| site.name.clone()),
                    urls: given(&url, &site.urls),
                    descriptors: given(&descriptor, &site.descriptors),
                    is_default: site.is_default || default,
                    overrides: overrides.clone(),
                    ..site.clone()
                };
                let mut faults = domain::fault::Faults::new();
                changed.check(&mut faults);
                if faults.is_empty() { Ok(changed) } else { Err(engine::Error::Invalid(faults)) }
            };
            let changed = engine.change_site(id, &Precondition::default(), change).await;
            output.record(&view(&changed.map_err(Failure::about("site", id))?))
        }
    }
}

/// Who runs the process acts for everybody.
const fn operator() -> Principal {
    Principal::operator(domain::environment::Environment::Production)
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
