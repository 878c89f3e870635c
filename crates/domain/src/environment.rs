//! The two environments of one server. Orders, tokens, transmits, webhooks and keys of one are unknown in the other.

crate::words! {
    /// Which of the two disjoint environments a key, and everything made with it, belongs to.
    pub enum Environment {
        /// Test data; answered by the issuer simulator.
        Sandbox = "sandbox",
        /// Real money.
        Production = "production",
    }
}
