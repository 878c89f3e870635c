//! `/portal/orders/export.csv`: the filtered list as a file.

use std::borrow::Cow;

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use domain::{bounds::PAGE_ROWS_MAX, money::Money, time::Timestamp};
use engine::OrderView;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::{csv, list, search::Asked};
use crate::{Portal, Problem, Viewer};

/// Orders of one file, the newest.
pub const ROWS_MAX: u32 = 5_000;

const COLUMNS: [&str; 21] = [
    "id",
    "merchant",
    "site",
    "externalOrderId",
    "reference",
    "state",
    "reason",
    "declineClass",
    "channel",
    "currency",
    "amount",
    "captured",
    "refunded",
    "customer",
    "email",
    "network",
    "last4",
    "attempts",
    "placedUtc",
    "updatedUtc",
    "completedUtc",
];

/// Where the file of a list is.
pub fn link(asked: &Asked) -> String {
    let pairs: Vec<_> = asked.pairs().into_iter().filter(|(_, value)| !value.is_empty()).collect();
    format!("/portal/orders/export.csv?{}", serde_html_form::to_string(pairs).unwrap_or_default())
}

/// The file.
pub async fn file(State(portal): State<Portal>, viewer: Viewer, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let filter = asked.filter(&viewer.zone, PAGE_ROWS_MAX).map_err(Problem::Invalid)?;
    let mut out = String::new();
    csv::line(COLUMNS.map(Cow::Borrowed), &mut out);
    for number in 1..=ROWS_MAX / PAGE_ROWS_MAX {
        let mut page = filter.clone();
        page.page.number = number;
        let found = portal.engine().orders(&viewer.principal, viewer.mid(), page).await?;
        found.rows.iter().for_each(|view| csv::line(cells(view), &mut out));
        if u64::from(number) * u64::from(PAGE_ROWS_MAX) >= found.total {
            break;
        }
    }
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"orders.csv\"")];
    Ok((headers, out).into_response())
}

fn cells(view: &OrderView) -> [Cow<'_, str>; 21] {
    let order = &view.order;
    let major = |minor: i64| Cow::from(Money::new(minor, order.amount.currency).major());
    let time = |at: Option<Timestamp>| at.map_or(Cow::Borrowed(""), |at| at.iso6().into());
    let card = order.credential();
    [
        order.id.to_string().into(),
        view.tenant.merchant.name.as_str().into(),
        view.tenant.site(order.site).map_or("", |site| site.name.as_str()).into(),
        order.payment.order_id.as_str().into(),
        order.reference.as_str().into(),
        order.state.code().as_str().into(),
        order.reason.map_or("", |reason| reason.as_str()).into(),
        order.class.as_str().into(),
        order.channel.as_str().into(),
        order.amount.currency.to_string().into(),
        major(order.amount.minor),
        major(order.captured_minor),
        major(order.refunded_minor),
        list::customer(view).into(),
        order.payment.payer.email.as_deref().unwrap_or_default().into(),
        card.map_or("", |card| card.network.as_str()).into(),
        card.map_or("", |card| card.last4.as_str()).into(),
        order.tally.total.to_string().into(),
        time(Some(order.placed_at)),
        time(Some(order.updated_at)),
        time(order.completed_at),
    ]
}
