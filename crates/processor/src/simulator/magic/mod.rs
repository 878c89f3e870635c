//! The sandbox's magic values (`wire-api` §14): telephones, named cards, and numbers that carry their scenario.

pub(crate) mod judge;
pub(crate) mod named;
pub(crate) mod number;
pub(crate) mod scenario;
pub(crate) mod updater;

use domain::{order::ChallengeField, settings};

use number::Pattern;
use scenario::{Behaviour, Code, Kind, Scenario};

/// What the tables are asked with when an order is evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Merchant-initiated.
    pub is_mit: bool,
    /// The payer's telephone.
    pub phone: Option<&'a str>,
    /// The card number, digits only; `None` when the card is not vaulted here.
    pub number: Option<&'a str>,
    /// A CVV came with the request, or the token was made with one.
    pub has_cvv: bool,
    /// The merchant's simulator.
    pub mode: settings::Simulator,
}

/// What the tables say about an order before any attempt. First match wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstAnswer {
    /// Every attempt is approved.
    Approve,
    /// The present customer is asked for these first; attempts judge what was given.
    Challenge {
        /// What to ask for.
        fields: Vec<ChallengeField>,
    },
    /// `DECLINED` / `NOT_ELIGIBLE`.
    DeclineNotEligible,
    /// `DECLINED` / `NOT_RESCUED`; managed: cancelled after the first attempt, which the simulator declines with 57.
    DeclineNotRescued,
    /// Not a test card, or (mode `magic`) one outside the tables: `DECLINED` / `SANDBOX_CARD`.
    SandboxCard,
    /// A scenario card: classify the order by this code instead of the one sent.
    Scenario {
        /// `None`: the order is worked whatever code was sent (mode `issuer`: the code sent counts).
        response_code: Option<String>,
        /// Mastercard advice.
        advice_code: Option<String>,
    },
    /// Mode `issuer`, a test card outside the tables: simulated issuers answer, the code sent counts.
    Issuer,
}

/// What the tables say about an order before any attempt.
pub fn first_answer(facts: &Facts<'_>) -> FirstAnswer {
    if named::phone_approves(facts.phone) {
        return FirstAnswer::Approve;
    }
    let challenged = named::phone_challenges(facts.phone).or_else(|| scenario(facts.number)?.challenge());
    if let Some(field) = challenged.filter(|_| !facts.is_mit) {
        return FirstAnswer::Challenge { fields: vec![field] };
    }
    if let Some(scenario) = scenario(facts.number) {
        let code = scenario.declined_with().filter(|_| facts.mode == settings::Simulator::Magic);
        return FirstAnswer::Scenario { response_code: code.map(Code::response), advice_code: code.and_then(Code::advice) };
    }
    match facts.number.and_then(named::card) {
        Some(named::Named::Approved) => FirstAnswer::Approve,
        Some(named::Named::ApprovedWithCvv) if facts.is_mit || facts.has_cvv => FirstAnswer::Approve,
        Some(named::Named::ApprovedWithCvv) => FirstAnswer::DeclineNotEligible,
        Some(named::Named::NotRescued) => FirstAnswer::DeclineNotRescued,
        None if facts.mode == settings::Simulator::Issuer && facts.number.is_none_or(is_test_card) => FirstAnswer::Issuer,
        None => FirstAnswer::SandboxCard,
    }
}

/// Whether a number may be used in the sandbox at all: named in the tables, or right by Luhn under a test BIN.
pub fn is_test_card(number: &str) -> bool {
    named::card(number).is_some() || number::is_under_test_bin(number)
}

/// Scenario 9506: after how many days the approved payment is charged back (reason 10.4).
pub fn chargeback_after_days(number: &str) -> Option<u16> {
    let scenario = scenario(Some(number))?;
    (scenario.kind == Kind::Behaviour(Behaviour::Chargeback)).then_some(scenario.parameter)
}

/// The scenario that a number carries.
pub(crate) fn scenario(number: Option<&str>) -> Option<Scenario> {
    Scenario::of(Pattern::read(number?)?)
}

#[cfg(test)]
mod tests;
