//! Webhook endpoints.

use domain::{
    environment::Environment,
    id::WebhookId,
    owner::Owner,
    webhook::{Endpoint, State},
};
use rusqlite::{Connection, params};

use super::{
    deliveries,
    fault::Fault,
    row::{env, many, one, run, versioned},
};

const TABLE: &str = "endpoints";

/// Writes an endpoint, new or changed, whatever version is there.
pub fn put(db: &Connection, endpoint: &Endpoint, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO endpoints (id, version, mid, environment, is_enabled, body) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, is_enabled = excluded.is_enabled, body = excluded.body",
        params![
            endpoint.id.bytes(),
            endpoint.version,
            endpoint.owner.bytes(),
            env(endpoint.environment),
            endpoint.state == State::Enabled,
            body
        ],
    )?;
    Ok(())
}

/// Writes the next version of an endpoint.
pub fn update(db: &Connection, endpoint: &Endpoint, body: &str) -> Result<(), Fault> {
    let touched = run(
        db,
        "UPDATE endpoints SET version = $1, is_enabled = $2, body = $3 WHERE id = $4 AND version = $5",
        params![endpoint.version, endpoint.state == State::Enabled, body, endpoint.id.bytes(), i64::from(endpoint.version) - 1],
    )?;
    versioned(touched, "endpoint", endpoint.id.0)
}

/// Forgets an endpoint and what was still on its way to it.
pub fn delete(db: &Connection, id: WebhookId) -> Result<(), Fault> {
    run(db, "DELETE FROM endpoints WHERE id = $1", params![id.bytes()])?;
    deliveries::drop_pending(db, id)
}

/// An endpoint.
pub fn get(db: &Connection, id: WebhookId) -> Result<Option<Endpoint>, Fault> {
    one(db, TABLE, "SELECT id, body FROM endpoints WHERE id = $1", params![id.bytes()])
}

/// The endpoints of a merchant or a partner.
pub fn of(db: &Connection, owner: Owner, environment: Environment) -> Result<Vec<Endpoint>, Fault> {
    many(
        db,
        TABLE,
        "SELECT id, body FROM endpoints WHERE mid = $1 AND environment = $2 ORDER BY id",
        params![owner.bytes(), env(environment)],
    )
}
