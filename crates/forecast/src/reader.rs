//! The file, in one pass: a compact row for each sound line, a word for each other one.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::{BufRead, BufReader, Read},
};

use csv::ByteRecord;
use domain::{
    card::{Funding, Network},
    country,
    money::Currency,
    rules::{Region, Rules},
    time::Timestamp,
};

use crate::{
    account::{Bad, Skip, Tally},
    cell::{
        amount::{self, Written},
        card_number, moment, word,
    },
    columns::{Columns, Field, Missing},
    history::{History, Said},
    names::Names,
    row::{NO_OFFSET, Row},
};

/// Rows that one forecast reads: 300 MB of memory.
pub const ROWS_MAX: usize = 5_000_000;
/// Bytes of one cell that are looked at.
const CELL_BYTES_MAX: usize = 4_096;
/// Different answers (code, source, advice) that are told apart.
const ANSWERS_MAX: usize = 10_000;
const CURRENCIES_MAX: usize = 200;
/// Bytes of the first line that must show the delimiter.
const HEADER_BYTES_MAX: usize = 64 * 1024;

/// What to take for granted where the file does not say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Assume {
    /// The currency of rows without one.
    pub currency: Option<Currency>,
    /// The unit of amounts; by the file when it is not given.
    pub written: Option<Written>,
    /// Whether rows without a word on it were initiated by the merchant.
    pub mit: Option<bool>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A column is needed.
    #[error("{0}")]
    Missing(#[from] Missing),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// No line could be read.
    #[error("no line could be read; the first problem is in line {line}, column {column}: {problem}")]
    NoRows {
        /// The first bad line.
        line: u64,
        /// Its column.
        column: String,
        /// What is wrong.
        problem: &'static str,
    },
}

/// Reads a file: RFC 4180, UTF-8, comma, semicolon or tab, first line the header. `progress` is told the bytes read.
///
/// # Errors
/// [`Error`]; single bad lines are no error, they are counted.
pub fn read(input: impl Read, assume: Assume, rules: &Rules, mut progress: impl FnMut(u64)) -> Result<History, Error> {
    let mut input = BufReader::with_capacity(HEADER_BYTES_MAX, input);
    let delimiter = delimiter(input.fill_buf()?).ok_or(Error::Empty)?;
    let mut csv = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(input);
    let mut record = ByteRecord::new();
    next(&mut csv, &mut record)?;
    let header: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    let columns = Columns::of(header.iter().map(String::as_str));
    require(&columns, assume)?;
    let mut pass = Pass::new(columns, assume, rules);
    while next(&mut csv, &mut record)? {
        pass.line(&record);
        if pass.tally.total.is_multiple_of(4_096) {
            progress(csv.position().byte());
        }
    }
    progress(csv.position().byte());
    pass.finish()
}

/// The next record. Only the system can fail here: the reader is flexible and takes bytes.
fn next<R: Read>(csv: &mut csv::Reader<R>, record: &mut ByteRecord) -> Result<bool, Error> {
    csv.read_byte_record(record).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::Io(error),
        _ => Error::Io(std::io::Error::other("not a CSV file")),
    })
}

/// The one of comma, semicolon and tab that parts the first line most often.
fn delimiter(start: &[u8]) -> Option<u8> {
    let line = start.split(|byte| *byte == b'\n').next().filter(|_| !start.is_empty())?;
    let count = |wanted: u8| line.split(|byte| *byte == wanted).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|wanted| count(*wanted))
}

fn require(columns: &Columns, assume: Assume) -> Result<(), Missing> {
    let has = |fields: &[Field]| fields.iter().any(|field| columns.at(*field).is_some());
    for (there, missing) in [
        (has(&[Field::Time]), Missing::Time),
        (has(&[Field::Amount]), Missing::Amount),
        (has(&[Field::Code, Field::Status]), Missing::Answer),
        (has(&[Field::Currency]) || assume.currency.is_some(), Missing::Currency),
        (has(&[Field::Mit, Field::Recurring]) || assume.mit.is_some(), Missing::Initiator),
    ] {
        if !there {
            return Err(missing);
        }
    }
    Ok(())
}

