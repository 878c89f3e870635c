//! `POST /v1/transmit`: one record or many.

use std::collections::HashSet;

use axum::extract::{Request, State};
use bytes::Bytes;
use domain::{fault::Faults, id::TransmitId};
use engine::{Engine, Error, Principal, Transmitted};
use futures_util::{StreamExt as _, stream};
use http::StatusCode;

use super::request::{Body, Record, body};
use crate::{
    extract::{Call, Limits},
    failure::Failure,
    render::{
        Reply,
        transmit::{Line, many, one},
    },
    state::AppState,
};

/// Records of one set that are stored side by side: they share commits.
const RECORDS_CONCURRENT: usize = 64;
/// Bodies above this are read beside the request threads, bytes.
const BODY_BYTES_INLINE: usize = 512 * 1024;

/// Reads, stores, answers.
pub async fn post(State(state): State<AppState>, request: Request) -> Result<Reply, Failure> {
    let call = Call::within(request, &state, Limits::OneOrMany).await?;
    match read(call.body).await? {
        Body::One(record) => {
            let (input, faults) = *record;
            let done = state.engine().transmit(&call.principal, Some(input), faults).await?;
            Ok(Reply::ok(&one(done.id, done.duplicate, done.late)))
        }
        Body::Many(records) => set(&state, &call.principal, records).await,
    }
}

async fn read(bytes: Bytes) -> Result<Body, Failure> {
    if bytes.len() <= BODY_BYTES_INLINE {
        return body(&bytes);
    }
    let reading = tokio::task::spawn_blocking(move || body(&bytes));
    reading.await.unwrap_or_else(|_| Err(Failure::coded(50000, "An internal error occurred.")))
}

/// What a line of the reply says of its record.
struct Named {
    sequence_number: Option<i64>,
    order_id: String,
    transaction_id: String,
}

async fn set(state: &AppState, principal: &Principal, records: Vec<Record>) -> Result<Reply, Failure> {
    let named: Vec<Named> = records.iter().map(name).collect();
    let results = store(state.engine(), principal, records).await?;
    let lines: Vec<Line<'_>> = named
        .iter()
        .zip(results)
        .enumerate()
        .map(|(index, (named, result))| Line {
            index,
            sequence_number: named.sequence_number,
            order_id: &named.order_id,
            transaction_id: &named.transaction_id,
            result,
        })
        .collect();
    let none_good = !lines.is_empty() && lines.iter().all(|line| line.result.is_err());
    let status = if none_good { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let [random @ .., _, _, _, _, _, _] = state.traces().next();
    let id = TransmitId::at(state.engine().clock().now(), random);
    Ok(Reply::json(status, &many(id, &lines)))
}

fn name((input, _): &Record) -> Named {
    Named {
        sequence_number: input.sequence_number,
        order_id: input.payment.order_id.clone(),
        transaction_id: input.payment.transaction.id.clone(),
    }
}

/// Stores records side by side; copies within the set come after their first, so that the first one stays. A fault of
/// the server fails the whole set: sending it again is safe, what was kept is a duplicate then.
async fn store(engine: &Engine, principal: &Principal, records: Vec<Record>) -> Result<Vec<Result<Transmitted, Faults>>, Error> {
    let mut seen = HashSet::new();
    let (mut firsts, mut copies) = (vec![], vec![]);
    for (index, record) in records.into_iter().enumerate() {
        let payment = &record.0.payment.transaction;
        let identity = (record.0.mid, payment.id.clone(), payment.transaction_type.clone());
        if seen.insert(identity) { &mut firsts } else { &mut copies }.push((index, record));
    }
    let mut results = Vec::with_capacity(firsts.len() + copies.len());
    for (records, concurrent) in [(firsts, RECORDS_CONCURRENT), (copies, 1)] {
        let done = stream::iter(records)
            .map(|(index, (input, faults))| async move { (index, engine.transmit(principal, Some(input), faults).await) })
            .buffer_unordered(concurrent)
            .collect::<Vec<_>>()
            .await;
        for (index, result) in done {
            results.push((index, line(result)?));
        }
    }
    results.sort_by_key(|(index, _)| *index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

fn line(result: Result<Transmitted, Error>) -> Result<Result<Transmitted, Faults>, Error> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Invalid(faults)) => Ok(Err(faults)),
        Err(error @ Error::ForeignMerchant) => {
            let mut faults = Faults::new();
            faults.add("Mid", error.to_string());
            Ok(Err(faults))
        }
        Err(error) => Err(error),
    }
}
