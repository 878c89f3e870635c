//! `GET /v1/onboarding/application/list`: a page of applications.

use axum::extract::State;
use domain::{application::Code, fault::Faults};
use engine::{ApplicationBy, onboarding::ApplicationQuery};

use crate::{
    extract::{Caller, Query},
    failure::Failure,
    read::listing::{page, since, sort, until},
    render::{List, Reply, application::row},
    state::AppState,
};

/// Reads the query, lists, answers.
pub async fn list(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let asked = read(&query)?;
    let at = asked.page;
    let found = state.engine().applications(&principal, asked).await?;
    let rows = found.rows.iter().map(row).collect();
    Ok(Reply::ok(&List::of(at, found.total, rows)))
}

fn read(query: &Query) -> Result<ApplicationQuery, Faults> {
    let mut faults = Faults::new();
    let created_from = since(query, "createdFrom", "CreatedFrom", &mut faults);
    let created_to = until(query, "createdTo", "CreatedTo", &mut faults);
    let words = query.all("status").flat_map(|value| value.split(',')).map(str::trim).filter(|word| !word.is_empty());
    let codes: Option<Vec<Code>> = words.map(Code::read).collect();
    if codes.is_none() {
        faults.invalid("Status");
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(ApplicationQuery {
        codes: codes.unwrap_or_default(),
        created_from,
        created_to,
        order_by: match query.get("sortBy").map(|word| word.trim().to_ascii_lowercase()).as_deref() {
            Some("status") => ApplicationBy::Status,
            Some("dba") => ApplicationBy::Dba,
            _ => ApplicationBy::CreatedOn,
        },
        sort: sort(query),
        page: page(query),
        ..ApplicationQuery::default()
    })
}

#[cfg(test)]
mod tests {
    use engine::{PageAt, Sort};

    use super::*;

    fn reading(pairs: &[(&str, &str)]) -> Result<ApplicationQuery, Faults> {
        read(&Query::from(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>()))
    }

    #[test]
    fn queries_narrow_the_list() {
        let asked = reading(&[
            ("status", "draft, In Review"),
            ("createdFrom", "2026-11-20"),
            ("createdTo", "2026-11-20"),
            ("sortBy", "DBA"),
            ("sortOrder", "asc"),
            ("pageSize", "9999"),
        ])
        .unwrap();
        assert_eq!(asked.codes, [Code::Draft, Code::InReview]);
        assert_eq!(asked.created_from.unwrap().iso6(), "2026-11-20T00:00:00.000000Z");
        assert_eq!(asked.created_to.unwrap().iso6(), "2026-11-20T23:59:59.000000Z");
        assert_eq!((asked.order_by, asked.sort, asked.page.size), (ApplicationBy::Dba, Sort::Ascending, 200));
        assert_eq!(reading(&[]).unwrap().page, PageAt { number: 1, size: 10 });
        for (name, value, path) in
            [("status", "open", "Status"), ("createdFrom", "soon", "CreatedFrom"), ("createdTo", "x", "CreatedTo")]
        {
            assert!(reading(&[(name, value)]).unwrap_err().has(path), "{name}");
        }
    }
}
