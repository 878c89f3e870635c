//! What a payment touches, as keyed hashes under which neither addresses nor devices can be read.

use domain::{
    attempt::{Attempt, Verdict},
    card::CardKey,
    environment::Environment,
    id::{Mid, SiteId},
    money::Money,
    order::Order,
    payment::Payment,
    risk::Key,
    time::Timestamp,
    transmit::{Outcome, Transmit},
};
use recovery::risk::{Kind, Subject, Transaction};

use crate::Engine;

/// Digits of the card number that name its issuer.
const BIN_DIGITS: usize = 6;

/// A transaction of one tenant.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) mid: Mid,
    pub(super) environment: Environment,
    pub(super) transaction: Transaction,
}

impl Told {
    /// Where the profile of a subject is stored.
    pub(super) fn key(&self, subject: &Subject) -> Key {
        Key { mid: self.mid, environment: self.environment, kind: subject.kind.number(), key: subject.key }
    }
}

impl Engine {
    /// A transmitted transaction.
    pub(super) fn told_by(&self, transmit: &Transmit) -> Told {
        let first = transmit.outcomes.first().map(|report| report.outcome);
        let transaction = Transaction {
            at: transmit.at,
            hundredths: hundredths(transmit.payment.transaction.amount),
            declined: transmit.is_declined || first == Some(Outcome::Declined),
            subjects: self.touched(&transmit.payment, transmit.site, transmit.card),
        };
        Told { mid: transmit.mid, environment: transmit.environment, transaction }
    }

    /// What an order would charge to its card in use.
    pub(super) fn risky(&self, order: &Order, at: Timestamp) -> Told {
        let card = order.card_number();
        let transaction = Transaction {
            at,
            hundredths: hundredths(order.amount),
            declined: false,
            subjects: self.touched(&order.payment, order.site, card),
        };
        Told { mid: order.mid, environment: order.environment, transaction }
    }

    /// An attempt of ours.
    pub(super) fn told_attempt(&self, attempt: &Attempt, order: &Order) -> Told {
        let told = self.risky(order, attempt.at);
        Told { transaction: Transaction { declined: attempt.verdict() == Some(Verdict::Declined), ..told.transaction }, ..told }
    }

    /// What a payment touches.
    fn touched(&self, payment: &Payment, site: SiteId, card: Option<CardKey>) -> Vec<Subject> {
        let hashed = |kind: Kind, text: Option<String>| {
            let text = text.filter(|text| !text.is_empty())?;
            let hash = self.hasher.of(&[b"risk", kind.name().as_bytes(), text.as_bytes()]);
            let mut key = [0; 16];
            key.copy_from_slice(&hash[..16]);
            Some(Subject { kind, key })
        };
        let folded = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_ascii_lowercase());
        let digits =
            |text: &Option<String>| text.as_deref().map(|text| text.chars().filter(char::is_ascii_digit).collect::<String>());
        let bin = payment.method.card_bin_number.as_deref().and_then(|bin| bin.get(..BIN_DIGITS)).map(str::to_owned);
        let terminal = payment.acceptor.as_ref().and_then(|acceptor| folded(&acceptor.id));
        [
            card.map(|CardKey(key)| Subject { kind: Kind::Card, key }),
            hashed(Kind::Email, folded(&payment.payer.email)),
            hashed(Kind::Phone, digits(&payment.payer.phone)),
            hashed(Kind::Ip, folded(&payment.customer_ip)),
            hashed(Kind::Device, payment.device.clone()),
            Some(Subject { kind: Kind::Site, key: site.bytes() }),
            hashed(Kind::Bin, bin),
            hashed(Kind::Terminal, terminal),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// An amount in hundredths of its currency's unit.
fn hundredths(amount: Money) -> i64 {
    let decimals = amount.currency.decimals();
    match decimals {
        0..=2 => amount.minor.saturating_mul(10_i64.pow(2 - decimals)),
        _ => amount.minor / 10_i64.pow((decimals - 2).min(9)),
    }
    .max(0)
}
