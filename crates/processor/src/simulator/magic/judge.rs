//! How an attempt on a card of the tables is answered.

use std::time::Duration;

use domain::{
    card::Network,
    order::ChallengeField,
    settings,
    time::{HOUR, Timestamp},
};

use super::{
    named::{self, Named},
    scenario::{Behaviour, Code, Kind, Needs, Scenario, retry_advice_wait},
};
use crate::{
    Authorize,
    simulator::{
        history::History,
        judgement::{Judgement, Refuses, Telling},
        local,
    },
};

/// The CVV that is right for every number of the pattern.
const RIGHT_CVV: &str = "123";
/// The zip code that passes the address check.
const RIGHT_ZIPCODE: &str = "10001";
/// The slowest answer; a client's patience ends earlier.
const ANSWER_DELAY_SECS_MAX: u64 = 30;
/// A number issued in place of another carries the parameter raised by this.
pub(super) const REISSUED_PARAMETER: u16 = 500;

/// Answers by the tables; `None` when they know neither telephone nor card.
pub(crate) fn judge(request: &Authorize, history: &History) -> Option<Judgement> {
    if named::phone_approves(request.phone.as_deref()) {
        return Some(Judgement::approved());
    }
    if let Some(field) = named::phone_challenges(request.phone.as_deref()).filter(|_| !request.is_mit) {
        return Some(corrected(request, field));
    }
    let number = request.card.as_ref().map(|card| card.number.reveal());
    if let Some(scenario) = super::scenario(number) {
        return Some(by_scenario(request, history, scenario));
    }
    number.and_then(named::card).map(|card| match card {
        Named::Approved | Named::ApprovedWithCvv => Judgement::approved(),
        Named::NotRescued => Judgement::declined("57", None),
    })
}

fn by_scenario(request: &Authorize, history: &History, scenario: Scenario) -> Judgement {
    match scenario.kind {
        Kind::Code(code) => by_code(request, history, scenario, code),
        Kind::Behaviour(behaviour) => by_behaviour(request, history, scenario.parameter, behaviour),
    }
}

fn by_code(request: &Authorize, history: &History, scenario: Scenario, code: Code) -> Judgement {
    if code.approves() {
        return Judgement::approved();
    }
    if let Some(judgement) = after_retry_advice(request, history, code) {
        return judgement;
    }
    let due = is_due(history, scenario.parameter);
    let ready = code.wait().is_none_or(|wait| history.waited(wait, request.at))
        && !(code.clears_at_midnight(scenario.network) && is_same_local_day(request, history));
    let approved = ready
        && match code.needs(scenario.network) {
            Needs::Nothing => due,
            Needs::Cvv => due && has_right_cvv(request),
            Needs::ThreeDs => due && request.three_d_secure.is_some(),
            Needs::NewExpiry => request.credential_version > 1 && is_expiry_future(request),
            Needs::ClearPan => due && request.card.is_some(),
            Needs::NewCard => false,
        };
    let judgement = if approved { Judgement::approved() } else { Judgement::declined(code.response(), code.advice()) };
    marked(judgement, request, code.needs(scenario.network)).breaching(forbidden(request, history, code))
}

/// Advice 24–30: an attempt before its time, and any after that, is answered with advice 03.
fn after_retry_advice(request: &Authorize, history: &History, code: Code) -> Option<Judgement> {
    let wait = retry_advice_wait(code.advice?)?;
    let given_up = history.declines().any(|earlier| earlier.advice.as_deref() == Some("03"));
    if !given_up && history.waited(wait, request.at) {
        return None;
    }
    let advice = code.advice().unwrap_or_default();
    let rule = if given_up {
        "attempted after advice 03 (do not try again)".to_owned()
    } else {
        format!("attempted before the {} h of advice {advice} had passed", wait.as_secs() / HOUR.as_secs())
    };
    // In mode `issuer` nobody has told the engine of the advice before the first attempt.
    let known = request.simulator == settings::Simulator::Magic || history.declines().next().is_some();
    Some(Judgement::declined(code.response(), Some("03".to_owned())).breaching(known.then_some(rule)))
}

