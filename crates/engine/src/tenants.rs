//! What requests need to know of a merchant, read once and kept until the registry changes, here or in another
//! process on the same store.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{
    client::{Client, Key},
    environment::Environment,
    event::Kind,
    id::{ClientId, KeyId, Mid, PartnerId, ProcessorId, SiteId, UserId},
    merchant::Merchant,
    owner::Owner,
    route::{Account, Route},
    site::Site,
    user::{Session, User},
    webhook::Endpoint,
};
use store::Store;
use uuid::Uuid;

use crate::{Result, blocklist::Blocks};

/// Merchants kept in memory; more are read again when needed.
const TENANTS_MAX: usize = 10_000;
/// Clients kept in memory.
const CLIENTS_MAX: usize = 10_000;

/// A merchant with everything that decides how its requests are handled.
#[derive(Debug)]
pub struct Tenant {
    /// The merchant.
    pub merchant: Merchant,
    /// Its sites.
    pub sites: Vec<Site>,
    /// Partners that may act for it although they did not onboard it.
    granted: Vec<PartnerId>,
    /// The webhook endpoints that its events go to, its own and its partners', by environment.
    endpoints: [Vec<Endpoint>; 2],
    /// Its blocklists, by environment.
    blocks: [Blocks; 2],
}

impl Tenant {
    /// Endpoints that want an event.
    pub fn endpoints(&self, environment: Environment, kind: Kind) -> impl Iterator<Item = &Endpoint> {
        self.endpoints[environment as usize].iter().filter(move |endpoint| endpoint.wants(kind))
    }

    /// The blocklist of an environment.
    pub(crate) const fn blocks(&self, environment: Environment) -> &Blocks {
        &self.blocks[environment as usize]
    }

    /// Every endpoint, switched off ones too.
    pub fn all_endpoints(&self, environment: Environment) -> impl Iterator<Item = &Endpoint> {
        self.endpoints[environment as usize].iter()
    }

    /// Whether a partner may act for it: it onboarded it, or was granted it.
    pub fn is_open_to(&self, partner: PartnerId) -> bool {
        self.merchant.partner == Some(partner) || self.granted.contains(&partner)
    }

    /// A site by its id, archived ones too.
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }
}

/// The cache.
pub struct Tenants {
    store: Store,
    version: AtomicU64,
    merchants: RwLock<HashMap<Mid, Option<Arc<Tenant>>>>,
    clients: RwLock<HashMap<ClientId, Option<Arc<Client>>>>,
    keys: RwLock<HashMap<String, Option<Arc<Key>>>>,
    keys_by_id: RwLock<HashMap<KeyId, Option<Arc<Key>>>>,
    users: RwLock<HashMap<UserId, Option<Arc<User>>>>,
    sessions: RwLock<HashMap<Uuid, Option<Arc<Session>>>>,
    partners: RwLock<HashMap<PartnerId, bool>>,
    routing: RwLock<Option<Arc<Routing>>>,
}

/// All processor accounts and routes.
#[derive(Debug, Default)]
pub struct Routing {
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Routes, by priority.
    pub routes: Vec<Route>,
}

impl Routing {
    /// The lines for live payments of a merchant with accounts that may be given one: those of its own table when it has
    /// one, else of the general one; by priority.
    pub fn lines(&self, mid: Mid, environment: Environment, tried: &[ProcessorId]) -> Vec<(&Route, &Account)> {
        let own = self.routes.iter().any(|route| route.mid == Some(mid) && route.environment == environment);
        let table = if own { Some(mid) } else { None };
        self.routes
            .iter()
            .filter(|route| route.mid == table && route.environment == environment && !tried.contains(&route.processor))
            .filter_map(|route| Some((route, self.accounts.iter().find(|account| account.id == route.processor)?)))
            .filter(|(_, account)| account.serves(mid, environment))
            .collect()
    }
}

