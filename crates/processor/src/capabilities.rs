//! What a processor account offers, told by its settings and not learnt by trial.

/// The calls and powers of one processor account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Capabilities {
    /// Authorise first, collect later.
    pub capture: bool,
    /// Release an authorisation or reverse a charge.
    pub void: bool,
    /// Pay back.
    pub refund: bool,
    /// Ask what became of an attempt. Without it an unknown result stays with the operator.
    pub inquire: bool,
    /// Account updater.
    pub updater: bool,
    /// The account takes card numbers; without it only the token is sent.
    pub reveal_card: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self { capture: true, void: true, refund: true, inquire: true, updater: false, reveal_card: false }
    }
}

impl Capabilities {
    /// Everything the contract knows.
    pub const ALL: Self = Self { capture: true, void: true, refund: true, inquire: true, updater: true, reveal_card: true };
}

impl Capabilities {
    /// Of a configured account.
    pub const fn of(offers: domain::route::Offers, reveal_card: bool) -> Self {
        let domain::route::Offers { inquire, capture, void, refund, updater } = offers;
        Self { capture, void, refund, inquire, updater, reveal_card }
    }
}
