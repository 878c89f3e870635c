//! What a report is asked for.

use crate::{channel::Channel, id::SiteId, money::Currency, time::Timestamp};

/// Longest span of one report, days.
pub const SPAN_DAYS_MAX: u32 = 400;

crate::words! {
    /// Which report.
    pub enum Name {
        /// What was rescued, of the orders placed in the span.
        Recovery = "recovery",
        /// The declines that orders began with.
        Declines = "declines",
        /// Recoup's attempts, by number, processor and class.
        Attempts = "attempts",
        /// What went out under each descriptor.
        Descriptors = "descriptors",
        /// What came in for each site, and how the site was found.
        Sites = "sites",
        /// Network fees for attempts beyond the limits.
        Fees = "fees",
        /// What the policy recovers beyond the permanent hold-out.
        Uplift = "uplift",
    }
}

crate::words! {
    /// Length of a period, UTC.
    pub enum Interval {
        /// The whole span is one period.
        None = "none",
        /// From midnight to midnight.
        Day = "day",
        /// From Monday to Sunday (ISO 8601).
        Week = "week",
        /// A calendar month.
        Month = "month",
    }
}

crate::words! {
    /// What rows are grouped by beside the report's own keys. Merchant and currency always are.
    pub enum Key {
        /// Site.
        Site = "site",
        /// Channel.
        Channel = "channel",
        /// Currency.
        Currency = "currency",
        /// Descriptor that was sent to the processor.
        Descriptor = "descriptor",
        /// Merchant.
        Mid = "mid",
    }
}

/// One report, asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Which.
    pub name: Name,
    /// From this instant on, UTC.
    pub from: Timestamp,
    /// Up to and with this instant, UTC.
    pub to: Timestamp,
    /// Periods.
    pub interval: Interval,
    /// Further group keys.
    pub keys: Vec<Key>,
    /// One site only.
    pub site: Option<SiteId>,
    /// One channel only.
    pub channel: Option<Channel>,
    /// One currency only.
    pub currency: Option<Currency>,
    /// Orders that ran on the sandbox processor too.
    pub include_test: bool,
}
