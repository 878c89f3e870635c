//! Which movements of money a change owes. They follow from the rows before and after, so that no way of capturing,
//! refunding or disputing can forget one.

use domain::{
    change::Write,
    chargeback::{Chargeback, Stage},
    order::Order,
    refund,
    settlement::{
        Item, Terms,
        item::{Kind, is_settled},
    },
    time::Timestamp,
};

/// The captures and refunds of an order's change.
pub(crate) fn moved(captured_before: i64, order: &Order, terms: &Terms, writes: &[Write], now: Timestamp) -> Vec<Item> {
    if !is_settled(order) {
        return vec![];
    }
    let mut items = captured(captured_before, order, terms, now);
    items.extend(writes.iter().filter_map(|write| match write {
        Write::UpdateRefund(row) | Write::InsertRefund(row) if row.state == refund::State::Success => {
            Some(Item::of_order(order, Kind::Refund, (row.id.0, 0), row.amount.minor, now))
        }
        _ => None,
    }));
    items
}

fn captured(before: i64, order: &Order, terms: &Terms, now: Timestamp) -> Vec<Item> {
    let minor = order.captured_minor.saturating_sub(before);
    let Some(attempt) = order.paid_by.filter(|_| minor > 0) else { return vec![] };
    let fee = terms.service_fee(minor, before == 0);
    let item = |kind, minor| Item::of_order(order, kind, (attempt.0, 0), minor, now);
    let sale = item(Kind::Sale, minor);
    if fee > 0 { vec![sale, item(Kind::Fee, fee)] } else { vec![sale] }
}

/// What a dispute took or gave back: the difference of what it held before and holds now. Its fee is owed once.
pub(crate) fn disputed(
    before: Option<(Stage, i64)>,
    after: &Chargeback,
    order: &Order,
    terms: &Terms,
    now: Timestamp,
) -> Vec<Item> {
    if !is_settled(order) || order.captured_minor == 0 {
        return vec![];
    }
    let held = |stage: Stage, minor: i64| if stage.holds_money() { minor } else { 0 };
    let minor = held(after.stage, after.amount.minor) - before.map_or(0, |(stage, minor)| held(stage, minor));
    let mut items = vec![];
    if minor != 0 {
        items.push(Item::of_order(order, Kind::Chargeback, (after.id.0, after.version), minor, now));
    }
    if after.stage.holds_money() && terms.chargeback_fee_minor > 0 {
        // One part for the whole dispute: told again at a later stage, it is known.
        items.push(Item::of_order(order, Kind::ChargebackFee, (after.id.0, 0), terms.chargeback_fee_minor, now));
    }
    items
}
