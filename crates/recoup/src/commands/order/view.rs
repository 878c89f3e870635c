//! Orders as tables.

use client::{Order, OrderPage, Timeline};

use crate::output::{Column, Table};

/// Statuses by their number.
const STATUSES: [&str; 8] = ["draft", "onhold", "cancelled", "problem", "processing", "capturerequired", "returned", "completed"];

/// Reads a status.
pub fn status(text: &str) -> Result<u8, String> {
    let place = STATUSES.iter().position(|name| name.eq_ignore_ascii_case(text.trim()));
    place.map(|place| place as u8).ok_or_else(|| format!("must be one of {}", STATUSES.join(", ")))
}

/// A page of orders.
pub fn orders(page: &OrderPage) -> Table {
    let mut table = Table::new(vec![
        Column::left("ID"),
        Column::left("ORDER"),
        Column::left("STATUS"),
        Column::left("REASON"),
        Column::right("AMOUNT"),
        Column::right("CAPTURED"),
        Column::right("ATTEMPTS"),
        Column::left("CARD"),
        Column::left("PLACED"),
    ]);
    for order in &page.orders {
        table.row(vec![
            order.id.clone(),
            order.external_order_id.clone(),
            order.status_name.clone(),
            order.status_reason.clone().unwrap_or_else(|| "-".to_owned()),
            format!("{} {}", order.amount, order.currency_code),
            order.amount_captured.to_string(),
            order.attempts.total.to_string(),
            card(order),
            seconds(&order.order_placed_date),
        ]);
    }
    table
}

/// What happened to an order.
pub fn timeline(timeline: &Timeline) -> Table {
    let titles = ["AT", "KIND", "ACTOR", "SUMMARY"];
    let mut table = Table::new(titles.into_iter().map(Column::left).collect());
    for item in &timeline.items {
        table.row(vec![seconds(&item.at_utc), item.kind.clone(), item.actor.clone(), item.summary.clone()]);
    }
    table
}

fn card(order: &Order) -> String {
    let card = &order.payment_method;
    let digits = card.card_last4_digits.as_deref().unwrap_or("-");
    format!("{} {digits}", card.card_brand.as_deref().unwrap_or_default()).trim().to_owned()
}

/// A time without its fraction.
fn seconds(time: &str) -> String {
    time.split_once('.').map_or_else(|| time.to_owned(), |(whole, _)| format!("{whole}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_words() {
        assert_eq!((status("Completed"), status("draft")), (Ok(7), Ok(0)));
        assert!(status("7").unwrap_err().contains("processing"));
    }

    #[test]
    fn times_are_shown_to_the_second() {
        assert_eq!(seconds("2026-11-20T10:15:30.123456Z"), "2026-11-20T10:15:30Z");
        assert_eq!(seconds("2026-11-20T10:15:30Z"), "2026-11-20T10:15:30Z");
    }
}
