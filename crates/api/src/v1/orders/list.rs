//! `GET /v1/orders`: a page of orders, or their flat members as CSV.

use axum::extract::State;
use domain::{
    bounds::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, TEXT_CHARS_MAX},
    channel::Channel,
    fault::Faults,
    id::{Mid, SiteId},
    order::Code,
};
use engine::{OrderBy, OrderFilter, PageAt, Sort};
use http::{HeaderMap, StatusCode, header::ACCEPT};

use super::show::show;
use crate::{
    extract::{Caller, Query, span},
    failure::Failure,
    render::{Reply, csv, orders::page},
    state::AppState,
};

/// What a query asks for.
#[derive(Debug)]
struct Asked {
    mid: Option<Mid>,
    filter: OrderFilter,
}

/// Reads the query, lists, answers.
pub async fn list(
    State(state): State<AppState>,
    query: Query,
    headers: HeaderMap,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let Asked { mid, filter } = read(&query)?;
    let at = filter.page;
    let found = state.engine().orders(&principal, mid, filter).await?;
    let shown: Vec<_> = found.rows.iter().map(|view| show(state.engine(), view, false)).collect();
    if wants_csv(&headers) {
        return Ok(Reply::text(StatusCode::OK, csv::rows(&shown)).content_type("text/csv; charset=utf-8"));
    }
    Ok(Reply::ok(&page(shown, found.total, at.number, at.size)))
}

fn wants_csv(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|text| text.to_ascii_lowercase().contains("text/csv"))
}

fn read(query: &Query) -> Result<Asked, Faults> {
    let mut faults = Faults::new();
    let mid = query.get("mid").and_then(|text| known(Mid::parse(text), "Mid", &mut faults));
    let site = query.get("siteId").and_then(|text| known(SiteId::parse(text), "SiteId", &mut faults));
    let (placed_from, placed_to) = span(query, &mut faults);
    let channel = query.get("channel").and_then(|text| known(Channel::parse(text), "Channel", &mut faults));
    let filter = OrderFilter {
        codes: codes(query, &mut faults),
        placed_from,
        placed_to,
        query: query.get("query").map(|text| text.chars().take(TEXT_CHARS_MAX).collect()),
        site,
        channel,
        is_mit: query.flag("isMIT"),
        is_test: query.flag("isTestMode"),
        external_id: query.get("externalOrderId").map(str::to_owned),
        is_chargeback: query.flag("chargeback"),
        site_resolved: query.flag("siteResolved"),
        order_by: order_by(query),
        sort: sort(query),
        page: at(query),
        ..OrderFilter::default()
    };
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Asked { mid, filter })
}

fn known<T>(read: Option<T>, path: &str, faults: &mut Faults) -> Option<T> {
    if read.is_none() {
        faults.invalid(path);
    }
    read
}

/// `status`: integers 0–7, repeated or comma separated.
fn codes(query: &Query, faults: &mut Faults) -> Vec<Code> {
    let mut wanted = vec![];
    for part in query.all("status").flat_map(|value| value.split(',')).map(str::trim).filter(|part| !part.is_empty()) {
        match part.parse::<u8>() {
            Ok(number @ 0..=7) => wanted.push(number),
            _ => faults.invalid("Status"),
        }
    }
    Code::ALL.iter().copied().filter(|code| wanted.contains(&code.status())).collect()
}

fn order_by(query: &Query) -> OrderBy {
    let word = query.get("orderBy").unwrap_or_default().trim().to_ascii_lowercase();
    match word.as_str() {
        "orderplaceddate" => OrderBy::OrderPlacedDate,
        "updatedon" => OrderBy::UpdatedOn,
        "expirydate" => OrderBy::ExpiryDate,
        "amount" => OrderBy::Amount,
        _ => OrderBy::CreatedOn,
    }
}

fn sort(query: &Query) -> Sort {
    match query.get("sort") {
        Some(word) if word.trim().eq_ignore_ascii_case("asc") => Sort::Ascending,
        _ => Sort::Descending,
    }
}

fn at(query: &Query) -> PageAt {
    PageAt {
        number: query.bounded("pageNumber", 1, 1, u32::MAX),
        size: query.bounded("pageSize", PAGE_ROWS_DEFAULT, 1, PAGE_ROWS_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(pairs: &[(&str, &str)]) -> Result<Asked, Faults> {
        read(&Query::from(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>()))
    }

    #[test]
    fn queries_narrow_the_list() {
        let asked = reading(&[
            ("status", "0,3"),
            ("status", "6"),
            ("from", "2026-11-20"),
            ("to", "2026-11-20"),
            ("pageSize", "9999"),
            ("sort", "ASC"),
            ("orderBy", "Amount"),
            ("isMIT", "1"),
            ("channel", "MIT"),
            ("unknown", "x"),
        ])
        .unwrap();
        assert_eq!(asked.filter.codes, [Code::Received, Code::Refunded, Code::Faulted]);
        assert_eq!(asked.filter.placed_from.unwrap().iso6(), "2026-11-20T00:00:00.000000Z");
        assert_eq!(asked.filter.placed_to.unwrap().iso6(), "2026-11-20T23:59:59.999999Z");
        assert_eq!(
            (asked.filter.order_by, asked.filter.sort, asked.filter.page),
            (OrderBy::Amount, Sort::Ascending, PageAt { number: 1, size: 200 })
        );
        assert_eq!((asked.filter.is_mit, asked.filter.channel), (Some(true), Some(Channel::Mit)));
        let plain = reading(&[]).unwrap();
        assert_eq!(
            (plain.filter.order_by, plain.filter.sort, plain.filter.page.size),
            (OrderBy::CreatedOn, Sort::Descending, 10)
        );
    }

    #[test]
    fn unreadable_filters_are_told_rather_than_dropped() {
        for (name, value, path) in [
            ("mid", "x", "Mid"),
            ("siteId", "1", "SiteId"),
            ("from", "soon", "From"),
            ("status", "9", "Status"),
            ("channel", "tv", "Channel"),
        ] {
            assert!(reading(&[(name, value)]).unwrap_err().has(path), "{name}");
        }
    }
}
