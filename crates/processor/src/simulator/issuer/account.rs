//! A simulated account outside the book: for worlds that are played in memory, without a database or a vault.

use std::sync::Arc;

use domain::{
    card::{Funding, Network, Pan},
    money::{Currency, Money},
    time::Timestamp,
};

use super::{
    funds::Funds,
    judge,
    life::{Life, OldExpiry},
    obstacle,
    presented::Presented,
    world::World,
};
use crate::simulator::{
    history::{Earlier, History},
    judgement::Telling,
};

/// Days before and after the moment that an account is opened for, over which it can be asked.
const DAYS_BEFORE: i64 = 420;
const DAYS_AFTER: i64 = 100;

/// An account with its hidden state.
#[derive(Debug, Clone)]
pub struct Account {
    base: Presented,
}

/// An attempt on the card that its issuer has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When, UTC.
    pub at: Timestamp,
    /// Whether it approved.
    pub approved: bool,
}

/// An issuer's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it approves.
    pub approved: bool,
    /// ISO 8583 field 39.
    pub response_code: String,
    /// Mastercard advice code.
    pub advice_code: Option<String>,
}

/// The hidden cause that would decline a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Closed, lost, revoked, barred: never again with this card.
    Dead,
    /// Replaced or expired.
    Data,
    /// The issuer's host is down.
    Outage,
    /// A risk rule of the issuer, or a block for knocking.
    Hold,
    /// A count or amount limit.
    Limit,
    /// Missing funds.
    Funds,
    /// None that lasts: chance.
    Chance,
}

impl Account {
    /// The account behind a card, to be asked at moments around one: 420 days before it until 100 after it.
    pub fn of(world: &'static World, seed: u64, number: &Pan, around: Timestamp) -> Self {
        let nothing = Money::new(0, Currency::USD);
        let mut base = Presented::rebill(world, seed, number.reveal(), None, nothing, around);
        base.money = Some(Arc::new(Funds::over(&base, DAYS_BEFORE, DAYS_AFTER)));
        Self { base }
    }

    /// The same cardholder at the same issuer, with everything by chance drawn anew: pay that comes or not, bills, holds,
    /// limits, outages, moods. For those who want to know what can be known: habits are certain, events are not. It can
    /// be asked around the same moment, for a shorter time.
    #[must_use]
    pub fn in_another_life(&self, fate: u64) -> Self {
        const BEFORE: i64 = 130;
        const AFTER: i64 = 40;
        let mut base = Presented { fate, money: None, ..self.base.clone() };
        base.money = Some(Arc::new(Funds::over(&base, BEFORE, AFTER)));
        Self { base }
    }

    /// The issuer's country, ISO 3166-1 alpha-2.
    pub const fn country(&self) -> &'static str {
        self.base.issuer.country.code
    }

    /// The currency of that country, ISO 4217.
    pub const fn currency(&self) -> &'static str {
        self.base.issuer.country.currency
    }

    /// The cardholder's local time, minutes east of UTC.
    pub const fn offset_minutes(&self) -> i32 {
        self.base.offset_minutes
    }

    /// How the card is funded.
    pub const fn funding(&self) -> Funding {
        self.base.funding
    }

    /// The card's network.
    pub const fn network(&self) -> Network {
        self.base.network
    }

    /// Answers a merchant-initiated charge; `card` is everything tried on the card before, oldest first.
    pub fn answer(&self, amount: Money, at: Timestamp, card: &[Seen]) -> Answer {
        let judgement = judge::judge(&self.base.again(amount, at), &history(card));
        Answer { approved: judgement.approved, response_code: judgement.code, advice_code: judgement.advice }
    }

    /// Why it would be declined: for statistics and oracles, never for policies.
    pub fn cause(&self, amount: Money, at: Timestamp, card: &[Seen]) -> Cause {
        let presented = self.base.again(amount, at);
        let history = history(card);
        match Life::of(presented.seed, presented.card, at) {
            Life::Dead(_) => Cause::Dead,
            Life::NewNumber | Life::NewExpiry(OldExpiry::Refused) => Cause::Data,
            _ if judge::is_barred(&presented) => Cause::Dead,
            _ if obstacle::is_issuer_down(&presented) => Cause::Outage,
            _ if obstacle::is_blocked(&presented, &history) || obstacle::hold(&presented).is_some() => Cause::Hold,
            _ if obstacle::limit(&presented, &history).is_some() => Cause::Limit,
            _ if presented.funds().available_cents(&presented) < presented.cents => Cause::Funds,
            _ => Cause::Chance,
        }
    }
}

fn history(card: &[Seen]) -> History {
    let earlier = |seen: &Seen| Earlier {
        at: seen.at,
        approved: seen.approved,
        standing_minor: 0,
        asked_minor: 0,
        code: String::new(),
        advice: None,
        telling: Telling::Plain,
        credential_version: 1,
        sends: 1,
    };
    History::new(Timestamp::EPOCH, card.iter().map(earlier).collect())
}
