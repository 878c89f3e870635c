//! Settlements, their items, and payouts.

use domain::{
    environment::Environment,
    id::{Mid, PayoutId, SettlementId},
    money::Currency,
    payout::{self, Payout},
    settlement::{self, Account, Item, Settlement},
    time::Timestamp,
};

use crate::{
    Error, Page, PageAt, Sort, Store,
    sqlite::{payouts, settlements},
};

/// Which settlements; every member narrows the list, an absent one does not. Sorted by the beginning of the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementFilter {
    /// Tenants; `None`: all of them (the operator). An empty list matches nothing.
    pub mids: Option<Vec<Mid>>,
    /// Environment.
    pub environment: Environment,
    /// How far they are.
    pub state: Option<settlement::State>,
    /// Currency.
    pub currency: Option<Currency>,
    /// With a period that ends after this, UTC.
    pub from: Option<Timestamp>,
    /// With a period that begins no later than this, UTC.
    pub to: Option<Timestamp>,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}

/// Which payouts; every member narrows the list, an absent one does not. Sorted by creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutFilter {
    /// Tenants; `None`: all of them (the operator). An empty list matches nothing.
    pub mids: Option<Vec<Mid>>,
    /// Environment.
    pub environment: Environment,
    /// How far they are.
    pub state: Option<payout::State>,
    /// Made at or after, UTC.
    pub created_from: Option<Timestamp>,
    /// Made at or before, UTC.
    pub created_to: Option<Timestamp>,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}

impl Store {
    /// A settlement.
    pub async fn settlement(&self, id: SettlementId) -> Result<Option<Settlement>, Error> {
        self.engine.read(|db| settlements::get(db, id)).await
    }

    /// The newest settlement of an account: the open one, when there is one.
    pub async fn last_settlement(&self, account: Account) -> Result<Option<Settlement>, Error> {
        self.engine.read(|db| settlements::last(db, account)).await
    }

    /// Settlements that pass a filter, one page.
    pub async fn settlements(&self, filter: &SettlementFilter) -> Result<Page<Settlement>, Error> {
        let filter = filter.clone();
        self.engine.list(move |db| settlements::page(db, &filter)).await
    }

    /// Accounts with items that wait to be booked, of one merchant or of all, a number at most.
    pub async fn accounts_to_book(&self, mid: Option<Mid>, limit: u32) -> Result<Vec<Account>, Error> {
        self.engine.read(|db| settlements::waiting_accounts(db, mid, limit)).await
    }

    /// The oldest items of an account that wait, with their numbers.
    pub async fn items_to_book(&self, account: Account, limit: u32) -> Result<Vec<(u64, Item)>, Error> {
        self.engine.read(|db| settlements::waiting(db, account, limit)).await
    }

    /// Items of a settlement, oldest first, behind so many others.
    pub async fn settlement_items(&self, settlement: SettlementId, limit: u32, offset: u64) -> Result<Vec<Item>, Error> {
        self.engine.list(move |db| settlements::items(db, settlement, limit, offset)).await
    }

    /// What was held back when a settlement closed, minor units.
    pub async fn settlement_reserve(&self, settlement: SettlementId) -> Result<i64, Error> {
        self.engine.read(|db| settlements::reserve(db, settlement)).await
    }

    /// A payout.
    pub async fn payout(&self, id: PayoutId) -> Result<Option<Payout>, Error> {
        self.engine.read(|db| payouts::get(db, id)).await
    }

    /// Payouts that pass a filter, one page.
    pub async fn payouts(&self, filter: &PayoutFilter) -> Result<Page<Payout>, Error> {
        let filter = filter.clone();
        self.engine.list(move |db| payouts::page(db, &filter)).await
    }
}
