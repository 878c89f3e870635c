//! Durable state: `Store::apply(ChangeSet)` and reads, on SQLite.
//!
//! One writer thread turns every change set that waits into one transaction and one fsync; nothing is answered
//! before it is durable. Reads run beside it on their own connections and see all that was applied before.

mod error;
mod list;
mod options;
mod read;
mod retention;
mod sqlite;
mod stats;
mod store;

pub use error::{ApplyError, Error};
pub use list::{BlockFilter, ChargebackBy, ChargebackFilter, EventFilter, OrderBy, OrderFilter, Page, PageAt, Sort};
pub use options::{Durability, Options};
pub use read::applications::{ApplicationBy, ApplicationFilter};
pub use read::operations::Pulse;
pub use read::report::Reading;
pub use read::risk::News;
pub use read::settlements::{PayoutFilter, SettlementFilter};
pub use read::tenancy::{AuditFilter, MerchantBy, MerchantFilter, SiteBy, SiteFilter};
pub use read::users::UserFilter;
pub use retention::{Purged, Retention};
pub use sqlite::{Migrated, migrate};
pub use stats::{OrderCount, Stats};
pub use store::Store;