/// Why a line is not taken.
enum Not {
    Bad(Field, &'static str),
    Skip(Skip),
}

/// The pass over the file.
struct Pass<'r> {
    columns: Columns,
    assume: Assume,
    rules: &'r Rules,
    tally: Tally,
    rows: Vec<(Row, u64)>,
    said: Vec<Said>,
    answers: HashMap<(String, Option<String>, Option<String>), u16>,
    countries: Names,
    sites: Names,
    currencies: Vec<Currency>,
    any_decimals: bool,
}

impl<'r> Pass<'r> {
    fn new(columns: Columns, assume: Assume, rules: &'r Rules) -> Self {
        Self {
            columns,
            assume,
            rules,
            tally: Tally::default(),
            rows: Vec::new(),
            said: Vec::new(),
            answers: HashMap::new(),
            countries: Names::default(),
            sites: Names::default(),
            currencies: Vec::new(),
            any_decimals: false,
        }
    }

    fn line(&mut self, record: &ByteRecord) {
        let line = record.position().map_or(0, csv::Position::line);
        match self.row(record) {
            Ok(row) => {
                self.rows.push((row, line));
                self.tally.good();
            }
            Err(Not::Skip(why)) => self.tally.skip(why),
            Err(Not::Bad(field, problem)) => {
                self.tally.bad(Bad { line, column: self.columns.name(field).to_owned(), problem });
            }
        }
    }

    fn row(&mut self, record: &ByteRecord) -> Result<Row, Not> {
        if record.iter().all(|cell| cell.iter().all(u8::is_ascii_whitespace)) {
            return Err(Not::Skip(Skip::Empty));
        }
        if self.rows.len() >= ROWS_MAX {
            return Err(Not::Skip(Skip::TooMany));
        }
        self.refuse_cards(record)?;
        let cells = Cells { record, columns: &self.columns };
        if cells.text(Field::Type).is_some_and(word::is_no_charge) {
            return Err(Not::Skip(Skip::NotACharge));
        }
        let at = cells
            .needed(Field::Time)
            .and_then(|text| moment::read(text).ok_or(Not::Bad(Field::Time, "not a moment in a form that is known")))?;
        let number =
            cells.needed(Field::Amount).and_then(|text| amount::read(text).ok_or(Not::Bad(Field::Amount, "not an amount")))?;
        let currency = match cells.text(Field::Currency) {
            Some(text) => Currency::parse(text).ok_or(Not::Bad(Field::Currency, "not an ISO 4217 code"))?,
            None => self.assume.currency.ok_or(Not::Bad(Field::Currency, "missing"))?,
        };
        if number.thousandths < 0 {
            return Err(Not::Bad(Field::Amount, "negative"));
        }
        if number.thousandths == 0 {
            return Err(Not::Skip(Skip::Zero));
        }
        let mit = cells.initiator(self.assume.mit)?;
        let bin = cells.bin()?;
        let network = cells.network(bin.as_deref());
        let country = cells.text(Field::Country).map(|text| country::code_of(text).unwrap_or("??"));
        let (said, approved) = cells.answer(self.rules, network, country.unwrap_or_default(), at)?;
        let row = Row {
            account: hash(1, cells.text(Field::Card)).or(hash(2, cells.text(Field::Payer))).unwrap_or(0),
            order: hash(3, cells.text(Field::Order)).unwrap_or(0),
            at: at.secs(),
            amount: number.thousandths,
            bin: bin.as_deref().and_then(|bin| bin.parse().ok()).unwrap_or(0),
            currency: 0,
            answer: 0,
            country: 0,
            site: 0,
            offset: cells.offset(),
            network,
            funding: cells.text(Field::Funding).and_then(Funding::parse).unwrap_or(Funding::Unknown),
            approved,
            mit,
        };
        let site = cells.text(Field::Site).unwrap_or("not told").to_owned();
        self.any_decimals |= number.decimals;
        Ok(Row {
            currency: self.currency(currency)?,
            answer: self.answer(said)?,
            country: self.countries.number(country.unwrap_or("??")),
            site: self.sites.number(&site),
            ..row
        })
    }

