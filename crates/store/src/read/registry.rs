//! Who and what is registered: partners, merchants, sites, clients, keys, endpoints, accounts, routes, clocks.

use domain::{
    change::{Clock, SigningKey},
    client::{Client, Key, Refresh},
    environment::Environment,
    id::{ClientId, KeyId, Mid, PartnerId, SiteId, WebhookId},
    merchant::Merchant,
    owner::Owner,
    partner::Partner,
    route::{Account, Route},
    site::Site,
    webhook::Endpoint,
};

use crate::{
    Error, Store,
    sqlite::{accounts, clients, clocks, endpoints, keys, merchants, partners, refreshes, registry, routes, signing_keys, sites},
};

impl Store {
    /// A merchant.
    pub async fn merchant(&self, id: Mid) -> Result<Option<Merchant>, Error> {
        self.engine.read(|db| merchants::get(db, id)).await
    }

    /// All merchants, or a partner's, oldest first.
    pub async fn merchants(&self, partner: Option<PartnerId>) -> Result<Vec<Merchant>, Error> {
        self.engine.list(move |db| merchants::all(db, partner)).await
    }

    /// A partner.
    pub async fn partner(&self, id: PartnerId) -> Result<Option<Partner>, Error> {
        self.engine.read(|db| partners::get(db, id)).await
    }

    /// All partners, oldest first.
    pub async fn partners(&self) -> Result<Vec<Partner>, Error> {
        self.engine.list(partners::all).await
    }

    /// A site.
    pub async fn site(&self, id: SiteId) -> Result<Option<Site>, Error> {
        self.engine.read(|db| sites::get(db, id)).await
    }

    /// The sites of a merchant, archived ones too, oldest first.
    pub async fn sites(&self, mid: Mid) -> Result<Vec<Site>, Error> {
        self.engine.read(|db| sites::of(db, mid)).await
    }

    /// A client.
    pub async fn client(&self, id: ClientId) -> Result<Option<Client>, Error> {
        self.engine.read(|db| clients::get(db, id)).await
    }

    /// Clients of a merchant, of a partner (both given: of both), or all; oldest first.
    pub async fn clients(&self, mid: Option<Mid>, partner: Option<PartnerId>) -> Result<Vec<Client>, Error> {
        self.engine.list(move |db| clients::all(db, mid, partner)).await
    }

    /// The client an AppKey names, with all its keys, revoked ones too.
    pub async fn client_by_app_key(&self, app_key: &str) -> Result<Option<(Client, Vec<Key>)>, Error> {
        self.engine.read(|db| clients::by_app_key(db, app_key)).await
    }

    /// A key.
    pub async fn key(&self, id: KeyId) -> Result<Option<Key>, Error> {
        self.engine.read(|db| keys::get(db, id)).await
    }

    /// The keys of a merchant, oldest first.
    pub async fn keys(&self, mid: Mid) -> Result<Vec<Key>, Error> {
        self.engine.read(|db| keys::of_merchant(db, mid)).await
    }

    /// The tokenization key with this check (hexadecimal SHA-256).
    pub async fn tokenization_key(&self, check: &str) -> Result<Option<Key>, Error> {
        self.engine.read(|db| keys::tokenization(db, check)).await
    }

    /// A refresh token, spent ones too.
    pub async fn refresh(&self, hash: [u8; 32]) -> Result<Option<Refresh>, Error> {
        self.engine.read(|db| refreshes::get(db, hash)).await
    }

    /// The webhook endpoints of a merchant or a partner, oldest first.
    pub async fn endpoints(&self, owner: impl Into<Owner>, environment: Environment) -> Result<Vec<Endpoint>, Error> {
        let owner = owner.into();
        self.engine.read(|db| endpoints::of(db, owner, environment)).await
    }

    /// A webhook endpoint.
    pub async fn endpoint(&self, id: WebhookId) -> Result<Option<Endpoint>, Error> {
        self.engine.read(|db| endpoints::get(db, id)).await
    }

    /// All processor accounts, oldest first.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        self.engine.read(accounts::all).await
    }

    /// All routes, by merchant, environment and position.
    pub async fn routes(&self) -> Result<Vec<Route>, Error> {
        self.engine.read(routes::all).await
    }

    /// The virtual clock of a sandbox merchant.
    pub async fn clock(&self, mid: Mid) -> Result<Option<Clock>, Error> {
        self.engine.read(|db| clocks::get(db, mid)).await
    }

    /// All virtual clocks, by lane.
    pub async fn clocks(&self) -> Result<Vec<Clock>, Error> {
        self.engine.read(clocks::all).await
    }

    /// All token signing keys, oldest first.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, Error> {
        self.engine.read(signing_keys::all).await
    }

    /// A number that changes with every write of an administrative record (partner, merchant, site, client, key,
    /// endpoint, account, routes, clock, signing key), also from another process.
    pub async fn registry_version(&self) -> Result<u64, Error> {
        self.engine.read(registry::version).await
    }
}
