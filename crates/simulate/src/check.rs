//! A witness of the networks' rules: it looks at what was attempted, not at why, and shares no code with the planner.
//!
//! The figures are those of `domain-rules.md` §1 and §2, written down a second time on purpose.

use domain::{
    card::Network,
    decline::Answer,
    ledger::Initiator,
    money::Money,
    time::{DAY, HOUR, Timestamp},
};

use crate::{play::Attempted, rebill::Rebill};

/// A rule that an attempt broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breach {
    /// When, UTC.
    pub at: Timestamp,
    /// Which.
    pub kind: Kind,
}

domain::words! {
    /// The rules.
    pub enum Kind {
        /// More attempts than were allowed.
        Attempts = "attempts",
        /// At or after the end of the rescue period.
        Period = "period",
        /// Before the decision that planned it.
        Clock = "clock",
        /// After an answer that forbids any further attempt (Visa category 1, advice 03 and 21).
        Stop = "stop",
        /// Before the wait of an advice code had passed.
        Advice = "advice",
        /// Visa: twenty in thirty days.
        VisaMonth = "visa_30_days",
        /// Mastercard: ten in a day.
        MastercardDay = "mastercard_24_hours",
        /// Mastercard: thirty-five in thirty days.
        MastercardMonth = "mastercard_30_days",
        /// Other networks: our own cap of ten in thirty days.
        OtherMonth = "other_30_days",
    }
}

/// Visa's "issuer will never approve"; kept on networks without advice codes, too (§1.3).
const NEVER: [&str; 12] = ["04", "07", "12", "14", "15", "41", "43", "46", "57", "R0", "R1", "R3"];
/// Of these, what is not Visa's list but ends a mandate on every network.
const REVOKED: [&str; 3] = ["R0", "R1", "R3"];

struct Tried<'a> {
    at: Timestamp,
    amount: Money,
    initiator: Initiator,
    answer: &'a Answer,
    approved: bool,
}

/// The rules that an attempt at a moment breaks, after these attempts on the rebill; `planned_at` is when it was decided.
pub fn check(rebill: &Rebill, attempts_max: u32, before: &[Attempted], planned_at: Timestamp, at: Timestamp) -> Vec<Breach> {
    let tried = everything(rebill, before);
    let broken = [
        (before.len() >= attempts_max as usize, Kind::Attempts),
        (at >= rebill.window_ends_at, Kind::Period),
        (at < planned_at, Kind::Clock),
        (is_stopped(rebill, &tried, at), Kind::Stop),
        (is_early(rebill, &tried, at), Kind::Advice),
    ];
    let limits = match rebill.network {
        Network::Visa => vec![(declines(&tried, at, 30, Some(rebill.amount), true) >= 20, Kind::VisaMonth)],
        Network::Mastercard => vec![
            (declines(&tried, at, 1, None, false) >= 10, Kind::MastercardDay),
            (declines(&tried, at, 30, Some(rebill.amount), false) >= 35, Kind::MastercardMonth),
        ],
        Network::Elo => Vec::new(),
        _ => vec![(declines(&tried, at, 30, None, false) >= 10, Kind::OtherMonth)],
    };
    broken.into_iter().chain(limits).filter(|(broken, _)| *broken).map(|(_, kind)| Breach { at, kind }).collect()
}

fn everything<'a>(rebill: &'a Rebill, before: &'a [Attempted]) -> Vec<Tried<'a>> {
    let tried = |at, amount, initiator, answer, approved| Tried { at, amount, initiator, answer, approved };
    let past = rebill.past.iter().map(|past| tried(past.at, past.amount, past.initiator, &past.answer, past.approved));
    let first = tried(rebill.failed_at, rebill.amount, Initiator::Mit, &rebill.decline, false);
    let own = before.iter().map(|own| tried(own.at, rebill.amount, Initiator::Mit, &own.answer, own.approved));
    past.chain([first]).chain(own).collect()
}

/// Declines inside a window since the last approval of the same kind.
fn declines(tried: &[Tried<'_>], at: Timestamp, days: u32, amount: Option<Money>, mit_alone: bool) -> usize {
    let counted = |tried: &&Tried<'_>| {
        amount.is_none_or(|amount| amount == tried.amount) && (!mit_alone || tried.initiator == Initiator::Mit)
    };
    let approved_at = tried.iter().filter(counted).filter(|tried| tried.approved).map(|tried| tried.at).max();
    let since = |tried: &&Tried<'_>| approved_at.is_none_or(|approved| tried.at > approved) && tried.at + DAY * days > at;
    tried.iter().filter(counted).filter(|tried| !tried.approved).filter(since).count()
}

/// After an answer to this very payment that forbids a retry; advice 03 and 21 for thirty days after any attempt.
fn is_stopped(rebill: &Rebill, tried: &[Tried<'_>], at: Timestamp) -> bool {
    let is_mastercard = rebill.network == Network::Mastercard;
    let mut approved_later = false;
    tried.iter().rev().any(|tried| {
        approved_later |= tried.approved;
        let code = tried.answer.response_code.as_str();
        let by_code = if is_mastercard { REVOKED.contains(&code) } else { NEVER.contains(&code) };
        let by_advice = matches!(tried.answer.advice_code.as_deref(), Some("03" | "21")) && tried.at + DAY * 30 > at;
        !tried.approved && ((by_code && !approved_later && tried.at >= rebill.failed_at) || by_advice)
    })
}

/// Before the longest wait that any answer to this payment advised.
fn is_early(rebill: &Rebill, tried: &[Tried<'_>], at: Timestamp) -> bool {
    let payment = tried.iter().filter(|tried| tried.at >= rebill.failed_at && !tried.approved);
    payment.filter_map(|tried| Some(tried.at + wait(tried.answer.advice_code.as_deref()?)?)).any(|earliest| at < earliest)
}

fn wait(advice: &str) -> Option<std::time::Duration> {
    Some(match advice {
        "02" => HOUR * 72,
        "24" => HOUR,
        "25" => DAY,
        "26" => DAY * 2,
        "27" => DAY * 4,
        "28" => DAY * 6,
        "29" => DAY * 8,
        "30" => DAY * 10,
        _ => return None,
    })
}
