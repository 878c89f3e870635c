//! The simulator's own book, read as a witness: what the issuers approved, whatever the server believes.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, OpenFlags};

/// An open book.
#[derive(Debug)]
pub struct Book(Connection);

/// An attempt, as the processor saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Recoup's order id.
    pub order: String,
    /// When, engine's clock, microseconds since 1970.
    pub at: i64,
    /// Asked for, minor units.
    pub amount: i64,
    /// The truth.
    pub approved: bool,
    /// Response code.
    pub code: String,
    /// How often it was sent.
    pub sends: i64,
    /// Collected, minor units.
    pub captured: i64,
    /// Given back before it was collected.
    pub voided: bool,
    /// Given back after, minor units.
    pub refunded: i64,
    /// Whether it broke a network rule.
    pub breach: Option<String>,
}

impl Attempt {
    /// Money that the customer parted with for this attempt and did not get back by a void, minor units.
    pub fn charged(&self) -> i64 {
        if self.voided { 0 } else { self.captured }
    }
}

impl Book {
    /// Opens a book without changing it.
    pub fn open(path: &Path) -> Self {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).unwrap_or_else(|error| panic!("the book {}: {error}", path.display()));
        connection.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
        Self(connection)
    }

    /// Every attempt, in the order of the engine's clock.
    pub fn attempts(&self) -> Vec<Attempt> {
        let sql =
            "SELECT order_id, at, amount, approved, code, sends, captured, voided, refunded, breach FROM attempt ORDER BY at";
        let mut statement = self.0.prepare(sql).expect("the book has its table");
        let rows = statement.query_map([], |row| {
            let order: Vec<u8> = row.get(0)?;
            Ok(Attempt {
                order: uuid::Uuid::from_slice(&order).expect("an order id").to_string(),
                at: row.get(1)?,
                amount: row.get(2)?,
                approved: row.get(3)?,
                code: row.get(4)?,
                sends: row.get(5)?,
                captured: row.get(6)?,
                voided: row.get::<_, i64>(7)? != 0,
                refunded: row.get(8)?,
                breach: row.get(9)?,
            })
        });
        rows.expect("the book can be read").collect::<Result<_, _>>().expect("every row can be read")
    }

    /// The attempts of one order.
    pub fn of(&self, order: &str) -> Vec<Attempt> {
        self.attempts().into_iter().filter(|attempt| attempt.order == order).collect()
    }

    /// The attempts by order.
    pub fn by_order(&self) -> BTreeMap<String, Vec<Attempt>> {
        let mut orders: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for attempt in self.attempts() {
            orders.entry(attempt.order.clone()).or_default().push(attempt);
        }
        orders
    }

    /// How many attempts of each order stand as charged.
    pub fn charges(&self) -> BTreeMap<String, usize> {
        let charged = |attempts: Vec<Attempt>| attempts.iter().filter(|attempt| attempt.charged() > 0).count();
        self.by_order().into_iter().map(|(order, attempts)| (order, charged(attempts))).filter(|(_, count)| *count > 0).collect()
    }
}
