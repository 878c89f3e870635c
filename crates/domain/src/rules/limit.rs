//! Retry limits: counters and stops, as data; [`crate::limits`] counts them over the ledger.

use std::time::Duration;

use super::{
    period::Period,
    region::Region,
    table::{Error, Row, Table},
};
use crate::{card::Network, time::Timestamp};

crate::words! {
    /// What kind of rule it is.
    pub enum Kind {
        /// At most so many attempts inside a window.
        Count = "count",
        /// A decline that forbids further attempts.
        Stop = "stop",
        /// So many declines of a kind on all cards of a merchant: beyond it each costs, none is forbidden.
        Volume = "volume",
    }
}

crate::words! {
    /// Which attempts are counted together; always of one merchant.
    pub enum Scope {
        /// Any amount.
        Card = "card",
        /// The same amount and currency.
        CardAmount = "card_amount",
        /// All cards of the merchant.
        Merchant = "merchant",
    }
}

/// The window of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The last so long.
    Rolling(Duration),
    /// The calendar month, at an offset from UTC in minutes east.
    Month {
        /// Minutes east of UTC.
        offset_minutes: i32,
    },
    /// For good.
    Forever,
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rolling(span) if span.as_secs() > 86_400 && span.as_secs().is_multiple_of(86_400) => {
                write!(f, "P{}D", span.as_secs() / 86_400)
            }
            Self::Rolling(span) => write!(f, "PT{}H", span.as_secs() / 3_600),
            Self::Month { .. } => f.write_str("P1M"),
            Self::Forever => f.write_str("P100Y"),
        }
    }
}

/// What makes a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// One of these advice codes.
    Advice(Vec<String>),
    /// A response code of a Visa category.
    VisaCategory {
        /// The category.
        category: u8,
        /// Codes of other categories that count here, too.
        also: Vec<String>,
    },
    /// Nothing that Recoup does: stands in the files for whoever reads them.
    Elsewhere,
}

/// One limit of one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// `visa.m30`, `mc.h24`, …
    pub id: String,
    /// Count or stop.
    pub kind: Kind,
    /// What is counted together.
    pub scope: Scope,
    /// CIT and MIT have counters of their own.
    pub initiators_apart: bool,
    /// Over how long.
    pub window: Window,
    /// The network's limit; `None` when it publishes none (or for a stop).
    pub limit: Option<u32>,
    /// What planning stays below (ours); `None` for a stop.
    pub headroom: Option<u32>,
    /// An approval starts anew.
    pub approval_resets: bool,
    /// What makes a stop.
    pub trigger: Option<Trigger>,
    /// Response or advice codes whose stop ends when the account data are replaced.
    pub new_credential_lifts: Vec<String>,
    /// The fee of `fees.csv` that is charged beyond it.
    pub fee: String,
    /// In words.
    pub meaning: String,
    /// Where the rule is written.
    pub source: String,
    network: Network,
    region: Option<Region>,
    period: Period,
}

impl Limit {
    /// The day it came into force, empty when it was always there.
    pub fn version(&self) -> String {
        self.period.version()
    }

    /// The network whose rule it is.
    pub fn network(&self) -> Network {
        self.network
    }
}

/// Reads `network_limits.csv`.
pub fn read(table: &Table) -> Result<Vec<Limit>, Error> {
    table.sound_rows()?.map(row).collect()
}

/// The limits of one card, or the volumes of a merchant, that hold for a network in a region on a day: one per id, a
/// region's own before the general one.
pub fn of(all: &[Limit], is_volume: bool, network: Network, region: Region, on: Timestamp) -> Vec<&Limit> {
    let fits = |limit: &&Limit| limit.network == network && (limit.kind == Kind::Volume) == is_volume && limit.period.covers(on);
    let own: Vec<&Limit> = all.iter().filter(fits).filter(|limit| limit.region == Some(region)).collect();
    let general = all.iter().filter(fits).filter(|limit| limit.region.is_none());
    let kept: Vec<&Limit> = general.filter(|limit| !own.iter().any(|other| other.id == limit.id)).collect();
    own.into_iter().chain(kept).collect()
}

/// Reads a row of `network_limits.csv`.
pub fn row(row: &Row) -> Result<Limit, Error> {
    let id = row.get("id").to_owned();
    let limit = Limit {
        fee: Some(row.get("fee")).filter(|fee| !fee.is_empty()).unwrap_or(&id).to_owned(),
        id,
        kind: row.word("kind", Kind::parse)?,
        scope: row.word("scope", Scope::parse)?,
        initiators_apart: row.word("initiators", |text| ["together", "apart"].iter().position(|word| *word == text))? == 1,
        window: window(row)?,
        limit: row.number("limit")?,
        headroom: row.number("headroom")?,
        approval_resets: row.flag("approval_resets")?,
        trigger: trigger(row)?,
        new_credential_lifts: row.codes("new_credential_lifts"),
        meaning: row.get("meaning").to_owned(),
        source: row.get("source").to_owned(),
        network: row.word("network", Network::parse)?,
        region: row.region()?,
        period: row.period()?,
    };
    sound(row, limit)
}

