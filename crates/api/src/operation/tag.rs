//! Chapters of the document.

/// A chapter; the order of the variants is the order of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// Tokens of API clients and portal users.
    Authentication,
    /// Cards into the vault.
    Vault,
    /// Copies of all payments.
    Transmit,
    /// Rescue of a decline.
    Rescue,
    /// Orders and what is done with them.
    Orders,
    /// Advice without execution.
    Advice,
    /// Webhooks and the event feed.
    Webhooks,
    /// Merchants and their settings.
    Merchants,
    /// Sites and channels.
    Sites,
    /// Portal users.
    Users,
    /// API keys.
    Keys,
    /// Processors and routes.
    Processors,
    /// Applications of new merchants.
    Onboarding,
    /// Settlements, payouts, chargebacks.
    Money,
    /// Blocked cards and customers.
    Blocklist,
    /// Reports.
    Reports,
    /// Files of many records.
    Batches,
    /// Test clock and test data.
    Sandbox,
    /// What pages in browsers call.
    Browser,
    /// Health, metrics, this document.
    Operations,
}

impl Tag {
    /// All of them, in order.
    pub const ALL: [Self; 20] = [
        Self::Authentication,
        Self::Vault,
        Self::Transmit,
        Self::Rescue,
        Self::Orders,
        Self::Advice,
        Self::Webhooks,
        Self::Merchants,
        Self::Sites,
        Self::Users,
        Self::Keys,
        Self::Processors,
        Self::Onboarding,
        Self::Money,
        Self::Blocklist,
        Self::Reports,
        Self::Batches,
        Self::Sandbox,
        Self::Browser,
        Self::Operations,
    ];

    /// Name and what the chapter is about.
    pub const fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Authentication => ("Authentication", "API keys and refresh tokens in, short-lived bearer tokens out."),
            Self::Vault => ("Vault", "Cards become tokens. A card number enters here and never comes out."),
            Self::Transmit => ("Transmit", "Copies of all payments, approved ones included: what the engine learns from."),
            Self::Rescue => ("Rescue", "Hand over a declined payment; capture an authorisation that was won back."),
            Self::Orders => ("Orders", "What became of a payment, and cancelling or refunding it."),
            Self::Advice => ("Advice", "When and how to retry, for those who retry themselves."),
            Self::Webhooks => {
                ("Webhooks", "Endpoints that are told of events, their deliveries, and the feed of the same events.")
            }
            Self::Merchants => ("Merchants", "Merchants, their settings and channels."),
            Self::Sites => ("Sites", "Where a merchant sells: domains, descriptors, channels."),
            Self::Users => ("Users", "People who use the portal."),
            Self::Keys => ("API keys", "Keys of machines."),
            Self::Processors => ("Processors", "Payment processors and which payments go to them."),
            Self::Onboarding => ("Onboarding", "Applications of new merchants."),
            Self::Money => ("Money", "Settlements, payouts and chargebacks."),
            Self::Blocklist => ("Blocklist", "Cards and customers that are never rescued."),
            Self::Reports => ("Reports", "What was recovered, and why the rest was not."),
            Self::Batches => ("Batches", "Many records in one file."),
            Self::Sandbox => ("Sandbox", "The test clock and test data."),
            Self::Browser => ("Browser", "What scripts in shop pages call."),
            Self::Operations => ("Operations", "Health, metrics, and this document."),
        }
    }
}
