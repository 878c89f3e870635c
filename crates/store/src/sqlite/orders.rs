//! Orders.

use domain::{
    environment::Environment,
    id::{Mid, OrderId},
    order::Order,
    site::MatchedBy,
    time::Timestamp,
};
use rusqlite::{Connection, params};

use super::{
    fault::{Fault, taken},
    prepare::Text,
    row::{env, first, many, one, run, versioned},
};
use crate::{Page, PageAt};

const TABLE: &str = "orders";

/// Writes a new order.
pub fn insert(db: &Connection, order: &Order, text: &Text) -> Result<(), Fault> {
    let keyed = Keyed::of(order);
    run(
        db,
        "INSERT INTO orders (id, version, mid, environment, external_id, code, is_open, site, site_resolved, channel, is_test,
            is_chargeback, placed_at, created_at, updated_at, expires_at, amount, captured, currency, attempts, has_credential,
            payer_id, subscription_id, fingerprint, search, completed_at, class, descriptor, matched_by, issuer_country, body, arm,
            card)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
            $26, $27, $28, $29, $30, $31, $32, $33)",
        params![
            order.id.bytes(),
            order.version,
            order.mid.bytes(),
            env(order.environment),
            order.payment.order_id,
            order.state.code().as_str(),
            keyed.is_open,
            order.site.bytes(),
            order.matched_by != MatchedBy::Default,
            order.channel.as_str(),
            order.is_test(),
            order.is_chargeback,
            order.placed_at.micros(),
            keyed.created_at,
            order.updated_at.micros(),
            order.expires_at.micros(),
            order.amount.minor,
            order.captured_minor,
            order.amount.currency.as_str(),
            order.tally.total,
            keyed.has_credential,
            keyed.payer_id,
            keyed.subscription_id,
            keyed.fingerprint,
            text.search,
            order.completed_at.map(Timestamp::micros),
            class(order),
            order.descriptor,
            order.matched_by.as_str(),
            issuer_country(order),
            text.body,
            order.drawn_by.map(|_| order.arm.as_str()),
            order.drawn_by.map(|card| card.0),
        ],
    )
    .map_err(taken("order"))?;
    Ok(())
}

/// Writes the next version of an order. Columns that an index holds are written only when they changed, so that most
/// updates touch the table alone.
pub fn update(db: &Connection, order: &Order, text: &Text) -> Result<(), Fault> {
    let keyed = Keyed::of(order);
    let same = first(
        db,
        "UPDATE orders SET version = $1, code = $2, site = $3, site_resolved = $4, channel = $5, is_chargeback = $6, updated_at = $7,
            expires_at = $8, amount = $9, captured = $10, currency = $11, attempts = $12, search = $13, completed_at = $14,
            class = $15, descriptor = $16, matched_by = $17, issuer_country = $18, body = $19
         WHERE id = $20 AND version = $21
         RETURNING is_open, created_at, has_credential, payer_id, subscription_id, fingerprint",
        params![
            order.version,
            order.state.code().as_str(),
            order.site.bytes(),
            order.matched_by != MatchedBy::Default,
            order.channel.as_str(),
            order.is_chargeback,
            order.updated_at.micros(),
            order.expires_at.micros(),
            order.amount.minor,
            order.captured_minor,
            order.amount.currency.as_str(),
            order.tally.total,
            text.search,
            order.completed_at.map(Timestamp::micros),
            class(order),
            order.descriptor,
            order.matched_by.as_str(),
            issuer_country(order),
            text.body,
            order.id.bytes(),
            i64::from(order.version) - 1,
        ],
        |row| {
            let text = |column| Ok::<_, Fault>(row.get_ref(column)?.as_str_or_null().ok().flatten());
            Ok(Keyed {
                is_open: row.get(0)?,
                created_at: row.get(1)?,
                has_credential: row.get(2)?,
                payer_id: text(3)?,
                subscription_id: text(4)?,
                fingerprint: text(5)?,
            } == keyed)
        },
    )?;
    match same {
        None => versioned(0, "order", order.id.0),
        Some(true) => Ok(()),
        Some(false) => update_keyed(db, order.id, &keyed),
    }
}

