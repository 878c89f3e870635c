//! A change set made ready on the caller's thread, so that the writer thread does not spend its time on JSON.

use domain::{
    advice::Advice,
    change::{ChangeSet, Expectation, Write},
    order::Order,
};
use serde::Serialize;

use super::orders;
use crate::Error;

/// A change set with its bodies written out.
pub struct Prepared {
    /// What must hold.
    pub expect: Vec<Expectation>,
    /// Writes, each with its body; empty where the columns hold everything.
    pub writes: Vec<(Write, Text)>,
}

/// What a row holds beside its columns.
#[derive(Default)]
pub struct Text {
    /// The whole value as JSON.
    pub body: String,
    /// What a search looks through, for orders.
    pub search: String,
}

impl Prepared {
    /// Writes the bodies out.
    pub fn new(set: ChangeSet) -> Result<Self, Error> {
        let writes = set.writes.into_iter().map(|write| Ok((text(&write)?, write)));
        let writes = writes.map(|pair: Result<_, Error>| pair.map(|(text, write)| (write, text))).collect::<Result<_, _>>()?;
        Ok(Self { expect: set.expect, writes })
    }
}

fn text(write: &Write) -> Result<Text, Error> {
    match write {
        Write::InsertOrder(order) | Write::UpdateOrder(order) => order_text(order),
        Write::InsertAttempt(value) | Write::UpdateAttempt(value) => json("attempts", value.id, value),
        Write::InsertRefund(value) | Write::UpdateRefund(value) => json("refunds", value.id, value),
        Write::InsertTransmit(value) | Write::InsertTransmitIfNew(value) | Write::UpdateTransmit(value) => {
            json("transmits", value.id, value)
        }
        Write::InsertDelivery(value) | Write::UpdateDelivery(value) => json("deliveries", value.id, value),
        Write::InsertCard(value) | Write::UpdateCard(value) => json("cards", value.id, value),
        Write::PutCvv(value) => json("cvvs", value.token, value),
        Write::PutDataKey(value) => json("data_keys", value.id, value),
        Write::InsertApplication(value) | Write::UpdateApplication(value) => json("applications", value.id, value),
        Write::PutPartner(value) => json("partners", value.id, value),
        Write::PutMerchant(value) => json("merchants", value.id, value),
        Write::PutSite(value) => json("sites", value.id, value),
        Write::InsertAudit(value) => json("audit", value.id, value),
        Write::PutClient(value) => json("clients", value.id, value),
        Write::PutKey(value) => json("keys", value.id, value),
        Write::InsertUser(value) | Write::UpdateUser(value) => json("users", value.id, value),
        Write::QueueMail(value) | Write::UpdateMail(value) => json("mails", value.id, value),
        Write::PutEndpoint(value) | Write::UpdateEndpoint(value) => json("endpoints", value.id, value),
        Write::PutAccount(value) | Write::UpdateAccount(value) => json("accounts", value.id, value),
        Write::InsertChargeback(value) | Write::UpdateChargeback(value) => json("chargebacks", value.id, value),
        Write::InsertSettlementItem(value) => json("settlement_items", value.source, value),
        Write::InsertBookedItem { item, .. } => json("settlement_items", item.source, item),
        Write::PutSettlement(value) => json("settlements", value.id, value),
        Write::PutPayout(value) => json("payouts", value.id, value),
        Write::PutBlock(value) => json("blocks", value.id, value),
        Write::InsertNotification(value) => json("notifications", &value.id, value),
        Write::PutRoutes { routes, .. } => json("routes", "of a merchant", routes),
        Write::InsertAdvice(value) | Write::UpdateAdvice(value) => advice_text(value),
        Write::PutSense(value) => json("sense_sessions", value.key, value),
        Write::PutModel(value) => json("models", &value.version, value),
        Write::InsertDecision(record) if !(record.probability.is_finite() && record.propensity.is_finite()) => {
            Err(Error::Corrupt { table: "decisions", id: record.id.to_string() })
        }
        _ => Ok(Text::default()),
    }
}

fn json(table: &'static str, id: impl std::fmt::Display, value: &impl Serialize) -> Result<Text, Error> {
    let body = serde_json::to_string(value).map_err(|_| Error::Corrupt { table, id: id.to_string() })?;
    Ok(Text { body, search: String::new() })
}

/// As for orders: a chance that is no number would never be read back.
fn advice_text(advice: &Advice) -> Result<Text, Error> {
    if advice.advised.as_ref().is_some_and(|advised| !advised.probability.is_finite()) {
        return Err(Error::Corrupt { table: "advices", id: advice.id.to_string() });
    }
    json("advices", advice.id, advice)
}

/// JSON has no word for a probability that is no number: such an order would never be read back.
fn order_text(order: &Order) -> Result<Text, Error> {
    if order.decision.as_ref().is_some_and(|decision| !decision.probability.is_finite()) {
        return Err(Error::Corrupt { table: "orders", id: order.id.to_string() });
    }
    Ok(Text { search: orders::search_text(order), ..json("orders", order.id, order)? })
}