fn forbidden(request: &Authorize, history: &History, code: Code) -> Option<String> {
    let known = request.simulator == settings::Simulator::Magic || history.declines().next().is_some();
    (known && code.forbids()).then(|| match code.advice() {
        Some(advice) => format!("attempted although advice {advice} forbids it"),
        None => format!("attempted although code {} forbids it", code.response()),
    })
}

fn by_behaviour(request: &Authorize, history: &History, parameter: u16, behaviour: Behaviour) -> Judgement {
    let due = is_due(history, parameter);
    let opened = history.opened.unwrap_or(request.at);
    match behaviour {
        Behaviour::LostCharged if due => Judgement::approved().told(Telling::Lost),
        Behaviour::LostCharged => Judgement::declined("91", None),
        Behaviour::LostUncharged | Behaviour::LostBlind if due => Judgement::approved(),
        Behaviour::LostUncharged => Judgement::declined("91", None).told(Telling::Unseen),
        Behaviour::LostBlind => Judgement::declined("91", None).told(Telling::Blind),
        Behaviour::Partial => partial(request.amount.minor, parameter),
        Behaviour::Outage => when(request.at >= opened + HOUR * u32::from(parameter), "91"),
        Behaviour::Chargeback => Judgement::approved(),
        Behaviour::CaptureRefused => Judgement { refuses: Refuses::Capture, ..when(due, "05") },
        Behaviour::RefundRefused => Judgement { refuses: Refuses::Refund, ..when(due, "05") },
        Behaviour::Slow => Judgement { delay: tenths(parameter), ..Judgement::approved() },
        Behaviour::Challenge(_) if request.is_mit => when(due, "05"),
        Behaviour::Challenge(field) if due => corrected(request, field),
        Behaviour::Challenge(field) => refused(request, field),
        Behaviour::NewNumber => when(parameter >= REISSUED_PARAMETER || request.credential_version > 1, "14"),
        Behaviour::Closed => Judgement::declined("14", None),
        Behaviour::Payday => when(request.at >= local::next_half_month(opened), "51"),
        Behaviour::Duplicate => duplicate(history, due),
    }
}

fn when(approved: bool, else_code: &str) -> Judgement {
    if approved { Judgement::approved() } else { Judgement::declined(else_code, None) }
}

fn partial(asked_minor: i64, percent: u16) -> Judgement {
    let minor = i64::try_from(i128::from(asked_minor) * i128::from(percent) / 100).unwrap_or(asked_minor);
    match minor {
        ..=0 => Judgement::declined("51", None),
        minor if minor >= asked_minor => Judgement::approved(),
        minor => Judgement { code: "10".to_owned(), approved_minor: Some(minor), ..Judgement::approved() },
    }
}

/// The first due attempt charges and says 94; a further one meets the issuer's duplicate check and charges nothing.
fn duplicate(history: &History, due: bool) -> Judgement {
    let charged = history.attempts.iter().any(|earlier| earlier.telling == Telling::Duplicate && earlier.standing_minor > 0);
    match (due, charged) {
        (true, false) => Judgement::approved().told(Telling::Duplicate),
        (_, true) => {
            Judgement::declined("94", None).breaching(Some("attempted after code 94 without looking up the original".to_owned()))
        }
        (false, false) => Judgement::declined("94", None),
    }
}

/// A challenge is judged by what the customer gave.
fn corrected(request: &Authorize, field: ChallengeField) -> Judgement {
    let passed = match field {
        ChallengeField::Cvv => has_right_cvv(request),
        ChallengeField::BillingAddress => request.billing_zipcode.as_deref().is_some_and(is_right_zipcode),
        ChallengeField::CardExpiry => is_expiry_future(request),
        ChallengeField::ThreeDs => request.three_d_secure.is_some(),
    };
    if !passed {
        return refused(request, field);
    }
    let checked = |asked, result: &str| (field == asked).then(|| result.to_owned());
    Judgement {
        cvv: checked(ChallengeField::Cvv, "M"),
        avs: checked(ChallengeField::BillingAddress, "Y"),
        ..Judgement::approved()
    }
}

