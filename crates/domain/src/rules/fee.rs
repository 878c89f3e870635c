//! What the networks charge per attempt beyond their limits.

use super::{
    Rules,
    limit::{self, Trigger},
    period::Period,
    region::Region,
    table::{Error, Row, Table},
};
use crate::{card::Network, money::Currency, time::Timestamp};

crate::words! {
    /// Whether issuer and merchant are in one region.
    pub enum Reach {
        /// Same region.
        Domestic = "domestic",
        /// Different regions.
        CrossBorder = "cross_border",
    }
}

/// The fee of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// The rule that was passed: `visa.m30`, `mc.excess`, …
    pub rule: String,
    /// Millionths of the currency's major unit (0.55 EUR = 550 000): some fees are fractions of a cent.
    pub amount_micros: u64,
    /// Its currency.
    pub currency: Currency,
    /// In words.
    pub meaning: String,
    /// Where the fee is written.
    pub source: String,
    /// The answers that cost it by themselves; none: it is charged beyond the limit that names it.
    pub trigger: Option<Trigger>,
    network: Option<Network>,
    region: Option<Region>,
    reach: Option<Reach>,
    period: Period,
}

/// Reads `fees.csv`.
pub fn read(table: &Table) -> Result<Vec<Fee>, Error> {
    table.sound_rows()?.map(fee).collect()
}

/// The fee of a rule in a merchant's region on a day.
pub fn find<'a>(fees: &'a [Fee], rule: &str, region: Region, reach: Reach, on: Timestamp) -> Option<&'a Fee> {
    fees.iter().find(|fee| {
        fee.rule == rule
            && fee.region.is_none_or(|own| own == region)
            && fee.reach.is_none_or(|own| own == reach)
            && fee.period.covers(on)
    })
}

/// What an answer itself costs: a fee whose trigger it sets off.
pub fn of_answer<'a>(
    fees: &'a [Fee],
    rules: &Rules,
    asked: (Network, Region, Reach),
    codes: (Option<&str>, Option<&str>),
    on: Timestamp,
) -> Option<&'a Fee> {
    let (network, region, reach) = asked;
    fees.iter().find(|fee| {
        let trigger = fee.trigger.as_ref().filter(|_| fee.network.is_none_or(|own| own == network) && fee.period.covers(on));
        fee.region.is_none_or(|own| own == region)
            && fee.reach.is_none_or(|own| own == reach)
            && trigger.is_some_and(|trigger| trigger.set_off_by(rules, codes.0, codes.1, on).is_some())
    })
}

/// Reads a row of `fees.csv`.
pub fn fee(row: &Row) -> Result<Fee, Error> {
    Ok(Fee {
        rule: row.get("rule").to_owned(),
        amount_micros: micros(row.get("amount")).ok_or_else(|| row.fault("amount", "not a decimal number"))?,
        currency: row.word("currency", Currency::parse)?,
        meaning: row.get("meaning").to_owned(),
        source: row.get("source").to_owned(),
        trigger: limit::trigger(row)?,
        network: row.network()?,
        region: row.region()?,
        reach: row.word_or_any("reach", Reach::parse)?,
        period: row.period()?,
    })
}

fn micros(text: &str) -> Option<u64> {
    const DECIMALS: usize = 6;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > DECIMALS || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<DECIMALS$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_change_with_the_day_and_the_place() {
        for (rule, region, reach, day, micros) in [
            ("mc.excess", Region::Us, Reach::Domestic, "2024-12-31", Some(300_000)),
            ("mc.excess", Region::Us, Reach::CrossBorder, "2025-01-01", Some(500_000)),
            ("mc.excess", Region::Eea, Reach::Domestic, "2026-11-20", Some(550_000)),
            ("mc.optimizer", Region::Eea, Reach::Domestic, "2026-11-20", Some(4_000)),
            ("visa.m30", Region::Us, Reach::CrossBorder, "2026-04-24", Some(150_000)),
            ("visa.m30", Region::Us, Reach::CrossBorder, "2026-04-25", Some(250_000)),
            ("visa.m30", Region::India, Reach::Domestic, "2026-11-20", None),
            ("no.such", Region::Us, Reach::Domestic, "2026-11-20", None),
        ] {
            let on = Timestamp::parse(day).unwrap();
            let fee = Rules::builtin().fee(rule, region, reach, on);
            assert_eq!(fee.map(|fee| fee.amount_micros), micros, "{rule} {region} {day}");
        }
    }

    #[test]
    fn amounts_are_exact_decimals() {
        for (text, value) in
            [("0.004", Some(4_000)), ("2.00", Some(2_000_000)), ("7", Some(7_000_000)), ("", None), ("-1", None), ("1e3", None)]
        {
            assert_eq!(micros(text), value, "{text}");
        }
    }
}
