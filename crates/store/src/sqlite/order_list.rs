//! The list of orders: a filter becomes one statement with ascending parameters.

use domain::{channel::Channel, order::Order, time::Timestamp};
use rusqlite::{Connection, types::Value};

use super::{
    fault::Fault,
    row::env,
    terms::{Terms, way},
};
use crate::{OrderBy, OrderFilter, Page};

/// One page and the count of all.
pub fn page(db: &Connection, filter: &OrderFilter) -> Result<Page<Order>, Fault> {
    terms(filter).page_by(db, "orders", |condition| page_sql(filter, condition))
}

/// The page is chosen by the narrow columns (an index holds them all for the default order); only its own rows are
/// read whole.
fn page_sql(filter: &OrderFilter, condition: &str) -> String {
    let column = match filter.order_by {
        OrderBy::CreatedOn => "created_at",
        OrderBy::OrderPlacedDate => "placed_at",
        OrderBy::UpdatedOn => "updated_at",
        OrderBy::ExpiryDate => "expires_at",
        OrderBy::Amount => "amount",
    };
    let (way, limit, offset) = (way(filter.sort), filter.page.limit(), filter.page.offset());
    format!(
        "SELECT id, body FROM orders WHERE seq IN (SELECT seq FROM orders WHERE {condition}
            ORDER BY {column} {way}, seq {way} LIMIT {limit} OFFSET {offset})
         ORDER BY {column} {way}, seq {way}"
    )
}

fn terms(filter: &OrderFilter) -> Terms {
    let mut terms = Terms::default();
    terms.mids("mid", filter.mids.as_deref());
    match filter.environment {
        Some(environment) => terms.add("environment = ?", Value::Integer(env(environment))),
        None => terms.text("environment IN (0, 1)"),
    }
    terms.words("code", &filter.codes);
    terms.number("placed_at >= ?", filter.placed_from.map(Timestamp::micros));
    terms.number("placed_at <= ?", filter.placed_to.map(Timestamp::micros));
    if let Some(site) = filter.site {
        terms.add("site = ?", Value::Blob(site.bytes().to_vec()));
    }
    if let Some(channel) = filter.channel {
        terms.add("channel = ?", Value::Text(channel.as_str().to_owned()));
    }
    if let Some(is_mit) = filter.is_mit {
        terms.add(if is_mit { "channel = ?" } else { "channel <> ?" }, Value::Text(Channel::Mit.as_str().to_owned()));
    }
    terms.number("is_test = ?", filter.is_test.map(i64::from));
    terms.number("is_chargeback = ?", filter.is_chargeback.map(i64::from));
    terms.number("site_resolved = ?", filter.site_resolved.map(i64::from));
    if let Some(external_id) = &filter.external_id {
        terms.add("external_id = ?", Value::Text(external_id.clone()));
    }
    if let Some(query) = filter.query.as_deref().map(str::trim).filter(|query| !query.is_empty()) {
        // Text from before there was a line break is of unknown parts: nothing in it counts as a reference.
        let within = if filter.references_only { "substr(search, 1, instr(search, '\n'))" } else { "search" };
        terms.add(&format!("instr({within}, ?) > 0"), Value::Text(query.to_lowercase()));
    }
    terms
}

#[cfg(test)]
mod tests {
    use domain::{
        environment::Environment,
        id::{Mid, SiteId},
        order::Code,
    };

    use super::*;

    #[test]
    fn parameters_of_any_filter_ascend() {
        let filter = OrderFilter {
            mids: Some(vec![Mid::from_bytes([1; 16]), Mid::from_bytes([2; 16])]),
            environment: Some(Environment::Sandbox),
            codes: vec![Code::Held, Code::Expired],
            placed_from: Some(Timestamp::EPOCH),
            placed_to: Some(Timestamp::EPOCH),
            query: Some("x".into()),
            site: Some(SiteId::from_bytes([3; 16])),
            channel: Some(Channel::Mit),
            is_mit: Some(false),
            is_test: Some(true),
            external_id: Some("o".into()),
            is_chargeback: Some(false),
            site_resolved: Some(true),
            ..OrderFilter::default()
        };
        let (sql, values) = terms(&filter).finish();
        let numbers: Vec<usize> = sql
            .split('$')
            .skip(1)
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap())
            .collect();
        assert_eq!(numbers, (1..=values.len()).collect::<Vec<_>>());
        assert_eq!(values.len(), 13);
    }
}
