//! What reports count: groups of orders, attempts and refunds, and the ledger as it stands. Aggregated by the database
//! over columns; over members of the JSON where rows are few or only one report asks.

use domain::{
    bounds::RESCUE_DAYS_MAX,
    channel::Channel,
    environment::Environment,
    id::{Mid, SiteId},
    report::{Ask, Cell, Dimension, Interval, MEASURES, Made, Name, Part, dimensions},
    time::{DAY, Timestamp},
};
use rusqlite::{
    Connection, Row, params_from_iter,
    types::{Value, ValueRef},
};
use uuid::Uuid;

use super::{
    fault::Fault,
    ledger,
    row::{env, maybe_id},
    terms::Terms,
};

const DAY_MICROS: i64 = 86_400_000_000;
/// How far back the ledger is read before a span: the networks' longest rolling window, and a day.
const LEDGER_DAYS: u32 = 31;
/// How much later than it was placed an order may be worked first: the longest rescue, and a day.
const WORKED_DAYS: u32 = RESCUE_DAYS_MAX as u32 + 1;

/// Whose.
#[derive(Debug, Clone, Copy)]
pub struct Whose {
    /// Tenant.
    pub mid: Mid,
    /// Environment.
    pub environment: Environment,
}

/// Hands every cell of a report to `take`, which says whether to go on.
pub fn cells(db: &Connection, whose: Whose, ask: &Ask, take: &mut dyn FnMut(Cell) -> bool) -> Result<(), Fault> {
    match ask.name {
        Name::Recovery | Name::Declines | Name::Sites => orders(db, whose, ask, take),
        Name::Attempts => attempts(db, whose, ask, take),
        Name::Descriptors => {
            attempts(db, whose, ask, take)?;
            refunds(db, whose, ask, take)?;
            chargebacks(db, whose, ask, take)
        }
        Name::Fees | Name::Uplift => Ok(()),
    }
}

/// Orders placed in the span.
fn orders(db: &Connection, whose: Whose, ask: &Ask, take: &mut dyn FnMut(Cell) -> bool) -> Result<(), Fault> {
    let (measures, spread) = match ask.name {
        Name::Sites => {
            ("count(*), sum(CASE WHEN o.captured > 0 THEN 1 ELSE 0 END), sum(o.captured), sum(1 - o.site_resolved), 0, 0", "NULL")
        }
        Name::Recovery => (
            "count(*), sum(o.amount), sum(CASE WHEN o.captured > 0 THEN 1 ELSE 0 END), sum(o.captured), sum(o.attempts),
             sum(o.is_open)",
            "CASE WHEN o.captured > 0 THEN (o.completed_at - o.placed_at) / 60000000 END",
        ),
        _ => ("count(*), sum(o.amount), sum(CASE WHEN o.captured > 0 THEN 1 ELSE 0 END), sum(o.captured), 0, 0", "NULL"),
    };
    let mut terms = terms_of(whose, ask);
    // By the index: nothing is worked before it is placed, or much later.
    terms.add("o.created_at >= ?", Value::Integer(ask.from.micros()));
    terms.add("o.created_at <= ?", Value::Integer((ask.to + DAY * WORKED_DAYS).micros()));
    terms.add("o.placed_at >= ?", Value::Integer(ask.from.micros()));
    terms.add("o.placed_at <= ?", Value::Integer(ask.to.micros()));
    let by = dimensions(ask.name, &ask.keys);
    let grouped = grouped(ask, "o.placed_at", &by, column_of_order, spread);
    let (condition, values) = terms.finish();
    let sql = format!("SELECT {grouped}, {measures} FROM orders AS o WHERE {condition} {}", group_by(&by));
    run(db, &sql, &values, &by, take)
}

