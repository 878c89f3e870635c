//! `/v1/sandbox/clock`: virtual time of a sandbox merchant (`wire-api` §14.4).

use std::time::Duration;

use axum::extract::State;
use domain::{
    bounds::TEXT_CHARS_MAX,
    fault::Faults,
    id::Mid,
    intake::When,
    time::{DAY, HOUR, MINUTE},
};
use engine::{ClockCommand, ClockState};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::{
    extract::{Call, Caller, Query},
    failure::Failure,
    json::{
        self, Node, Read, Reader,
        shape::{date_time, guid, object, text, word},
        text_of,
    },
    operation::{Operation, Tag, schema},
    read,
    render::{Iso, Reply},
    state::AppState,
};

/// The calls of this room.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/v1/sandbox/clock", get)
            .id("readClock")
            .tag(Tag::Sandbox)
            .scope("sandbox")
            .summary("Read the test clock")
            .query_as("mid", guid().about("Whose clock; default: the key's own"))
            .answers(200, schema::<Body>()),
        Operation::post("/v1/sandbox/clock", post)
            .id("setClock")
            .tag(Tag::Sandbox)
            .scope("sandbox")
            .summary("Move the test clock")
            .about(
                "Virtual time of a sandbox merchant: forward only, at most 90 days a call. What falls due in between runs in order \
                 before the reply; after 60 seconds it answers 202 and goes on behind it.",
            )
            .body(
                object("ClockCommand", "What to do with the clock.")
                    .required("action", word(&["advance", "set", "freeze", "release"]))
                    .optional("mid", read::shape::mid())
                    .optional("by", text(TEXT_CHARS_MAX).about("For `advance`: seconds, or a duration such as `P3D`, `PT90M`"))
                    .optional("to", date_time().about("For `set`")),
            )
            .runnable("advance", "Three days on", json!({"action": "advance", "by": "P3D"}))
            .runnable("release", "Back to real time", json!({"action": "release"}))
            .answers(200, schema::<Body>())
            .answers(202, schema::<Body>())
            .when("Still working what fell due"),
        Operation::delete("/v1/sandbox/data", delete)
            .id("clearSandbox")
            .tag(Tag::Sandbox)
            .scope("sandbox")
            .summary("Clear the sandbox's orders")
            .about("Orders with their attempts, refunds, transmitted transactions, events and deliveries, and what the simulator remembers of them. Cards, keys, sites and settings stay.")
            .query_as("mid", guid().about("Merchant; required for partners and operators"))
            .answers_empty(204),
    ]
}

/// `GET`: the clock as it stands.
pub async fn get(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    let clock = state.engine().read_clock(&principal, query.parsed("mid", Mid::parse)).await?;
    Ok(Reply::ok(&body(&clock)))
}

