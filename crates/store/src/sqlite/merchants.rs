//! Merchants.

use domain::{
    change::Conflict,
    id::{Mid, PartnerId},
    merchant::Merchant,
    time::Timestamp,
};
use rusqlite::{Connection, params, types::Value};

use super::{
    fault::Fault,
    row::{many, one, run, versioned},
    terms::Terms,
};
use crate::{MerchantBy, MerchantFilter, Page};

const TABLE: &str = "merchants";

/// Writes a new merchant (version 1), or the next version over the one before.
pub fn put(db: &Connection, merchant: &Merchant, body: &str) -> Result<(), Fault> {
    let (id, partner) = (merchant.id.bytes(), merchant.partner.map(|partner| partner.bytes()));
    let (name, search) = (merchant.name.to_lowercase(), search_text(merchant));
    if merchant.version == 1 {
        let touched = run(
            db,
            "INSERT INTO merchants (id, partner, version, name, search, is_active, created_at, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
            params![id, partner, merchant.version, name, search, merchant.active, merchant.created_at.micros(), body],
        )?;
        return if touched == 1 { Ok(()) } else { Err(Conflict::Taken { what: "merchant" }.into()) };
    }
    let touched = run(
        db,
        "UPDATE merchants SET partner = $1, version = $2, name = $3, search = $4, is_active = $5, body = $6
         WHERE id = $7 AND version = $8",
        params![partner, merchant.version, name, search, merchant.active, body, id, i64::from(merchant.version) - 1],
    )?;
    versioned(touched, "merchant", merchant.id.0)
}

/// A merchant.
pub fn get(db: &Connection, id: Mid) -> Result<Option<Merchant>, Fault> {
    one(db, TABLE, "SELECT id, body FROM merchants WHERE id = $1", params![id.bytes()])
}

/// All merchants, or those that a partner may act for: onboarded by it, or granted to it.
pub fn all(db: &Connection, partner: Option<PartnerId>) -> Result<Vec<Merchant>, Fault> {
    match partner {
        None => many(db, TABLE, "SELECT id, body FROM merchants ORDER BY id", []),
        Some(partner) => many(
            db,
            TABLE,
            "SELECT id, body FROM merchants WHERE partner = $1
             UNION SELECT id, body FROM merchants WHERE id IN (SELECT mid FROM grants WHERE partner = $1) ORDER BY id",
            params![partner.bytes()],
        ),
    }
}

/// One page of merchants.
pub fn list(db: &Connection, filter: &MerchantFilter) -> Result<Page<Merchant>, Fault> {
    let column = match filter.order_by {
        MerchantBy::CreatedOn => "created_at",
        MerchantBy::Name => "name",
        MerchantBy::Status => "is_active",
    };
    terms(filter).page(db, TABLE, [column, "id"], filter.sort, filter.page)
}

fn terms(filter: &MerchantFilter) -> Terms {
    let mut terms = Terms::default();
    terms.mids("id", filter.mids.as_deref());
    terms.number("is_active = ?", filter.active.map(i64::from));
    terms.number("created_at >= ?", filter.created_from.map(Timestamp::micros));
    terms.number("created_at <= ?", filter.created_to.map(Timestamp::micros));
    if let Some(query) = filter.query.as_deref().map(str::trim).filter(|query| !query.is_empty()) {
        terms.add("instr(search, ?) > 0", Value::Text(query.to_lowercase()));
    }
    terms
}

/// What a search looks through: names, website and id.
fn search_text(merchant: &Merchant) -> String {
    let profile = &merchant.profile;
    let named = [&profile.legal_name, &profile.dba, &profile.website, &profile.account_id];
    let texts = std::iter::once(merchant.name.clone()).chain(named.into_iter().flatten().cloned());
    texts.chain([merchant.id.to_string()]).map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n")
}
