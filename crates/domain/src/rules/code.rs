//! ISO 8583 response codes per network and region, and Visa's categories of them.

use std::{collections::HashMap, time::Duration};

use super::{
    classify::has_code_form,
    period::Period,
    region::Region,
    table::{Error, Row, Table},
};
use crate::{card::Network, decline::Class, time::Timestamp};

/// The earliest lawful retry after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// So long after it.
    After(Duration),
    /// Not on the same day of the issuer's zone.
    NextLocalDay,
}

/// What a response code means for one network and region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Two letters or digits, upper case.
    pub code: String,
    /// The class; `None` means approved.
    pub class: Option<Class>,
    /// The earliest retry.
    pub floor: Option<Floor>,
    /// How many further attempts it bears; `None` leaves that to the class.
    pub retries_max: Option<u32>,
    /// The result may be unknown: ask about the original before anything is sent again.
    pub lookup_first: bool,
    /// In words.
    pub meaning: String,
    /// Where the rule is written.
    pub source: String,
    network: Option<Network>,
    region: Option<Region>,
    period: Period,
}

impl Code {
    /// The rule's id in explanations: `code.51`, `code.65@mastercard/EEA`.
    pub fn id(&self) -> String {
        let place = match (self.network, self.region) {
            (None, None) => String::new(),
            (Some(network), None) => format!("@{network}"),
            (None, Some(region)) => format!("@*/{region}"),
            (Some(network), Some(region)) => format!("@{network}/{region}"),
        };
        format!("code.{}{place}", self.code)
    }

    /// The day it came into force, empty when it was always there.
    pub fn version(&self) -> String {
        self.period.version()
    }

    fn fits(&self, network: Network, region: Region, on: Timestamp) -> bool {
        self.network.is_none_or(|own| own == network) && self.region.is_none_or(|own| own == region) && self.period.covers(on)
    }

    fn specificity(&self) -> u8 {
        2 * u8::from(self.network.is_some()) + u8::from(self.region.is_some())
    }

    /// Reads a row of `response_codes.csv`.
    pub(super) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            code: iso(row, "code")?,
            class: if row.get("class") == "APPROVED" { None } else { Some(row.word("class", Class::parse)?) },
            floor: floor(row)?,
            retries_max: row.number("retries_max")?,
            lookup_first: row.flag("lookup_first")?,
            meaning: row.get("meaning").to_owned(),
            source: row.get("source").to_owned(),
            network: row.network()?,
            region: row.region()?,
            period: row.period()?,
        })
    }
}

/// All response codes, the most specific rows first.
#[derive(Debug, Clone)]
pub struct Codes(HashMap<String, Vec<Code>>);

impl Codes {
    /// Reads `response_codes.csv`.
    pub fn read(table: &Table) -> Result<Self, Error> {
        let mut all: HashMap<String, Vec<Code>> = HashMap::new();
        for row in table.sound_rows()? {
            let code = Code::read(row)?;
            all.entry(code.code.clone()).or_default().push(code);
        }
        for rows in all.values_mut() {
            rows.sort_by_key(|code| std::cmp::Reverse(code.specificity()));
        }
        Ok(Self(all))
    }

    /// The most specific row of a code that holds on a day.
    pub fn find(&self, code: &str, network: Network, region: Region, on: Timestamp) -> Option<&Code> {
        self.0.get(code)?.iter().find(|row| row.fits(network, region, on))
    }
}

/// Visa's decline categories.
#[derive(Debug, Clone)]
pub struct Categories(HashMap<String, Vec<(Period, u8)>>);

impl Categories {
    /// Reads `visa_categories.csv`.
    pub fn read(table: &Table) -> Result<Self, Error> {
        let mut all: HashMap<String, Vec<(Period, u8)>> = HashMap::new();
        for row in table.sound_rows()? {
            let (code, category) = category(row)?;
            all.entry(code).or_default().push((row.period()?, category));
        }
        Ok(Self(all))
    }

    /// The category of a code on a day; 4 when it is not listed.
    pub fn find(&self, code: &str, on: Timestamp) -> u8 {
        const GENERIC: u8 = 4;
        let rows = self.0.get(code).map(Vec::as_slice).unwrap_or_default();
        rows.iter().find(|(period, _)| period.covers(on)).map_or(GENERIC, |(_, category)| *category)
    }
}

/// Reads a row of `visa_categories.csv`.
pub fn category(row: &Row) -> Result<(String, u8), Error> {
    match row.number("category")? {
        Some(category @ 1..=4) => Ok((iso(row, "code")?, category as u8)),
        _ => Err(row.fault("category", "not a number from 1 to 4")),
    }
}

fn iso(row: &Row, column: &str) -> Result<String, Error> {
    let text = row.get(column);
    if has_code_form(text) { Ok(text.to_ascii_uppercase()) } else { Err(row.fault(column, "not two letters or digits")) }
}

fn floor(row: &Row) -> Result<Option<Floor>, Error> {
    match row.get("floor") {
        "next_local_day" => Ok(Some(Floor::NextLocalDay)),
        _ => Ok(row.duration("floor")?.map(Floor::After)),
    }
}
