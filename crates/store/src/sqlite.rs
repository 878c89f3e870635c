//! The SQLite engine.
#![expect(dead_code, unused_variables, missing_docs, clippy::needless_pass_by_value, reason = "signatures first")]
use std::path::Path;

use domain::change::ChangeSet;
use rusqlite::Connection;

use crate::{ApplyError, Error, Options};

type R<T> = Result<T, Error>;
type Db = Connection;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    pub from: u32,
    pub to: u32,
}

pub fn migrate(path: &Path) -> R<Migrated> {
    todo!()
}

pub struct Engine;
impl Engine {
    pub fn open(path: &Path, options: &Options) -> R<Self> {
        todo!()
    }
    #[expect(clippy::unused_async, reason = "PostgreSQL awaits here")]
    pub async fn read<T>(&self, read: impl FnOnce(&Db) -> R<T>) -> R<T> {
        todo!()
    }
    #[expect(clippy::unused_async, reason = "signatures first")]
    pub async fn list<T: Send + 'static>(&self, read: impl FnOnce(&Db) -> R<T> + Send + 'static) -> R<T> {
        todo!()
    }
    #[expect(clippy::unused_async, reason = "signatures first")]
    pub async fn call<T: Send + 'static>(&self, read: impl FnMut(&Db) -> R<T> + Send + 'static) -> R<T> {
        todo!()
    }
    #[expect(clippy::unused_async, reason = "signatures first")]
    pub async fn apply(&self, set: ChangeSet) -> Result<(), ApplyError> {
        todo!()
    }
    #[expect(clippy::unused_async, reason = "signatures first")]
    pub async fn close(&self) -> R<()> {
        todo!()
    }
}

macro_rules! nouns {
    ($($noun:ident { $($f:ident($($t:ty),*) -> $r:ty;)* })*) => {$(
        pub mod $noun {
            use super::*;
            use domain::{attempt::Attempt, card::CardKey, change::*, client::*, environment::Environment, event::Event, id::*,
                ledger::Entry, merchant::Merchant, order::Order, partner::Partner, refund::Refund, route::*, site::Site, time::Timestamp,
                timer::{Kind, Leased}, token::*, transmit::Transmit, webhook::*};
            use crate::*;
            $(nouns!(@ $f [$($t),*] $r);)*
        }
    )*};
    (@ $f:ident [$($t:ty),*] $r:ty) => { pub fn $f(db: &Db $(, _: $t)*) -> R<$r> { todo!() } };
}
mod types {}
nouns! {
    merchants { get(Mid) -> Option<Merchant>; all(Option<PartnerId>) -> Vec<Merchant>; }
    partners { get(PartnerId) -> Option<Partner>; all() -> Vec<Partner>; }
    sites { get(SiteId) -> Option<Site>; of(Mid) -> Vec<Site>; }
    clients { get(ClientId) -> Option<Client>; all(Option<Mid>, Option<PartnerId>) -> Vec<Client>; by_app_key(&str) -> Option<(Client, Vec<Key>)>; }
    keys { get(KeyId) -> Option<Key>; of_merchant(Mid) -> Vec<Key>; tokenization(&str) -> Option<Key>; }
    refreshes { get([u8; 32]) -> Option<Refresh>; }
    endpoints { get(WebhookId) -> Option<Endpoint>; of(Mid, Environment) -> Vec<Endpoint>; }
    accounts { all() -> Vec<Account>; }
    routes { all() -> Vec<Route>; }
    clocks { get(Mid) -> Option<Clock>; all() -> Vec<Clock>; }
    signing_keys { all() -> Vec<SigningKey>; }
    registry { version() -> u64; }
    orders { get(OrderId) -> Option<Order>; by_external(Mid, Environment, &str, u32) -> Vec<Order>; open(Mid, Environment, &str) -> Option<Order>;
        with_credential_of(Mid, Environment, &str, Option<&str>, Option<&str>) -> Option<Order>; }
    order_list { page(&OrderFilter) -> Page<Order>; }
    attempts { get(AttemptId) -> Option<Attempt>; of(OrderId) -> Vec<Attempt>; }
    refunds { get(RefundId) -> Option<Refund>; of(OrderId) -> Vec<Refund>; }
    ledger { since(Mid, Environment, [CardKey; 2], Timestamp) -> Vec<Entry>; count(Mid, Environment, [CardKey; 2], Timestamp) -> u32; }
    transmits { get(TransmitId) -> Option<Transmit>; by_identity(Mid, Environment, &str, &str) -> Option<Transmit>; }
    idempotency { get([u8; 32]) -> Option<Idempotency>; }
    cards { get(TokenId) -> Option<Card>; cvv(TokenId) -> Option<SealedCvv>; under(DataKeyId, Option<TokenId>, u32) -> Vec<Card>; }
    data_keys { get(DataKeyId) -> Option<DataKey>; active(Mid, Environment) -> Option<DataKey>; after(Option<DataKeyId>, u32) -> Vec<DataKey>; }
    events { get(EventId) -> Option<Event>; after(Option<&[Mid]>, Environment, u64, u32) -> Vec<(u64, Event)>; }
    stats { of(Option<Mid>) -> Stats; }
}
pub mod timers {
    use std::time::Duration;

    use domain::{id::LeaseToken, time::Timestamp, timer::*};

    use super::*;
    pub struct Claim {
        pub lane: i64,
        pub due_by: Timestamp,
        pub real_now: Timestamp,
        pub lease_until: Timestamp,
        pub limit: u32,
        pub lease: LeaseToken,
    }
    pub fn claim(db: &Db, claim: &Claim) -> R<Vec<Leased>> {
        todo!()
    }
    pub fn release(db: &Db, kind: Kind, subject: uuid::Uuid, lease: LeaseToken) -> R<bool> {
        todo!()
    }
    pub fn next(db: &Db, lane: i64) -> R<Option<Timestamp>> {
        todo!()
    }
    pub fn count(db: &Db, mid: Option<domain::id::Mid>) -> R<u64> {
        todo!()
    }
}
pub mod deliveries {
    use domain::{id::*, time::Timestamp, webhook::Delivery};

    use super::*;
    use crate::{Page, PageAt};
    pub struct Claim {
        pub now: Timestamp,
        pub lease_until: Timestamp,
        pub limit: u32,
        pub lease: LeaseToken,
    }
    pub fn claim(db: &Db, claim: &Claim) -> R<Vec<Delivery>> {
        todo!()
    }
    pub fn get(db: &Db, id: DeliveryId) -> R<Option<Delivery>> {
        todo!()
    }
    pub fn page(db: &Db, endpoint: WebhookId, page: PageAt) -> R<Page<Delivery>> {
        todo!()
    }
}
pub mod purge {
    use super::*;
    use crate::{Purged, Retention};
    #[expect(clippy::unused_async, reason = "signatures first")]
    pub async fn run(engine: &Engine, now: domain::time::Timestamp, retention: &Retention) -> R<Purged> {
        todo!()
    }
}