/// An order.
pub fn get(db: &Connection, id: OrderId) -> Result<Option<Order>, Fault> {
    one(db, TABLE, "SELECT id, body FROM orders WHERE id = $1", params![id.bytes()])
}

/// The open order of the merchant's order id, the newest should there be several.
pub fn open(db: &Connection, mid: Mid, environment: Environment, external_id: &str) -> Result<Option<Order>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM orders WHERE mid = $1 AND environment = $2 AND external_id = $3 AND is_open = 1
         ORDER BY seq DESC LIMIT 1",
        params![mid.bytes(), env(environment), external_id],
    )
}

/// Whether the merchant's order id has an open order.
pub fn is_open(db: &Connection, mid: Mid, environment: Environment, external_id: &str) -> Result<bool, Fault> {
    let found = first(
        db,
        "SELECT 1 FROM orders WHERE mid = $1 AND environment = $2 AND external_id = $3 AND is_open = 1 LIMIT 1",
        params![mid.bytes(), env(environment), external_id],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Orders of the merchant's order id, newest first. Two walks down the index, one for open and one for closed orders,
/// keep an id that repeats without end from being sorted whole.
pub fn by_external(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    external_id: &str,
    limit: u32,
) -> Result<Vec<Order>, Fault> {
    many(
        db,
        TABLE,
        "SELECT id, body FROM orders WHERE seq IN (
            SELECT seq FROM (SELECT seq FROM orders
                WHERE mid = $1 AND environment = $2 AND external_id = $3 AND is_open = 0 ORDER BY seq DESC LIMIT $4)
            UNION ALL
            SELECT seq FROM (SELECT seq FROM orders
                WHERE mid = $1 AND environment = $2 AND external_id = $3 AND is_open = 1 ORDER BY seq DESC LIMIT $4))
         ORDER BY seq DESC LIMIT $4",
        params![mid.bytes(), env(environment), external_id, limit],
    )
}

/// The newest order with a credential of an order id, a payer or a subscription.
pub fn with_credential_of(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    external_id: &str,
    payer_id: Option<&str>,
    subscription_id: Option<&str>,
) -> Result<Option<Order>, Fault> {
    one(
        db,
        TABLE,
        "SELECT id, body FROM orders WHERE seq = (SELECT max(seq) FROM (
            SELECT seq FROM (SELECT seq FROM orders WHERE mid = $1 AND environment = $2 AND external_id = $3 AND is_open = 0
                AND has_credential = 1 ORDER BY seq DESC LIMIT 1)
            UNION ALL
            SELECT seq FROM (SELECT seq FROM orders WHERE mid = $1 AND environment = $2 AND external_id = $3 AND is_open = 1
                AND has_credential = 1 ORDER BY seq DESC LIMIT 1)
            UNION ALL
            SELECT seq FROM (SELECT seq FROM orders WHERE mid = $1 AND environment = $2 AND payer_id = $4
                AND has_credential = 1 AND payer_id IS NOT NULL ORDER BY seq DESC LIMIT 1)
            UNION ALL
            SELECT seq FROM (SELECT seq FROM orders WHERE mid = $1 AND environment = $2 AND subscription_id = $5
                AND has_credential = 1 AND subscription_id IS NOT NULL ORDER BY seq DESC LIMIT 1)))",
        params![mid.bytes(), env(environment), external_id, payer_id, subscription_id],
    )
}

