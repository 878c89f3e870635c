//! Applications.

use domain::{application::Application, id::ApplicationId, time::Timestamp};
use rusqlite::{Connection, params, params_from_iter, types::Value};

use super::{
    fault::{Fault, taken},
    row::{body, env, many, one, run, versioned},
};
use crate::{ApplicationBy, ApplicationFilter, Page, Sort};

const TABLE: &str = "applications";

/// Writes a new application.
pub fn insert(db: &Connection, application: &Application, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO applications (id, version, environment, partner, status, dba, created_at, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            application.id.bytes(),
            application.version,
            env(application.environment),
            application.partner.map(|partner| partner.bytes()),
            application.state.code().as_str(),
            application.particulars.dba,
            application.created_at.micros(),
            body
        ],
    )
    .map_err(taken("application"))?;
    Ok(())
}

/// Writes the next version of an application. It never changes its partner.
pub fn update(db: &Connection, application: &Application, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE applications SET version = $1, status = $2, dba = $3, body = $4 WHERE id = $5 AND version = $6",
        params![
            application.version,
            application.state.code().as_str(),
            application.particulars.dba,
            body,
            application.id.bytes(),
            i64::from(application.version) - 1
        ],
    )?;
    versioned(touched, "application", application.id.0)
}

/// An application.
pub fn get(db: &Connection, id: ApplicationId) -> Result<Option<Application>, Fault> {
    one(db, TABLE, "SELECT id, body FROM applications WHERE id = $1", params![id.bytes()])
}

/// Applications by id, those after `after`.
pub fn after(db: &Connection, after: Option<ApplicationId>, limit: u32) -> Result<Vec<Application>, Fault> {
    let after = after.map_or([0; 16], |id| id.bytes());
    many(db, TABLE, "SELECT id, body FROM applications WHERE id > $1 ORDER BY id LIMIT $2", params![after, limit])
}

/// One page and the count of all.
pub fn page(db: &Connection, filter: &ApplicationFilter) -> Result<Page<Application>, Fault> {
    let (condition, values) = condition(filter);
    let count = format!("SELECT count(*) FROM applications WHERE {condition}");
    let total: i64 = db.prepare_cached(&count)?.query_row(params_from_iter(&values), |row| row.get(0))?;
    let mut statement = db.prepare_cached(&page_sql(filter, &condition))?;
    let mut rows = statement.query(params_from_iter(&values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(body(TABLE, row)?);
    }
    Ok(Page { rows: found, total: total as u64 })
}

fn page_sql(filter: &ApplicationFilter, condition: &str) -> String {
    let column = match filter.order_by {
        ApplicationBy::CreatedOn => "created_at",
        ApplicationBy::Status => "status",
        ApplicationBy::Dba => "lower(dba)",
    };
    let way = match filter.sort {
        Sort::Ascending => "ASC",
        Sort::Descending => "DESC",
    };
    let (limit, offset) = (filter.page.limit(), filter.page.offset());
    format!(
        "SELECT id, body FROM applications WHERE {condition} ORDER BY {column} {way}, seq {way} LIMIT {limit} OFFSET {offset}"
    )
}

fn condition(filter: &ApplicationFilter) -> (String, Vec<Value>) {
    let (mut texts, mut values) = (vec![], vec![]);
    let mut add = |term: &str, value: Value| {
        values.push(value);
        texts.push(term.replace('?', &format!("${}", values.len())));
    };
    if let Some(partner) = filter.partner {
        add("partner = ?", Value::Blob(partner.bytes().to_vec()));
    }
    let environments = filter.environment.map_or_else(|| "0, 1".to_owned(), |environment| env(environment).to_string());
    add("environment IN (SELECT value FROM json_each(?))", Value::Text(format!("[{environments}]")));
    if !filter.codes.is_empty() {
        let codes: Vec<String> = filter.codes.iter().map(|code| format!("\"{code}\"")).collect();
        add("status IN (SELECT value FROM json_each(?))", Value::Text(format!("[{}]", codes.join(","))));
    }
    for (term, at) in [("created_at >= ?", filter.created_from), ("created_at <= ?", filter.created_to)] {
        if let Some(micros) = at.map(Timestamp::micros) {
            add(term, Value::Integer(micros));
        }
    }
    (texts.join(" AND "), values)
}
