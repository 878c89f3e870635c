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
    }
}

crate::words! {
    /// Which attempts are counted together; always of one card at one merchant.
    pub enum Scope {
        /// Any amount.
        Card = "card",
        /// The same amount and currency.
        CardAmount = "card_amount",
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
    /// A response code of this Visa category.
    VisaCategory(u8),
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
}

/// Reads `network_limits.csv`.
pub fn read(table: &Table) -> Result<Vec<Limit>, Error> {
    let columns = [
        "id",
        "network",
        "region",
        "kind",
        "scope",
        "initiators",
        "window",
        "month_offset_minutes",
        "limit",
        "headroom",
        "approval_resets",
        "trigger",
        "new_credential_lifts",
        "effective_from",
        "effective_to",
    ];
    let mut all: Vec<Limit> = Vec::new();
    for row in table.rows_with(&columns)? {
        let limit = limit(row)?;
        let twin = |other: &Limit| other.id == limit.id && other.network == limit.network && other.region == limit.region;
        if all.iter().any(|other| twin(other) && other.period.overlaps(&limit.period)) {
            return Err(row.fault("id", "a second row for the same region and days"));
        }
        all.push(limit);
    }
    Ok(all)
}

/// The limits that hold for a network in a region on a day: one per id, a region's own before the general one.
pub fn of(all: &[Limit], network: Network, region: Region, on: Timestamp) -> Vec<&Limit> {
    let fits = |limit: &&Limit| limit.network == network && limit.period.covers(on);
    let own: Vec<&Limit> = all.iter().filter(fits).filter(|limit| limit.region == Some(region)).collect();
    let general = all.iter().filter(fits).filter(|limit| limit.region.is_none());
    let kept: Vec<&Limit> = general.filter(|limit| !own.iter().any(|other| other.id == limit.id)).collect();
    own.into_iter().chain(kept).collect()
}

fn limit(row: &Row) -> Result<Limit, Error> {
    let limit = Limit {
        id: row.get("id").to_owned(),
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
        (Kind::Stop, _, _, None) => Err(row.fault("trigger", "a stop needs one")),
        (Kind::Count, ..) if limit.window == Window::Forever => Err(row.fault("window", "a count needs one")),
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

fn trigger(row: &Row) -> Result<Option<Trigger>, Error> {
    let unknown = || row.fault("trigger", "neither advice:CODES nor visa_category:N");
    match row.get("trigger").split_once(':') {
        None if row.get("trigger").is_empty() => Ok(None),
        Some(("advice", codes)) => Ok(Some(Trigger::Advice(codes.split_whitespace().map(str::to_owned).collect()))),
        Some(("visa_category", number)) => number.parse().map(|n| Some(Trigger::VisaCategory(n))).map_err(|_| unknown()),
        _ => Err(unknown()),
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
