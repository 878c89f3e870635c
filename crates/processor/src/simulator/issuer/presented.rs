//! What an issuer sees of one attempt.

use std::{borrow::Cow, sync::Arc};

use domain::{
    card::{Expiry, Funding, Network},
    money::Money,
    time::Timestamp,
};
use jiff::civil::DateTime;

use super::{country, funds::Funds, habits::Habits, world::World};
use crate::{
    Authorize,
    simulator::{draw::CardHash, magic::judge},
};

/// Digits of a card number that name the account; a replacement card differs only behind them.
pub(crate) const ACCOUNT_DIGITS: usize = 14;

/// One attempt in an issuer's eyes.
#[derive(Debug, Clone)]
pub(crate) struct Presented {
    pub world: &'static World,
    /// Who issuers and cardholders are.
    pub seed: u64,
    /// What happens to them: the same as `seed`, but in thought experiments.
    pub fate: u64,
    pub issuer: Habits,
    /// This card.
    pub card: CardHash,
    /// The account behind it, the same for a replacement card.
    pub account: CardHash,
    pub network: Network,
    pub funding: Funding,
    pub credential_version: u32,
    pub is_expired: bool,
    /// Amount in hundredths of a US dollar, at the simulated world's own rates.
    pub cents: f64,
    pub at: Timestamp,
    pub local: DateTime,
    pub offset_minutes: i32,
    pub is_mit: bool,
    pub has_wrong_cvv: bool,
    pub has_cvv: bool,
    pub is_authenticated: bool,
    /// The account's money, when it was worked out before.
    pub money: Option<Arc<Funds>>,
}

impl Presented {
    pub(crate) fn of(world: &'static World, seed: u64, request: &Authorize, card: CardHash) -> Self {
        let number = request.card.as_ref().map(|card| card.number.reveal());
        let issuer = Habits::of(world, seed, number.unwrap_or(&request.bin));
        // The truth is the cardholder's own clock, whatever the caller believes it to be.
        let offset_minutes = issuer.offset_minutes;
        let funding = number.map(funding_of_test_bin).filter(|funding| *funding != Funding::Unknown);
        let has_cvv = !request.is_mit && request.card.as_ref().is_some_and(|card| card.cvv.is_some());
        Self {
            world,
            seed,
            fate: seed,
            issuer,
            card,
            account: account(seed, number).unwrap_or(card),
            network: request.network,
            funding: funding.unwrap_or(request.funding),
            credential_version: request.credential_version,
            is_expired: !judge::is_expiry_future(request),
            cents: cents(request.amount),
            at: request.at,
            local: request.at.civil_at(offset_minutes),
            offset_minutes,
            is_mit: request.is_mit,
            has_wrong_cvv: has_cvv && !judge::has_right_cvv(request),
            has_cvv,
            is_authenticated: request.three_d_secure.is_some(),
            money: None,
        }
    }

    /// A merchant-initiated charge of a card on file, at a merchant's own processor.
    pub(crate) fn rebill(
        world: &'static World,
        seed: u64,
        number: &str,
        expiry: Option<Expiry>,
        amount: Money,
        at: Timestamp,
    ) -> Self {
        let issuer = Habits::of(world, seed, number);
        let card = CardHash::of_number(seed, number);
        let local = at.civil_at(issuer.offset_minutes);
        let today = (local.year(), local.month());
        Self {
            world,
            seed,
            fate: seed,
            issuer,
            card,
            account: account(seed, Some(number)).unwrap_or(card),
            network: Network::of_bin(number),
            funding: funding_of_test_bin(number),
            credential_version: 1,
            is_expired: expiry.is_some_and(|expiry| (expiry.year as i16, expiry.month as i8) < today),
            cents: cents(amount),
            at,
            local,
            offset_minutes: issuer.offset_minutes,
            is_mit: true,
            has_wrong_cvv: false,
            has_cvv: false,
            is_authenticated: false,
            money: None,
        }
    }

    /// The account's money up to now.
    pub(crate) fn funds(&self) -> Cow<'_, Funds> {
        self.money_or(Funds::until)
    }

    /// The account's money with what is to come.
    pub(crate) fn funds_ahead(&self) -> Cow<'_, Funds> {
        self.money_or(Funds::ahead)
    }

    fn money_or(&self, work_out: fn(&Self) -> Funds) -> Cow<'_, Funds> {
        self.money.as_ref().map_or_else(|| Cow::Owned(work_out(self)), |known| Cow::Borrowed(known.as_ref()))
    }

    /// The same charge at another moment, or for another amount.
    pub(crate) fn again(&self, amount: Money, at: Timestamp) -> Self {
        Self { cents: cents(amount), at, local: at.civil_at(self.offset_minutes), ..self.clone() }
    }

    /// The local hour, 0..24.
    pub(crate) fn local_hour(&self) -> f64 {
        f64::from(self.local.hour()) + f64::from(self.local.minute()) / 60.0
    }

    /// Hours since 1970: draws about one attempt hold for the hour, so that knocking again changes nothing.
    pub(crate) fn hour_number(&self) -> u64 {
        (self.at.secs() / 3_600).unsigned_abs()
    }
}

/// The funding that the test BINs stand for (`wire-api` §14.2).
pub(crate) fn funding_of_test_bin(number: &str) -> Funding {
    match number.get(..6) {
        Some("400005" | "222300") => Funding::Debit,
        Some("400000" | "555555" | "601100") => Funding::Credit,
        _ => Funding::Unknown,
    }
}

fn account(seed: u64, number: Option<&str>) -> Option<CardHash> {
    Some(CardHash::of_number(seed, number?.get(..ACCOUNT_DIGITS)?))
}

fn cents(amount: Money) -> f64 {
    let units = amount.minor as f64 / 10f64.powi(amount.currency.decimals() as i32);
    units * 100.0 * country::usd_per_unit(amount.currency.as_str())
}
