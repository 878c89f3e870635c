//! The file of past payments.

use std::path::Path;

use csv::StringRecord;
use domain::time::Timestamp;
use recovery::risk::{Kind, Subject, Transaction};

use crate::failure::Failure;

/// Payments at most: what fits into a few gigabytes of memory.
const ROWS_MAX: usize = 20_000_000;

/// The columns, each with the names that it goes by; case does not matter.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("transaction_id", &["transaction_id", "tx_id", "id"]),
    ("timestamp", &["timestamp", "tx_datetime", "datetime", "date", "time"]),
    ("customer_id", &["customer_id", "customer", "card_id", "card"]),
    ("terminal_id", &["terminal_id", "terminal", "merchant_id", "merchant"]),
    ("amount", &["amount", "tx_amount"]),
    ("fraud", &["fraud", "tx_fraud", "is_fraud", "label"]),
];

/// Payments of the past.
pub struct Past {
    /// Their ids, as in the file.
    pub ids: Vec<String>,
    /// Each with whether it was fraud.
    pub payments: Vec<(Transaction, bool)>,
}

/// Reads the file. The first bad line is told by its number.
pub fn read(path: &Path) -> Result<Past, Failure> {
    let named = |error: csv::Error| Failure::usage(format!("{}: {error}", path.display()));
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(named)?;
    let places = places(reader.headers().map_err(named)?)
        .map_err(|column| Failure::usage(format!("{}: column {column} is missing", path.display())))?;
    let mut past = Past { ids: Vec::new(), payments: Vec::new() };
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(named)? {
        let line = record.position().map_or(0, csv::Position::line);
        let bad = |column: &str| Failure::usage(format!("{}: line {line}: {column} is not readable", path.display()));
        let (id, payment) = row(&record, places).map_err(bad)?;
        past.ids.push(id);
        past.payments.push(payment);
        if past.ids.len() > ROWS_MAX {
            return Err(Failure::usage(format!("{}: more than {ROWS_MAX} payments", path.display())));
        }
    }
    Ok(past)
}

/// Where each column stands, or the name of one that is missing.
fn places(headers: &StringRecord) -> Result<[usize; 6], &'static str> {
    let mut places = [0; 6];
    for (place, (name, aliases)) in places.iter_mut().zip(COLUMNS) {
        let known = |alias: &&str| headers.iter().position(|header| header.eq_ignore_ascii_case(alias));
        *place = aliases.iter().find_map(known).ok_or(name)?;
    }
    Ok(places)
}

/// One payment, or the column that is not readable.
fn row(record: &StringRecord, places: [usize; 6]) -> Result<(String, (Transaction, bool)), &'static str> {
    let text = |column: usize| record.get(places[column]).filter(|text| !text.is_empty()).ok_or(COLUMNS[column].0);
    let id = text(0)?.to_owned();
    let at = instant(text(1)?).ok_or(COLUMNS[1].0)?;
    let subject = |kind, text: &str| Subject { kind, key: key(text) };
    let subjects = vec![subject(Kind::Card, text(2)?), subject(Kind::Terminal, text(3)?)];
    let amount: f64 = text(4)?.parse().map_err(|_| COLUMNS[4].0)?;
    let hundredths = (amount * 100.0).round();
    if !(0.0..=1e15).contains(&hundredths) {
        return Err(COLUMNS[4].0);
    }
    let fraud = match text(5)?.to_ascii_lowercase().as_str() {
        "1" | "1.0" | "true" | "yes" => true,
        "0" | "0.0" | "false" | "no" => false,
        _ => return Err(COLUMNS[5].0),
    };
    Ok((id, (Transaction { at, hundredths: hundredths as i64, declined: false, subjects }, fraud)))
}

/// An instant: with an offset, or a civil date (and time) that is taken as UTC.
pub fn instant(text: &str) -> Option<Timestamp> {
    let civil = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let micros = match text.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.as_microsecond(),
        Err(_) => civil()?.timestamp().as_microsecond(),
    };
    Some(Timestamp::from_micros(micros))
}

/// A key for an id: two FNV-1a sums of different begin. Nobody attacks a file of their own.
fn key(id: &str) -> [u8; 16] {
    let sum = |begin: u64| id.bytes().fold(begin, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let (one, other) = (sum(0xcbf2_9ce4_8422_2325), sum(0x8422_2325_cbf2_9ce4));
    let spread = |sum: u64| (sum ^ (sum >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut key = [0; 16];
    key[..8].copy_from_slice(&spread(one).to_be_bytes());
    key[8..].copy_from_slice(&spread(other).to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Past, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tx.csv");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn columns_go_by_several_names_and_stand_in_any_order() {
        let past = read_text(
            "TX_FRAUD,TX_AMOUNT,TERMINAL_ID,CUSTOMER_ID,TX_DATETIME,TRANSACTION_ID,TX_FRAUD_SCENARIO\n\
             1,57.16,3156,596,2018-04-01 00:00:31,t0,2\n0,81.51,3412,4961,2018-04-01T00:02:10Z,t1,0\n",
        )
        .unwrap();
        assert_eq!(past.ids, ["t0", "t1"]);
        let (first, fraud) = &past.payments[0];
        assert!(*fraud && first.hundredths == 5_716 && first.at == Timestamp::from_secs(1_522_540_831));
        assert!(past.payments[0].0.subjects != past.payments[1].0.subjects);
    }

    #[test]
    fn bad_lines_and_missing_columns_are_named() {
        let fails = |text: &str, word: &str| {
            let Err(failure) = read_text(text) else { panic!("{text} was read") };
            assert!(format!("{failure:?}").contains(word), "{failure:?}");
        };
        let head = "transaction_id,timestamp,customer_id,terminal_id,amount,fraud\n";
        fails("transaction_id,timestamp,customer_id,terminal_id,amount\n", "column fraud is missing");
        fails(&format!("{head}1,2018-04-01,1,1,5.00,0\n2,2018-04-01,1,1,many,0\n"), "line 3: amount");
        fails(&format!("{head}1,yesterday,1,1,5.00,0\n"), "line 2: timestamp");
        fails(&format!("{head}1,2018-04-01,1,1,5.00,perhaps\n"), "line 2: fraud");
        fails(&format!("{head}1,2018-04-01,,1,5.00,0\n"), "line 2: customer_id");
    }
}
