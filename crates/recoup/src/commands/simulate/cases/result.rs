//! What became of each case, read from the engine's own store.

use std::io::Write as _;

use domain::{
    attempt::{Attempt, Progress, Verdict},
    decline::Class,
    id::OrderId,
    rules::{Region, Rules},
    time::Timestamp,
};
use serde::Serialize;

use super::{case::Case, house::House};
use crate::failure::Failure;

/// One attempt of the run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Made {
    /// The case.
    pub case_id: String,
    /// 1 = the first rescue attempt.
    pub attempt: u32,
    /// When, UTC, virtual.
    pub time: String,
    /// Whether the issuer approved.
    pub approved: bool,
    /// What it said; none: never known.
    pub response_code: Option<String>,
    /// Mastercard advice.
    pub merchant_advice_code: Option<String>,
    /// The same moment, to compute with.
    #[serde(skip)]
    pub at: Timestamp,
}

/// A case with what became of it.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The case.
    pub case: &'a Case,
    /// Class of its decline.
    pub class: Class,
    /// Attempts, in the order of time.
    pub made: Vec<Made>,
    /// When it was recovered, UTC, virtual.
    pub recovered_at: Option<Timestamp>,
    /// The order is closed.
    pub closed: bool,
}

/// Reads all outcomes.
pub async fn outcomes<'a>(house: &House, cases: &'a [Case], orders: &[Option<OrderId>]) -> Result<Vec<Outcome<'a>>, Failure> {
    let mut outcomes = Vec::with_capacity(cases.len());
    for (case, order) in cases.iter().zip(orders) {
        outcomes.push(outcome(house, case, *order).await?);
    }
    Ok(outcomes)
}

async fn outcome<'a>(house: &House, case: &'a Case, order: Option<OrderId>) -> Result<Outcome<'a>, Failure> {
    let failed = |error: store::Error| Failure::failed(error.to_string());
    let store = house.engine.store();
    let class = class(house.engine.rules(), case);
    let Some(id) = order else { return Ok(Outcome { case, class, made: vec![], recovered_at: None, closed: false }) };
    let order = store.order(id).await.map_err(failed)?;
    let mut attempts = store.attempts(id).await.map_err(failed)?;
    attempts.sort_by_key(|attempt| (attempt.at, attempt.number));
    let sent = attempts.iter().filter(|attempt| !matches!(attempt.progress, Progress::Released { .. }));
    let made: Vec<Made> = (1..).zip(sent).map(|(number, attempt)| made(case, number, attempt)).collect();
    let recovered_at = made.iter().find(|made| made.approved).map(|made| made.at);
    Ok(Outcome { case, class, made, recovered_at, closed: order.is_some_and(|order| !order.state.code().is_open()) })
}

fn made(case: &Case, number: u32, attempt: &Attempt) -> Made {
    let answered = if let Progress::Answered(answered) = &attempt.progress { Some(answered) } else { None };
    Made {
        case_id: case.id.clone(),
        attempt: number,
        time: attempt.at.iso6(),
        approved: answered.is_some_and(|answered| answered.verdict == Verdict::Approved),
        response_code: answered.map(|answered| answered.response_code.clone()),
        merchant_advice_code: answered.and_then(|answered| answered.advice_code.clone()),
        at: attempt.at,
    }
}

/// Class of the decline that made the case.
pub fn class(rules: &Rules, case: &Case) -> Class {
    let region = Region::of_country(case.issuer_country.as_deref().unwrap_or(&case.merchant_country));
    rules.classify(&case.answer, case.network, region, case.failed_at).class
}

/// Writes every attempt as a JSON line, in the order of the cases' failures.
pub fn write(outcomes: &[Outcome<'_>], path: &std::path::Path) -> Result<(), Failure> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for made in outcomes.iter().flat_map(|outcome| &outcome.made) {
        serde_json::to_writer(&mut file, made).map_err(std::io::Error::from)?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}