    /// Any cell but the moment and the amount may hide a card number.
    fn refuse_cards(&self, record: &ByteRecord) -> Result<(), Not> {
        let known = [Field::Time, Field::Amount].map(|field| self.columns.at(field));
        let card = self.columns.at(Field::Card);
        for (at, cell) in record.iter().enumerate().filter(|(at, _)| !known.contains(&Some(*at))) {
            if cell.iter().filter(|byte| byte.is_ascii_digit()).count() < 12 {
                continue;
            }
            let text = String::from_utf8_lossy(&cell[..cell.len().min(CELL_BYTES_MAX)]);
            if card_number::is_in(&text) || (card == Some(at) && card_number::has_form(&text)) {
                return Err(Not::Skip(Skip::CardNumber));
            }
        }
        Ok(())
    }

    fn currency(&mut self, currency: Currency) -> Result<u16, Not> {
        let known = self.currencies.iter().position(|known| *known == currency);
        if known.is_none() && self.currencies.len() >= CURRENCIES_MAX {
            return Err(Not::Bad(Field::Currency, "one currency too many"));
        }
        Ok(known.unwrap_or_else(|| {
            self.currencies.push(currency);
            self.currencies.len() - 1
        }) as u16)
    }

    fn answer(&mut self, said: Said) -> Result<u16, Not> {
        let key = (said.code.clone(), said.source.clone(), said.advice.clone());
        if let Some(known) = self.answers.get(&key) {
            return Ok(*known);
        }
        if self.said.len() >= ANSWERS_MAX {
            return Err(Not::Bad(Field::Code, "too many different answers in one file"));
        }
        let number = self.said.len() as u16;
        self.said.push(said);
        self.answers.insert(key, number);
        Ok(number)
    }

    /// Settles the unit of amounts: as told, by the header's name, by decimals anywhere, else cents.
    fn finish(mut self) -> Result<History, Error> {
        let (written, why) = match (self.assume.written, self.columns.minor_by_name(), self.any_decimals) {
            (Some(told), _, _) => (told, "as the option says"),
            (None, Some(true), _) => (Written::Minor, "by the name of the column"),
            (None, Some(false), _) => (Written::Major, "by the name of the column"),
            (None, None, true) => (Written::Major, "because at least one amount has decimals"),
            (None, None, false) => (Written::Minor, "because no amount has decimals"),
        };
        let mut rows = Vec::with_capacity(self.rows.len());
        for (mut row, line) in std::mem::take(&mut self.rows) {
            match amount::minor(row.amount, written, self.currencies[usize::from(row.currency)]) {
                Some(minor) => {
                    row.amount = minor;
                    rows.push(row);
                }
                None => self.turn_bad(line),
            }
        }
        self.tally.named.sort_by_key(|bad| bad.line);
        if rows.is_empty() && self.tally.bad > 0 {
            let Bad { line, column, problem } = self.tally.named.swap_remove(0);
            return Err(Error::NoRows { line, column, problem });
        }
        let Self { said, countries, sites, currencies, tally, .. } = self;
        Ok(History { rows, said, countries, sites, currencies, tally, written, written_why: why })
    }

    fn turn_bad(&mut self, line: u64) {
        self.tally.good -= 1;
        self.tally.total -= 1;
        let column = self.columns.name(Field::Amount).to_owned();
        self.tally.bad(Bad { line, column, problem: "more decimals than the currency has" });
    }
}

