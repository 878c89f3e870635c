//! What may hide behind a decline.

domain::words! {
    /// A hidden cause.
    pub enum Cause {
        /// Not enough money now.
        Funds = "funds",
        /// A rule of the issuer that clears by itself.
        Hold = "hold",
        /// A count or amount limit of the card.
        Limit = "limit",
        /// Issuer or network out of order.
        Outage = "outage",
        /// Wrong or outdated data: only new ones help.
        Data = "data",
        /// Closed, lost or refused for good.
        Dead = "dead",
    }
}

/// How many causes there are.
pub const CAUSES: usize = Cause::ALL.len();
