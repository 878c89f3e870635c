//! From what the engine tells of an order to what the order object shows.

use domain::{card::Network, decline::Class, rules::Region};
use engine::{Engine, OrderView, evaluate::Verdict};

use crate::render::order::{Body, Shown, body};

/// The order object; `whole` adds what a list leaves out.
pub fn show<'v>(engine: &Engine, view: &'v OrderView, whole: bool) -> Body<'v> {
    let order = &view.order;
    body(Shown {
        order,
        site_name: view.tenant.site(order.site).map(|site| site.name.as_str()),
        attempts: whole.then_some(view.attempts.as_slice()),
        refunds: &view.refunds,
        chargebacks: &view.chargebacks,
        names: view.tenant.merchant.settings.order_status_names,
        original_class: original_class(engine, view),
        attempts_remaining: Some(view.attempts_remaining),
        properties: Verdict::of(order).properties,
    })
}

fn original_class(engine: &Engine, view: &OrderView) -> Class {
    let order = &view.order;
    let network = order.credential().map_or(Network::Other, |card| card.network);
    let country = order.credential().and_then(|card| card.issuer_country.as_deref());
    let region = Region::of_country(country.unwrap_or_default());
    match order.seen.first() {
        Some(first) if order.tally.total > 0 => engine.rules().classify(&first.answer, network, region, first.at).class,
        _ => order.class,
    }
}