fn refused(request: &Authorize, field: ChallengeField) -> Judgement {
    match field {
        ChallengeField::Cvv => Judgement { cvv: Some("N".to_owned()), ..Judgement::declined("N7", None) },
        ChallengeField::BillingAddress => Judgement { avs: Some("N".to_owned()), ..Judgement::declined("05", None) },
        ChallengeField::CardExpiry => Judgement::declined("54", None),
        ChallengeField::ThreeDs => {
            let code = if request.network == Network::Mastercard { "65" } else { "1A" };
            Judgement { step_up: true, ..Judgement::declined(code, None) }
        }
    }
}

/// Adds the check results that go with a code.
fn marked(mut judgement: Judgement, request: &Authorize, needs: Needs) -> Judgement {
    match needs {
        Needs::ThreeDs if !judgement.approved => judgement.step_up = request.three_d_secure.is_none(),
        Needs::Cvv => judgement.cvv = Some(if judgement.approved { "M" } else { "N" }.to_owned()),
        _ => {}
    }
    judgement
}

fn is_due(history: &History, parameter: u16) -> bool {
    parameter != 0 && history.next_number() >= u32::from(parameter)
}

fn is_same_local_day(request: &Authorize, history: &History) -> bool {
    let day = |at: Timestamp| local::date(request.offset_minutes, at);
    history.last_decline_at().is_some_and(|last| day(last) == day(request.at))
}

/// Whether the CVV is the one that is right for every test card outside the named ones.
pub(crate) fn has_right_cvv(request: &Authorize) -> bool {
    request.card.as_ref().and_then(|card| card.cvv.as_ref()).is_some_and(|cvv| cvv.reveal() == RIGHT_CVV)
}

/// Five digits count; the four of ZIP+4 do not.
fn is_right_zipcode(zipcode: &str) -> bool {
    let zipcode = zipcode.trim();
    zipcode == RIGHT_ZIPCODE || zipcode.strip_prefix(RIGHT_ZIPCODE).is_some_and(|rest| rest.starts_with('-'))
}

/// A card is good until the end of its month; without a date nothing can be said against it.
pub(crate) fn is_expiry_future(request: &Authorize) -> bool {
    let Some((month, year)) = request.card.as_ref().and_then(|card| card.exp_month.zip(card.exp_year)) else { return true };
    let today = local::date(request.offset_minutes, request.at);
    (i32::from(year), i32::from(month)) >= (i32::from(today.year()), i32::from(today.month()))
}

fn tenths(parameter: u16) -> Duration {
    Duration::from_millis(u64::from(parameter) * 100).min(Duration::from_secs(ANSWER_DELAY_SECS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_delayed_by_tenths_of_a_second_within_bounds() {
        assert_eq!(tenths(120), Duration::from_secs(12));
        assert_eq!(tenths(0), Duration::ZERO);
        assert_eq!(tenths(999), Duration::from_secs(30));
    }

    #[test]
    fn percents_are_rounded_down_and_bounded() {
        for (asked, percent, code, minor) in [
            (1999, 50, "10", Some(999)),
            (1999, 100, "00", None),
            (1999, 999, "00", None),
            (1, 50, "51", None),
            (1999, 0, "51", None),
        ] {
            let judgement = partial(asked, percent);
            assert_eq!((judgement.code.as_str(), judgement.approved_minor), (code, minor), "{asked} {percent}");
        }
    }

    #[test]
    fn zip_codes_pass_with_or_without_their_four_digits() {
        for (zipcode, right) in [("10001", true), (" 10001-1234 ", true), ("100011", false), ("10002", false), ("", false)] {
            assert_eq!(is_right_zipcode(zipcode), right, "{zipcode}");
        }
    }
}
