//! `POST /v1/orders/{id}/block`: the customer or the card of an order.

use domain::{
    block::Kind,
    fault::Faults,
    id::OrderId,
    order::{Credential, Order},
};

use super::add::{Added, Named};
use crate::{Engine, Error, Principal, Result};

/// What of an order is blocked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderDraft {
    /// Its payer.
    pub customer: bool,
    /// Its card, with any expiry date.
    pub payment_instrument: bool,
    /// The merchant's note.
    pub reason: Option<String>,
}

impl Engine {
    /// Blocks the customer, the card or both; gives the entries, the customer's first.
    pub async fn block_order(
        &self,
        principal: &Principal,
        id: OrderId,
        draft: Option<OrderDraft>,
        mut faults: Faults,
    ) -> Result<Vec<Added>> {
        principal.require("blocklist")?;
        self.admit()?;
        let order = self.visible_order(principal, id).await?;
        let Some(draft) = draft.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
        let named = named(&order, &draft, &mut faults);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let mut added = Vec::with_capacity(named.len());
        for one in named {
            added.push(self.keep_block(order.mid, order.environment, one, draft.reason.clone(), None).await?);
        }
        Ok(added)
    }
}

fn named(order: &Order, draft: &OrderDraft, faults: &mut Faults) -> Vec<Named> {
    let mut named = vec![];
    if !draft.customer && !draft.payment_instrument {
        faults.add("Customer", "At least one of customer and paymentInstrument must be true.");
    }
    if draft.customer {
        match order.payment.payer.id.as_deref().and_then(|id| Kind::Customer.normal(id)) {
            Some(value) => named.push(Named { kind: Kind::Customer, value, card: None }),
            None => faults.add("Customer", "The order has no payer id to block."),
        }
    }
    if draft.payment_instrument {
        match order.credential() {
            Some(card) => named.push(of_card(order, card)),
            None => faults.add("PaymentInstrument", "The order has no card to block."),
        }
    }
    named
}

fn of_card(order: &Order, card: &Credential) -> Named {
    Named { kind: Kind::PaymentInstrument, value: card.fingerprint.clone(), card: order.card_number() }
}