/// `DELETE /v1/sandbox/data`: clears a sandbox merchant's orders; 204.
pub async fn delete(State(state): State<AppState>, query: Query, Caller(principal): Caller) -> Result<Reply, Failure> {
    state.engine().clear_sandbox(&principal, query.parsed("mid", Mid::parse)).await?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `POST`: moves, stops or releases it; 202 while work goes on behind the reply.
pub async fn post(State(state): State<AppState>, call: Call) -> Result<Reply, Failure> {
    let (mid, command) = command(&json::parse(&call.body)?)?;
    let clock = state.engine().command_clock(&call.principal, mid, command).await?;
    let status = if clock.settled { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok(Reply::json(status, &body(&clock)))
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Clock")]
#[serde(rename_all = "camelCase")]
struct Body {
    mid: Mid,
    now: Iso,
    frozen: bool,
    offset_seconds: i64,
    due_run: u64,
    pending: u64,
    settled: bool,
}

const fn body(clock: &ClockState) -> Body {
    Body {
        mid: clock.mid,
        now: Iso(clock.now),
        frozen: clock.frozen,
        offset_seconds: clock.offset_secs,
        due_run: clock.due_run,
        pending: clock.pending,
        settled: clock.settled,
    }
}

fn command(node: &Node<'_>) -> Result<(Option<Mid>, ClockCommand), Faults> {
    let mut faults = Faults::new();
    let mut reader = Reader::new(node, &mut faults);
    let mid = read::mid(&mut reader);
    let action = reader.required_parsed("action", |word| {
        ["advance", "set", "freeze", "release"].into_iter().find(|known| known.eq_ignore_ascii_case(word.trim()))
    });
    let command = match action {
        Some("advance") => reader.required_parsed("by", span).map(ClockCommand::Advance),
        Some("set") => instant(&mut reader).map(ClockCommand::Set),
        Some("freeze") => Some(ClockCommand::Freeze),
        Some(_) => Some(ClockCommand::Release),
        None => None,
    };
    match command {
        Some(command) if faults.is_empty() => Ok((mid, command)),
        _ => Err(faults),
    }
}

fn instant(reader: &mut Reader<'_, '_>) -> Option<domain::time::Timestamp> {
    match (reader.when("to"), text_of(reader.get("to"))) {
        (When::At(at), _) => return Some(at),
        (_, Read::Absent) => reader.required("to"),
        _ => reader.invalid("to"),
    }
    None
}

/// Seconds, or an ISO 8601 duration of weeks, days, hours, minutes and seconds (`P3D`, `PT90M`).
fn span(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_uppercase();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let (days, clock) = rest.split_once('T').map_or((rest, None), |(days, clock)| (days, Some(clock)));
    let days = parts(days, &[('W', DAY * 7), ('D', DAY)])?;
    let clock = match clock {
        Some("") => return None,
        Some(clock) => parts(clock, &[('H', HOUR), ('M', MINUTE), ('S', Duration::from_secs(1))])?,
        None => Duration::ZERO,
    };
    days.checked_add(clock)
}

fn parts(text: &str, units: &[(char, Duration)]) -> Option<Duration> {
    let (mut sum, mut digits, mut left) = (Duration::ZERO, String::new(), units);
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let place = left.iter().position(|(unit, _)| *unit == letter)?;
        let count = std::mem::take(&mut digits).parse::<u32>().ok()?;
        sum = sum.checked_add(left[place].1.checked_mul(count)?)?;
        left = &left[place + 1..];
    }
    digits.is_empty().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_seconds_or_durations() {
        for (text, secs) in [
            ("90", Some(90)),
            ("P3D", Some(259_200)),
            ("p1w", Some(604_800)),
            ("PT90M", Some(5_400)),
            ("P1DT2H3M4S", Some(93_784)),
            ("PT", None),
            ("P", None),
            ("P1M", None),
            ("PT1D", None),
            ("PTM", None),
            ("P3", None),
            ("-5", None),
            ("P99999999999D", None),
            ("soon", None),
        ] {
            assert_eq!(span(text).map(|span| span.as_secs()), secs, "{text}");
        }
    }

    #[test]
    fn commands_are_read_or_refused() {
        let reading = |text: &str| command(&json::parse(text.as_bytes()).unwrap());
        assert_eq!(reading(r#"{"action":"Advance","by":60}"#).unwrap().1, ClockCommand::Advance(Duration::from_mins(1)));
        assert!(matches!(reading(r#"{"action":"set","to":"2026-11-20T10:15:30Z"}"#).unwrap().1, ClockCommand::Set(_)));
        assert_eq!(reading(r#"{"action":"freeze"}"#).unwrap().1, ClockCommand::Freeze);
        for (body, path) in [
            ("{}", "Action"),
            (r#"{"action":"jump"}"#, "Action"),
            (r#"{"action":"advance"}"#, "By"),
            (r#"{"action":"advance","by":"later"}"#, "By"),
            (r#"{"action":"set"}"#, "To"),
            (r#"{"action":"set","to":"later"}"#, "To"),
            (r#"{"action":"release","mid":"x"}"#, "Mid"),
        ] {
            assert!(reading(body).unwrap_err().has(path), "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_span_makes_it_panic(text in "[PTWDHMS0-9-]{0,20}") {
            let _ = span(&text);
        }
    }
}