/// Orders placed in the span whose arm was drawn, card by card: the number of the card with each cell. Compared are orders whose
/// period is over at `now`; the others are counted apart.
pub fn cards(
    db: &Connection,
    whose: Whose,
    ask: &Ask,
    now: Timestamp,
    take: &mut dyn FnMut(Vec<u8>, Cell) -> bool,
) -> Result<(), Fault> {
    let mut terms = terms_of(whose, ask);
    terms.add("o.created_at >= ?", Value::Integer(ask.from.micros()));
    terms.add("o.created_at <= ?", Value::Integer((ask.to + DAY * WORKED_DAYS).micros()));
    terms.add("o.placed_at >= ?", Value::Integer(ask.from.micros()));
    terms.add("o.placed_at <= ?", Value::Integer(ask.to.micros()));
    let by = dimensions(ask.name, &ask.keys);
    let grouped = grouped(ask, "o.placed_at", &by, column_of_order, "NULL");
    let (condition, values) = terms.finish();
    let over = format!("CASE WHEN o.is_open = 0 AND o.expires_at <= {} THEN", now.micros());
    let sql = format!(
        "SELECT {grouped}, sum({over} 1 ELSE 0 END), sum({over} o.amount ELSE 0 END),
            sum({over} CASE WHEN o.captured > 0 THEN 1 ELSE 0 END ELSE 0 END), sum({over} o.captured ELSE 0 END),
            sum({over} 0 ELSE 1 END), 0, o.card
         FROM orders AS o WHERE {condition} AND o.arm IS NOT NULL {}, o.card ORDER BY o.card",
        group_by(&by)
    );
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(&values))?;
    while let Some(row) = rows.next()? {
        let card: Option<Vec<u8>> = row.get(by.len() + 2 + MEASURES)?;
        if !take(card.unwrap_or_default(), cell(row, by.len())?) {
            break;
        }
    }
    Ok(())
}

/// Attempts made in the span that left. Their orders are found by the index: an attempt is made while its order's
/// rescue lasts, and the order has changed since.
fn attempts(db: &Connection, whose: Whose, ask: &Ask, take: &mut dyn FnMut(Cell) -> bool) -> Result<(), Fault> {
    let (measures, spread) = if ask.name == Name::Attempts {
        (
            "count(*), sum(CASE WHEN a.result IN ('approved', 'partial') THEN 1 ELSE 0 END),
             sum(CASE WHEN a.result = 'unknown' THEN 1 ELSE 0 END), 0, 0, 0",
            "a.latency_ms",
        )
    } else {
        (
            "count(*), sum(CASE WHEN a.result IN ('approved', 'partial') THEN 1 ELSE 0 END),
             sum(CASE WHEN a.result = 'declined' THEN 1 ELSE 0 END), sum(coalesce(a.standing, 0)), 0, 0",
            "NULL",
        )
    };
    let mut terms = terms_of(whose, ask);
    let earliest = Timestamp::from_micros(ask.from.micros().saturating_sub((DAY * WORKED_DAYS).as_micros() as i64));
    terms.add("o.created_at >= ?", Value::Integer(earliest.micros()));
    terms.add("o.created_at <= ?", Value::Integer(ask.to.micros()));
    terms.add("o.updated_at >= ?", Value::Integer(ask.from.micros()));
    terms.add("a.made_at >= ?", Value::Integer(ask.from.micros()));
    terms.add("a.made_at <= ?", Value::Integer(ask.to.micros()));
    let by = dimensions(ask.name, &ask.keys);
    let grouped = grouped(ask, "a.made_at", &by, column_of_attempt, spread);
    let (condition, values) = terms.finish();
    let sql = format!(
        "SELECT {grouped}, {measures} FROM orders AS o JOIN attempts AS a ON a.order_id = o.id
         WHERE {condition} AND o.attempts > 0 AND a.result <> 'released' {}",
        group_by(&by)
    );
    run(db, &sql, &values, &by, take)
}

