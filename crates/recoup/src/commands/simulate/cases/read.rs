//! Reading files of failed rebills: one JSON object a line. What a line lacks has a default where one is honest; a line
//! that cannot be used is named with its number and what is wrong with it, and the others are used.

use std::{collections::HashSet, io::BufRead, path::Path, time::Duration};

use domain::{
    bounds::{AMOUNT_MINOR_MAX, ID_CHARS_MAX, RESCUE_DAYS_MAX},
    card::{Funding, Network},
    decline::Answer,
    money::{Currency, Money},
    time::{DAY, Timestamp},
};
use serde_json::{Map, Value};

use super::case::{Case, Earlier};
use crate::failure::Failure;

/// One line, bytes; longer ones are bad.
const LINE_BYTES_MAX: u64 = 1024 * 1024;
/// Entries of one history.
const HISTORY_MAX: usize = 500;
/// The rescue period of a line that names no end, days.
const WINDOW_DAYS_USUAL: u32 = 21;
/// Hours east of UTC, at most.
const OFFSET_HOURS_MAX: f64 = 15.0;

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: String,
}

/// A file as read.
#[derive(Debug, Default)]
pub struct Read {
    /// Usable lines, in the order of the file.
    pub cases: Vec<Case>,
    /// The others.
    pub faults: Vec<Fault>,
}

/// Reads a file.
pub fn file(path: &Path) -> Result<Read, Failure> {
    let opened = std::fs::File::open(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(lines(std::io::BufReader::with_capacity(1 << 20, opened))?)
}

/// Reads lines; blank ones are skipped.
pub fn lines(mut input: impl BufRead) -> std::io::Result<Read> {
    let (mut read, mut seen, mut buffer, mut number) = (Read::default(), HashSet::new(), Vec::new(), 0);
    loop {
        buffer.clear();
        let taken = std::io::Read::take(&mut input, LINE_BYTES_MAX).read_until(b'\n', &mut buffer)?;
        if taken == 0 {
            return Ok(read);
        }
        number += 1;
        if taken as u64 == LINE_BYTES_MAX && buffer.last() != Some(&b'\n') {
            input.skip_until(b'\n')?;
            read.faults.push(Fault { line: number, fault: "the line is too long".into() });
            continue;
        }
        if buffer.trim_ascii().is_empty() {
            continue;
        }
        let case = line(&buffer, number).and_then(|case| match seen.insert(case.id.clone()) {
            true => Ok(case),
            false => Err(format!("case_id: {} stands in an earlier line", case.id)),
        });
        match case {
            Ok(case) => read.cases.push(case),
            Err(fault) => read.faults.push(Fault { line: number, fault }),
        }
    }
}

/// Reads one line.
///
/// # Errors
/// The member that is wrong, and how.
pub fn line(text: &[u8], number: usize) -> Result<Case, String> {
    let members: Map<String, Value> = serde_json::from_slice(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => "not a JSON object".to_owned(),
        _ => format!("not JSON: {error}"),
    })?;
    let members = Members(&members);
    let currency = members.required("currency")?;
    let currency = Currency::parse(&currency).ok_or("currency: not an ISO 4217 code")?;
    let failed_at = members.time("failed_at")?.ok_or("failed_at: missing")?;
    let bin = members.text("bin")?.unwrap_or_default();
    let issuer_country = members.country("issuer_country")?;
    let case = Case {
        line: number,
        id: members.required("case_id")?,
        token: members.required("token")?,
        network: network(members.text("brand")?.as_deref(), &bin),
        bin: digits(&bin)?,
        funding: members.text("funding")?.and_then(|word| Funding::parse(&word.to_ascii_lowercase())).unwrap_or(Funding::Unknown),
        merchant_country: members.country("merchant_country")?.or_else(|| issuer_country.clone()).unwrap_or_else(|| "US".into()),
        issuer_country,
        amount: members.amount(currency)?,
        offset_minutes: members.offset()?,
        failed_at,
        ends_at: members.time("window_ends_at")?.unwrap_or(failed_at + DAY * WINDOW_DAYS_USUAL),
        answer: Answer::iso(
            &members.code("response_code")?.unwrap_or_default(),
            members.code("merchant_advice_code")?.as_deref(),
        ),
        network_transaction_id: members.text("network_transaction_id")?,
        history: members.attempts("history", |at| at < failed_at)?,
        attempts: members.attempts("attempts", |at| at > failed_at)?,
    };
    if case.ends_at <= failed_at {
        return Err("window_ends_at: not after failed_at".into());
    }
    if case.ends_at.since(failed_at) > DAY * RESCUE_DAYS_MAX as u32 {
        return Err(format!("window_ends_at: more than {RESCUE_DAYS_MAX} days after failed_at"));
    }
    Ok(case)
}

struct Members<'a>(&'a Map<String, Value>);

