//! `GET /v1/merchants`: a page for partners and operators, its one object for a merchant's own key.

use axum::extract::State;
use domain::{client::Role, fault::Faults, id::Mid};
use engine::tenancy::{MerchantBy, MerchantFilter};

use crate::{
    extract::{Caller, Conditions, Query},
    failure::Failure,
    read::listing::{page, parsed, since, sort, until},
    render::{List, Reply, merchant::Merchant},
    state::AppState,
};

/// Lists, answers.
pub async fn list(
    State(state): State<AppState>,
    query: Query,
    conditions: Conditions,
    Caller(principal): Caller,
) -> Result<Reply, Failure> {
    if let (Role::Merchant, [own]) = (principal.role, principal.own_merchants()) {
        let found = state.engine().merchant_of(&principal, *own).await?;
        return conditions.read(found.merchant.version, Reply::ok(&Merchant::from(&found)));
    }
    let (mid, filter) = filter(&query)?;
    let at = filter.page;
    let found = state.engine().list_merchants(&principal, mid, filter).await?;
    let rows: Vec<_> = found.rows.iter().map(Merchant::from).collect();
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}

fn filter(query: &Query) -> Result<(Option<Mid>, MerchantFilter), Faults> {
    let mut faults = Faults::new();
    let mid = parsed(query, "mid", "Mid", Mid::parse, &mut faults);
    let filter = MerchantFilter {
        mids: None,
        query: query.get("query").map(str::to_owned),
        active: parsed(query, "status", "Status", active, &mut faults),
        created_from: since(query, "createdFrom", "CreatedFrom", &mut faults),
        created_to: until(query, "createdTo", "CreatedTo", &mut faults),
        order_by: query.parsed("sortBy", order).unwrap_or_default(),
        sort: sort(query),
        page: page(query),
    };
    if faults.is_empty() { Ok((mid, filter)) } else { Err(faults) }
}

/// `status`: the number or the word.
fn active(text: &str) -> Option<bool> {
    match text.to_ascii_uppercase().as_str() {
        "1" | "ACTIVE" => Some(true),
        "0" | "INACTIVE" => Some(false),
        _ => None,
    }
}

fn order(text: &str) -> Option<MerchantBy> {
    match text.to_ascii_lowercase().as_str() {
        "companyname" | "dba" => Some(MerchantBy::Name),
        "status" => Some(MerchantBy::Status),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(pairs: &[(&str, &str)]) -> Result<MerchantFilter, Vec<String>> {
        let query = Query::from(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>());
        filter(&query).map(|(_, filter)| filter).map_err(|faults| faults.iter().map(|(path, _)| path.to_owned()).collect())
    }

    #[test]
    fn filters_are_read_or_refused() {
        let filter = reading(&[("status", "inactive"), ("sortBy", "DBA"), ("query", "Shop"), ("pageSize", "999")]).unwrap();
        assert_eq!((filter.active, filter.order_by, filter.query.as_deref()), (Some(false), MerchantBy::Name, Some("Shop")));
        assert_eq!(filter.page.size, 200);
        for (name, value, path) in [("status", "2", "Status"), ("createdFrom", "soon", "CreatedFrom"), ("mid", "x", "Mid")] {
            assert_eq!(reading(&[(name, value)]).unwrap_err(), [path]);
        }
    }
}
