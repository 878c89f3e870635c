//! Processor accounts and the routes that choose among them.

use serde::{Deserialize, Serialize};

use crate::{
    card::Network,
    channel::Channel,
    environment::Environment,
    id::{Mid, ProcessorId, SiteId},
    money::Currency,
    time::Timestamp,
};

crate::words! {
    /// Whether an account takes attempts.
    pub enum Status {
        /// Takes attempts.
        Active = "ACTIVE",
        /// Takes none; open attempts are still settled.
        Paused = "PAUSED",
        /// Known to be down.
        Down = "DOWN",
    }
}

/// A processor account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Id.
    pub id: ProcessorId,
    /// Row version.
    pub version: u32,
    /// Its merchant; none: the operator's, for every merchant.
    pub mid: Option<Mid>,
    /// Name, shown in attempts.
    pub name: String,
    /// Connector: `http`.
    pub kind: String,
    /// Environment.
    pub environment: Environment,
    /// Base URL of the plain HTTP contract.
    pub base_url: String,
    /// Sealed static headers (JSON object), when it needs any.
    pub headers: Option<Vec<u8>>,
    /// Whether it is given the card number.
    pub reveal_card: bool,
    /// Time to connect, milliseconds.
    pub connect_timeout_ms: u32,
    /// Time for the whole call, milliseconds.
    pub total_timeout_ms: u32,
    /// Calls it offers beside `authorize`.
    pub offers: Offers,
    /// Whether it takes attempts.
    pub status: Status,
    /// Since when, UTC.
    pub created_at: Timestamp,
}

/// Calls a processor offers beside `authorize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Offers {
    /// Look-up of an attempt. Without it an unknown result needs the operator.
    pub inquire: bool,
    /// Later capture.
    pub capture: bool,
    /// Reversal.
    pub void: bool,
    /// Refund.
    pub refund: bool,
    /// Account updater.
    pub updater: bool,
}

impl Default for Offers {
    fn default() -> Self {
        Self { inquire: true, capture: true, void: true, refund: true, updater: false }
    }
}

/// One line of the routing table; empty lists match everything. Lower priority goes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// Its merchant; none: every merchant without a table of its own.
    pub mid: Option<Mid>,
    /// Environment.
    pub environment: Environment,
    /// Order of the lines.
    pub priority: u32,
    /// The account.
    pub processor: ProcessorId,
    /// Sites.
    #[serde(default)]
    pub sites: Vec<SiteId>,
    /// Channels.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Networks.
    #[serde(default)]
    pub networks: Vec<Network>,
    /// Currencies.
    #[serde(default)]
    pub currencies: Vec<Currency>,
}

/// What a route is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Site.
    pub site: SiteId,
    /// Channel.
    pub channel: Channel,
    /// Network.
    pub network: Network,
    /// Currency.
    pub currency: Currency,
}

impl Route {
    /// Whether the line takes this payment.
    pub fn takes(&self, wanted: Wanted) -> bool {
        fn covers<T: PartialEq>(list: &[T], value: &T) -> bool {
            list.is_empty() || list.contains(value)
        }
        covers(&self.sites, &wanted.site)
            && covers(&self.channels, &wanted.channel)
            && covers(&self.networks, &wanted.network)
            && covers(&self.currencies, &wanted.currency)
    }
}
