//! What profiles are kept of.

use serde::{Deserialize, Serialize};

/// The kinds of things that have a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The card.
    Card,
    /// The payer's e-mail address.
    Email,
    /// The payer's phone number.
    Phone,
    /// The address the payer called from.
    Ip,
    /// The payer's device.
    Device,
    /// The merchant's site.
    Site,
    /// The first digits of the card.
    Bin,
    /// The terminal or acceptance point.
    Terminal,
}

impl Kind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 8] =
        [Self::Card, Self::Email, Self::Phone, Self::Ip, Self::Device, Self::Site, Self::Bin, Self::Terminal];

    /// Its stable number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind of a number.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its name in features.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Ip => "ip",
            Self::Device => "device",
            Self::Site => "site",
            Self::Bin => "bin",
            Self::Terminal => "terminal",
        }
    }
}

/// One thing that has a profile: its kind and a keyed hash, never the thing itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// What it is.
    pub kind: Kind,
    /// Which one.
    pub key: [u8; 16],
}
