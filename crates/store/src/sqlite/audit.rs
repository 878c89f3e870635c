//! The audit trail.

use domain::{
    audit::{Entry, Topic},
    channel::Channel,
    id::{Mid, SiteId},
    time::Timestamp,
};
use rusqlite::{Connection, params, types::Value};

use super::{
    fault::Fault,
    row::{first, many, mid_list, one, run},
    terms::Terms,
};
use crate::{AuditFilter, Page, PageAt, Sort};

const TABLE: &str = "audit";

/// Adds an entry.
pub fn insert(db: &Connection, entry: &Entry, body: &str) -> Result<(), Fault> {
    run(
        db,
        "INSERT INTO audit (id, mid, site, topic, channel, at, body, author, partner)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            entry.id.bytes(),
            mid_bytes(entry.mid),
            site_bytes(entry.what.site()),
            entry.what.topic().as_str(),
            entry.what.channel().map_or("", Channel::as_str),
            entry.at.micros(),
            body,
            entry.by.name.to_lowercase(),
            entry.what.partner().map(|partner| partner.bytes().to_vec())
        ],
    )?;
    Ok(())
}

/// The entries of a merchant, or of no merchant, about a topic or about everything; newest first.
pub fn of(db: &Connection, mid: Option<Mid>, topic: Option<Topic>, at: PageAt) -> Result<Page<Entry>, Fault> {
    let topic = topic.map_or("", Topic::as_str);
    let rows = many(
        db,
        TABLE,
        "SELECT id, body FROM audit WHERE mid = $1 AND ($2 = '' OR topic = $2) ORDER BY seq DESC LIMIT $3 OFFSET $4",
        params![mid_bytes(mid), topic, at.limit(), at.offset()],
    )?;
    let counted = first(
        db,
        "SELECT count(*) FROM audit WHERE mid = $1 AND ($2 = '' OR topic = $2)",
        params![mid_bytes(mid), topic],
        |row| Ok(row.get::<_, i64>(0)?),
    )?;
    Ok(Page { rows, total: counted.unwrap_or(0) as u64 })
}

/// One page of the entries that pass a filter, newest first.
pub fn list(db: &Connection, filter: &AuditFilter) -> Result<Page<Entry>, Fault> {
    let mut terms = Terms::default();
    if let Some(mids) = &filter.mids {
        let list = Value::Text(mid_list(mids));
        let own = "mid IN (SELECT unhex(value) FROM json_each(?))";
        match filter.partner {
            None => terms.add(own, list),
            Some(partner) => terms.add_both(&format!("({own} OR partner = ?)"), [list, Value::Blob(partner.bytes().to_vec())]),
        }
    }
    terms.words("topic", &filter.topics);
    if let Some(author) = &filter.author {
        terms.add("instr(author, ?) > 0", Value::Text(author.to_lowercase()));
    }
    terms.number("at >= ?", filter.from.map(Timestamp::micros));
    terms.number("at <= ?", filter.to.map(Timestamp::micros));
    terms.page(db, TABLE, ["at", "seq"], Sort::Descending, filter.page)
}

/// The last switch of a channel of a site, or of the merchant itself.
pub fn last_switch(db: &Connection, mid: Mid, site: Option<SiteId>, channel: Channel) -> Result<Option<Entry>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM audit WHERE mid = $1 AND site = $2 AND channel = $3 ORDER BY seq DESC LIMIT 1",
        params![mid.bytes(), site_bytes(site), channel.as_str()],
    )
}

fn mid_bytes(mid: Option<Mid>) -> Vec<u8> {
    mid.map(|mid| mid.bytes().to_vec()).unwrap_or_default()
}

fn site_bytes(site: Option<SiteId>) -> Vec<u8> {
    site.map(|site| site.bytes().to_vec()).unwrap_or_default()
}