/// Refunds settled in the span, by the descriptor of the attempt whose money they give back.
fn refunds(db: &Connection, whose: Whose, ask: &Ask, take: &mut dyn FnMut(Cell) -> bool) -> Result<(), Fault> {
    let mut terms = terms_of(whose, ask);
    let at = "json_extract(r.body, '$.settledAt')";
    terms.add("json_extract(r.body, '$.mid') = ?", Value::Text(whose.mid.to_string()));
    terms.add("json_extract(r.body, '$.environment') = ?", Value::Text(whose.environment.as_str().to_owned()));
    terms.add(&format!("{at} >= ?"), Value::Integer(ask.from.micros()));
    terms.add(&format!("{at} <= ?"), Value::Integer(ask.to.micros()));
    let by = dimensions(ask.name, &ask.keys);
    let grouped = grouped(ask, at, &by, column_of_attempt, "NULL");
    let (condition, values) = terms.finish();
    let sql = format!(
        "SELECT {grouped}, 0, 0, 0, 0, count(*), 0 FROM refunds AS r JOIN orders AS o ON o.id = r.order_id
         LEFT JOIN attempts AS a ON a.id = unhex(replace(json_extract(r.body, '$.attempt'), '-', ''))
         WHERE {condition} AND json_extract(r.body, '$.state') = 'SUCCESS' {}",
        group_by(&by)
    );
    run(db, &sql, &values, &by, take)
}

/// Disputes received in the span, by the descriptor of the attempt that was paid. Inquiries are none yet, and a dispute
/// of no order of ours went out under no descriptor of ours.
fn chargebacks(db: &Connection, whose: Whose, ask: &Ask, take: &mut dyn FnMut(Cell) -> bool) -> Result<(), Fault> {
    let mut terms = terms_of(whose, ask);
    terms.add("c.mid = ?", Value::Blob(whose.mid.bytes().to_vec()));
    terms.add("c.environment = ?", Value::Integer(env(whose.environment)));
    terms.add("c.received_at >= ?", Value::Integer(ask.from.micros()));
    terms.add("c.received_at <= ?", Value::Integer(ask.to.micros()));
    let by = dimensions(ask.name, &ask.keys);
    let grouped = grouped(ask, "c.received_at", &by, column_of_attempt, "NULL");
    let (condition, values) = terms.finish();
    let sql = format!(
        "SELECT {grouped}, 0, 0, 0, 0, 0, count(*) FROM chargebacks AS c JOIN orders AS o ON o.id = c.order_id
         LEFT JOIN attempts AS a ON a.id = unhex(replace(json_extract(o.body, '$.paidBy'), '-', ''))
         WHERE {condition} AND c.stage <> 'inquiry' {}",
        group_by(&by)
    );
    run(db, &sql, &values, &by, take)
}

/// Hands every ledger row of the span, and of the windows that reach into it, to `take`: card by card, each in the
/// order of time, which is how the ledger lies on disk.
pub fn ledger(db: &Connection, whose: Whose, ask: &Ask, take: &mut dyn FnMut(Made) -> bool) -> Result<(), Fault> {
    let since = Timestamp::from_micros(ask.from.micros().saturating_sub((DAY * LEDGER_DAYS).as_micros() as i64));
    let mut statement = db.prepare_cached(
        "SELECT l.id, l.mid, l.environment, l.card, l.at, l.origin, l.initiator, l.amount, l.currency, l.network, l.outcome,
            l.response_code, l.advice_code, l.order_id, o.site, o.channel, o.is_test, o.descriptor, o.issuer_country
         FROM ledger AS l LEFT JOIN orders AS o ON o.id = l.order_id
         WHERE l.mid = $1 AND l.environment = $2 AND l.at >= $3 AND l.at <= $4
         ORDER BY l.card, l.at, l.id",
    )?;
    let mut rows =
        statement.query(rusqlite::params![whose.mid.bytes(), env(whose.environment), since.micros(), ask.to.micros()])?;
    while let Some(row) = rows.next()? {
        if !take(made(row)?) {
            break;
        }
    }
    Ok(())
}

fn made(row: &Row<'_>) -> Result<Made, Fault> {
    Ok(Made {
        entry: ledger::entry(row)?,
        site: maybe_id(row, 14, SiteId::from_bytes)?,
        channel: row.get::<_, Option<String>>(15)?.as_deref().and_then(Channel::parse),
        is_test: row.get(16)?,
        descriptor: row.get(17)?,
        issuer_country: row.get(18)?,
    })
}