/// The cells of one line by field.
struct Cells<'a> {
    record: &'a ByteRecord,
    columns: &'a Columns,
}

impl<'a> Cells<'a> {
    /// The text of a field; `None` when it is not there, empty, or not UTF-8.
    fn text(&self, field: Field) -> Option<&'a str> {
        let cell = self.record.get(self.columns.at(field)?)?;
        let text = std::str::from_utf8(&cell[..cell.len().min(CELL_BYTES_MAX)]).ok()?.trim();
        (!text.is_empty()).then_some(text)
    }

    fn needed(&self, field: Field) -> Result<&'a str, Not> {
        self.text(field).ok_or(Not::Bad(field, "missing"))
    }

    /// MIT when either column says so.
    fn initiator(&self, assumed: Option<bool>) -> Result<bool, Not> {
        let mut said = None;
        for field in [Field::Mit, Field::Recurring] {
            if let Some(text) = self.text(field) {
                let truth = word::truth(text).ok_or(Not::Bad(field, "neither yes nor no"))?;
                said = Some(said.unwrap_or(false) || truth);
            }
        }
        said.or(assumed).ok_or(Not::Bad(Field::Mit, "missing"))
    }

    /// Six to eight digits; longer ones are cut to eight.
    fn bin(&self) -> Result<Option<String>, Not> {
        let Some(text) = self.text(Field::Bin) else { return Ok(None) };
        let digits: String = text.chars().take_while(char::is_ascii_digit).take(8).collect();
        if digits.len() < 6 { Err(Not::Bad(Field::Bin, "not six digits")) } else { Ok(Some(digits)) }
    }

    fn network(&self, bin: Option<&str>) -> Network {
        let named = self.text(Field::Network).and_then(|text| {
            let folded: String = text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
            match folded.as_str() {
                "master" | "mc" => Some(Network::Mastercard),
                "americanexpress" => Some(Network::Amex),
                other => Network::parse(other),
            }
        });
        named.or_else(|| bin.map(Network::of_bin)).unwrap_or(Network::Other)
    }

    fn offset(&self) -> i16 {
        let hours = self.text(Field::Offset).and_then(|text| text.trim_start_matches('+').parse::<f64>().ok());
        // Minutes are beyond any zone in hours.
        let minutes = hours.map(|value| if value.abs() <= 14.0 { value * 60.0 } else { value });
        minutes.filter(|value| value.abs() <= 840.0).map_or(NO_OFFSET, |value| value as i16)
    }

    /// What was said, and whether it was an approval: by the status where it says, else by the code.
    fn answer(&self, rules: &Rules, network: Network, country: &str, at: Timestamp) -> Result<(Said, bool), Not> {
        let owned = |field: Field, most: usize| self.text(field).map(|text| text.chars().take(most).collect::<String>());
        let said = Said {
            code: owned(Field::Code, 32).unwrap_or_default(),
            source: owned(Field::Source, 64),
            advice: owned(Field::Advice, 4),
        };
        let by_status = self.text(Field::Status).and_then(|text| word::approved(text).or_else(|| word::truth(text)));
        let by_code = (!said.code.is_empty()).then(|| {
            let answer = said.answer();
            rules.classify(&answer, network, Region::of_country(country), at).approved || word::approved(&said.code) == Some(true)
        });
        let approved = by_status.or(by_code).ok_or(Not::Bad(Field::Status, "neither approved nor declined"))?;
        Ok((said, approved))
    }
}

impl Said {
    pub(crate) fn answer(&self) -> domain::decline::Answer {
        domain::decline::Answer {
            response_code: self.code.clone(),
            source: self.source.clone(),
            advice_code: self.advice.clone(),
            network_response_code: None,
        }
    }
}

/// Persons, cards and orders are only compared, never shown: a hash is enough.
fn hash(kind: u8, text: Option<&str>) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    (kind, text?).hash(&mut hasher);
    Some(hasher.finish().max(1))
}