fn sound(row: &Row, limit: Limit) -> Result<Limit, Error> {
    match (limit.kind, limit.limit, limit.headroom, &limit.trigger) {
        (_, Some(0), _, _) | (_, _, Some(0), _) => Err(row.fault("headroom", "zero")),
        (_, Some(most), Some(kept), _) if kept > most => Err(row.fault("headroom", "above the limit")),
        (Kind::Count, _, None, _) => Err(row.fault("headroom", "a count needs one")),
        (Kind::Stop | Kind::Volume, _, _, None) => Err(row.fault("trigger", "a stop or volume needs one")),
        (Kind::Volume, None, ..) => Err(row.fault("limit", "a volume needs one")),
        (kind, ..) if (kind == Kind::Volume) != (limit.scope == Scope::Merchant) => {
            Err(row.fault("scope", "merchant is the scope of volumes, and of nothing else"))
        }
        (Kind::Count | Kind::Volume, ..) if limit.window == Window::Forever => Err(row.fault("window", "a count needs one")),
        _ => Ok(limit),
    }
}

fn window(row: &Row) -> Result<Window, Error> {
    const OFFSET_MINUTES_MAX: i16 = 14 * 60;
    if row.get("window") == "P1M" {
        let offset = row.word("month_offset_minutes", |text| text.parse::<i16>().ok())?;
        return if offset.saturating_abs() <= OFFSET_MINUTES_MAX {
            Ok(Window::Month { offset_minutes: i32::from(offset) })
        } else {
            Err(row.fault("month_offset_minutes", "not an offset from UTC"))
        };
    }
    Ok(row.duration("window")?.map_or(Window::Forever, Window::Rolling))
}

/// Reads `advice:CODES`, `visa_category:N` with further codes behind it, or `elsewhere`.
pub fn trigger(row: &Row) -> Result<Option<Trigger>, Error> {
    let unknown = || row.fault("trigger", "neither advice:CODES nor visa_category:N nor elsewhere");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    match row.get("trigger").split_once(':') {
        None if row.get("trigger").is_empty() => Ok(None),
        None if row.get("trigger") == "elsewhere" => Ok(Some(Trigger::Elsewhere)),
        Some(("advice", codes)) if !codes.trim().is_empty() => Ok(Some(Trigger::Advice(words(codes)))),
        Some(("visa_category", text)) => {
            let mut also = words(text);
            if also.is_empty() {
                return Err(unknown());
            }
            let category = also.remove(0).parse().ok().filter(|number| (1..=4).contains(number)).ok_or_else(unknown)?;
            Ok(Some(Trigger::VisaCategory { category, also }))
        }
        _ => Err(unknown()),
    }
}

impl Trigger {
    /// The code that sets it off among an answer's response and advice codes on a day.
    pub fn set_off_by<'a>(
        &'a self,
        rules: &super::Rules,
        response_code: Option<&'a str>,
        advice_code: Option<&str>,
        on: Timestamp,
    ) -> Option<&'a str> {
        match self {
            Self::Elsewhere => None,
            Self::Advice(codes) => {
                let advice = rules.advice(advice_code?, on)?;
                codes.iter().find(|code| **code == advice.code).map(String::as_str)
            }
            Self::VisaCategory { category, also } => {
                let code = response_code?;
                (rules.visa_category(code, on) == *category || also.iter().any(|other| other == code)).then_some(code)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn limits_change_with_the_day_and_the_country() {
        for (network, country, day, id, limit, headroom, apart) in [
            (Network::Visa, "US", "2025-05-24", "visa.m30", Some(15), Some(10), false),
            (Network::Visa, "US", "2025-05-25", "visa.m30", Some(20), Some(15), true),
            (Network::Mastercard, "US", "2026-11-20", "mc.h24", Some(10), Some(7), false),
            (Network::Mastercard, "BR", "2026-11-20", "mc.h24", Some(7), Some(5), false),
            (Network::Mastercard, "BR", "2022-11-20", "mc.h24", Some(10), Some(7), false),
            (Network::Mastercard, "US", "2026-11-20", "mc.m30", Some(35), Some(25), false),
            (Network::Elo, "BR", "2026-11-20", "elo.month", Some(15), Some(12), false),
            (Network::Amex, "US", "2026-11-20", "amex.m30", Some(10), Some(10), false),
            (Network::Amex, "US", "2026-11-20", "amex.h24", None, Some(1), false),
            (Network::Other, "", "2026-11-20", "other.m30", Some(10), Some(10), false),
        ] {
            let on = Timestamp::parse(day).unwrap();
            let limits = Rules::builtin().limits(network, country, on);
            let of_id: Vec<_> = limits.iter().filter(|limit| limit.id == id).collect();
            assert_eq!(of_id.len(), 1, "{id} {day}");
            assert_eq!((of_id[0].limit, of_id[0].headroom, of_id[0].initiators_apart), (limit, headroom, apart), "{id} {day}");
        }
    }
}