impl Tenants {
    /// An empty cache over a store.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            version: AtomicU64::new(0),
            merchants: RwLock::default(),
            clients: RwLock::default(),
            keys: RwLock::default(),
            keys_by_id: RwLock::default(),
            users: RwLock::default(),
            sessions: RwLock::default(),
            partners: RwLock::default(),
            routing: RwLock::default(),
        }
    }

    /// A merchant; `None` when there is none.
    pub async fn get(&self, mid: Mid) -> Result<Option<Arc<Tenant>>> {
        if let Some(known) = read(&self.merchants).get(&mid) {
            return Ok(known.clone());
        }
        let before = self.version.load(Ordering::Acquire);
        let tenant = self.load(mid).await?.map(Arc::new);
        self.keep(before, || insert(&self.merchants, TENANTS_MAX, mid, tenant.clone()));
        Ok(tenant)
    }

    /// An API client; `None` when there is none.
    pub async fn client(&self, id: ClientId) -> Result<Option<Arc<Client>>> {
        if let Some(known) = read(&self.clients).get(&id) {
            return Ok(known.clone());
        }
        let before = self.version.load(Ordering::Acquire);
        let client = self.store.client(id).await?.map(Arc::new);
        self.keep(before, || insert(&self.clients, CLIENTS_MAX, id, client.clone()));
        Ok(client)
    }

    /// A tokenization key by its check value.
    pub async fn tokenization_key(&self, check: &str) -> Result<Option<Arc<Key>>> {
        if let Some(known) = read(&self.keys).get(check) {
            return Ok(known.clone());
        }
        let before = self.version.load(Ordering::Acquire);
        let key = self.store.tokenization_key(check).await?.map(Arc::new);
        // An unknown key is not kept: strangers could fill the cache with guesses.
        if key.is_some() {
            self.keep(before, || insert(&self.keys, CLIENTS_MAX, check.to_owned(), key.clone()));
        }
        Ok(key)
    }

    /// A key by its id; `None` when there is none.
    pub async fn key(&self, id: KeyId) -> Result<Option<Arc<Key>>> {
        if let Some(known) = read(&self.keys_by_id).get(&id) {
            return Ok(known.clone());
        }
        let before = self.version.load(Ordering::Acquire);
        let key = self.store.key(id).await?.map(Arc::new);
        self.keep(before, || insert(&self.keys_by_id, CLIENTS_MAX, id, key.clone()));
        Ok(key)
    }

    /// A portal user; `None` when there is none.
    pub async fn user(&self, id: UserId) -> Result<Option<Arc<User>>> {
        if let Some(known) = read(&self.users).get(&id) {
            return Ok(known.clone());
        }
        let before = self.version.load(Ordering::Acquire);
        let user = self.store.user(id).await?.map(Arc::new);
        self.keep(before, || insert(&self.users, CLIENTS_MAX, id, user.clone()));
        Ok(user)
    }

    /// A session that is there. Sessions that begin do not move the registry, so one that is not there is not kept.
    pub async fn session(&self, family: Uuid) -> Result<Option<Arc<Session>>> {
        if let Some(known) = read(&self.sessions).get(&family) {
            return Ok(known.clone());
        }
        let before = self.version.load(Ordering::Acquire);
        let session = self.store.session_of(family).await?.map(Arc::new);
        if session.is_some() {
            self.keep(before, || insert(&self.sessions, CLIENTS_MAX, family, session.clone()));
        }
        Ok(session)
    }

    /// Whether the keys and users of a partner work; those of no partner do.
    pub async fn is_active(&self, partner: Option<PartnerId>) -> Result<bool> {
        let Some(id) = partner else { return Ok(true) };
        if let Some(known) = read(&self.partners).get(&id) {
            return Ok(*known);
        }
        let before = self.version.load(Ordering::Acquire);
        let active = self.store.partner(id).await?.is_some_and(|partner| partner.active);
        self.keep(before, || insert(&self.partners, CLIENTS_MAX, id, active));
        Ok(active)
    }

    /// Accounts and routes.
    pub async fn routing(&self) -> Result<Arc<Routing>> {
        if let Some(known) = read(&self.routing).as_ref() {
            return Ok(known.clone());
        }
        let before = self.version.load(Ordering::Acquire);
        let mut routes = self.store.routes().await?;
        routes.sort_by_key(|route| route.priority);
        let routing = Arc::new(Routing { accounts: self.store.accounts().await?, routes });
        self.keep(before, || *self.routing.write().unwrap_or_else(PoisonError::into_inner) = Some(routing.clone()));
        Ok(routing)
    }

    /// Drops everything when the store's registry has changed; true when it had.
    pub async fn refresh(&self) -> Result<bool> {
        let version = self.store.registry_version().await?;
        let changed = self.version.swap(version, Ordering::AcqRel) != version;
        if changed {
            self.merchants.write().unwrap_or_else(PoisonError::into_inner).clear();
            self.clients.write().unwrap_or_else(PoisonError::into_inner).clear();
            self.keys.write().unwrap_or_else(PoisonError::into_inner).clear();
            self.keys_by_id.write().unwrap_or_else(PoisonError::into_inner).clear();
            self.users.write().unwrap_or_else(PoisonError::into_inner).clear();
            self.sessions.write().unwrap_or_else(PoisonError::into_inner).clear();
            self.partners.write().unwrap_or_else(PoisonError::into_inner).clear();
            *self.routing.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
        Ok(changed)
    }

    async fn load(&self, mid: Mid) -> Result<Option<Tenant>> {
        let Some(merchant) = self.store.merchant(mid).await? else { return Ok(None) };
        let sites = self.store.sites(mid).await?;
        let granted: Vec<PartnerId> = self.store.grants_of_merchant(mid).await?.into_iter().map(|grant| grant.partner).collect();
        let partners = merchant.partner.into_iter().chain(granted.iter().copied().filter(|id| merchant.partner != Some(*id)));
        let mut endpoints = [vec![], vec![]];
        for owner in std::iter::once(Owner::from(mid)).chain(partners.map(Owner::from)) {
            for (place, environment) in [Environment::Sandbox, Environment::Production].into_iter().enumerate() {
                endpoints[place].extend(self.store.endpoints(owner, environment).await?);
            }
        }
        let sandbox = Blocks::load(&self.store, mid, Environment::Sandbox).await?;
        let production = Blocks::load(&self.store, mid, Environment::Production).await?;
        Ok(Some(Tenant { merchant, sites, granted, endpoints, blocks: [sandbox, production] }))
    }

    /// Keeps what was read, unless the registry changed while it was being read.
    fn keep(&self, before: u64, insert: impl FnOnce()) {
        if self.version.load(Ordering::Acquire) == before {
            insert();
        }
    }
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn insert<K: std::hash::Hash + Eq, V>(map: &RwLock<HashMap<K, V>>, max: usize, key: K, value: V) {
    let mut map = map.write().unwrap_or_else(PoisonError::into_inner);
    if map.len() >= max {
        map.clear();
    }
    map.insert(key, value);
}
