//! A merchant tells by `/transmit` that a payment was charged back.

use domain::{
    chargeback::Stage,
    transmit::{Outcome, Transmit},
};

use super::{find::Subject, take::Notice};
use crate::{Engine, Error, Result, transmit::network_of};

impl Engine {
    /// Takes the chargeback of a transmitted payment in. It belongs to the newest order of its order id, if there is one.
    pub(crate) async fn dispute_transmitted(&self, transmit: &Transmit) -> Result<()> {
        let Some(report) = transmit.outcomes.last().filter(|report| report.outcome == Outcome::Chargeback) else { return Ok(()) };
        let subject = self.transmitted_subject(transmit).await?;
        let own = format!("transmit/{}", transmit.id);
        let notice = Notice {
            reference: report.reference.clone().unwrap_or_else(|| own.clone()),
            amount_minor: Some(report.amount.minor),
            currency: None,
            reason_code: report.response_code.clone(),
            stage: Some(Stage::Chargeback),
            received_at: Some(report.occurred_at),
            due_at: None,
            arn: None,
        };
        let fallback = Notice { reference: own, ..notice.clone() };
        match self.take_notice(&subject, notice).await {
            // The merchant's reference is its own affair: it may be one that another order's dispute has.
            Err(Error::Taken(_)) => self.take_notice(&subject, fallback).await.map(drop),
            // Known under this reference, and further by now.
            Err(Error::State { .. }) => Ok(()),
            other => other.map(drop),
        }
    }

    async fn transmitted_subject(&self, transmit: &Transmit) -> Result<Subject> {
        let external = &transmit.payment.order_id;
        let newest = self.store.orders_by_external(transmit.mid, transmit.environment, external, 1).await?;
        let card = match transmit.payment.method.token {
            Some(token) => self.card_of(transmit.mid, transmit.environment, token).await?,
            None => None,
        };
        let mut cards: Vec<String> = card.map(|card| card.fingerprint).into_iter().collect();
        let order = newest.first().map(|order| Subject::of_order(order, None));
        let Some(mut subject) = order.filter(|subject| subject.amount.currency == transmit.payment.transaction.amount.currency)
        else {
            return Ok(Subject {
                mid: transmit.mid,
                environment: transmit.environment,
                order: None,
                external_order_id: external.clone(),
                attempt: None,
                cards,
                network: Some(network_of(&transmit.payment)),
                is_test: transmit.environment == domain::environment::Environment::Sandbox,
                amount: transmit.payment.transaction.amount,
            });
        };
        cards.retain(|card| !subject.cards.contains(card));
        subject.cards.extend(cards);
        Ok(subject)
    }
}
