//! What lists are asked for and what they answer.

use domain::{
    block,
    channel::Channel,
    chargeback::Stage,
    environment::Environment,
    event,
    id::{Mid, OrderId, SiteId},
    order::Code,
    owner::Owner,
    time::Timestamp,
};

/// Which page of a list, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageAt {
    /// Number, from 1; 0 reads as 1.
    pub number: u32,
    /// Rows; held to 1–[`domain::bounds::PAGE_ROWS_MAX`].
    pub size: u32,
}

impl Default for PageAt {
    fn default() -> Self {
        Self { number: 1, size: domain::bounds::PAGE_ROWS_DEFAULT }
    }
}

impl PageAt {
    pub(crate) fn limit(self) -> i64 {
        i64::from(self.size.clamp(1, domain::bounds::PAGE_ROWS_MAX))
    }

    pub(crate) fn offset(self) -> i64 {
        i64::from(self.number.saturating_sub(1)) * self.limit()
    }
}

/// One page of a list, and how many rows the whole list has.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// Rows of the whole list.
    pub total: u64,
}

/// Which events; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFilter {
    /// Whose; `None`: everybody's (the operator). An empty list matches nothing.
    pub owners: Option<Vec<Owner>>,
    /// Environment.
    pub environment: Environment,
    /// Kinds; none: any.
    pub kinds: Option<Vec<event::Kind>>,
    /// Of one order.
    pub order: Option<OrderId>,
    /// Behind this cursor.
    pub after: u64,
    /// How many.
    pub limit: u32,
}

/// What orders are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OrderBy {
    /// First worked; until then, when it was placed.
    #[default]
    CreatedOn,
    /// Ingested.
    OrderPlacedDate,
    /// Last change.
    UpdatedOn,
    /// End of the rescue.
    ExpiryDate,
    /// Minor units, whatever the currency.
    Amount,
}

/// Direction of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// Smallest or oldest first.
    Ascending,
    /// Largest or newest first.
    #[default]
    Descending,
}

/// Which orders; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Tenants; `None`: all of them (the operator). An empty list matches nothing.
    pub mids: Option<Vec<Mid>>,
    /// Environment.
    pub environment: Option<Environment>,
    /// States; empty: any.
    pub codes: Vec<Code>,
    /// Placed at or after, UTC.
    pub placed_from: Option<Timestamp>,
    /// Placed at or before, UTC.
    pub placed_to: Option<Timestamp>,
    /// Part of a name, e-mail, order id, transaction id, payer id or reference; case does not matter.
    pub query: Option<String>,
    /// The query is looked for in ids and references only.
    pub references_only: bool,
    /// Site.
    pub site: Option<SiteId>,
    /// Channel.
    pub channel: Option<Channel>,
    /// Merchant-initiated.
    pub is_mit: Option<bool>,
    /// Ran on the sandbox processor.
    pub is_test: Option<bool>,
    /// The merchant's order id, whole.
    pub external_id: Option<String>,
    /// Disputed.
    pub is_chargeback: Option<bool>,
    /// Whether a site was matched.
    pub site_resolved: Option<bool>,
    /// Sorted by.
    pub order_by: OrderBy,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}

/// What chargebacks are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChargebackBy {
    /// When the dispute came.
    #[default]
    ReceivedOn,
    /// Minor units, whatever the currency.
    Amount,
    /// The stage's word.
    Stage,
}

/// Which chargebacks; every member narrows the list, an absent one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargebackFilter {
    /// Tenants; `None`: all of them (the operator). An empty list matches nothing.
    pub mids: Option<Vec<Mid>>,
    /// Environment.
    pub environment: Environment,
    /// Order.
    pub order: Option<OrderId>,
    /// Stage.
    pub stage: Option<Stage>,
    /// Received at or after, UTC.
    pub received_from: Option<Timestamp>,
    /// Received at or before, UTC.
    pub received_to: Option<Timestamp>,
    /// Sorted by.
    pub order_by: ChargebackBy,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}

/// Which entries of blocklists; every member narrows the list, an absent one does not. Sorted by creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFilter {
    /// Tenants; `None`: all of them (the operator). An empty list matches nothing.
    pub mids: Option<Vec<Mid>>,
    /// Environment.
    pub environment: Environment,
    /// Kind.
    pub kind: Option<block::Kind>,
    /// Made at or after, UTC.
    pub created_from: Option<Timestamp>,
    /// Made at or before, UTC.
    pub created_to: Option<Timestamp>,
    /// Direction.
    pub sort: Sort,
    /// Page.
    pub page: PageAt,
}
