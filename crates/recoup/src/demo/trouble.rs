//! What goes wrong for the shop.

/// Why a call was of no use.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Trouble {
    /// It failed.
    #[error(transparent)]
    Call(#[from] client::Error),
    /// A copy of a payment was not kept.
    #[error("the copy of {order} was refused: {reason}")]
    Copy {
        /// The shop's order id.
        order: String,
        /// By path.
        reason: String,
    },
    /// A time that is none.
    #[error("the clock shows {0}")]
    Clock(String),
}
