//! The processors of this process: the simulator, and one client for each live account.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::{
    id::ProcessorId,
    order::{Order, RouteKind},
    route::Account,
};
use processor::{Capabilities, Processor, simulator::Simulator};
use vault::Context;

use crate::{Engine, Error, Options, Result, tenants::Routing};

/// Time beyond a call's own limit after which its request can no longer be on its way, seconds.
const STRAGGLER_SECS: u64 = 30;
/// Time for the in-process simulator's answer, seconds; its slowest scenario takes 99.9 s.
const SIMULATOR_SECS: u64 = 120;

/// Clients by account and row version.
pub struct Processors {
    simulator: Arc<Simulator>,
    clients: RwLock<HashMap<(ProcessorId, u32), Arc<dyn Processor>>>,
}

/// A processor for one order, with what the engine must know of its account.
#[derive(Clone)]
pub struct Chosen {
    /// The client.
    pub client: Arc<dyn Processor>,
    /// The account; none: the simulator.
    pub account: Option<ProcessorId>,
    /// Its name.
    pub name: String,
    /// Time for a whole call.
    pub timeout: Duration,
    /// After this much real time a request that this process does not have under way cannot arrive any more.
    pub settled_after: Duration,
}

impl Chosen {
    /// What the account offers.
    pub fn offers(&self) -> Capabilities {
        self.client.capabilities()
    }
}

impl Processors {
    /// The simulator over its book; live clients are made when they are needed.
    pub fn new(options: &Options) -> Result<Self> {
        let book = match &options.simulator_book {
            Some(path) => processor::simulator::Book::open(path),
            None => processor::simulator::Book::in_memory(),
        };
        let book = book.map_err(|error| Error::Internal(format!("simulator book: {error}")))?;
        Ok(Self { simulator: Arc::new(Simulator::new(options.simulator_seed, book)), clients: RwLock::default() })
    }

    fn simulator(&self) -> Chosen {
        Chosen {
            client: self.simulator.clone(),
            account: None,
            name: "simulator".into(),
            timeout: Duration::from_secs(SIMULATOR_SECS),
            settled_after: Duration::ZERO,
        }
    }
}

impl Engine {
    /// The processor for a new attempt of an order; `None` when no route takes it.
    pub(crate) async fn route(&self, order: &Order) -> Result<Option<Chosen>> {
        let Some(credential) = order.credential() else { return Ok(None) };
        match order.route_kind {
            RouteKind::Simulator => Ok(Some(self.processors.simulator())),
            RouteKind::Live => {
                let routing = self.tenants.routing().await?;
                let wanted = Routing::wanted(order.site, order.channel, credential.network, order.amount.currency);
                routing.choose(order.mid, order.environment, wanted).map(|account| self.live(account)).transpose()
            }
        }
    }

    /// The processor that an attempt went to.
    pub(crate) async fn processor_of(&self, account: Option<ProcessorId>) -> Result<Chosen> {
        let Some(id) = account else { return Ok(self.processors.simulator()) };
        let routing = self.tenants.routing().await?;
        let account = routing.accounts.iter().find(|account| account.id == id);
        self.live(account.ok_or_else(|| Error::Internal(format!("processor account {id} is gone")))?)
    }

    fn live(&self, account: &Account) -> Result<Chosen> {
        let key = (account.id, account.version);
        let known = self.processors.clients.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let client = match known {
            Some(client) => client,
            None => {
                let client = self.connect(account)?;
                let mut clients = self.processors.clients.write().unwrap_or_else(PoisonError::into_inner);
                clients.retain(|(id, _), _| *id != account.id);
                clients.insert(key, client.clone());
                client
            }
        };
        let timeout = Duration::from_millis(account.total_timeout_ms.into());
        Ok(Chosen {
            client,
            account: Some(account.id),
            name: account.name.clone(),
            timeout,
            settled_after: timeout + Duration::from_secs(STRAGGLER_SECS),
        })
    }

    fn connect(&self, account: &Account) -> Result<Arc<dyn Processor>> {
        let mut settings = processor::http::Settings::new(&account.name, &account.base_url);
        settings.connect_timeout = Duration::from_millis(account.connect_timeout_ms.into());
        settings.total_timeout = Duration::from_millis(account.total_timeout_ms.into());
        settings.capabilities = Capabilities::of(account.offers, account.reveal_card);
        settings.headers = self.account_headers(account)?;
        let client = processor::http::Client::new(settings).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Arc::new(client))
    }

    fn account_headers(&self, account: &Account) -> Result<Vec<(String, String)>> {
        let Some(sealed) = &account.headers else { return Ok(vec![]) };
        let plain = self.vault.open_value(headers_context(&account.id.bytes()), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Internal("processor headers are unreadable".into()))
    }
}

pub(crate) fn headers_context(row: &[u8]) -> Context<'_> {
    Context { table: "accounts", row, column: "headers" }
}
