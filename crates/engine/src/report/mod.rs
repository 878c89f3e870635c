//! Reports (`wire-api` §13): whose, for how long, and adding up what the store counts, one merchant after the other.

use std::{sync::Arc, time::Duration};

use domain::{
    environment::Environment,
    fault::Faults,
    id::Mid,
    report::{Ask, Cell, Column, FeeWalk, Name, Row, SPAN_DAYS_MAX, Sum, TooLarge},
    time::{DAY, Timestamp},
};
use store::Reading;

use crate::{Engine, Error, Principal, Result};

/// Time for one report, seconds.
const TIME_SECS_MAX: u64 = 60;

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What was asked.
    pub ask: Ask,
    /// When it was made, UTC, real time.
    pub generated_at: Timestamp,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a value for every column.
    pub rows: Vec<Row>,
}

/// A merchant, and where it trades.
struct Subject {
    mid: Mid,
    country: String,
}

impl Engine {
    /// A report over the caller's merchants, or over one of them, in the caller's environment.
    pub async fn report(self: &Arc<Self>, principal: &Principal, mid: Option<Mid>, ask: Ask) -> Result<Report> {
        principal.require("reports")?;
        let mids = self.visible_merchants(principal, mid).await?;
        self.report_on(mids, principal.environment, ask).await
    }

    /// A report over some merchants, or over all: for the command line, which stands above all tenants.
    pub async fn report_on(self: &Arc<Self>, mids: Option<Vec<Mid>>, environment: Environment, ask: Ask) -> Result<Report> {
        check(&ask)?;
        let mut subjects = self.subjects(mids).await?;
        subjects.sort_by_key(|subject| subject.mid);
        let engine = self.clone();
        let work = self.store.report(move |reading| add_up(&engine, reading, &subjects, environment, &ask));
        let limit = Duration::from_secs(TIME_SECS_MAX);
        // When the time is up, the work is dropped and with that broken off.
        let Ok(sum) = tokio::time::timeout(limit, work).await else {
            return Err(narrower(&format!("The report takes longer than {TIME_SECS_MAX} seconds; narrow it.")));
        };
        let sum = sum?.map_err(|too_large| narrower(&too_large.to_string()))?;
        self.finished(sum).await
    }

    async fn subjects(&self, mids: Option<Vec<Mid>>) -> Result<Vec<Subject>> {
        let Some(mids) = mids else {
            let all = self.store.merchants(None).await?;
            return Ok(all.into_iter().map(|merchant| Subject { mid: merchant.id, country: merchant.country }).collect());
        };
        let mut subjects = Vec::with_capacity(mids.len());
        for mid in mids {
            let tenant = self.tenants.get(mid).await?.ok_or(Error::ForeignMerchant)?;
            subjects.push(Subject { mid, country: tenant.merchant.country.clone() });
        }
        Ok(subjects)
    }

    async fn finished(&self, sum: Sum) -> Result<Report> {
        let ask = sum.ask().clone();
        let mut names = std::collections::HashMap::new();
        for mid in sum.mids() {
            if let Some(tenant) = self.tenants.get(mid).await? {
                names.extend(tenant.sites.iter().map(|site| (site.id, site.name.clone())));
            }
        }
        let (columns, rows) = sum.finish(|_, site| names.get(&site).cloned());
        Ok(Report { ask, generated_at: self.clock.now(), columns, rows })
    }
}

fn add_up(
    engine: &Engine,
    reading: &Reading<'_>,
    subjects: &[Subject],
    environment: Environment,
    ask: &Ask,
) -> std::result::Result<std::result::Result<Sum, TooLarge>, store::Error> {
    let mut sum = Sum::new(ask.clone());
    let mut refused = None;
    for subject in subjects {
        if ask.name == Name::Fees {
            let mut walk = FeeWalk::new(engine.rules(), ask.clone(), subject.country.clone());
            reading.ledger(subject.mid, environment, ask, &mut |made| {
                refused = walk.take(&made).into_iter().find_map(|cell| sum.add(subject.mid, cell).err());
                refused.is_none()
            })?;
            refused = refused.or_else(|| walk.finish().into_iter().find_map(|cell| sum.add(subject.mid, cell).err()));
        } else if ask.name == Name::Uplift {
            refused = add_cards(engine, reading, subject.mid, environment, &mut sum)?;
        } else {
            reading.cells(subject.mid, environment, ask, &mut |cell| {
                refused = sum.add(subject.mid, cell).err();
                refused.is_none()
            })?;
        }
        if let Some(too_large) = refused {
            return Ok(Err(too_large));
        }
    }
    Ok(Ok(sum))
}

/// Card by card, as the store hands them over: orders of one card are no independent witnesses.
fn add_cards(
    engine: &Engine,
    reading: &Reading<'_>,
    mid: Mid,
    environment: Environment,
    sum: &mut Sum,
) -> std::result::Result<Option<TooLarge>, store::Error> {
    let (ask, now) = (sum.ask().clone(), engine.now_for(mid, environment));
    let mut refused = None;
    let mut card: (Vec<u8>, Vec<Cell>) = (vec![], vec![]);
    reading.cards(mid, environment, &ask, now, &mut |key, cell| {
        if key != card.0 {
            refused = sum.add_card(mid, std::mem::take(&mut card.1)).err();
            card.0 = key;
        }
        card.1.push(cell);
        refused.is_none()
    })?;
    Ok(refused.or_else(|| sum.add_card(mid, card.1).err()))
}

fn check(ask: &Ask) -> Result<()> {
    let mut faults = Faults::new();
    if ask.from > ask.to {
        faults.add("To", "The field To must not be before From.");
    } else if ask.to.since(ask.from) > DAY * SPAN_DAYS_MAX {
        faults.add("To", format!("The span must not be longer than {SPAN_DAYS_MAX} days."));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The caller can help: by a shorter span or fewer keys.
fn narrower(message: &str) -> Error {
    let mut faults = Faults::new();
    faults.add("To", message);
    Error::Invalid(faults)
}
