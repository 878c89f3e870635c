//! A decision in plain words, for a support agent to read aloud.

use domain::{decision::Arm, decline::Class, time::Timestamp};
use recovery::{Action, Decided, Inputs, Overruled, Realtime};

use super::{Effect, Explained, Rule};

/// What the next attempt waits for.
pub fn waits_for(explained: &Explained, decided: &Decided) -> String {
    let Some(inputs) = &explained.inputs else { return String::new() };
    let end = moment(inputs.case.expires_at, explained.offset_minutes);
    match explained.record.action.as_str() {
        "attempt_now" => "Nothing: the attempt is made at once.".into(),
        "schedule" => scheduled(explained, inputs),
        "challenge" => "The customer's answer to the questions of the payment page.".into(),
        "wait_for_data" => match decided {
            Decided::Plan(plan) if plan.action == Action::AskCustomer => {
                format!("New card data from the customer, until {end}.")
            }
            Decided::Plan(plan) if plan.action != Action::AskUpdater => {
                format!("Nothing is tried by itself any more: a new card or a payment outside can still come until {end}.")
            }
            _ => "The account updater's answer about the card.".into(),
        },
        _ => "Nothing: no further attempt is made.".into(),
    }
}

fn scheduled(explained: &Explained, inputs: &Inputs) -> String {
    let Some(at) = explained.record.chosen_at else { return String::new() };
    let at = moment(at, explained.offset_minutes);
    match &inputs.case.first_at {
        Some(_) => format!("{at}: the sandbox makes its first attempt early."),
        None => format!("{at}, {}.", hope(explained.record.class)),
    }
}

/// Everything in a few sentences.
pub fn summary(explained: &Explained, decided: &Decided) -> String {
    let mut sentences = vec![action(explained, decided)];
    sentences.extend(answer(explained));
    sentences.extend(overruled(explained));
    sentences.extend(bounds(explained));
    sentences.extend(arm(explained));
    sentences.join(" ")
}

fn action(explained: &Explained, decided: &Decided) -> String {
    let record = &explained.record;
    let (number, chance) = (record.attempt_number, percent(record.probability));
    match record.action.as_str() {
        "attempt_now" => format!("Attempt {number} was made at once, with a chance of {chance}."),
        "schedule" => {
            let at = record.chosen_at.map_or_else(String::new, |at| moment(at, explained.offset_minutes));
            format!("Attempt {number} is planned for {at}, with a chance of {chance}.")
        }
        "challenge" => "The customer was asked for what the bank wants to see before it approves.".into(),
        "wait_for_data" => match decided {
            Decided::Plan(plan) if plan.action == Action::AskCustomer => "Only new card data from the customer can help.".into(),
            Decided::Plan(plan) if plan.action != Action::AskUpdater => {
                "No attempt is worth while or allowed before the rescue period ends.".into()
            }
            _ => "The account updater was asked for newer card data.".into(),
        },
        _ => format!("No further attempt is made{}.", why(decided)),
    }
}

fn why(decided: &Decided) -> String {
    match decided {
        Decided::Plan(plan) => match plan.action {
            Action::Stop { reason } => format!(" ({reason})"),
            _ => String::new(),
        },
        Decided::Realtime(assessed) => match assessed.action {
            Realtime::Decline { reason } => format!(" ({reason})"),
            _ => String::new(),
        },
    }
}

fn answer(explained: &Explained) -> Option<String> {
    let newest = explained.inputs.as_ref()?.case.observed.iter().max_by_key(|seen| seen.at)?;
    let code = &newest.answer.response_code;
    let advice = newest.answer.advice_code.as_ref().map_or_else(String::new, |advice| format!(" with advice {advice}"));
    let code = if code.is_empty() { "no code".to_owned() } else { format!("code {code}") };
    Some(format!("The last answer was {code}{advice}: {}.", meaning(explained.record.class)))
}

fn overruled(explained: &Explained) -> Option<String> {
    let why = explained.inputs.as_ref()?.overruled?;
    Some(
        match why {
            Overruled::Scenario => "The test card's own scenario decided.",
            Overruled::NoRoute => "No further processor account takes the payment now.",
            Overruled::UpdatedCard => "The account updater had newer card data, which are tried at once.",
            Overruled::Risk => "The payment was likelier to be fraud than the operator charges.",
            Overruled::NotNow => "What would help cannot be done while the customer waits.",
            Overruled::Asked => "Somebody asked for this attempt by hand; the rules allowed it.",
        }
        .into(),
    )
}

fn bounds(explained: &Explained) -> Vec<String> {
    let each = |rule: &Rule| match (rule.effect, rule.used, rule.limit.or(rule.headroom_limit)) {
        (Effect::Forbid, ..) => Some(format!("Rule {} forbids an attempt.", rule.id)),
        (Effect::Earliest, Some(used), Some(limit)) => {
            Some(format!("Rule {} makes it wait: {used} of {limit} attempts are used.", rule.id))
        }
        (Effect::Earliest, ..) => Some(format!("Rule {} makes it wait.", rule.id)),
        (Effect::Fee, ..) => Some(format!("The network charges a fee for it ({}).", rule.id)),
        _ => None,
    };
    explained.rules.iter().filter_map(each).collect()
}

fn arm(explained: &Explained) -> Option<String> {
    match explained.record.arm {
        Arm::Policy => None,
        Arm::Explore => Some("The order takes part in learning: its moment was drawn among good ones.".into()),
        Arm::Holdout => Some("The order is of the comparison group, which follows fixed days.".into()),
    }
}

/// A moment in the cardholder's time.
pub fn moment(at: Timestamp, offset_minutes: i32) -> String {
    let local = at.civil_at(offset_minutes).strftime("%A, %-d %B %Y at %H:%M").to_string();
    format!("{local} (the cardholder's time, UTC{})", offset(offset_minutes))
}

/// An offset from UTC, `+05:30`.
pub fn offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

fn percent(chance: f64) -> String {
    format!("{:.0} %", chance * 100.0)
}

const fn meaning(class: Class) -> &'static str {
    match class {
        Class::Nsf => "there was not enough money on the account",
        Class::Limit => "the card's limit was reached",
        Class::Tech => "the bank or the network had a technical problem",
        Class::Fraud => "the bank suspected fraud",
        Class::Generic => "the bank gave no reason",
        Class::DataFix => "the card data were not accepted",
        Class::Lifecycle => "the card was replaced, expired or closed",
        Class::Sca => "the bank wants the customer to confirm the payment",
        Class::Config => "the merchant's set-up was refused",
        Class::StopCard => "this card must not be tried again",
        Class::StopMandate => "the customer has revoked the agreement",
    }
}

const fn hope(class: Class) -> &'static str {
    match class {
        Class::Nsf => "when there is likeliest to be money on the account again",
        Class::Limit => "when the card's limit has likely started anew",
        Class::Tech => "when the bank or the network has likely recovered",
        Class::Fraud => "when the bank's suspicion has likely faded",
        Class::Sca => "with everything that the bank accepts in place of a confirmation",
        _ => "when an approval is likeliest",
    }
}
