//! `GET /v1/chargebacks`: a page of chargebacks, as JSON or CSV.

use axum::extract::State;
use domain::{
    chargeback::Stage,
    environment::Environment,
    fault::Faults,
    id::{Mid, OrderId},
};
use engine::{ChargebackBy, ChargebackFilter};
use http::{HeaderMap, StatusCode};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, parsed, since, sort, until, wants_csv},
    render::{List, Reply, chargeback::Body, csv},
    state::AppState,
};

/// Reads the query, lists, answers.
pub async fn list(
    State(state): State<AppState>,
    query: Query,
    headers: HeaderMap,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    let (mid, filter) = read(&query)?;
    let at = filter.page;
    let found = state.engine().chargebacks(&principal, mid, filter).await?;
    let rows: Vec<_> = found.rows.iter().map(Body::from).collect();
    if wants_csv(&headers) {
        return Ok(Reply::text(StatusCode::OK, csv::rows(&rows)).content_type("text/csv; charset=utf-8"));
    }
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}

fn read(query: &Query) -> Result<(Option<Mid>, ChargebackFilter), Faults> {
    let mut faults = Faults::new();
    let mid = parsed(query, "mid", "Mid", Mid::parse, &mut faults);
    let filter = ChargebackFilter {
        mids: None,
        // The use case puts the caller's in its place.
        environment: Environment::Sandbox,
        order: parsed(query, "orderId", "OrderId", OrderId::parse, &mut faults),
        stage: parsed(query, "stage", "Stage", Stage::parse, &mut faults),
        received_from: since(query, "createdFrom", "CreatedFrom", &mut faults),
        received_to: until(query, "createdTo", "CreatedTo", &mut faults),
        order_by: match query.get("sortBy").map(|word| word.trim().to_ascii_lowercase()).as_deref() {
            Some("amount") => ChargebackBy::Amount,
            Some("stage") => ChargebackBy::Stage,
            _ => ChargebackBy::ReceivedOn,
        },
        sort: sort(query),
        page: page(query),
    };
    if faults.is_empty() { Ok((mid, filter)) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use engine::Sort;

    use super::*;

    fn reading(pairs: &[(&str, &str)]) -> Result<(Option<Mid>, ChargebackFilter), Faults> {
        read(&Query::from(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>()))
    }

    #[test]
    fn queries_narrow_the_list() {
        let query =
            [("stage", "WON"), ("createdFrom", "2026-11-20"), ("sortBy", "Amount"), ("sortOrder", "asc"), ("pageSize", "0")];
        let (_, filter) = reading(&query).unwrap();
        assert_eq!((filter.stage, filter.order_by, filter.sort), (Some(Stage::Won), ChargebackBy::Amount, Sort::Ascending));
        assert_eq!(filter.received_from.unwrap().iso6(), "2026-11-20T00:00:00.000000Z");
        assert_eq!(filter.page.size, 1);
        for (name, value, path) in
            [("mid", "1", "Mid"), ("orderId", "x", "OrderId"), ("stage", "new", "Stage"), ("createdTo", "soon", "CreatedTo")]
        {
            assert!(reading(&[(name, value)]).unwrap_err().has(path), "{name}");
        }
    }
}