/// Open orders on a card with ids behind `after`.
pub fn open_on_card(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    fingerprint: &str,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<Order>, Fault> {
    let after = after.map_or(Vec::new(), |order| order.bytes().to_vec());
    many(
        db,
        TABLE,
        "SELECT id, body FROM orders WHERE fingerprint = $1 AND is_open = 1 AND mid = $2 AND environment = $3 AND id > $4
         ORDER BY id LIMIT $5",
        params![fingerprint, mid.bytes(), env(environment), after, limit],
    )
}

/// Open orders of a payer with ids behind `after`.
pub fn open_of_payer(
    db: &Connection,
    mid: Mid,
    environment: Environment,
    payer_id: &str,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<Order>, Fault> {
    let after = after.map_or(Vec::new(), |order| order.bytes().to_vec());
    many(
        db,
        TABLE,
        "SELECT id, body FROM orders WHERE mid = $1 AND environment = $2 AND payer_id = $3 AND has_credential = 1 AND is_open = 1
            AND id > $4 ORDER BY id LIMIT $5",
        params![mid.bytes(), env(environment), payer_id, after, limit],
    )
}

/// Orders of an environment whose result is unknown or that need the operator, the longest untouched first.
pub fn unsettled(db: &Connection, environment: Environment, at: PageAt) -> Result<Page<Order>, Fault> {
    let rows = many(
        db,
        TABLE,
        "SELECT id, body FROM orders WHERE environment = $1 AND code IN ('RECONCILING', 'FAULTED')
         ORDER BY updated_at LIMIT $2 OFFSET $3",
        params![env(environment), at.limit(), at.offset()],
    )?;
    let counted = first(
        db,
        "SELECT count(*) FROM orders WHERE environment = $1 AND code IN ('RECONCILING', 'FAULTED')",
        params![env(environment)],
        |row| Ok(row.get::<_, i64>(0)?),
    )?;
    Ok(Page { rows, total: counted.unwrap_or(0) as u64 })
}

/// Class of the decline that it began with.
fn class(order: &Order) -> &'static str {
    order.original_class.unwrap_or(order.class).as_str()
}

/// Country of the issuer of the card that it began with.
fn issuer_country(order: &Order) -> Option<&str> {
    order.credentials.first().and_then(|credential| credential.issuer_country.as_deref())
}

/// What a search looks through, in lower case: ids and references, then behind a line break what tells a person.
pub fn search_text(order: &Order) -> String {
    let id = order.id.to_string();
    let payment = &order.payment;
    let names = [&payment.billing, &payment.shipping].into_iter().flatten();
    let names = names.flat_map(|address| [address.first_name.as_deref(), address.last_name.as_deref()]);
    let references = [
        Some(id.as_str()),
        Some(payment.order_id.as_str()),
        Some(order.reference.as_str()),
        Some(order.confirmation.as_str()),
        Some(payment.transaction.id.as_str()),
        payment.payer.id.as_deref(),
        payment.subscription.as_ref().and_then(|subscription| subscription.subscription_id.as_deref()),
    ];
    let persons = [payment.payer.email.as_deref(), payment.method.holder_name.as_deref()];
    let mut text = String::with_capacity(256);
    for part in references.into_iter().flatten() {
        text.push_str(part);
        text.push(' ');
    }
    text.push('\n');
    for part in persons.into_iter().chain(names).flatten() {
        text.push_str(part);
        text.push(' ');
    }
    if text.is_ascii() {
        text.make_ascii_lowercase();
        return text;
    }
    text.to_lowercase()
}

/// Columns that an index holds and an update may change.
#[derive(PartialEq)]
struct Keyed<'a> {
    is_open: bool,
    created_at: i64,
    has_credential: bool,
    payer_id: Option<&'a str>,
    subscription_id: Option<&'a str>,
    fingerprint: Option<&'a str>,
}

impl<'a> Keyed<'a> {
    fn of(order: &'a Order) -> Self {
        let subscription = order.payment.subscription.as_ref();
        Self {
            is_open: order.state.code().is_open(),
            created_at: order.worked_at.unwrap_or(order.placed_at).micros(),
            has_credential: order.credential().is_some(),
            payer_id: order.payment.payer.id.as_deref(),
            subscription_id: subscription.and_then(|subscription| subscription.subscription_id.as_deref()),
            fingerprint: order.credential().map(|card| card.fingerprint.as_str()),
        }
    }
}

fn update_keyed(db: &Connection, id: OrderId, keyed: &Keyed<'_>) -> Result<(), Fault> {
    run(
        db,
        "UPDATE orders SET is_open = $1, created_at = $2, has_credential = $3, payer_id = $4, subscription_id = $5, fingerprint = $6
         WHERE id = $7",
        params![
            keyed.is_open,
            keyed.created_at,
            keyed.has_credential,
            keyed.payer_id,
            keyed.subscription_id,
            keyed.fingerprint,
            id.bytes()
        ],
    )?;
    Ok(())
}
