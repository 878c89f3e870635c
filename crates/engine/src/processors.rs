//! The processors of this process: the simulator, and one client for each live account.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::{
    id::{OrderId, ProcessorId},
    order::{Order, RouteKind, TransactionType},
    route::{self, Account, Wanted},
};
use processor::{Capabilities, Processor, simulator::Simulator};

use crate::{
    Engine, Error, Options, Result,
    routing::{headers_context, notification_context},
    webhook::GuardedResolver,
};

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
    /// It takes 3-D Secure data.
    pub takes_three_ds: bool,
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

    /// The simulator forgets orders that were cleared.
    pub(crate) fn forget(&self, orders: &[OrderId]) -> Result<()> {
        self.simulator.forget(orders).map_err(|error| Error::Internal(error.to_string()))
    }

    fn simulator(&self) -> Chosen {
        Chosen {
            client: self.simulator.clone(),
            account: None,
            name: "simulator".into(),
            takes_three_ds: true,
            timeout: Duration::from_secs(SIMULATOR_SECS),
            settled_after: Duration::ZERO,
        }
    }
}

impl Engine {
    /// The processor for a new attempt of an order; `None` when no route takes it.
    pub(crate) async fn route(&self, order: &Order) -> Result<Option<Chosen>> {
        self.route_beside(order, &[]).await
    }

    /// The same, for a payment that these accounts were given already; the simulator is alone.
    pub(crate) async fn route_beside(&self, order: &Order, tried: &[ProcessorId]) -> Result<Option<Chosen>> {
        let Some(credential) = order.credential() else { return Ok(None) };
        match order.route_kind {
            RouteKind::Simulator => Ok(Some(self.processors.simulator())),
            RouteKind::Live => {
                let routing = self.tenants.routing().await?;
                let attempt = order.attempts_reserved + 1;
                let wanted = Wanted {
                    site: order.site,
                    channel: order.channel,
                    network: credential.network,
                    currency: order.amount.currency,
                    country: credential.issuer_country.as_deref(),
                    amount_minor: order.remaining_minor(),
                    attempt,
                    later_capture: order.transaction_type == TransactionType::Authorization,
                };
                let lines = routing.lines(order.mid, order.environment, tried);
                route::choose(&lines, &wanted, route::seed(order.id, attempt)).map(|account| self.live(account)).transpose()
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
        let client = self.client_of(account)?;
        let timeout = Duration::from_millis(account.total_timeout_ms.into());
        Ok(Chosen {
            client,
            account: Some(account.id),
            name: account.name.clone(),
            takes_three_ds: account.takes.three_ds,
            timeout,
            settled_after: timeout + Duration::from_secs(STRAGGLER_SECS),
        })
    }

    /// The client of an account as it stands; a changed account gets a new one.
    pub(crate) fn client_of(&self, account: &Account) -> Result<Arc<dyn Processor>> {
        let key = (account.id, account.version);
        let known = self.processors.clients.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(client) = known {
            return Ok(client);
        }
        let client = self.connect(account)?;
        let mut clients = self.processors.clients.write().unwrap_or_else(PoisonError::into_inner);
        clients.retain(|(id, _), _| *id != account.id);
        clients.insert(key, client.clone());
        Ok(client)
    }

    fn connect(&self, account: &Account) -> Result<Arc<dyn Processor>> {
        let mut settings = processor::http::Settings::new(&account.name, &account.base_url);
        settings.connect_timeout = Duration::from_millis(account.connect_timeout_ms.into());
        settings.total_timeout = Duration::from_millis(account.total_timeout_ms.into());
        settings.capabilities = Capabilities::of(account.offers, account.reveal_card);
        settings.headers = self.account_headers(account)?;
        settings.notification_secret = self.notification_secret(account)?;
        if account.guarded {
            settings.resolver = Some(Arc::new(GuardedResolver(self.sender.guard().clone())));
        }
        let client = processor::http::Client::new(settings).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Arc::new(client))
    }

    pub(crate) fn account_headers(&self, account: &Account) -> Result<Vec<(String, String)>> {
        let Some(sealed) = &account.headers else { return Ok(vec![]) };
        let plain = self.vault.open_value(headers_context(&account.id.bytes()), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Internal("processor headers are unreadable".into()))
    }

    fn notification_secret(&self, account: &Account) -> Result<Option<processor::notification::Secret>> {
        let Some(sealed) = &account.webhook_secret else { return Ok(None) };
        let plain = self.vault.open_value(notification_context(&account.id.bytes()), sealed)?;
        let secret = std::str::from_utf8(&plain).ok().and_then(processor::notification::Secret::parse);
        secret.map(Some).ok_or_else(|| Error::Internal("a processor's signing secret is unreadable".into()))
    }
}
