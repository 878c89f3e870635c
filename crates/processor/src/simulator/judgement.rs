//! What the simulator decides about one attempt, before it is written into the book and answered.

use std::time::Duration;

/// The decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// The truth: whether money is held or taken.
    pub approved: bool,
    /// ISO 8583 field 39.
    pub code: String,
    pub advice: Option<String>,
    pub avs: Option<String>,
    pub cvv: Option<String>,
    /// Lower than asked; `None` means all of it.
    pub approved_minor: Option<i64>,
    /// Month and year, when the issuer's real-time updater changed it.
    pub updated_expiry: Option<(u8, u16)>,
    pub step_up: bool,
    /// How the answer reaches the caller.
    pub telling: Telling,
    /// What is refused later.
    pub refuses: Refuses,
    /// How long the answer takes.
    pub delay: Duration,
    /// Which rule this attempt broke.
    pub breach: Option<String>,
}

/// How the answer reaches the caller. The numbers are those of the book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Telling {
    /// As decided.
    #[default]
    Plain = 0,
    /// Connection lost; look-up tells the truth.
    Lost = 1,
    /// Connection lost before the issuer was asked; look-up says "never seen".
    Unseen = 2,
    /// As `Unseen`, but look-up fails too for a day.
    Blind = 3,
    /// Told as 94, the truth is an approval; look-up tells it.
    Duplicate = 4,
    /// Voided before it came: it must not charge any more.
    Tombstone = 5,
}

/// What is refused after an approval. The numbers are those of the book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Refuses {
    /// Nothing.
    #[default]
    Nothing = 0,
    /// Capture.
    Capture = 1,
    /// Refund.
    Refund = 2,
}

impl Telling {
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Lost,
            2 => Self::Unseen,
            3 => Self::Blind,
            4 => Self::Duplicate,
            5 => Self::Tombstone,
            _ => Self::Plain,
        }
    }

    /// Whether the issuer was never asked, so that the same attempt may come again.
    pub(crate) const fn never_reached_issuer(self) -> bool {
        matches!(self, Self::Unseen | Self::Blind)
    }
}

impl Refuses {
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            1 => Self::Capture,
            2 => Self::Refund,
            _ => Self::Nothing,
        }
    }
}

impl Judgement {
    pub(crate) fn approved() -> Self {
        Self { approved: true, code: "00".to_owned(), ..Self::default() }
    }

    pub(crate) fn declined(code: impl Into<String>, advice: Option<String>) -> Self {
        Self { approved: false, code: code.into(), advice, ..Self::default() }
    }

    pub(crate) fn told(mut self, telling: Telling) -> Self {
        self.telling = telling;
        self
    }

    pub(crate) fn breaching(mut self, rule: Option<String>) -> Self {
        self.breach = rule;
        self
    }
}
