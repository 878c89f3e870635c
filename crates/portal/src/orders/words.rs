//! Codes in plain words.

use domain::{
    attempt::Verdict,
    card::Network,
    channel::Channel,
    decline::{Answer, Class, NextAction, Reason},
    order::{Awaited, Code, Credential, Order, State},
    refund,
    rules::{Region, Rules},
    time::Timestamp,
};

/// What a state is called, and how it looks.
pub const fn state(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::Received => ("Received", "info"),
        Code::Evaluating => ("Being decided", "info"),
        Code::Scheduled => ("Scheduled", "info"),
        Code::Attempting => ("Attempt under way", "info"),
        Code::Reconciling => ("Result being looked up", "warn"),
        Code::Waiting => ("Waiting for new data", "info"),
        Code::Challenged => ("Customer is asked", "info"),
        Code::Held => ("On hold", "warn"),
        Code::Authorized => ("Authorised", "good"),
        Code::Recovered => ("Rescued", "good"),
        Code::PartRecovered => ("Rescued in part", "good"),
        Code::Refunded => ("Refunded", "plain"),
        Code::Rejected => ("Declined", "bad"),
        Code::Cancelled => ("Cancelled", "plain"),
        Code::Expired => ("Expired", "bad"),
        Code::Faulted => ("Problem", "bad"),
    }
}

/// What a state waits for, with the moment.
pub fn pending(order: &Order) -> Option<(&'static str, Timestamp)> {
    match &order.state {
        State::Scheduled { at } => Some(("Next attempt", *at)),
        State::Attempting { deadline, .. } => Some(("Answer due by", *deadline)),
        State::Reconciling { next_inquiry, .. } => Some(("Next look-up", *next_inquiry)),
        State::Waiting { on: Awaited::Updater, until } => Some(("Waits for the account updater until", *until)),
        State::Waiting { on: Awaited::Customer, until } => Some(("Waits for new card data until", *until)),
        State::Challenged { expires_at, .. } => Some(("Customer is asked until", *expires_at)),
        State::Held { since } => Some(("On hold since", *since)),
        State::Authorized { capture_before, .. } => Some(("To be captured before", *capture_before)),
        _ => None,
    }
}

/// The kind of trouble that a decline is.
pub const fn class(class: Class) -> &'static str {
    match class {
        Class::Nsf => "Not enough funds",
        Class::Limit => "Card limit reached",
        Class::Tech => "Technical trouble",
        Class::Fraud => "Suspected fraud",
        Class::Generic => "No reason given",
        Class::DataFix => "Card data not accepted",
        Class::Lifecycle => "Card replaced, expired or closed",
        Class::Sca => "Customer must confirm",
        Class::Config => "Merchant's set-up refused",
        Class::StopCard => "Card must not be tried again",
        Class::StopMandate => "Customer revoked the agreement",
    }
}

/// Why an order stands as it stands.
pub const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::NotEligible => "The merchant's policy does not rescue it.",
        Reason::HardDecline => "The bank or the network forbids any further attempt.",
        Reason::NotRescued => "It was tried or examined without success.",
        Reason::RetryLater => "A later attempt may help.",
        Reason::Expired => "The rescue period is over.",
        Reason::LimitReached => "A network's limit of attempts is used up.",
        Reason::CustomerAction => "Only the customer can help, and cannot be asked.",
        Reason::DataMissing => "There is no card that could be charged.",
        Reason::Configuration => "The merchant's set-up caused the decline.",
        Reason::ChannelDisabled => "The channel is switched off.",
        Reason::MerchantInactive => "The merchant is inactive.",
        Reason::AuthCaptureDisabled => "Authorisation without capture is switched off.",
        Reason::NoRoute => "No processor account takes this currency, network and channel.",
        Reason::Blocked => "The customer, the card or its origin is on the blocklist.",
        Reason::Timeout => "The time for an answer was used up.",
        Reason::SandboxCard => "The sandbox charges test cards only.",
        Reason::NotDeclined => "It was sent as not declined.",
        Reason::PaidElsewhere => "It was paid outside Recoup.",
        Reason::Cancelled => "It was cancelled.",
        Reason::Refunded => "Everything was refunded.",
        Reason::Disputed => "It is disputed by a chargeback.",
    }
}

/// What the merchant can do.
pub const fn next_action(action: NextAction) -> Option<&'static str> {
    match action {
        NextAction::None => None,
        NextAction::RetryLater => Some("Try again later."),
        NextAction::StepUp3ds => Some("Let the customer confirm by 3-D Secure."),
        NextAction::AskCustomer => Some("Ask the customer."),
        NextAction::UpdateCard => Some("Get new card data."),
        NextAction::FixConfiguration => Some("Mend the set-up at the processor."),
    }
}

/// The result of an attempt, and how it looks.
pub const fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Approved => ("Approved", "good"),
        Verdict::Partial => ("Approved in part", "good"),
        Verdict::Declined => ("Declined", "bad"),
        Verdict::Unknown => ("Not known yet", "warn"),
    }
}

/// How far a refund is, and how it looks.
pub const fn refund(state: refund::State) -> (&'static str, &'static str) {
    match state {
        refund::State::Pending => ("Under way", "warn"),
        refund::State::Success => ("Done", "good"),
        refund::State::Failed => ("Refused", "bad"),
    }
}

/// The kind of traffic.
pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::CitWeb => "Customer, web (CIT)",
        Channel::CitCallCenter => "Customer, phone (CIT)",
        Channel::Mit => "Merchant-initiated (MIT)",
    }
}

/// What an answer means, by the rules of its day: of the code, and of the network's advice.
pub fn answer(rules: &Rules, answer: &Answer, card: Option<&Credential>, at: Timestamp) -> String {
    let network = card.map_or(Network::Other, |card| card.network);
    let region = Region::of_country(card.and_then(|card| card.issuer_country.as_deref()).unwrap_or_default());
    let read = rules.classify(answer, network, region, at);
    let code = read.iso_code.as_deref().and_then(|code| rules.code(code, network, region, at));
    let said = code.map(|code| code.meaning.as_str()).filter(|meaning| !meaning.is_empty());
    let advised = read.advice.map(|advice| advice.meaning.as_str()).filter(|meaning| !meaning.is_empty());
    let said = match said {
        Some(said) => said,
        None if read.approved => "Approved",
        None => class(read.class),
    };
    let texts: Vec<String> = [Some(said), advised].into_iter().flatten().map(sentence).collect();
    texts.join(" ")
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let text = first + chars.as_str();
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_advice_are_told_in_sentences() {
        let at = Timestamp::parse("2026-11-20T00:00:00Z").unwrap();
        let rules = Rules::builtin();
        let funds = answer(rules, &Answer::iso("51", None), None, at);
        assert!(funds.to_lowercase().contains("funds") && funds.ends_with('.'), "{funds}");
        let advised = answer(rules, &Answer::iso("51", Some("24")), None, at);
        assert!(advised.starts_with(&funds) && advised.len() > funds.len(), "{advised}");
        let unknown = answer(rules, &Answer::iso("?!", None), None, at);
        assert_eq!(unknown, "No reason given.");
    }

    #[test]
    fn no_two_states_look_alike() {
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| state(*code).0).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
