//! Applications.

use domain::{application::Application, id::ApplicationId, time::Timestamp};
use rusqlite::{Connection, params, types::Value};

use super::{
    fault::{Fault, taken},
    row::{env, many, one, run, versioned},
    terms::Terms,
};
use crate::{ApplicationBy, ApplicationFilter, Page};

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
    let column = match filter.order_by {
        ApplicationBy::CreatedOn => "created_at",
        ApplicationBy::Status => "status",
        ApplicationBy::Dba => "lower(dba)",
    };
    terms(filter).page(db, TABLE, [column, "seq"], filter.sort, filter.page)
}

fn terms(filter: &ApplicationFilter) -> Terms {
    let mut terms = Terms::default();
    if let Some(partner) = filter.partner {
        terms.add("partner = ?", Value::Blob(partner.bytes().to_vec()));
    }
    let environments = filter.environment.map_or_else(|| "0, 1".to_owned(), |environment| env(environment).to_string());
    terms.add("environment IN (SELECT value FROM json_each(?))", Value::Text(format!("[{environments}]")));
    terms.words("status", &filter.codes);
    terms.number("created_at >= ?", filter.created_from.map(Timestamp::micros));
    terms.number("created_at <= ?", filter.created_to.map(Timestamp::micros));
    terms
}