impl Members<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text; a number counts as its digits.
    fn text(&self, name: &str) -> Result<Option<String>, String> {
        let text = match self.get(name) {
            None => return Ok(None),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(format!("{name}: neither text nor number")),
        };
        if text.chars().count() > ID_CHARS_MAX {
            return Err(format!("{name}: longer than {ID_CHARS_MAX} characters"));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    fn required(&self, name: &str) -> Result<String, String> {
        self.text(name)?.ok_or_else(|| format!("{name}: missing"))
    }

    fn time(&self, name: &str) -> Result<Option<Timestamp>, String> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let sound = |at: &Timestamp| (Timestamp::EPOCH..Timestamp::from_secs(4_102_444_800)).contains(at);
        Timestamp::parse(&text).filter(sound).map(Some).ok_or_else(|| format!("{name}: not a date-time of 1970 to 2099"))
    }

    /// Two characters; a number is filled up: 5 reads as `05`.
    fn code(&self, name: &str) -> Result<Option<String>, String> {
        let Some(code) = self.text(name)? else { return Ok(None) };
        let code = if code.len() == 1 && code.as_bytes()[0].is_ascii_digit() { format!("0{code}") } else { code };
        let sound = matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if sound { Ok(Some(code.to_ascii_uppercase())) } else { Err(format!("{name}: not two or three letters or digits")) }
    }

    fn country(&self, name: &str) -> Result<Option<String>, String> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let known = domain::country::code_of(&text).map(str::to_owned);
        known.map(Some).ok_or_else(|| format!("{name}: not a country of ISO 3166-1"))
    }

    /// Major units, exactly: a JSON number is read by its shortest decimal text, which is the text it was written as for
    /// every amount that fits.
    fn amount(&self, currency: Currency) -> Result<Money, String> {
        let text = self.required("amount")?;
        let amount = Money::from_major(&text, currency).map_err(|_| format!("amount: {text} is no amount of {currency}"))?;
        match amount.minor {
            1..=AMOUNT_MINOR_MAX => Ok(amount),
            _ => Err("amount: not positive, or too large".into()),
        }
    }

    fn offset(&self) -> Result<Option<i32>, String> {
        let Some(text) = self.text("utc_offset_hours")? else { return Ok(None) };
        let hours = text.parse::<f64>().ok().filter(|hours| hours.abs() <= OFFSET_HOURS_MAX);
        let hours = hours.ok_or("utc_offset_hours: not a number of hours from -15 to 15")?;
        Ok(Some((hours * 60.0).round() as i32))
    }

    fn attempts(&self, name: &str, wanted: impl Fn(Timestamp) -> bool) -> Result<Vec<Earlier>, String> {
        let rows = match self.get(name) {
            None => return Ok(vec![]),
            Some(Value::Array(rows)) if rows.len() <= HISTORY_MAX => rows,
            Some(Value::Array(_)) => return Err(format!("{name}: more than {HISTORY_MAX} entries")),
            Some(_) => return Err(format!("{name}: not a list")),
        };
        let mut attempts = Vec::with_capacity(rows.len());
        for (place, row) in rows.iter().enumerate() {
            let faulty = |fault: String| format!("{name}[{place}].{fault}");
            let row = Members(row.as_object().ok_or_else(|| format!("{name}[{place}]: not an object"))?);
            attempts.push(Earlier {
                at: row.time("time").map_err(faulty)?.ok_or_else(|| faulty("time: missing".into()))?,
                approved: row
                    .get("approved")
                    .and_then(Value::as_bool)
                    .ok_or_else(|| faulty("approved: neither true nor false".into()))?,
                response_code: row.code("response_code").map_err(faulty)?,
                advice_code: row.code("merchant_advice_code").map_err(faulty)?,
            });
        }
        attempts.retain(|attempt| wanted(attempt.at));
        attempts.sort_by_key(|attempt| attempt.at);
        // Two attempts of one moment would be one row of the card's ledger to whoever sorts them.
        for place in 1..attempts.len() {
            let before = attempts[place - 1].at;
            attempts[place].at = attempts[place].at.max(before + Duration::from_micros(1));
        }
        Ok(attempts)
    }
}

fn network(brand: Option<&str>, bin: &str) -> Network {
    let folded: String = brand.unwrap_or_default().chars().filter(char::is_ascii_alphabetic).collect();
    match folded.to_ascii_lowercase().as_str() {
        "master" | "mc" => Network::Mastercard,
        "americanexpress" => Network::Amex,
        "diners" | "dinersclub" => Network::Discover,
        word => Network::parse(word).unwrap_or_else(|| Network::of_bin(bin)),
    }
}

fn digits(bin: &str) -> Result<String, String> {
    let bin = bin.get(..8).unwrap_or(bin);
    let sound = matches!(bin.len(), 0 | 6..=8) && bin.bytes().all(|b| b.is_ascii_digit());
    if sound { Ok(bin.to_owned()) } else { Err("bin: not six to eight digits".into()) }
}

#[cfg(test)]
mod tests;