/// Day, dimensions and spread, in this order: what cells are told apart by.
fn grouped(ask: &Ask, at: &str, by: &[Dimension], column: fn(Dimension) -> &'static str, spread: &str) -> String {
    let day = if ask.interval == Interval::None { "0".to_owned() } else { format!("{at} / {DAY_MICROS}") };
    let columns: Vec<&str> = by.iter().map(|dimension| column(*dimension)).collect();
    format!("{day} AS day, {}, {spread} AS spread", columns.join(", "))
}

fn group_by(by: &[Dimension]) -> String {
    let places: Vec<String> = (1..=by.len() + 2).map(|place| place.to_string()).collect();
    format!("GROUP BY {}", places.join(", "))
}

const fn column_of_order(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Site => "o.site",
        Dimension::Channel => "o.channel",
        Dimension::Currency => "o.currency",
        Dimension::Descriptor => "o.descriptor",
        Dimension::MatchedBy => "o.matched_by",
        Dimension::ResponseCodeSource => "json_extract(o.body, '$.payment.transaction.responseCodeSource')",
        Dimension::ResponseCode => "json_extract(o.body, '$.payment.transaction.responseCode')",
        Dimension::AdviceCode => "json_extract(o.body, '$.payment.transaction.merchantAdviceCode')",
        Dimension::Class => "o.class",
        Dimension::Network => "json_extract(o.body, '$.credentials[0].network')",
        Dimension::Arm => "o.arm",
        Dimension::AttemptNumber | Dimension::Processor | Dimension::Rule => "NULL",
    }
}

const fn column_of_attempt(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::AttemptNumber => "a.number",
        Dimension::Processor => "a.processor_name",
        Dimension::Descriptor => "a.descriptor",
        Dimension::Network => "json_extract(a.body, '$.network')",
        other => column_of_order(other),
    }
}

fn run(db: &Connection, sql: &str, values: &[Value], by: &[Dimension], take: &mut dyn FnMut(Cell) -> bool) -> Result<(), Fault> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if !take(cell(row, by.len())?) {
            break;
        }
    }
    Ok(())
}

fn cell(row: &Row<'_>, dimensions: usize) -> Result<Cell, Fault> {
    let parts = (1..=dimensions).map(|place| part(row, place)).collect::<Result<_, _>>()?;
    let mut measures = [0; MEASURES];
    for (place, measure) in measures.iter_mut().enumerate() {
        *measure = row.get(dimensions + 2 + place)?;
    }
    let spread: Option<i64> = row.get(dimensions + 1)?;
    Ok(Cell { day: row.get(0)?, parts, measures, spread: spread.map(|value| (value, measures[0])) })
}

fn part(row: &Row<'_>, place: usize) -> Result<Part, Fault> {
    Ok(match row.get_ref(place)? {
        ValueRef::Integer(number) => Part::Int(number),
        ValueRef::Text(text) => Part::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Uuid::from_slice(bytes).map_or(Part::None, |id| Part::Text(id.to_string())),
        ValueRef::Null | ValueRef::Real(_) => Part::None,
    })
}

/// The terms that every report has.
fn terms_of(whose: Whose, ask: &Ask) -> Terms {
    let mut terms = Terms::default();
    terms.add("o.mid = ?", Value::Blob(whose.mid.bytes().to_vec()));
    terms.add("o.environment = ?", Value::Integer(env(whose.environment)));
    if let Some(site) = ask.site {
        terms.add("o.site = ?", Value::Blob(site.bytes().to_vec()));
    }
    if let Some(channel) = ask.channel {
        terms.add("o.channel = ?", Value::Text(channel.as_str().to_owned()));
    }
    if let Some(currency) = ask.currency {
        terms.add("o.currency = ?", Value::Text(currency.as_str().to_owned()));
    }
    terms.number("o.is_test = ?", (!ask.include_test).then_some(0));
    terms
}
