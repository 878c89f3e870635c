//! The life of a card: closed, lost, replaced, expired; and what the updater knows of it.

use domain::{
    card::Pan,
    time::{DAY, Timestamp},
};

use super::{presented::ACCOUNT_DIGITS, world::life};
use crate::simulator::{
    draw::{CardHash, Draw, For},
    magic::number,
};

/// What has become of the card that is on file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// As vaulted.
    Good,
    /// Lost, stolen or closed, with the code that says so.
    Dead(&'static str),
    /// A new expiry; what the issuer makes of the old one.
    NewExpiry(OldExpiry),
    /// A new number.
    NewNumber,
}

/// What an issuer makes of an old expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OldExpiry {
    Refused,
    /// Taken on merchant-initiated payments.
    Taken,
    /// Taken, and the new one sent along.
    Updated,
}

/// What the updater knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    NewExpiry,
    NewNumber,
    Closed,
    Nothing,
}

impl Known {
    /// Whether a credential can be newer than the one on file.
    pub(crate) const fn brings_data(self) -> bool {
        matches!(self, Self::NewExpiry | Self::NewNumber)
    }
}

impl Life {
    /// The state of the card at an instant; it never gets better by waiting.
    pub(crate) fn of(seed: u64, card: CardHash, at: Timestamp) -> Self {
        let mut draw = Draw::new(seed, For::CardLife, card.word(), 0);
        let dead_since = begins(&mut draw, life::DEAD, life::DEAD_PER_YEAR);
        let reissued_since = begins(&mut draw, life::REISSUED, life::REISSUED_PER_YEAR);
        if dead_since.is_some_and(|since| since <= at) {
            return Self::Dead(draw.pick(&[(0.4, "41"), (0.25, "43"), (0.25, "46"), (0.1, "04")], "41"));
        }
        match reissued_since {
            Some(since) if since <= at => Self::reissued(&mut draw),
            _ => Self::Good,
        }
    }

    fn reissued(draw: &mut Draw) -> Self {
        if !draw.chance(life::EXPIRY_ONLY) {
            return Self::NewNumber;
        }
        let refused = 1.0 - life::OLD_EXPIRY_TAKEN - life::UPDATED_ON_THE_FLY;
        let takes = [
            (refused, OldExpiry::Refused),
            (life::OLD_EXPIRY_TAKEN, OldExpiry::Taken),
            (life::UPDATED_ON_THE_FLY, OldExpiry::Updated),
        ];
        Self::NewExpiry(draw.pick(&takes, OldExpiry::Refused))
    }

    /// What the updater knows of such a card.
    pub(crate) fn known(self, seed: u64, card: CardHash) -> Known {
        let (new, closed) = match self {
            Self::Good => return Known::Nothing,
            Self::Dead(_) => life::UPDATER_KNOWS_DEAD,
            Self::NewExpiry(_) | Self::NewNumber => life::UPDATER_KNOWS,
        };
        let data = if matches!(self, Self::NewExpiry(_)) { Known::NewExpiry } else { Known::NewNumber };
        Draw::new(seed, For::Updater, card.word(), 0)
            .pick(&[(new, data), (closed, Known::Closed), (1.0 - new - closed, Known::Nothing)], Known::Nothing)
    }
}

/// The number of the replacement card: the same account, another card.
pub(crate) fn replacement(number: &Pan) -> Option<Pan> {
    let digits = number.reveal();
    let head = digits.get(..ACCOUNT_DIGITS)?;
    let serial = digits.as_bytes().get(ACCOUNT_DIGITS)?;
    number::with_luhn(&format!("{head}{}", (serial - b'0' + 1) % 10))
}

/// Since when something holds: from the outset, from a moment of the ten years after year zero, or never.
fn begins(draw: &mut Draw, from_the_outset: f64, per_year: f64) -> Option<Timestamp> {
    let (chance, moment) = (draw.unit(), draw.unit());
    if chance < from_the_outset {
        return Some(Timestamp::EPOCH);
    }
    let year_zero = Timestamp::from_secs(life::YEAR_ZERO_SECS);
    (chance < from_the_outset + per_year * life::YEARS).then(|| year_zero + DAY.mul_f64(365.25 * life::YEARS * moment))
}
