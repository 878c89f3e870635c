//! Processor accounts and routes.

use domain::{
    card::Network,
    change::{ChangeSet, Write},
    channel::Channel,
    environment::Environment,
    fault::Faults,
    id::{Mid, ProcessorId, SiteId},
    money::Currency,
    route::{Account, Offers, Route, Status},
};

use crate::{Engine, Error, Result, processors::headers_context};

/// A processor account to be made.
#[derive(Debug, Clone)]
pub struct NewProcessor {
    /// Its merchant; none: for every merchant.
    pub mid: Option<Mid>,
    /// Name.
    pub name: String,
    /// Environment.
    pub environment: Environment,
    /// Base URL of the plain HTTP contract.
    pub base_url: String,
    /// Static headers; sealed before they are stored.
    pub headers: Vec<(String, String)>,
    /// Whether it is given the card number.
    pub reveal_card: bool,
    /// Time to connect, milliseconds.
    pub connect_timeout_ms: u32,
    /// Time for a whole call, milliseconds.
    pub total_timeout_ms: u32,
    /// Calls it offers beside `authorize`.
    pub offers: Offers,
}

/// A line of a routing table.
#[derive(Debug, Clone, Default)]
pub struct NewRoute {
    /// Order of the lines.
    pub priority: u32,
    /// The account.
    pub processor: Option<ProcessorId>,
    /// Sites; empty: all.
    pub sites: Vec<SiteId>,
    /// Channels; empty: all.
    pub channels: Vec<Channel>,
    /// Networks; empty: all.
    pub networks: Vec<Network>,
    /// Currencies; empty: all.
    pub currencies: Vec<Currency>,
}

impl Engine {
    /// Makes a processor account.
    pub async fn create_processor(&self, new: NewProcessor) -> Result<Account> {
        check(&new)?;
        let now = self.clock.now();
        let id = ProcessorId::at(now, self.random.bytes());
        let headers = match new.headers.is_empty() {
            true => None,
            false => {
                let plain = serde_json::to_vec(&new.headers).map_err(|error| Error::Internal(error.to_string()))?;
                Some(self.vault.seal_value(headers_context(&id.bytes()), &plain)?)
            }
        };
        let account = Account {
            id,
            version: 1,
            mid: new.mid,
            name: new.name,
            kind: "http".into(),
            environment: new.environment,
            base_url: new.base_url,
            headers,
            reveal_card: new.reveal_card,
            connect_timeout_ms: new.connect_timeout_ms,
            total_timeout_ms: new.total_timeout_ms,
            offers: new.offers,
            status: Status::Active,
            created_at: now,
        };
        self.put_processor(account).await
    }

    /// Pauses, resumes or marks an account as down.
    pub async fn set_processor_status(&self, id: ProcessorId, status: Status) -> Result<Account> {
        let mut account = self.processor_account(id).await?;
        account.status = status;
        account.version += 1;
        self.put_processor(account).await
    }

    /// An account; not found when there is none.
    pub async fn processor_account(&self, id: ProcessorId) -> Result<Account> {
        self.store.accounts().await?.into_iter().find(|account| account.id == id).ok_or(Error::NotFound)
    }

    /// Every account.
    pub async fn processors(&self) -> Result<Vec<Account>> {
        Ok(self.store.accounts().await?)
    }

    async fn put_processor(&self, account: Account) -> Result<Account> {
        self.store.apply(ChangeSet::new().with(Write::PutAccount(Box::new(account.clone())))).await?;
        self.refresh_registry().await?;
        Ok(account)
    }

    /// Adds a line to the routing table of a merchant, or to the general one.
    pub async fn add_route(&self, mid: Option<Mid>, environment: Environment, new: NewRoute) -> Result<Vec<Route>> {
        let processor = new.processor.ok_or(Error::NotFound)?;
        self.processor_account(processor).await?;
        let mut table = self.route_table(mid, environment).await?;
        table.push(Route {
            mid,
            environment,
            priority: new.priority,
            processor,
            sites: new.sites,
            channels: new.channels,
            networks: new.networks,
            currencies: new.currencies,
        });
        table.sort_by_key(|route| route.priority);
        self.put_routes(mid, environment, table).await
    }

    /// Replaces a routing table.
    pub async fn put_routes(&self, mid: Option<Mid>, environment: Environment, routes: Vec<Route>) -> Result<Vec<Route>> {
        self.store.apply(ChangeSet::new().with(Write::PutRoutes { mid, environment, routes: routes.clone() })).await?;
        self.refresh_registry().await?;
        Ok(routes)
    }

    /// The routing table of a merchant, or the general one.
    pub async fn route_table(&self, mid: Option<Mid>, environment: Environment) -> Result<Vec<Route>> {
        let mut table = self.store.routes().await?;
        table.retain(|route| route.mid == mid && route.environment == environment);
        Ok(table)
    }
}

fn check(new: &NewProcessor) -> Result<()> {
    let mut faults = Faults::new();
    if new.name.trim().is_empty() {
        faults.required("Name");
    }
    let url = reqwest::Url::parse(&new.base_url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if url.is_none() {
        faults.invalid("BaseUrl");
    }
    if new.connect_timeout_ms == 0 || new.total_timeout_ms < new.connect_timeout_ms {
        faults.invalid("TotalTimeoutMs");
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
